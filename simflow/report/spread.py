"""Why single years vary: what is not known, and chance; of results that carry a posterior."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from simflow.experiment import spread
from simflow.experiment.spread import Spread
from simflow.labels import Lang, percent
from simflow.report.blocks import Block, Paragraph, Table
from simflow.report.figures import Scale
from simflow.report.scenarios import with_unit
from simflow.report.titles import title_of, titles
from simflow.report.words import say
from simflow.results import View


def spreads(view: View, lang: Lang) -> tuple[Block, ...]:
    """The tables, a note under them; nothing without draws of a posterior, or without goals."""
    comparison = view.comparison
    if view.results.draws is None or (comparison is not None and not comparison.names):
        return ()
    tables = [
        _table(name, title, found, lang) for name, title, found in _found(view, lang) if found
    ]
    if not tables:
        return (Paragraph(say("spread_few", lang)),)
    note = "spread_note" if comparison is None else "spread_note_change"
    return (*tables, Paragraph(say(note, lang), small=True))


def _found(view: View, lang: Lang) -> list[tuple[str, Markup, list[Spread]]]:
    results, comparison = view.results, view.comparison
    if comparison is None:
        title = title_of(view.scenario, lang)
        caption = say("spread_caption", lang, title=title)
        return [(results.scenario, caption, spread.of_run(results))]
    names = titles(comparison, lang)
    return [
        (
            one.scenario,
            say("spread_change_caption", lang, title=names[one.scenario]),
            spread.of_differences(comparison, one, comparison.names),
        )
        for one in comparison.alternatives
    ]


def _table(name: str, caption: Markup, found: Sequence[Spread], lang: Lang) -> Table:
    heads = ("measure", "spread_total", "spread_unknown", "spread_chance", "spread_share")
    return Table(
        caption, tuple(say(key, lang) for key in heads),
        tuple(_row(name, one, lang) for one in found), frozenset({1, 2, 3, 4}),
        (3.6, 1.8, 1.6, 1.4, 1.8),
    )  # fmt: skip


def _row(name: str, one: Spread, lang: Lang) -> tuple[Markup, ...]:
    measure = one.measure
    scale = Scale.of(name, measure.name, measure.unit, one.total / 10, one.total, lang)
    return (
        with_unit(Markup.escape(getattr(measure.label, lang)), scale),
        scale.tagged(one.total, "spread"),
        scale.tagged(one.unknown, "spread_unknown"),
        scale.tagged(one.chance, "spread_chance"),
        scale.tagged(one.share, "spread_share", percent(one.share, lang)),
    )
