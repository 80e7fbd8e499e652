"""The table of a comparison: never wider than the window, whatever the texts; never NaN."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simflow.cli.differences import cells, markdown, plain
from simflow.experiment import Comparison, compare
from simflow.labels import LANGUAGES, Lang
from simflow.results.exports import judgement_of
from simflow.results.words import label_of
from tests.unit.test_comparison import ROLES, comparison, goal, shifted
from tests.unit.test_comparison_run import judged, variant


@pytest.fixture(scope="module")
def found() -> Comparison:
    """A comparison of two small scenarios."""
    title = {"en": "A much longer title | with <b>marks</b>", "fi": "Pitkä otsikko"}
    return compare(judged("base"), [judged("more", 4, title=title)], replications=8)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [30, 40, 60, 80, 100, 120, 200])
def test_no_line_is_wider_than_asked(found: Comparison, width: int, lang: Lang) -> None:
    lines = plain(found, found.names, width, lang).splitlines()
    assert max(map(len, lines)) <= width


def test_narrow_says_the_same_as_wide(found: Comparison) -> None:
    """Every cell is there, whether in columns or below each other."""
    verdict = found.verdict("more")
    assert verdict is not None and len(verdict.judgements) == 2
    said = [text for one in verdict.judgements for text in cells(one.difference, one, "fi")]
    for width in (50, 200):
        text = "".join(plain(found, found.names, width, "fi").split())
        for part in ("Pitkä otsikko", "8 toistoa", "suositellaan", *said):
            assert "".join(part.split()) in text, (width, part)


def test_signs_and_finnish_numbers() -> None:
    base = np.full((6, 1), 0.25)
    other = base + np.array([[0.1], [0.11], [0.12], [0.1], [0.11], [0.12]])
    goals = {"m0": goal(0.05, role="primary"), "m1": goal(0.05, role="guard")}
    values = [np.hstack([base, base]), np.hstack([other, base])]
    text = plain(comparison(*values, goals=goals), ("m0",), 140, "fi")
    assert "+0,110 (+0,101\u00a0…\u00a0+0,119)" in text
    assert "Scenario: suositellaan" in text and text.splitlines()[3].endswith("parempi")


def test_undefined_is_a_dash(found: Comparison) -> None:
    values = np.full((4, 2), np.nan)
    text = plain(comparison(values, values, goals=ROLES), ("m0",), 120, "en")
    assert "nan" not in text.replace("alternative", "") and "–" in text
    assert "Scenario: cannot be told yet" in text


def test_markdown_shows_titles_as_they_are(found: Comparison) -> None:
    text = markdown(found, found.names, "en")
    assert "### A much longer title \\| with \\<b\\>marks\\</b\\>" in text
    bars = [line.replace("\\|", "").count("|") for line in text.splitlines() if line[:1] == "|"]
    assert set(bars) == {8}


def test_title_or_name(found: Comparison) -> None:
    assert label_of(found, "more", "fi") == "Pitkä otsikko"
    assert label_of(found, "base", "en") == "Base"  # the name, readable


@pytest.mark.parametrize(
    ("shifts", "said", "each"),
    [
        ((4, 0), "recommended", ("better", "no difference that matters")),
        ((4, 4), "a trade-off", ("better", "worse")),
        ((0, 4), "a loss", ("no difference that matters", "worse")),
        ((2, 0), "cannot be told yet: more runs", ("not worse", "no difference")),
    ],
)
def test_classes_in_words(shifts: tuple[float, ...], said: str, each: tuple[str, ...]) -> None:
    base = np.full((12, 2), 50.0)
    found = comparison(base, shifted(*shifts), goals=ROLES)
    for text in (plain(found, found.names, 200, "en"), markdown(found, found.names, "en")):
        assert f"Scenario: {said}" in text
        rows = [line for line in text.splitlines() if line.strip("| ").startswith("m")]
        assert all(words in row for words, row in zip(each, rows, strict=True)), rows


def test_chances_have_their_ranges(found: Comparison) -> None:
    verdict = found.verdict("more")
    assert verdict is not None
    assert cells(verdict.primary.difference, verdict.primary, "en")[4:] == (
        "100\u00a0% (100–100)", "0\u00a0% (0–0)", "better",
    )  # fmt: skip


def test_which_numbers_are_used_is_said(found: Comparison) -> None:
    assert "8 replications of the file's own numbers" in plain(found, found.names, 300, "en")
    drawn = replace(found, base=replace(found.base, draws=np.zeros((4, 1))), each=2)
    text = plain(drawn, found.names, 300, "fi")
    assert "8 toistoa, enintään 4 poimintaa sovitetusta jakaumasta, kustakin 2 toistoa" in text


def test_goals_without_roles_are_said_to_lack_them() -> None:
    found = compare(variant("base"), [variant("more", 4)], replications=8)
    for lang, said in (("en", "have no roles (primary, guard, money)"), ("fi", "ei ole rooleja")):
        text = plain(found, found.names, 300, lang)
        assert said in text and ": recommended" not in text
    rows = [cells(d, judgement_of(found, "more", d), "en") for d in found.differences("more")]
    assert {row[4:] for row in rows} == {("", "", "")}
