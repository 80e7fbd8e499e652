"""A view of results put together as a report: a brief of two pages, and an annex behind it."""

from __future__ import annotations

from math import isfinite

from markupsafe import Markup

from simflow import __version__
from simflow.charts import charts
from simflow.charts.chart import Chart
from simflow.experiment import Results
from simflow.labels import Lang, number, unit, word
from simflow.report.blocks import (
    Block,
    Document,
    Group,
    Paragraph,
    Picture,
    Table,
    pictures,
)
from simflow.report.brief.pages import brief, period, question
from simflow.report.method import comparisons, method, versions
from simflow.report.scenarios import cards, key_figures, targets
from simflow.report.sources import assumptions, is_assumption
from simflow.report.spread import spreads
from simflow.report.stress import stress
from simflow.report.titles import title_of
from simflow.report.verdict import caveats, overview
from simflow.report.words import say
from simflow.results import View
from simflow.scenario.schema import Scenario


def document(view: View, lang: Lang) -> Document:
    """The report of a run or a comparison.

    Parameters
    ----------
    view : View
        What was simulated.
    lang : {"en", "fi"}
        Language of every word.
    """
    pages = brief(view, lang)
    packages = view.manifest.get("versions") or {}
    results = view.results
    colophon = say("made_by", lang, version=packages.get("simflow", __version__), seed=results.seed,
                   name=results.scenario, hash=results.hash[:12])  # fmt: skip
    sections = tuple(_annex(view, pages, lang))
    return Document(lang, question(view, lang), period(view, lang), sections, colophon, pages)


def _annex(view: View, pages: tuple[Group, ...], lang: Lang) -> list[Group]:
    """Everything behind the brief."""
    drawn = tuple(Picture(chart, data_of(chart, lang)) for chart in charts(view, lang))
    planned = targets(_pairs(view), lang)
    note = Paragraph(say("targets_note", lang), small=True)
    behind = tuple(data_of(one.chart, lang) for page in pages for one in pictures(page.blocks))
    parts: list[tuple[str, tuple[Block, ...]]] = [
        ("verdict", tuple(_verdict(view, lang))),
        ("targets", (*planned, note) if planned else ()),
        ("scenarios", () if view.comparison is None
         else cards(view.comparison, _anchors(view), lang)),
        ("charts", drawn or (Paragraph(say("no_charts", lang)),)),
        ("numbers", behind),
        ("spread", spreads(view, lang)),
        ("method", method(view, lang)),
        ("assumptions", assumptions(view, lang)),
        ("stress", stress(view, lang)),
        ("versions", versions(view, lang)),
    ]  # fmt: skip
    return [_section(name, blocks, lang) for name, blocks in parts if blocks]


def _section(name: str, blocks: tuple[Block, ...] | list[Block], lang: Lang) -> Group:
    return Group(f"part-{name}", say(f"section_{name}", lang), tuple(blocks))


def _pairs(view: View) -> list[tuple[Scenario, Results]]:
    """Each scenario with its results, the base first."""
    if view.comparison is None:
        return [(view.scenario, view.results)]
    comparison = view.comparison
    results = (comparison.base, *comparison.alternatives)
    return list(zip(comparison.scenarios, results, strict=True))


def _anchors(view: View) -> dict[str, str]:
    return {scenario.name: f"scenario-{n}" for n, (scenario, _) in enumerate(_pairs(view))}


def _verdict(view: View, lang: Lang) -> list[Block]:
    comparison = view.comparison
    assumed = sum(is_assumption(row) for row in view.sources)
    notes = caveats(view, comparisons(comparison), assumed, lang)
    if comparison is not None:
        return [overview(comparison, _anchors(view), lang), *notes]
    title = title_of(view.scenario, lang)
    return [key_figures(view.results, title, lang, published=True), *notes]


def data_of(chart: Chart, lang: Lang) -> Table:
    """The numbers behind a chart; a column is set flush right when it holds numbers only."""
    columns = list(zip(*chart.rows, strict=True))
    numeric = frozenset(
        place for place, cells in enumerate(columns)
        if place and not any(isinstance(cell, str) for cell in cells)
    )  # fmt: skip
    heads = [column.casefold() for column in chart.columns]
    called = word("unit", lang).casefold()
    units = heads.index(called) if called in heads else -1
    return Table(
        Markup.escape(chart.headline),
        tuple(Markup.escape(column) for column in chart.columns),
        tuple(
            tuple(
                _unit(str(cell), lang) if place == units else _cell(cell, lang)
                for place, cell in enumerate(row)
            )
            for row in chart.rows
        ),
        numeric,
    )


def _unit(name: str, lang: Lang) -> Markup:
    """A unit in a table of plain numbers, where a share stays between 0 and 1."""
    return say("share", lang) if name == "share" else Markup.escape(unit(name, lang))


def _cell(cell: str | float | None, lang: Lang) -> Markup:
    if isinstance(cell, str):
        return Markup.escape(cell)
    if cell is None or not isfinite(cell):
        return Markup("–")
    whole, size = cell == round(cell), abs(cell)
    places = 0 if whole or size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 3
    return Markup.escape(number(cell, lang, places))
