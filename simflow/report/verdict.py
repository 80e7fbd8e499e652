"""Evidence in a line, the alternatives in a table, and what a reader must know beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from simflow.labels import Lang, number
from simflow.report.blocks import Block, Paragraph, Table
from simflow.report.figures import PAIRED, Scale
from simflow.report.marks import kind_of
from simflow.report.titles import titles
from simflow.report.words import join, say

if TYPE_CHECKING:
    from simflow.experiment import Comparison, Difference, Verdict
    from simflow.results import View


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


def caveats(view: View, comparisons: int, assumptions: int, lang: Lang) -> list[Block]:
    """What a reader must know before they rely on the figures.

    Parameters
    ----------
    comparisons : int
        Claims of *better* held together; none of a run.
    assumptions : int
        Numbers of the model that rest on one.
    """
    key = "together" if comparisons else "model_only"
    texts = [say(key, lang, m=number(comparisons, lang), k=number(assumptions, lang))]
    comparison, n = view.comparison, view.results.replications
    if n == 1:
        texts.append(say("once", lang))
    complete = view.results.complete if comparison is None else comparison.complete
    if not complete:
        texts.append(say("incomplete_n", lang, n=number(n, lang)))
    missed = missed_of(view, lang)
    if missed:
        texts.append(say("precision_missed", lang, names=join(missed, "; ")))
    if comparison is not None:
        texts += _notes(comparison, lang)
    return [Paragraph(text, small=True) for text in texts]


def _notes(comparison: Comparison, lang: Lang) -> list[Markup]:
    names = titles(comparison, lang)
    return [
        say("note_of", lang, title=names[note.alternative], text=getattr(note.text, lang))
        if note.alternative in names
        else Markup.escape(getattr(note.text, lang))
        for note in comparison.notes
    ]


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
    first = (_link(anchors[base], say("base_row", lang)), say("base_finding", lang))
    rows = [(*first, *[Markup("–")] * 4)]
    for results in comparison.alternatives:
        verdict = comparison.verdict(results.scenario)
        link = _link(anchors[results.scenario], names[results.scenario])
        if verdict is None:
            rows.append((link, say("not_judged", lang), *[Markup("–")] * 4))
            continue
        counts = (len(found) for found in (verdict.gains, verdict.losses, verdict.risks))
        rows.append((
            link, kind_of(verdict, lang),
            *(Markup.escape(number(count, lang)) for count in counts), _cost(verdict, lang),
        ))  # fmt: skip
    heads = ("scenario", "finding", "goals_better", "goals_worse", "goals_open", "cost_change")
    return Table(
        say("overview", lang), tuple(say(key, lang) for key in heads), tuple(rows),
        frozenset({2, 3, 4, 5}), (3.6, 2.2, 1.4, 1.5, 1.5, 1.8),
    )  # fmt: skip


def _cost(verdict: Verdict, lang: Lang) -> Markup:
    if not verdict.money or verdict.money[0].difference.mean is None:
        return Markup("–")
    difference = verdict.money[0].difference
    scale = scale_of_difference(difference, verdict.name, lang)
    return scale.tagged(difference.mean, "difference", signed=True) + scale.unit_after(change=True)


def _link(anchor: str, text: Markup) -> Markup:
    return Markup('<a href="#{}">{}</a>').format(anchor, text)
