"""Charts: both languages, the same bytes each time, no surprises with little data."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from simflow.charts import draw_all
from simflow.charts.caseload_fan import _headline as caseload_headline
from simflow.charts.caseload_fan import points
from simflow.charts.exits_published import _headline as exits_headline
from simflow.errors import OutputError


def _scenario(**published: float) -> Any:
    """The few parts of a scenario that charts read."""
    horizon = SimpleNamespace(start=dt.date(2014, 1, 1), end=dt.date(2014, 12, 31))
    figures = {
        name.replace("__", "."): SimpleNamespace(value=value) for name, value in published.items()
    }
    return SimpleNamespace(horizon=horizon, published=figures)


def _values(replications: int = 20) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    draws = np.random.default_rng(1)
    months = {
        f"caseload.month.2014-{m:02d}": draws.normal(80 + 7 * m, 5, replications)
        for m in range(1, 13)
    }
    return months | {
        "caseload.start": np.full(replications, 80.0),
        "caseload.end": months["caseload.month.2014-12"],
        "exits.education": draws.poisson(14, replications).astype(float),
    }


PUBLISHED = _scenario(caseload__end=169, exits__education=14)
LABELS = {"exits.education": "Education"}


def test_four_files_the_same_each_time(tmp_path: Path) -> None:
    first = draw_all(PUBLISHED, _values(), LABELS, tmp_path / "a", "en")
    again = draw_all(PUBLISHED, _values(), LABELS, tmp_path / "b", "en")
    assert [p.name for p in first] == [
        "caseload.png", "caseload.svg", "exits-published.png", "exits-published.svg",
    ]  # fmt: skip
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in again]


def test_finnish_differs(tmp_path: Path) -> None:
    english = draw_all(PUBLISHED, _values(), LABELS, tmp_path / "en", "en")
    finnish = draw_all(PUBLISHED, _values(), LABELS, tmp_path / "fi", "fi")
    assert english[0].read_bytes() != finnish[0].read_bytes()


def test_one_replication_and_missing_values_are_drawn(tmp_path: Path) -> None:
    values = _values(1)
    values["exits.education"][:] = np.nan
    assert [p.name for p in draw_all(PUBLISHED, values, LABELS, tmp_path, "en")] == [
        "caseload.png",
        "caseload.svg",
    ]


def test_nothing_to_draw(tmp_path: Path) -> None:
    assert draw_all(_scenario(), {}, {}, tmp_path, "en") == []


def test_the_last_month_and_the_end_are_one_point() -> None:
    days, levels = points(PUBLISHED, _values(5))
    assert (days[0], days[-1]) == (dt.date(2014, 1, 1), dt.date(2015, 1, 1))
    assert levels.shape == (13, 5)


def test_headlines_say_what_was_found() -> None:
    assert caseload_headline(np.array([80.0, 120, 161]), "en") == (
        "Caseload grows from 80 to 161 clients"
    )
    assert caseload_headline(np.array([161.0, 80]), "fi").startswith("Asiakasmäärä laskee")
    assert caseload_headline(np.array([100.0, 102]), "en") == "Caseload stays near 102 clients"
    for lang in ("en", "fi"):
        assert len(exits_headline(7, 10, lang).split()) <= 10  # type: ignore[arg-type]


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "charts").write_text("occupied")
    with pytest.raises(OutputError, match="cannot be written"):
        draw_all(PUBLISHED, _values(), LABELS, tmp_path / "charts", "en")
