"""The first page but for its choice: evidence in a line, the alternatives in a table, caveats."""

from __future__ import annotations

from markupsafe import Markup

from simflow.experiment import Comparison, Difference, Results
from simflow.experiment.decision import Standing, standings
from simflow.labels import Lang, number
from simflow.report.blocks import Block, Paragraph, Table
from simflow.report.figures import PAIRED, Scale
from simflow.report.words import join, say
from simflow.results import View
from simflow.scenario.schema import Scenario


def title_of(scenario: Scenario, lang: Lang) -> Markup:
    """A scenario's title in a language, escaped; its name when it has none."""
    text = scenario.name if scenario.title is None else getattr(scenario.title, lang)
    return Markup.escape(text)


def titles(comparison: Comparison, lang: Lang) -> dict[str, Markup]:
    """Titles of the scenarios compared, by name."""
    return {scenario.name: title_of(scenario, lang) for scenario in comparison.scenarios}


def label_of(difference: Difference, lang: Lang) -> Markup:
    """Label of the measure compared."""
    return Markup.escape(getattr(difference.measure.label, lang))


def scale_of_difference(difference: Difference, name: str, lang: Lang) -> Scale:
    """Digits that the uncertainty of the paired difference supports."""
    measure = difference.measure
    half, value = difference.half_width, difference.mean
    return Scale.of(name, measure.name, measure.unit, half, value, lang)


def evidence(difference: Difference, name: str, lang: Lang) -> Markup:
    """``Caseload at the end: 169 → 155 clients, a change of −14 (95 % interval −18 … −10).``"""
    scale = scale_of_difference(difference, name, lang)
    levels = scale.levels(difference.base, difference.alternative, difference.mean)
    return say(
        "evidence", lang,
        label=label_of(difference, lang),
        base=levels.tagged(difference.base, "base"),
        alternative=levels.tagged(difference.alternative, "alternative"),
        unit=scale.unit_after(),
        change=scale.tagged(difference.mean, "difference", signed=True)
        + scale.unit_after(change=True),
        ci=scale.interval(difference.ci, PAIRED, signed=True),
    )  # fmt: skip


def caveats(view: View, results: Results, comparisons: int, assumptions: int,
            lang: Lang) -> list[Block]:  # fmt: skip
    """What a reader must know before he relies on the verdict."""
    key = "together" if comparisons else "model_only"
    texts = [say(key, lang, m=number(comparisons, lang), k=number(assumptions, lang))]
    comparison = view.comparison
    if results.replications == 1:
        texts.append(say("once", lang))
    complete = results.complete if comparison is None else comparison.complete
    if not complete:
        texts.append(say("incomplete", lang, n=number(results.replications, lang)))
    missed = missed_of(view, lang)
    if missed:
        texts.append(say("precision_missed", lang, names=join(missed, "; ")))
    if comparison is not None:
        names = titles(comparison, lang)
        for note in comparison.notes:
            text = getattr(note.text, lang)
            named = note.alternative in names
            texts.append(
                say("note_of", lang, title=names[note.alternative], text=text)
                if named
                else Markup.escape(text)
            )
    return [Paragraph(text, small=True) for text in texts]


def missed_of(view: View, lang: Lang) -> list[Markup]:
    """What did not reach the precision asked for, by its label."""
    labels = {m.name: getattr(m.label, lang) for m in view.results.measures}
    if view.comparison is None:
        precision = view.results.precision
        missed = () if precision is None else precision.missed
        return [Markup.escape(labels.get(name, name)) for name in missed]
    paired, names = view.comparison.precision, titles(view.comparison, lang)
    pairs = () if paired is None else paired.pairs
    return [
        Markup("{} ({})").format(labels.get(name, name), names.get(alternative, alternative))
        for alternative, name in pairs
    ]


def overview(comparison: Comparison, anchors: dict[str, str], lang: Lang) -> Table:
    """The alternatives in one table; the base is its first row."""
    names = titles(comparison, lang)
    base = comparison.scenarios[0].name
    rows = [(
        _link(anchors[base], say("base_row", lang)), say("base_finding", lang), *[Markup("–")] * 4
    )]  # fmt: skip
    for standing in standings(comparison):
        counts = (
            sum(d.verdict in verdicts for d in standing.results)
            for verdicts in (("better",), ("worse",), ("too_close", "same", "undefined"))
        )
        rows.append((
            _link(anchors[standing.name], names[standing.name]),
            say(f"kind_{standing.kind}", lang),
            *(Markup.escape(number(count, lang)) for count in counts),
            _cost(standing, lang),
        ))  # fmt: skip
    heads = ("scenario", "finding", "goals_better", "goals_worse", "goals_close", "cost_change")
    return Table(
        say("overview", lang), tuple(say(key, lang) for key in heads), tuple(rows),
        frozenset({2, 3, 4, 5}), (3.6, 2.2, 1.4, 1.5, 1.5, 1.8),
    )  # fmt: skip


def _cost(standing: Standing, lang: Lang) -> Markup:
    if standing.cost is None or standing.cost.mean is None:
        return Markup("–")
    scale = scale_of_difference(standing.cost, standing.name, lang)
    return scale.tagged(standing.cost.mean, "difference", signed=True) + scale.unit_after(
        change=True
    )


def _link(anchor: str, text: Markup) -> Markup:
    return Markup('<a href="#{}">{}</a>').format(anchor, text)
