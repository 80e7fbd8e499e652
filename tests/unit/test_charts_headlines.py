"""Headlines: their numbers are their chart's, in ten words, singular where there is one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from simflow.charts import charts
from simflow.charts.amounts import amount, between, counted, interval_of, scale
from simflow.charts.chart import Chart
from simflow.experiment.summary import Figure
from simflow.labels import LANGUAGES, NO_BREAK, Lang, number
from simflow.results import View
from simflow.scenario.sources import SourceRow
from tests import views
from tests.views_espoo import view

_NUMBER = re.compile(rf"[−+]?\d+(?:[{NO_BREAK},.]\d+)*")
_OTHERS = ("verdict-table",)
"""Of goals without those about money, which the table does not count."""
_GOOD = {"yes", "kyllä", "better", "parempi", "worse", "huonompi", "inside", "välillä"}
"""What rows read of which a headline may count none."""


def numbers(text: str) -> list[str]:
    """Numbers of a text as they are written, without the sign of a gain."""
    return [found.lstrip("+") for found in _NUMBER.findall(text)]


def shown(chart: Chart, lang: Lang) -> Iterator[str]:
    """Numbers that a table can be said to show: values, its rows, rows that read the same."""
    yield str(len(chart.rows))
    for column in zip(*chart.rows, strict=True):
        yield from (str(count) for count in Counter(column).values())
        if not _GOOD & set(column):
            yield "0"
    for cell in (cell for row in chart.rows for cell in row):
        if isinstance(cell, str):
            yield from numbers(cell)
        elif cell is not None:
            for factor in (1, 100, 0.001):
                yield from (number(cell * factor, lang, places) for places in range(3))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("alternatives", [0, 2, 5])
def test_numbers_of_a_headline_are_in_its_table(lang: Lang, alternatives: int) -> None:
    every = [*charts(view(20, alternatives), lang), *charts(views.view(alternatives), lang)]
    for chart in every:
        if chart.name in _OTHERS:
            continue
        known = set(shown(chart, lang))
        for found in numbers(chart.headline):
            assert found in known, f"{chart.name}: {chart.headline}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_is_singular(lang: Lang) -> None:
    """Whatever a chart says of exactly one day, client or person."""
    base = view(4, 2)
    ones = replace(base.results, values=np.ones_like(base.results.values))
    alone = View(ones, base.scenario)
    drawn = charts(alone, lang)
    wrong = {"en": r"\b1 (days|clients|persons|exits|courses)\b",
             "fi": r"\b1 (päivää|asiakasta|henkilöä|kurssia|tuntia)\b"}[lang]  # fmt: skip
    for chart in drawn:
        texts = [text.get_text() for axes in chart.figure.axes for text in axes.texts]
        for text in (chart.headline, chart.subtitle, chart.alt, *texts):
            assert not re.search(wrong, text), text


def test_counted() -> None:
    assert [counted(n, "days", "en") for n in (0, 1, 2, 1200)] == [
        "0 days", "1 day", "2 days", "1,200 days",
    ]  # fmt: skip
    assert counted(1, "days", "fi") == "1 päivä"
    assert counted(2, "days", "fi") == "2 päivää"
    assert counted(0.6, "clients", "fi") == "1 asiakas"
    assert counted(5, "persons", "fi") == "5 henkilöä"
    assert between(0.6, 1.4, "en", "clients") == "1 client"
    assert between(90.2, 120, "fi", "clients") == "90–120 asiakasta"
    assert between(92, 92.3, "en", "share") == f"92{NO_BREAK}%"
    euros = views.made("cost.total", "eur", "Costs", "Kustannukset", 0, 0).measure
    clients = views.made("exits.x", "clients", "Exits", "Päättyneet", 0, 0).measure
    assert amount(euros, scale(euros, [1.0], "en"), 1.0) == "1 €"
    assert amount(clients, scale(clients, [], "en"), 1.0) == "1 client"


@pytest.mark.parametrize(
    ("name", "unit", "mean", "ci", "kept", "told"),
    [
        ("exits.x", "clients", 2.0, (-1.0, 5.0), (0.0, 5.0), "2 (0–5)"),
        ("a.within", "share", 0.95, (0.88, 1.02), (0.88, 1.0), "95 (88–100)"),
        ("wait.x.mean", "days", 9.0, (6.0, 12.0), (6.0, 12.0), f"9 ±{NO_BREAK}3"),
        ("cost.net", "eur", 10.0, (-30.0, 50.0), (-30.0, 50.0), f"10 ±{NO_BREAK}40"),
    ],
)
def test_intervals_of_levels_stay_within_what_can_be(
    name: str, unit: str, mean: float, ci: tuple[float, float], kept: tuple[float, float], told: str
) -> None:
    measure = views.made(name, unit, "Name", "Nimi", 0, 0).measure
    figure = Figure(measure, mean, ci, None, 9)
    assert interval_of(figure) == kept
    assert scale(measure, [mean], "en").told(figure) == told


def test_no_band_or_bar_of_a_level_goes_below_zero() -> None:
    rare = [replace(item, mean=0.2, spread=1.0, effect=0.0) for item in views.MEASURES]
    drawn = {chart.name: chart for chart in charts(views.view(0, 8, measures=rare), "en")}
    for row in drawn["more-plot"].rows:
        assert row[4] is None or float(row[4]) >= 0
        assert row[1] != "share" or float(row[5] or 0) <= 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_published_figures_say_when_the_model_was_fitted_to_them(lang: Lang) -> None:
    plain = view(8)
    rows = (SourceRow("stock.clients", "83", "calibrated: fitted to 2014", "a.yaml", 1),)
    fitted = replace(plain, sources=rows)
    words = {"en": "The model was fitted to these figures", "fi": "Malli on sovitettu näihin"}[lang]
    for shown_, said in ((plain, False), (fitted, True)):
        (chart,) = charts(shown_, lang, ["exits-published"])
        assert (words in chart.subtitle) == said
        picture = " ".join(text.get_text() for text in chart.figure.texts)
        assert (words in picture.replace("\n", " ")) == said
