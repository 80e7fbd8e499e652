"""The charts' tables are the results, their headlines say what is in them."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from simflow.charts import (
    caseload_fan,
    exits_by_kind,
    exits_published,
    flow_sankey,
    seats_places,
    staff_heatmap,
    waiting_curves,
)
from simflow.charts.chart import Chart
from simflow.charts.style import styled
from simflow.charts.svg import svg_text
from simflow.charts.verdicts import detailed, ranked
from simflow.experiment.summary import Floats
from simflow.labels import LANGUAGES, Lang, number
from simflow.results import View
from simflow.scenario.values import Text
from tests.views_espoo import espoo, results, view, without

MODULES = (
    caseload_fan, waiting_curves, exits_by_kind, exits_published, flow_sankey, staff_heatmap,
    seats_places,
)  # fmt: skip


def drawn(module: object, shown: View, lang: Lang = "en") -> Chart:
    """The chart of a module that must draw one."""
    with styled():
        chart = module.draw(shown, lang)  # type: ignore[attr-defined]
    assert isinstance(chart, Chart)
    return chart


def changed(shown: View, start: str, factor: float) -> View:
    """The view with the measures whose names begin so multiplied."""
    old = shown.results
    chosen = np.array([measure.name.startswith(start) for measure in old.measures])
    return replace(shown, results=replace(old, values=np.where(chosen, factor, 1) * old.values))


def test_of_very_many_alternatives_the_first_are_detailed_and_it_is_said() -> None:
    shown = view(4, alternatives=15)
    runs, note = detailed(shown, "fi")
    names = [run.results.scenario for run in runs]
    assert names == ["espoo-2014", *(f"alternative-{k}" for k in sorted(
        int(row.verdict.name.rpartition("-")[2]) for row in ranked(shown, "fi")[:12]
    ))]  # fmt: skip
    assert note == "\n15 vaihtoehdosta tulostaulukon 12 ensimmäistä."
    for module in (waiting_curves, seats_places, exits_by_kind):
        chart = drawn(module, shown, "fi")
        assert chart.subtitle.endswith(note)
        assert len({cell for row in chart.rows for cell in row} & {r.title for r in runs}) == 13
    assert detailed(view(4, alternatives=12), "fi")[1] == ""


def test_a_year_of_its_own_has_no_row_among_the_months() -> None:
    shown = view(4, alternatives=2)
    assert shown.comparison is not None
    first, second = shown.comparison.alternatives
    later = tuple(
        replace(measure, name=measure.name.replace(".month.2014", ".month.2015"))
        for measure in second.measures
    )
    other = replace(second, measures=later)
    moved = replace(shown, comparison=replace(shown.comparison, alternatives=(first, other)))
    assert {row[1] for row in drawn(staff_heatmap, moved).rows} == {
        "Työtä päin! in Espoo, 2014", "Alternative 1",
    }  # fmt: skip


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("alternatives", [0, 1, 9])
def test_headline_of_ten_words_and_a_whole_table(
    module: object, lang: Lang, alternatives: int
) -> None:
    chart = drawn(module, view(6, alternatives), lang)
    assert 0 < len(chart.headline.split()) <= 10, chart.headline
    assert {len(row) for row in chart.rows} == {len(chart.columns)}
    assert len(set(chart.columns)) == len(chart.columns)


@pytest.mark.parametrize("module", MODULES)
def test_nothing_without_its_measures(module: object) -> None:
    bare = without(view(), "")
    assert module.draw(bare, "en") is None  # type: ignore[attr-defined]


@pytest.mark.parametrize("module", [m for m in MODULES if m is not exits_published])
def test_one_replication_without_the_words_of_bands(module: object) -> None:
    chart = drawn(module, view(1, 1))
    assert all(cell is None or isinstance(cell, str) or np.isfinite(cell)
               for row in chart.rows for cell in row)  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_long_labels_and_signs_of_markup_are_drawn_as_they_are(lang: Lang) -> None:
    label = Text(
        en='Very "long" <script>alert(1)</script> & $x^2$ ' + "name " * 12,
        fi="Pitkäaikaistyöttömyydenvähentämistoimenpidekokonaisuus & <b>$x$</b>",
    )
    parts = {
        part: {k: v.model_copy(update={"label": label}) for k, v in getattr(espoo(), part).items()}
        for part in ("services", "exits", "staff")
    }
    for module in MODULES:
        chart = drawn(module, View(results(4), espoo().model_copy(update=parts)), lang)
        root = ElementTree.fromstring(svg_text(chart))
        assert root.tag.endswith("svg")
        assert len(chart.headline.split()) <= 10
        inside(chart)


@pytest.mark.parametrize("alternatives", [0, 3, 9])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_cut_off(lang: Lang, alternatives: int) -> None:
    for module in MODULES:
        inside(drawn(module, view(6, alternatives, "An alternative of middle length"), lang))


def inside(chart: Chart) -> None:
    """Nothing that is drawn lies outside the picture."""
    with styled():
        box = chart.figure.get_tightbbox()
    width, height = chart.figure.get_size_inches()
    assert box.x0 >= -0.01 and box.x1 <= width + 0.01, chart.name
    assert box.y0 >= -0.01 and box.y1 <= height + 0.01, chart.name


def level(values: Floats) -> tuple[float, float, float]:
    """What tables say of a level: its mean, between its 5th and 95th percentile."""
    low, high = map(float, np.percentile(values, (5, 95)))
    return low, float(values.mean()), high


def test_waiting_rows_are_the_percentiles() -> None:
    shown = view(20, 1)
    rows = {row[:3]: row[3:] for row in drawn(waiting_curves, shown).rows}
    values = shown.results.column("wait.assessment.by.28")
    title = espoo().title
    assert title is not None
    assert rows["Assessment", title.en, 28.0] == level(values)
    assert ("Assessment", "Alternative 1", 28.0) in rows


def test_waiting_headline_is_the_share_within_the_limit() -> None:
    shown = view()
    share = shown.results.column("wait.assessment.by.28").mean()
    assert (
        drawn(waiting_curves, shown).headline
        == f"Assessment: {share * 100:.0f}\u00a0% served within 28 days"
    )
    finnish = drawn(waiting_curves, shown, "fi").headline
    assert finnish == f"Alkukartoitus: {share * 100:.0f}\u00a0% pääsee 28 päivässä"


def test_exits_add_up() -> None:
    shown = view(20, 2)
    chart = drawn(exits_by_kind, shown)
    kinds = {"open": 0.0, "subsidised": 0.0, "education": 0.0, "transfer": 0.0, "other": 0.0}
    for name, exit_ in espoo().exits.items():
        # Two of the jobs that end a relationship are subsidised: the city adds to them.
        work = "open" if name == "open_market" else "subsidised"
        kind = work if exit_.kind == "work" else exit_.kind
        if kind in kinds:
            kinds[kind] += shown.results.column(f"exits.{name}").mean()
    assert chart.rows[0][1:] == pytest.approx((*kinds.values(), sum(kinds.values())))
    alone = drawn(exits_by_kind, view()).rows
    single = [float(row[2]) for row in alone if row[1] != "All" and row[2] is not None]
    assert sum(single) == pytest.approx(sum(kinds.values()))
    assert alone[-1][:2] == ("All", "All") and alone[-1][2] == pytest.approx(sum(single))


def test_the_sum_of_a_bar_is_its_tables_whatever_the_parts_are_rounded_to() -> None:
    chart = drawn(exits_by_kind, view(6, 5))
    (axes,) = chart.figure.axes
    sums = [text.get_text() for text in axes.texts if text.get_fontweight() == "bold"]
    assert sums == [number(float(row[-1] or 0)) for row in chart.rows]


def test_exits_when_nobody_leaves() -> None:
    chart = drawn(exits_by_kind, changed(view(), "exits.", 0.0))
    assert chart.headline == "Nobody leaves in this period"


def test_staff_rows_are_the_means_and_the_busiest_is_named() -> None:
    shown = changed(view(), "staff.nurse.month.2014-09", 1.8)
    chart = drawn(staff_heatmap, shown)
    share = shown.results.column("staff.nurse.month.2014-09.utilisation").mean()
    assert chart.headline == f"Busiest: Nurse for the unemployed, {share * 100:.0f}\u00a0% in Sep"
    title = espoo().title
    assert title is not None
    assert ("Nurse for the unemployed", title.en, "2014-09", float(share)) in chart.rows


def test_seats_and_places_rows() -> None:
    shown = view()
    rows = {row[:2]: row[3:] for row in drawn(seats_places, shown).rows}
    for key, name in (
        (("ICT coaching", "seats filled (share)"), "seats.ict.filled"),
        (("Work trial", "clients at a time"), "occupancy.work_trial.mean"),
    ):
        values = shown.results.column(name)
        assert rows[key] == level(values)
    only = drawn(seats_places, without(shown, "seats."))
    assert only.headline.startswith("Most at a time: ")
