"""A view of results put together as a report: the verdict first, then what it stands on."""

from __future__ import annotations

from math import isfinite

import numpy as np
from markupsafe import Markup

from simflow import __version__
from simflow.charts import charts
from simflow.charts.chart import Chart
from simflow.experiment import Results
from simflow.labels import Lang, date, number, unit, word
from simflow.report.blocks import Block, Document, Group, Paragraph, Picture, Table
from simflow.report.choice import decision
from simflow.report.method import comparisons, method, versions
from simflow.report.scenarios import cards, key_figures, probability, targets
from simflow.report.sources import assumptions, is_assumption
from simflow.report.spread import spreads
from simflow.report.stress import stress
from simflow.report.verdict import caveats, overview, title_of
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
    drawn = charts(view, lang)
    pictures = tuple(Picture(chart, data_of(chart, lang)) for chart in drawn)
    sections = [
        _section("verdict", _verdict(view, lang), lang),
        *_scenarios(view, lang),
        _section("charts", pictures or (Paragraph(say("no_charts", lang)),), lang),
        _section("method", method(view, lang), lang),
        _section("assumptions", assumptions(view, lang), lang),
        _section("stress", stress(view, lang), lang),
        _section("versions", versions(view, lang), lang),
    ]
    split = spreads(view, lang)
    if split:
        sections.insert(-4, _section("spread", split, lang))
    planned = targets(_pairs(view), lang)
    if planned:
        note = Paragraph(say("targets_note", lang), small=True)
        sections.insert(1, _section("targets", (*planned, note), lang))
    packages = view.manifest.get("versions") or {}
    results = view.results
    colophon = say("made_by", lang, version=packages.get("simflow", __version__), seed=results.seed,
                   name=results.scenario, hash=results.hash[:12])  # fmt: skip
    return Document(lang, _title(view, lang), _subtitle(view, lang), tuple(sections), colophon)


def _section(name: str, blocks: tuple[Block, ...] | list[Block], lang: Lang) -> Group:
    return Group(f"part-{name}", say(f"section_{name}", lang), tuple(blocks))


def _pairs(view: View) -> list[tuple[Scenario, Results]]:
    """Each scenario with its results, the base first."""
    if view.comparison is None:
        return [(view.scenario, view.results)]
    comparison = view.comparison
    results = (comparison.base, *comparison.alternatives)
    return list(zip(comparison.scenarios, results, strict=True))


def _title(view: View, lang: Lang) -> Markup:
    base = title_of(view.scenario, lang)
    if view.comparison is None:
        return base
    others = view.comparison.scenarios[1:]
    if len(others) == 1:
        return say("title_two", lang, base=base, alternative=title_of(others[0], lang))
    return say("title_many", lang, base=base, n=number(len(others), lang))


def _subtitle(view: View, lang: Lang) -> Markup:
    horizon = view.scenario.horizon
    key = "subtitle_one" if view.comparison is None else "subtitle"
    return say(key, lang, start=date(horizon.start, lang), end=date(horizon.end, lang),
               n=number(view.results.replications, lang))  # fmt: skip


def _anchors(view: View) -> dict[str, str]:
    return {scenario.name: f"scenario-{n}" for n, (scenario, _) in enumerate(_pairs(view))}


def _verdict(view: View, lang: Lang) -> list[Block]:
    comparison = view.comparison
    assumed = sum(is_assumption(row) for row in view.sources)
    notes = caveats(view, view.results, comparisons(comparison), assumed, lang)
    empty = [
        Paragraph(say("nobody", lang, title=title_of(scenario, lang)))
        for scenario, results in _pairs(view)
        if _nobody(results)
    ]
    if comparison is not None:
        table = overview(comparison, _anchors(view), lang)
        return [*decision(comparison, lang), *empty, table, *notes]
    lead = [Paragraph(text, lead=True) for text in _alone(view, lang)]
    table = key_figures(view.results, title_of(view.scenario, lang), lang, published=True)
    return [*lead, *empty, table, *notes]


def _nobody(results: Results) -> bool:
    """Whether no client starts in any replication."""
    try:
        started = results.column("clients.started")
    except KeyError:
        return False
    return bool(len(started)) and not np.nansum(started)


def _alone(view: View, lang: Lang) -> list[Markup]:
    """What one run says by itself: its targets, its published figures, and what it cannot say."""
    results, scenario = view.results, view.scenario
    known = {measure.name for measure in results.measures}
    chances = [probability(scenario, results, name) for name in scenario.targets if name in known]
    says = []
    if chances:
        reached = sum(chance is not None and chance > 0.5 for chance in chances)
        says.append(say("one_targets", lang, k=reached, n=len(chances)))
    spread = [
        (figure.published, figure.spread)
        for figure in results.summary()
        if figure.published is not None and figure.spread is not None
    ]
    if spread and not chances:
        inside = sum(low <= given <= high for given, (low, high) in spread)
        says.append(say("one_published", lang, k=inside, n=len(spread)))
    return [*says, say("one_alone", lang)]


def _scenarios(view: View, lang: Lang) -> list[Group]:
    if view.comparison is None:
        return []
    return [_section("scenarios", cards(view.comparison, _anchors(view), lang), lang)]


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
