"""The table of a comparison: never wider than the window, whatever the texts; never NaN."""

from __future__ import annotations

import numpy as np
import pytest

from simflow.cli.differences import cells, markdown, plain
from simflow.experiment import Comparison, compare
from simflow.labels import LANGUAGES, Lang
from simflow.results.words import label_of
from tests.unit.test_comparison import comparison, goal, variant


@pytest.fixture(scope="module")
def found() -> Comparison:
    """A comparison of two small scenarios."""
    title = {"en": "A much longer title | with <b>marks</b>", "fi": "Pitkä otsikko"}
    return compare(variant("base"), [variant("more", 4, title=title)], replications=8)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [30, 40, 60, 80, 100, 120, 200])
def test_no_line_is_wider_than_asked(found: Comparison, width: int, lang: Lang) -> None:
    lines = plain(found, found.names, width, lang).splitlines()
    assert max(map(len, lines)) <= width


def test_narrow_says_the_same_as_wide(found: Comparison) -> None:
    """Every cell is there, whether in columns or below each other."""
    said = [text for name in found.names for text in cells(found.difference("more", name), "fi")]
    for width in (50, 140):
        text = "".join(plain(found, found.names, width, "fi").split())
        for part in ("Pitkä otsikko", "8 toistoa", *said):
            assert "".join(part.split()) in text, (width, part)


def test_signs_and_finnish_numbers() -> None:
    base = np.full((6, 1), 0.25)
    other = base + np.array([[0.1], [0.11], [0.12], [0.1], [0.11], [0.12]])
    text = plain(comparison(base, other, goals={"m0": goal(0.05)}), ("m0",), 140, "fi")
    assert "+0,110 (+0,101\u00a0…\u00a0+0,119)" in text
    assert "parempi" in text


def test_undefined_is_a_dash(found: Comparison) -> None:
    values = np.full((4, 1), np.nan)
    text = plain(comparison(values, values, goals={"m0": goal()}), ("m0",), 100, "en")
    assert "nan" not in text.replace("alternative", "") and "–" in text and "not known" in text


def test_markdown_shows_titles_as_they_are(found: Comparison) -> None:
    text = markdown(found, found.names, "en")
    assert "### A much longer title \\| with \\<b\\>marks\\</b\\>" in text
    bars = [line.replace("\\|", "").count("|") for line in text.splitlines() if line[:1] == "|"]
    assert set(bars) == {7}


def test_title_or_name(found: Comparison) -> None:
    assert label_of(found, "more", "fi") == "Pitkä otsikko"
    assert label_of(found, "base", "en") == "Base"  # the name, readable
