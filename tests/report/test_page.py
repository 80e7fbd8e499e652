"""The page: figures as in the CSVs, nothing run, one language, the same bytes, nothing odd."""

from __future__ import annotations

import csv
import re
import time
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from simflow.experiment import run
from simflow.labels import Lang, number
from simflow.report import html, write
from simflow.report.sources import source_text
from simflow.results import View, read_any
from simflow.scenario import load
from simflow.scenario.sources import source_rows
from tests import views
from tests.report.conftest import BASE, HOSTILE, saved, saved_run
from tests.report.reading import Marked, Page
from tests.views_espoo import view as espoo_view

LANGS: Final[tuple[Lang, ...]] = ("en", "fi")
ODD: Final = re.compile(r"(?<![\w-])(NaN|nan|None|null|inf|Infinity|undefined)(?![\w-])")
# Words that only English has (Finnish has "on", "me", "he", "no", "base"-like names and so on).
ENGLISH: Final = re.compile(
    r"\b(the|and|of|with|without|mean|wait|waiting|clients?|days?|weeks?|months?|years?|worker|"
    r"workers|started|ended|exits?|better|worse|scenario|scenarios|replications?|interval|share|"
    r"cost|costs|measure|reached|value|values|assumption|thesis|published|change|changed|from|"
    r"caseload|figures?|charts?|runs|median|per|new|not|is|are|target|goal|goals|source|staff)\b",
    re.IGNORECASE,
)
PAIRED: Final = {
    "base": "base", "alternative": "alternative_mean", "difference": "difference",
    "difference_low": "ci_low", "difference_high": "ci_high", "matters": "matters",
}  # fmt: skip
"""Column of differences.csv by the mark of a figure; the others stand in measures.csv."""
OF_THE_BRIEF: Final = (
    "plausible_low", "plausible_high", "price", "price_low", "price_high", "hinge", "asked_in_one",
)  # fmt: skip
"""Marks of figures that only the brief has."""


PAGES: Final[dict[tuple[int, Lang], tuple[View, str]]] = {}
MADE: Final = (views.view(), views.view(alternatives=0))


def page_of(view: View, lang: Lang) -> str:
    """The page of a view, made once (the view is kept, so that its id stays its own)."""
    key = id(view), lang
    if key not in PAGES:
        PAGES[key] = view, html(view, lang)
    return PAGES[key][1]


def number_of(text: str) -> float:
    """A number as shown, in either language."""
    plain = re.sub(r"[\u00a0\s%€+]", "", text).replace("\u2212", "-")
    return float(plain.replace(",", ".") if "," in plain and "." not in plain else plain)


def rows_of(path: Path, *keys: str) -> dict[tuple[str, ...], dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {tuple(row[key] for key in keys): row for row in csv.DictReader(file)}


@pytest.mark.parametrize("lang", LANGS)
def test_every_figure_equals_the_csv(folder: Path, comparison: View, lang: Lang) -> None:
    page = Page(page_of(comparison, lang))
    differences = rows_of(folder / "differences.csv", "alternative", "measure")
    runs = {
        name: rows_of(folder / "runs" / name / "measures.csv", "measure")
        for name in ("base", "more", "slow")
    }
    seen = 0
    for figure in page.figures:
        at = figure.attributes
        scenario, measure, stat = at["data-scenario"], at["data-measure"], at["data-stat"]
        if "/" in scenario or stat in OF_THE_BRIEF or stat in ("probability", "at_least", "at_most"):
            continue
        if stat in PAIRED:
            given = differences[scenario, measure][PAIRED[stat]]
        else:
            given = runs[scenario][(measure,)][stat]
        assert float(at["value"]) == float(given), at
        seen += 1
    assert seen > 60


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_shown_is_the_figure_rounded(comparison: View, lang: Lang) -> None:
    for figure in Page(page_of(comparison, lang)).figures:
        assert_rounded(figure, lang)


def assert_rounded(figure: Marked, lang: Lang) -> None:
    value = abs(float(figure.attributes["value"])) * (100 if "%" in figure.text else 1)
    text = figure.text.replace(",", "") if lang == "en" else figure.text
    shown = abs(number_of(text))
    decimals = len(figure.text.partition("," if lang == "fi" else ".")[2].rstrip("\u00a0%"))
    zeros = len(str(int(shown))) - len(str(int(shown)).rstrip("0")) if not decimals else 0
    assert abs(shown - value) <= 10.0 ** (zeros - decimals) / 2 + 1e-9, figure


@pytest.mark.parametrize("lang", LANGS)
def test_what_pairing_gained_is_told_as_in_the_csv(
    folder: Path, comparison: View, lang: Lang
) -> None:
    rows = rows_of(folder / "differences.csv", "alternative", "measure")
    ratios = {
        goal: [
            float(row["variance_ratio"])
            for (_, name), row in rows.items()
            if name == goal and row["variance_ratio"]
        ]
        for goal in comparison.scenario.goals
    }
    every = [ratio for found in ratios.values() for ratio in found]
    said = [number(r, lang, 1 if r < 10 else 0) for r in (np.median(every), min(every), max(every))]
    words = page_of(comparison, lang)
    template = {"en": "{} times as large (median; from {} to {})",
                "fi": "{}-kertainen (mediaani; pienin {}, suurin {})"}[lang]  # fmt: skip
    assert template.format(*said) in words
    for found in filter(None, ratios.values()):
        middle = float(np.median(found))
        assert f'<td class="n">{number(middle, lang, 1 if middle < 10 else 0)}</td>' in words


@pytest.mark.parametrize("lang", LANGS)
def test_probabilities_are_counted_from_the_replications(comparison: View, lang: Lang) -> None:
    values = comparison.results.column("exits.job")
    shown = [
        float(figure.attributes["value"])
        for figure in Page(page_of(comparison, lang)).figures
        if figure.attributes["data-stat"] == "probability"
        and figure.attributes["data-scenario"] == "base"
        and figure.attributes["data-measure"] == "exits.job"
    ]
    assert shown == [float(np.mean(values >= 60))]


@pytest.mark.parametrize("lang", LANGS)
def test_hostile_texts_are_shown_and_not_run(comparison: View, single: View, lang: Lang) -> None:
    for view in (comparison, single):
        page = Page(page_of(view, lang))
        assert page.count("script") == page.count("b") == 0
        assert not [at for _, ats in page.tags for at in ats if at.startswith("on")]
        assert page.text(lang).count(HOSTILE) >= 5
        assert "{{7*7}}" in page.text(lang)
        assert HOSTILE in page.text("en")  # the reason of an assumption, in English on both


@pytest.mark.parametrize("lang", LANGS)
def test_one_file_without_scripts_or_outside_parts(comparison: View, lang: Lang) -> None:
    source = page_of(comparison, lang)
    page = Page(source)
    for tag, attributes in page.tags:
        assert tag not in ("script", "iframe", "object", "img")
        for name in ("src", "href", "xlink:href"):
            assert attributes.get(name, "#").startswith(("#", "data:,")), (tag, attributes)
    outside = set(re.findall(r"https?://[^\s\"'<)]+", source))
    assert outside <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    identifiers = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    inside = {at["href"][1:] for _, at in page.tags if at.get("href", "").startswith("#")}
    assert inside <= set(identifiers)


def finnish(page: Page) -> str:
    """All that is said in Finnish, without the hostile texts (which are English by nature)."""
    return page.text("fi").replace(HOSTILE, "")


def test_the_finnish_page_is_wholly_finnish(comparison: View, single: View) -> None:
    for view in (comparison, single, *MADE):
        page = Page(page_of(view, "fi"))
        assert ("html", {"lang": "fi"}) in page.tags
        words = finnish(page)
        assert not ENGLISH.findall(words), sorted(set(ENGLISH.findall(words)))
        points = re.findall(r"(?<![\d.:])\d+\.\d+(?![\d.])", words)
        versions = re.findall(r"(?:[\w.]+ )([\d.]+\d)", page.text("fi"))
        assert not set(points) - set(versions), points
        assert re.search(r"\d\u00a0\d{3}", words) and re.search(r"\d,\d", words)


def test_the_english_page_has_no_finnish(comparison: View) -> None:
    words = Page(page_of(comparison, "en")).text("en")
    assert not re.search(r"[äöÄÖ]", words)


@pytest.mark.parametrize("lang", LANGS)
def test_headings_in_order_and_tables_with_scopes(comparison: View, lang: Lang) -> None:
    page = Page(page_of(comparison, lang))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(at.get("scope") in ("col", "row") for tag, at in page.tags if tag == "th")
    assert page.count("table") == page.count("caption")
    for landmark in ("header", "nav", "main", "footer"):
        assert page.count(landmark) == 1


def test_the_same_results_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    first = write(read_any(folder), tmp_path / "a", "fi", pdf=True)
    again = write(read_any(folder), tmp_path / "b", "fi", pdf=True)
    assert [path.name for path in first] == ["report.html", "report.pdf", "report-annex.pdf"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]


@pytest.mark.parametrize(("alternatives", "most"), [(7, 1_000_000), (39, 2_000_000)])
def test_a_page_of_many_scenarios_is_small(alternatives: int, most: int) -> None:
    page = html(espoo_view(20, alternatives=alternatives), "fi")
    assert len(page.encode()) < most


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_odd_is_shown(comparison: View, single: View, lang: Lang) -> None:
    for view in (comparison, single, *MADE):
        page = Page(page_of(view, lang))
        for said in page.words.values():
            assert not ODD.findall(" ".join(said).replace(HOSTILE, ""))


@pytest.mark.parametrize("lang", LANGS)
def test_one_replication_concludes_nothing(tmp_path: Path, lang: Lang) -> None:
    view = read_any(saved(tmp_path / "one", 1))
    page = Page(page_of(view, lang))
    words = page.text(lang)
    assert {"en": "Cannot be told yet", "fi": "Ei voi vielä sanoa"}[lang] in words
    assert 'data-verdict="recommended"' not in page.source
    bounds = ("ci_low", "ci_high", "p5", "p95")
    assert not [f for f in page.figures if f.attributes["data-stat"] in bounds]
    assert {"en": "A single replication was simulated", "fi": "Simuloitiin yksi toisto"}[
        lang
    ] in words
    assert not ODD.findall(words.replace(HOSTILE, ""))


@pytest.mark.parametrize("lang", LANGS)
def test_nobody_starts(tmp_path: Path, lang: Lang) -> None:
    channels = {"door": {**BASE["channels"]["door"], "rate": "0 per year"}}
    for view in (
        read_any(saved(tmp_path / "many", 3, channels=channels)),
        read_any(saved_run(tmp_path / "one", 3, channels=channels)),
    ):
        words = Page(page_of(view, lang)).text(lang)
        assert {"en": "Nobody starts", "fi": "Kukaan ei aloita"}[lang] in words
        assert not ODD.findall(words.replace(HOSTILE, ""))


def test_a_run_alone_says_how_likely_its_plan_is(single: View) -> None:
    words = Page(page_of(single, "en")).text("en")
    assert "of 2 planned figures are likelier than not to be reached" in words
    assert "simflow compare" not in words and "data-verdict" not in page_of(single, "en")


@pytest.mark.parametrize("lang", LANGS)
def test_every_assumption_is_listed(comparison: View, lang: Lang) -> None:
    words = page_of(comparison, lang)
    assumed = [row for row in comparison.sources if "assumption" in row.source]
    assert len(assumed) > 8
    assert f"{len(assumed)} {'values' if lang == 'en' else 'arvoa'}" in words
    for row in assumed:
        value = row.value.replace(".", ",") if lang == "fi" else row.value
        assert value.split()[0] in words


@pytest.mark.parametrize("lang", LANGS)
def test_the_numbers_that_alternatives_set_are_listed_with_their_sources(
    comparison: View, lang: Lang
) -> None:
    own = {name: [(row.path, row.value) for row in rows]
           for name, rows in comparison.own_sources.items()}  # fmt: skip
    assert own == {
        "more": [("services.desk.places", "4")],
        "slow": [("services.desk.duration.mean", "6.5 days")],
    }
    table = page_of(comparison, lang).partition({"en": "own numbers", "fi": "omat luvut"}[lang])[2]
    assert table.count("test: a made-up change") >= 2
    assert "more.json" in table and {"en": "6.5", "fi": "6,5"}[lang] in table


def test_sources_are_said_in_finnish_where_the_scenario_translates_them(tmp_path: Path) -> None:
    changed = {
        "source": "assumption: a guess",
        "translations": {"assumption: a guess": "oletus: arvaus"},
    }
    page = Page(html(read_any(saved_run(tmp_path / "run", 2, **changed)), "fi"))
    assert "oletus: arvaus" in page.text("fi") and "a guess" not in page.text("en")


def test_the_baseline_translates_every_source() -> None:
    scenarios = Path(__file__).parents[2] / "scenarios"
    for name in ("espoo-2014", "espoo-2015-plan"):
        loaded = load(scenarios / f"{name}.yaml")
        rows = source_rows(loaded.tree, loaded.origins)
        said = {row.source: source_text(row.source, loaded.scenario, "fi") for row in rows}
        assert not [source for source, text in said.items() if "lang=" in text]


@pytest.mark.slow
def test_writing_costs_less_than_200_replications_of_the_baseline() -> None:
    loaded = load(Path(__file__).parents[2] / "scenarios" / "espoo-2014.yaml")
    start = time.process_time()
    run(loaded, replications=10, seed=1, jobs=1)
    simulated = (time.process_time() - start) * 20
    start = time.process_time()
    html(views.view(alternatives=7), "en")
    written = time.process_time() - start
    print(f"report of 8 scenarios {written:.1f} s, 200 replications {simulated:.1f} s of processor")
    assert written < simulated
