"""The table of a run: aligned, never wider than asked, nothing lost when narrow."""

from __future__ import annotations

from math import nan

import pytest

from simflow.cli.table import Row, plain

ROWS = [
    Row("key", "Relationships started", "clients", 176.83, (174.2, 179.4), (158, 196), 177),
    Row("key", "Caseload at the end", "clients", 168.2, (166.1, 170.3), (150, 187), 169),
    Row(
        "staff", "Placement workers: share of the available hours used for work with clients",
        "share", 0.7312, (0.728, 0.7344), (0.70, 0.76),
    ),
    Row("wait", "Nurse: mean wait", "days", nan, (nan, nan), (nan, nan)),
]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "fi"])
@pytest.mark.parametrize("width", [30, 40, 60, 80, 100, 200])
def test_no_line_is_wider_than_asked(width: int, lang: str) -> None:
    lines = plain(ROWS, width, lang).splitlines()  # type: ignore[arg-type]
    assert max(map(len, lines)) <= width


def test_wide_columns_are_aligned_with_supported_digits() -> None:
    lines = plain(ROWS, 80, "en").splitlines()
    assert lines[0].split() == [
        "Measure",
        "Unit",
        "Mean",
        "95",
        "%",
        "CI",
        "5–95",
        "%",
        "Published",
    ]
    started = next(line for line in lines if line.startswith("Relationships"))
    assert started.split()[2:] == ["clients", "177", "174–179", "158–196", "177"]
    ends = {len(line) for line in lines if line.endswith(("177", "169", "Published"))}
    assert len(ends) == 1
    assert "73.1" in plain(ROWS, 80, "en"), "a share is shown as a percentage"


def test_narrow_says_the_same() -> None:
    text = " ".join(plain(ROWS, 40, "en").replace("\u00a0", " ").split())
    for part in ("177 clients", "95 % CI 174–179", "5–95 % 158–196", "published 177", "Staff"):
        assert part in text


def test_undefined_is_a_dash_not_nan() -> None:
    assert "nan" not in plain(ROWS, 80, "en").lower()
    assert "–" in next(line for line in plain(ROWS, 80, "en").splitlines() if "Nurse" in line)
