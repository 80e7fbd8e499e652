"""Charts that compare scenarios: their words, tables and pictures, with little data and much."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text

from simflow.charts import cost_bars, equity, forest, more_plot, targets, verdict_table
from simflow.charts.amounts import scale
from simflow.charts.chart import Chart
from simflow.charts.plausible import change_of
from simflow.charts.style import save, styled
from simflow.charts.verdicts import GOALS, KINDS
from simflow.labels import LANGUAGES, NO_BREAK, Lang
from simflow.measures import Label
from simflow.results import View
from tests.views import MEASURES, made, view
from tests.views_espoo import judged

Draw = Callable[[View, Lang], Chart | None]
DRAWS = {
    "verdict-table": verdict_table.draw,
    "forest": forest.draw,
    "targets": targets.draw,
    "cost-bars": cost_bars.draw,
    "more-plot": more_plot.draw,
    "equity": equity.draw,
}
NEED_ALTERNATIVES = ("verdict-table", "forest")
LONG = Label(
    'A <script>alert("long")</script> title that goes on & on about $places$ and much else besides',
    "Erittäin pitkä otsikko työmarkkinatukilistayhteydenottomahdollisuuksien lisäämisestä 2015",
)


def drawn(name: str, seen: View, lang: Lang = "en") -> Chart:
    """The chart, which there must be."""
    with styled():
        chart = DRAWS[name](seen, lang)
    assert chart is not None
    return chart


def words(chart: Chart) -> list[str]:
    """Everything a reader reads: the picture's texts, the alt text and the table's."""
    shown = [item.get_text() for item in chart.figure.findobj(Text)]
    cells = [cell for row in chart.rows for cell in row if isinstance(cell, str)]
    return [*shown, chart.headline, chart.subtitle, chart.alt, *cells]


def sound(chart: Chart, lang: Lang) -> None:
    """No value that is none, no number of another language, nothing outside the picture."""
    assert len(chart.headline.split()) <= 10, chart.headline
    numbers = [cell for row in chart.rows for cell in row if isinstance(cell, float)]
    assert np.isfinite(numbers).all()
    assert all(len(row) == len(chart.columns) for row in chart.rows)
    for text in words(chart):
        assert not re.search(r"\b(nan|inf|none)\b", text, re.IGNORECASE), text
        if lang == "fi":
            assert not re.search(r"\d[.]\d|\d,\d{3}\b", text), text
    inside(chart)


def inside(chart: Chart) -> None:
    """Nothing that is drawn lies outside the picture, and no words lie on each other."""
    picture = chart.figure
    with styled():
        drawn_ = picture.get_tightbbox()
    width, height = picture.get_size_inches()
    assert drawn_.x0 >= -0.01 and drawn_.x1 <= width + 0.01
    assert drawn_.y0 >= -0.01 and drawn_.y1 <= height + 0.01
    own = [*picture.texts, *(text for axes in picture.axes for text in axes.texts)]
    boxes = [(text.get_text(), text.get_window_extent()) for text in own if text.get_text()]
    for (one, a), (other, b) in combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        along = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across < 2 or along < 2, f"{one!r} lies on {other!r}"


@pytest.fixture(scope="module")
def usual() -> View:
    return view()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", DRAWS)
class TestEveryChart:
    def test_of_three_alternatives(self, usual: View, name: str, lang: Lang) -> None:
        chart = drawn(name, usual, lang)
        assert chart.name == name
        assert chart.alt
        sound(chart, lang)

    def test_of_twenty_alternatives(self, name: str, lang: Lang) -> None:
        sound(drawn(name, view(20, 12), lang), lang)

    def test_of_long_titles(self, name: str, lang: Lang) -> None:
        measures = [
            replace(item, measure=replace(item.measure, label=Label(LONG.en * 2, LONG.fi * 2)))
            for item in MEASURES
        ]
        sound(drawn(name, view(2, 12, measures=measures, titles=[LONG]), lang), lang)

    def test_of_one_replication_says_so(self, name: str, lang: Lang) -> None:
        chart = drawn(name, view(3, 1), lang)
        sound(chart, lang)
        said = f"{chart.headline} {chart.subtitle}".lower()
        assert {"en": "single run", "fi": "yksi toisto"}[lang] in said or "yhde" in said
        assert "±" not in " ".join(words(chart))

    def test_of_one_scenario(self, name: str, lang: Lang) -> None:
        with styled():
            chart = DRAWS[name](view(0), lang)
        if name in NEED_ALTERNATIVES:
            assert chart is None
        else:
            assert chart is not None
            sound(chart, lang)

    def test_when_nobody_starts(self, name: str, lang: Lang) -> None:
        empty = [
            replace(item, mean=0.0 if item.measure.unit in ("clients", "eur") else np.nan,
                    spread=0.0, effect=0.0)
            for item in MEASURES
        ]  # fmt: skip
        with styled():
            chart = DRAWS[name](view(2, 5, measures=empty), lang)
        if chart is not None:
            sound(chart, lang)

    def test_without_its_measures(self, name: str, lang: Lang) -> None:
        other = [made("caseload.end", "clients", "Caseload", "Asiakkaita", 150, 9)]
        with styled():
            assert DRAWS[name](view(2, 5, measures=other), lang) is None


@pytest.mark.parametrize("name", DRAWS)
def test_same_view_same_bytes(usual: View, name: str, tmp_path: Path) -> None:
    pairs = [save(drawn(name, usual), tmp_path / place) for place in _places(tmp_path)]
    for one, other in zip(*pairs, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def _places(folder: Path) -> list[str]:
    names = ["a", "b"]
    for name in names:
        (folder / name).mkdir()
    return names


@pytest.mark.parametrize("name", NEED_ALTERNATIVES)
def test_table_repeats_the_verdicts(usual: View, name: str) -> None:
    comparison = usual.comparison
    assert comparison is not None
    rows = {(row[0], row[2]): row for row in drawn(name, usual).rows}
    assert len(rows) == 3 * len(comparison.names)
    for scenario, verdict in zip(comparison.scenarios[1:], comparison.verdicts, strict=True):
        for one in verdict.judgements:
            found = one.difference
            assert scenario.title is not None and found.ci is not None
            row = rows[scenario.title.en, found.measure.label.en]
            assert row[1] == KINDS[verdict.kind]["en"]
            assert row[4:9] == (found.base, found.alternative, found.mean, *found.ci)
            chances = (one.benefit, one.harm)
            assert row[9:15] == tuple(x for c in chances for x in (c.value, c.low, c.high))
            assert row[16] == GOALS[one.shown]["en"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_of_the_verdicts_is_on_top_and_in_the_headline(lang: Lang) -> None:
    shown = judged("loss", "unclear", "recommended")
    chart = drawn("verdict-table", shown, lang)
    assert (
        chart.rows[0][0]
        == {"en": "One more guidance worker", "fi": "Yksi palveluohjaaja lisää"}[lang]
    )
    assert (
        chart.headline
        == {
            "en": "One more guidance worker: recommended",
            "fi": "Yksi palveluohjaaja lisää: suositellaan",
        }[lang]
    )


def test_nothing_to_choose() -> None:
    chart = drawn("verdict-table", judged("trade_off", "loss"))
    assert chart.headline == "Nothing of 2 is recommended; trade-offs 1, losses 1"


def test_means_of_the_more_plot_are_the_runs(usual: View) -> None:
    row = drawn("more-plot", usual).rows[0]
    found = usual.results.figure("clients.started")
    assert found.ci is not None and found.percentiles is not None
    assert row[3:8] == (found.mean, *found.ci, found.percentiles[5], found.percentiles[95])


def test_a_target_counts_when_it_is_met_exactly() -> None:
    exact = [replace(item, spread=0.0, effect=0.0) for item in MEASURES]
    seen = view(0, 10, measures=exact, targets={"clients.started": {"at_least": 171}})
    row = drawn("targets", seen).rows[0]
    assert row[6:9] == (10, 10, 1.0)
    # Wilson's interval of 10 of 10: 1 / (1 + z² / n).
    assert row[9:] == (pytest.approx(1 / (1 + 1.959964**2 / 10)), 1.0, "yes")


def test_parts_of_the_costs(usual: View) -> None:
    rows = [row for row in drawn("cost-bars", usual).rows if row[0] == "No new decision"]
    assert [row[1] for row in rows[:5]] == [
        "Staff", "Courses", "Places", "Wage top-ups", "Municipal share",
    ]  # fmt: skip
    assert rows[5][3] == usual.results.figure("cost.total").mean


def test_groups_are_counts_with_ranges_and_no_verdict() -> None:
    shown = judged("recommended")
    comparison = shown.comparison
    assert comparison is not None
    chart = drawn("equity", shown)
    rows = {row[:2]: row for row in chart.rows}
    change = change_of(comparison, "recommended-1", "outcome.begun_by.other")
    assert change is not None
    row = rows["Others", "One more guidance worker"]
    assert row[5:8] == (change.mean, change.low, change.high)
    said = " ".join(words(chart)).lower()
    assert not re.search(r"better|worse|clear|recommended", said)
    assert chart.headline == "One more guidance worker: largest change “Highly educated” +7"


def test_amounts() -> None:
    euros = made("cost.total", "eur", "Costs", "Kustannukset", 0, 0).measure
    share = made("wait.within", "share", "Within", "Enintään", 0, 0).measure
    large = scale(euros, [1_234_567.0], "fi")
    assert large.plain(1_234_567, 9_000) == f"1{NO_BREAK}235"
    assert large.unit == f"tuhatta{NO_BREAK}€"
    assert scale(euros, [7_249.0], "en").signed(-320.4, 96) == "−320"
    assert scale(share, [], "fi").signed(0.0512, 0.004) == "+5,1"
    assert scale(share, [], "en").signed(0.0001, 0.004) == "0.0"
    assert scale(share, [], "en").plain(None) == "–"


def test_nothing_of_a_number_is_cut_off(usual: View) -> None:
    """Sums of many digits have room beside their panels."""
    large = [replace(item, mean=item.mean * 1000, effect=item.effect * 1000,
                     spread=item.spread * 20) for item in MEASURES]  # fmt: skip
    picture = drawn("forest", view(3, 12, measures=large)).figure
    picture.draw_without_rendering()
    width = picture.bbox.width
    assert all(text.get_window_extent().x1 <= width for axes in picture.axes for text in axes.texts)


def test_a_saving_alone_is_no_headline() -> None:
    """What saves by doing less is not named without what it loses."""
    cheap = [replace(item, effect=-abs(item.effect) if item.measure.unit == "eur" else -item.effect)
             for item in MEASURES]  # fmt: skip
    chart = drawn("cost-bars", view(1, 20, measures=cheap))
    assert chart.headline.startswith("Net costs change clearly: −5")
