"""The flow diagram: no client is lost between the measures, the layout and the picture."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.patches import PathPatch, Polygon

from simflow.charts import flow_sankey
from simflow.charts.data import runs
from simflow.charts.flow_layout import Link, laid_out
from simflow.charts.flow_sankey import links
from simflow.charts.spacing import pooled
from simflow.charts.style import balanced, styled, wrapped
from simflow.labels import LANGUAGES, Lang
from tests.views_espoo import view, without


def test_the_widths_are_the_measures() -> None:
    shown = view(8)
    moves = links(runs(shown, "en")[0])
    every = sum(
        shown.results.column(measure.name).mean()
        for measure in shown.results.measures
        if measure.name.startswith("flow.")
    )
    assert sum(move.clients for move in moves) == pytest.approx(every)
    with styled():
        chart = flow_sankey.draw(shown, "en")
    assert chart is not None
    assert sum(row[2] for row in chart.rows if row[0] != "All") == pytest.approx(every)  # type: ignore[misc]
    across = [move for move in moves if move.source != move.target]
    layout = laid_out(across)
    drawn = sum(link.clients for link, _ in layout.ways) + sum(k.clients for k in layout.back)
    assert drawn == pytest.approx(sum(move.clients for move in across))


def test_what_comes_into_a_step_goes_out_and_fits_its_height() -> None:
    moves = [m for m in links(runs(view(8), "en")[0]) if m.source != m.target]
    layout = laid_out(moves)
    for name, place in layout.places.items():
        comes = sum(move.clients for move in moves if move.target == name)
        goes = sum(move.clients for move in moves if move.source == name)
        if comes and goes:
            assert comes == pytest.approx(goes)
        if not place.passing:
            assert place.size == pytest.approx(max(comes, goes))
    assert sum(not place.passing for place in layout.places.values()) <= 16


def test_places_of_a_column_do_not_overlap() -> None:
    moves = [m for m in links(runs(view(8), "en")[0]) if m.source != m.target]
    for column in laid_out(moves, gap=5.0, thin_gap=2.0, least=30.0).columns:
        for above, below in pairwise(column):
            assert below.top - above.top - above.size >= 2.0 - 1e-6


def test_a_step_stands_after_its_main_source_and_ends_stand_last() -> None:
    moves = [
        Link("arrival", "desk", 20), Link("desk", "course", 12), Link("desk", "job", 6),
        Link("course", "job", 2), Link("course", "=ended", 10), Link("desk", "=not_started", 1),
        Link("desk", "=ended", 1), Link("job", "=work", 7), Link("course", "=work", 1),
    ]  # fmt: skip
    columns = {name: place.column for name, place in laid_out(moves).places.items()
               if not place.passing}  # fmt: skip
    assert columns["course"] == columns["job"] == columns["=not_started"] == 2
    assert columns["=work"] == columns["=ended"] == 3


def test_a_circle_of_moves_is_cut_where_fewest_go() -> None:
    moves = [Link("arrival", "a", 10), Link("a", "b", 9), Link("b", "a", 3), Link("b", "out", 6),
             Link("a", "out", 4)]  # fmt: skip
    layout = laid_out(moves)
    assert layout.back == [Link("b", "a", 3)]
    columns = {name: place.column for name, place in layout.places.items() if not place.passing}
    assert columns == {"arrival": 0, "a": 1, "b": 2, "out": 3}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_flow_no_chart(lang: Lang) -> None:
    assert flow_sankey.draw(without(view(), "flow."), lang) is None


def test_the_headline_says_who_remains_and_who_leaves_for_the_better() -> None:
    moves = [Link("arrival", "a", 10), Link("a", "b", 9), Link("b", "a", 3),
             Link("b", "=open_work", 4), Link("b", "=education", 2),
             Link("a", "=inside", 4)]  # fmt: skip
    headline = flow_sankey._headline(moves, "en")
    assert headline == "Of 10 clients, 4 remain, 6 reach work or education"
    assert flow_sankey._headline(moves, "fi") == (
        "10 asiakkaasta 4 jatkaa, 6 siirtyy työhön tai koulutukseen"
    )
    assert flow_sankey._headline(moves[:-1], "en") == "Of 10 clients, 6 go to work or education"


def test_work_of_the_flow_is_open_or_subsidised() -> None:
    ends = {move.target for move in links(runs(view(8), "en")[0])}
    assert {"=open_work", "=subsidised_work"} <= ends and "=work" not in ends


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_move_runs_over_a_label(lang: Lang) -> None:
    with styled():
        chart = flow_sankey.draw(view(8), lang)
        assert chart is not None
        chart.figure.draw_without_rendering()
    (axes,) = chart.figure.axes
    moves = [patch for patch in axes.patches if isinstance(patch, (PathPatch, Polygon))]
    assert len(moves) > 20
    for text in axes.texts:
        box = text.get_window_extent().padded(-1)
        for move in moves:
            drawn = move.get_path().transformed(move.get_transform())
            assert not drawn.intersects_bbox(box, filled=True), text.get_text()


def test_pooled_places_move_as_little_as_may_be() -> None:
    assert pooled([0.0, 10.0], [0.0, 2.0], [1.0, 1.0]) == [0.0, 10.0]
    assert pooled([5.0, 5.0], [0.0, 2.0], [1.0, 1.0]) == [4.0, 6.0]
    assert pooled([5.0, 5.0], [0.0, 2.0], [3.0, 1.0]) == [4.5, 6.5]
    draws = np.random.default_rng(3)
    wanted = list(draws.uniform(0, 10, 30))
    placed = pooled(wanted, [0.5] * 30, [1.0] * 30)
    assert (np.diff(placed) >= 0.5 - 1e-9).all()


def test_a_headline_of_two_lines_leaves_no_single_word() -> None:
    text = "Työhön tai koulutukseen: vaihtoehdoissa 56–104, lähtökohdassa 64"
    assert wrapped(text, 63).endswith("\n64")
    assert balanced(text, 63).split("\n")[1] == "56–104, lähtökohdassa 64"
    assert balanced("Koulutus ja työ", 40) == "Koulutus ja työ"


def test_long_words_are_hyphenated_between_syllables() -> None:
    assert wrapped("Starttivalmennus", 15) == "Startti-\nvalmennus"
    assert wrapped("Arviointitapaaminen", 15) == "Arviointi-\ntapaaminen"
    assert wrapped("Koulutus ja työ", 40) == "Koulutus ja työ"
    assert all(len(line) <= 8 for line in wrapped("Kuntouttava työtoiminta", 8).split("\n"))
