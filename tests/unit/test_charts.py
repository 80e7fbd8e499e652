"""Charts: found by themselves, both languages, the same bytes, no surprises with little data."""

from __future__ import annotations

import base64
import csv
import datetime as dt
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simflow.charts import charts, draw_all
from simflow.charts.caseload_fan import _headline as caseload_headline
from simflow.charts.caseload_fan import points
from simflow.charts.chart import Chart
from simflow.charts.data import runs
from simflow.charts.exits_published import _headline as exits_headline
from simflow.charts.spacing import apart
from simflow.charts.style import figure, short, styled
from simflow.charts.svg import svg_text
from simflow.errors import OutputError
from simflow.labels import LANGUAGES, Lang
from simflow.results import View
from tests.views_espoo import results, view, without


def test_the_same_bytes_each_time(tmp_path: Path) -> None:
    first = draw_all(view(), tmp_path / "a", "en")
    again = draw_all(view(), tmp_path / "b", "en")
    assert {"caseload-fan.png", "caseload-fan.svg", "caseload-fan.csv"} <= {p.name for p in first}
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in again]


def test_in_order_and_within_ten_words() -> None:
    for lang in LANGUAGES:
        drawn = charts(view(), lang)
        names = [chart.name for chart in drawn]
        assert names.index("caseload-fan") < names.index("exits-published")
        assert len(set(names)) == len(names)
        for chart in drawn:
            assert len(chart.headline.split()) <= 10, chart.headline
            assert chart.alt and chart.subtitle and chart.rows
            assert {len(row) for row in chart.rows} == {len(chart.columns)}


def test_nothing_undefined_is_shown(tmp_path: Path) -> None:
    holes = results(6)
    values = holes.values.copy()
    values[:, ::7] = np.nan
    values[2:, 1::5] = np.nan
    for chart in charts(View(replace(holes, values=values), view().scenario), "en"):
        cells = [cell for row in chart.rows for cell in row]
        assert not any(isinstance(cell, float) and not np.isfinite(cell) for cell in cells)
        assert "nan" not in (chart.headline + chart.subtitle + chart.alt).lower().split()
        assert "nan" not in _texts(svg_text(chart))


def _texts(svg: str) -> str:
    return " ".join(re.findall(r">([^<>]+)<", svg)).lower()


def test_finnish_differs(tmp_path: Path) -> None:
    english = {chart.name: chart for chart in charts(view(), "en")}
    finnish = {chart.name: chart for chart in charts(view(), "fi")}
    assert english.keys() == finnish.keys()
    for name, chart in english.items():
        assert chart.headline != finnish[name].headline
        assert chart.subtitle != finnish[name].subtitle


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_replication_and_many_long_titles(lang: Lang) -> None:
    long = "More workers & <b>fewer</b> $courses$, and a title far longer than any chart is wide"
    drawn = charts(view(1, alternatives=9, title=long), lang)
    for chart in (*drawn, *charts(view(1), lang)):
        assert not re.search(r"\b1 (runs|toisto[na])|(\b\d+)–\2\b", _texts(svg_text(chart)))
    assert len(drawn) >= 7
    assert all(len(chart.headline.split()) <= 10 for chart in drawn)


def test_nothing_to_draw(tmp_path: Path) -> None:
    assert draw_all(without(view(), ""), tmp_path, "en") == []


def test_the_table_is_the_file(tmp_path: Path) -> None:
    drawn = {chart.name: chart for chart in charts(view(), "fi")}
    for path in draw_all(view(), tmp_path, "fi"):
        if path.suffix == ".csv":
            head, *rows = csv.reader(io.StringIO(path.read_text("utf-8")))
            chart = drawn[path.stem]
            assert tuple(head) == chart.columns
            for row, kept in zip(rows, chart.rows, strict=True):
                for cell, value in zip(row, kept, strict=True):
                    assert cell == ("" if value is None else str(value))


def test_an_svg_for_a_page_keeps_to_itself() -> None:
    for chart in charts(view(), "en"):
        svg = svg_text(chart)
        assert svg.startswith("<svg ") and svg.endswith("</svg>\n")
        assert svg == svg_text(chart)
        ids = re.findall(r'\bid="([^"]+)"', svg)
        assert len(ids) == len(set(ids))
        assert all(name.startswith(chart.name) for name in ids)
        targets = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', svg)
        assert {a or b for a, b in targets} <= set(ids)
        assert 'role="img"' in svg
        assert set(re.findall(r'https?://[^"]+', svg)) <= {
            "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink",
        }  # fmt: skip


def test_a_picture_within_a_chart_is_kept_as_it_is() -> None:
    with styled():
        picture, axes = figure("Headline", "subtitle")
        axes.imshow(np.arange(12).reshape(3, 4))
    svg = svg_text(Chart("one", "Headline", "subtitle", "alt", picture, (), ()))
    found = re.search(r'href="data:image/png;base64,\s*([^"]+)"', svg)
    assert found is not None and base64.b64decode(found[1])[:4] == b"\x89PNG"


def test_letters_on_a_page_are_text_as_wide_as_they_were_laid_out() -> None:
    drawn = {chart.name: chart for chart in charts(view(title="<b>$x$ & Y"), "fi")}
    svg = svg_text(drawn["exits-by-kind"])
    texts = re.findall(r'<text [^>]*font-size="9" textLength="([\d.]+)"[^>]*>([^<]+)<', svg)
    words = {text: float(wide) for wide, text in texts}
    assert 42 < words["Oma toive"] < 50  # points, of DejaVu Sans at nine
    assert drawn["exits-by-kind"].headline not in svg.replace("<title", "").split("</desc>")[1]
    figures = [text for _, text in texts if "(" in text]
    assert figures and all(re.fullmatch(r"\d+ \(\d+–\d+\)", text) for text in figures)


def test_the_caseload_table_is_the_results() -> None:
    base = view(alternatives=2)
    chart = next(c for c in charts(base, "en") if c.name == "caseload-fan")
    december = base.results.column("caseload.month.2014-12")
    assert chart.rows[-1][:4] == (
        "2015-01-01",
        *map(float, (*np.percentile(december, (5, 25)), december.mean())),
    )
    assert base.comparison is not None
    other = base.comparison.alternatives[1].column("caseload.month.2014-12")
    assert chart.rows[-1][-1] == float(other.mean())


def test_the_last_month_and_the_end_are_one_point() -> None:
    days, levels = points(runs(view(5), "en")[0])
    assert (days[0], days[-1]) == (dt.date(2014, 1, 1), dt.date(2015, 1, 1))
    assert levels.shape == (13, 5)


def test_headlines_say_what_was_found() -> None:
    assert caseload_headline(np.array([80.0, 120, 161]), [], "en") == (
        "Caseload grows from 80 to 161 clients"
    )
    assert caseload_headline(np.array([161.0, 80]), [], "fi").startswith("Asiakasmäärä laskee")
    assert caseload_headline(np.array([100.0, 102]), [], "en") == "Caseload stays near 102 clients"
    assert caseload_headline(np.array([100.0, 102]), [90, 120.2], "en") == (
        "Alternatives end with 90–120 clients, the base with 102"
    )
    for lang in LANGUAGES:
        assert len(exits_headline(7, 10, lang).split()) <= 10


def test_labels_are_moved_apart_and_keep_their_order() -> None:
    assert apart([5.0, 1.0], 1.0) == [5.0, 1.0]
    moved = apart([1.0, 1.1, 0.9, 4.0], 1.0)
    assert sorted(range(4), key=lambda k: moved[k]) == [2, 0, 1, 3]
    steps = np.diff(sorted(moved))
    assert (steps >= 1 - 1e-9).all()


def test_long_labels_are_cut_at_a_word() -> None:
    assert short("Nurse", 10) == "Nurse"
    assert short("Subsidised job with the city", 16) == "Subsidised job…"
    assert len(short("x" * 50, 16)) == 16


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "charts").write_text("occupied")
    with pytest.raises(OutputError, match="cannot be written"):
        draw_all(view(), tmp_path / "charts", "en")
