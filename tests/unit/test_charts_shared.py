"""What all charts share: drawn once, narrow ones, three alternatives in colour, kinds of work."""

from __future__ import annotations

import gc
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex

import simflow.charts as package
from simflow.charts import caseload_fan, charts, draw_all
from simflow.charts.data import total_of
from simflow.charts.endings import ending_of, work_of
from simflow.charts.grid import grid
from simflow.charts.highlight import BASE, OTHERS, highlighted, look, note
from simflow.charts.style import NARROW_WIDTH, styled
from simflow.charts.svg import svg_text
from simflow.errors import UsageError
from simflow.labels import LANGUAGES, Lang
from tests import views
from tests.views_espoo import espoo, view


def test_a_chart_is_drawn_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Files, an element of a page and a second page share one drawing; languages do not."""
    drawn: list[Lang] = []
    own = caseload_fan.draw

    def counting(shown: Any, lang: Lang, narrow: bool = False) -> Any:
        drawn.append(lang)
        return own(shown, lang, narrow)

    monkeypatch.setattr(caseload_fan, "draw", counting)
    shown = view(4)
    draw_all(shown, tmp_path, "en", ["caseload-fan"])
    (chart,) = charts(shown, "en", ["caseload-fan"])
    svg_text(chart)
    assert charts(shown, "en", ["caseload-fan"]) == [chart]
    assert drawn == ["en"]
    charts(shown, "fi", ["caseload-fan"])
    charts(view(4), "en", ["caseload-fan"])
    assert drawn == ["en", "fi", "en"]


def test_what_is_drawn_lives_as_long_as_its_view() -> None:
    shown = view(4)
    charts(shown, "en", ["caseload-fan"])
    key = id(shown)
    assert key in package._DRAWN
    del shown
    gc.collect()
    assert key not in package._DRAWN


def test_only_what_is_asked_for(tmp_path: Path) -> None:
    wanted = ["waiting-curves", "caseload-fan"]
    assert [chart.name for chart in charts(view(4), "en", wanted)] == wanted[::-1]
    assert charts(view(4), "en", []) == []
    paths = draw_all(view(4), tmp_path, "en", ["cost-bars"])
    assert {path.stem for path in paths} == {"cost-bars"}
    with pytest.raises(UsageError, match=r"there is no chart pie; the charts are .*caseload-fan"):
        charts(view(4), "en", ["pie", "caseload-fan"])


def test_names_are_those_of_the_modules() -> None:
    for shown in (view(4, 2), views.view(2)):
        names = {chart.name for chart in charts(shown, "en")}
        assert names <= package._modules().keys()


@pytest.mark.parametrize("alternatives", [0, 3, 6])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_narrow_charts_are_narrow_and_whole(alternatives: int, lang: Lang) -> None:
    both = view(6, alternatives), views.view(alternatives)
    made = [chart for one in both for chart in charts(one, lang, narrow=True)]
    rows = [chart.rows for one in both for chart in charts(one, lang)]
    assert {"caseload-fan-narrow", "waiting-curves-narrow", "exits-by-kind-narrow",
            "exits-published-narrow", "cost-bars-narrow", "more-plot-narrow",
            "targets-narrow"} == {chart.name for chart in made}  # fmt: skip
    for chart in made:
        assert chart.figure.get_size_inches()[0] == NARROW_WIDTH
        box = chart.figure.get_tightbbox()
        assert box.x0 >= -0.01 and box.x1 <= NARROW_WIDTH + 0.01, chart.name
        assert box.y0 >= -0.01
        sizes = [text.get_fontsize() for axes in chart.figure.axes for text in axes.texts]
        assert min(sizes, default=9) >= 7.5
        assert chart.rows in rows


def test_three_alternatives_are_in_colour_and_the_base_in_ink() -> None:
    chosen = highlighted([1.0, 9.0, 0.0, 5.0, 7.0])
    assert chosen == (1, 3, 4)
    assert look(0, chosen) is OTHERS
    colours = {look(place, chosen).colour for place in chosen}
    assert len(colours) == 3 and BASE.colour not in colours and OTHERS.colour not in colours
    assert note(chosen, 5, "en") and note(chosen, 5, "fi")
    assert note(highlighted([1.0, 2.0]), 2, "en") == ""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["caseload-fan", "waiting-curves"])
def test_lines_beyond_three_are_grey_and_it_is_said(name: str, lang: Lang) -> None:
    (chart,) = charts(view(6, 6), lang, [name])
    lines = [
        line for axes in chart.figure.axes for line in axes.lines if np.size(line.get_xdata()) > 3
    ]
    colours = {to_hex(line.get_color()).upper() for line in lines}
    assert {BASE.colour.upper(), OTHERS.colour.upper()} <= colours
    assert len(colours) <= 5
    assert {"en": "differ most from the base", "fi": "eniten eroavaa"}[lang] in chart.subtitle
    (few,) = charts(view(6, 3), lang, [name])
    assert {"en": "In colour", "fi": "Värillä"}[lang] not in few.subtitle


def test_the_alternatives_furthest_from_the_base_have_labels() -> None:
    (chart,) = charts(view(20, 6), "en", ["caseload-fan"])
    last = [float(cell) for cell in chart.rows[-1][3:] if cell is not None]
    base, others = last[0], last[3:]
    order = sorted(range(6), key=lambda place: -abs(others[place] - base))[:3]
    texts = " ".join(text.get_text() for text in chart.figure.axes[0].texts)
    for place in range(6):
        assert (f"Alternative {place + 1} " in texts) == (place in order)


def test_work_is_open_or_subsidised() -> None:
    exits = espoo().exits
    assert work_of(exits["open_market"]) == "open_work"
    assert work_of(exits["third_sector_job"]) == "subsidised_work"  # the city adds to it
    assert ending_of(exits["education"]) == "education"
    told: Any = SimpleNamespace(kind="work", begins="open_work", top_up=10.0)
    assert ending_of(told) == "open_work"
    told.begins, told.top_up = "subsidised_work", None
    assert ending_of(told) == "subsidised_work"


@pytest.mark.parametrize("alternatives", [0, 2])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_chart_speaks_of_work_alone(alternatives: int, lang: Lang) -> None:
    for chart in charts(view(6, alternatives), lang, ["exits-by-kind", "flow-sankey"]):
        cells = {cell for row in (chart.columns, *chart.rows) for cell in row}
        assert not cells & {"Work", "Työ", "Työhön"}
        assert {"en": "Subsidised job", "fi": "Palkkatukityö"}[lang] in cells


def test_panels_of_a_narrow_grid_stand_below_each_other() -> None:
    panels = [("Started", "clients"), ("Waiting", "days"), ("Costs", "€")]
    with styled():
        _, beside = grid("Headline", "Subtitle", panels, ["One", "Two"])
        picture, below = grid("Headline", "Subtitle", panels, ["One", "Two"], narrow=True)
    assert len({round(axes.get_position().y0, 3) for axes in beside}) == 1
    assert len({round(axes.get_position().x0, 3) for axes in below}) == 1
    bottoms = [axes.get_position().y0 for axes in below]
    assert bottoms == sorted(bottoms, reverse=True) and bottoms[-1] > 0
    assert picture.get_size_inches()[0] == NARROW_WIDTH
    for axes in below:
        assert [text.get_text() for text in axes.get_yticklabels()] == ["One", "Two"]
        assert axes.texts[0].get_fontsize() == beside[0].texts[0].get_fontsize()


def test_a_total_is_no_hair_below_its_half() -> None:
    parts = [0.1] * 15
    assert sum(parts) != 1.5
    assert total_of(parts) == 1.5
