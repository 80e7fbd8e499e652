"""The first page: what to decide, how sure that is and what it costs, computed from the result."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from markupsafe import Markup

from simflow.experiment import Comparison, Difference, Results, half_width
from simflow.labels import Lang, number
from simflow.report.blocks import Block, Bullets, Paragraph, Table
from simflow.report.decision import Standing, leading, ranked, runs_better, standings
from simflow.report.figures import PAIRED, Scale, share_of_runs
from simflow.report.words import join, say
from simflow.results import View
from simflow.scenario.schema import Scenario

_MOST_EVIDENCE = 2


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
    return say(
        "evidence", lang,
        label=label_of(difference, lang),
        base=scale.tagged(difference.base, "base"),
        alternative=scale.tagged(difference.alternative, "alternative"),
        unit=scale.unit_after(),
        change=scale.tagged(difference.mean, "difference", signed=True)
        + scale.unit_after(change=True),
        ci=scale.interval(difference.ci, PAIRED, signed=True),
    )  # fmt: skip


def price(standing: Standing, lang: Lang, *, short: bool) -> Markup:
    """What the alternative costs beside no new decision; in short, or with its interval."""
    head, cost = "price" if short else "cost", standing.cost
    if cost is None or cost.mean is None:
        return say(f"{head}_unknown", lang)
    if cost.verdict == "same":
        return say(f"{head}_same", lang)
    scale = scale_of_difference(cost, standing.name, lang)
    clear = cost.clear_of_zero
    key = ("more" if cost.mean > 0 else "less") if clear else "unclear"
    size = scale.text(abs(cost.mean)) if clear else scale.text(cost.mean, signed=True)
    label = label_of(cost, lang)
    return say(
        f"{head}_{key}", lang, label=label[:1].lower() + label[1:],
        change=scale.tagged(cost.mean, "difference", size) + scale.unit_after(change=True),
        ci=scale.interval(cost.ci, PAIRED, signed=True),
    )  # fmt: skip


def decision(comparison: Comparison, lang: Lang) -> list[Block]:
    """The blocks that say what to decide."""
    found = standings(comparison)
    order = ranked(found)
    if order:
        return _choose(comparison, order, lang)
    kinds = {standing.kind for standing in found}
    if not any(standing.goals for standing in found):
        return [Paragraph(say("no_goals", lang), lead=True)]
    if kinds == {"untested"}:
        n = number(comparison.base.replications, lang)
        return [Paragraph(say("no_decision_untested", lang, n=n), lead=True)]
    if "mixed" in kinds:
        names = titles(comparison, lang)
        mixed = [standing for standing in found if standing.kind == "mixed"]
        return [
            Paragraph(say("no_decision_mixed", lang), lead=True),
            Bullets(tuple(_mixed(standing, names, lang) for standing in mixed)),
        ]
    return [Paragraph(say("no_decision", lang), lead=True)]


def _choose(comparison: Comparison, order: tuple[Standing, ...], lang: Lang) -> list[Block]:
    best, names = order[0], titles(comparison, lang)
    lead = leading(best)
    results = [d for d in best.goals if not d.measure.name.startswith("cost.")]
    key = "choose" if best.kind == "better" else "choose_cheaper"
    head = say(key, lang, title=names[best.name], k=best.score[0], g=len(results),
               price=price(best, lang, short=True))  # fmt: skip
    ahead = share_of_runs(*runs_better(comparison, best.name, lead), lang)
    others = [d for d in best.of("better") if d in results and d is not lead]
    says = [
        evidence(lead, best.name, lang),
        say("how_sure", lang, runs=ahead),
        *(evidence(difference, best.name, lang) for difference in others[:_MOST_EVIDENCE]),
        price(best, lang, short=False),
    ]
    if len(order) > 1:
        rest = join([names[standing.name] for standing in order[1:]], "; ")
        says.append(say("also_better", lang, names=rest))
        says += [_against(comparison, a, b, names, lang) for a, b in list(pairwise(order))[:1]]
    return [Paragraph(head, lead=True), Bullets(tuple(says))]


def _against(comparison: Comparison, first: Standing, second: Standing,
             names: dict[str, Markup], lang: Lang) -> Markup:  # fmt: skip
    """The first two against each other, on the goal that speaks most for the first."""
    lead = leading(first)
    measure = lead.measure
    values = comparison.paired(first.name, measure.name) - comparison.paired(
        second.name, measure.name
    )
    values = values[np.isfinite(values)]
    mean = float(values.mean()) if len(values) else None
    half = half_width(values)
    scale = Scale.of(f"{first.name}/{second.name}", measure.name, measure.unit, half, mean, lang)
    ends = None if mean is None or not np.isfinite(half) else (mean - half, mean + half)
    clear = ends is not None and (ends[0] > 0 or ends[1] < 0)
    return say(
        "against_clear" if clear else "against_close", lang,
        first=names[first.name], second=names[second.name], label=label_of(lead, lang),
        change=scale.tagged(mean, "difference", signed=True) + scale.unit_after(change=True),
        ci=scale.interval(ends, PAIRED, signed=True),
    )  # fmt: skip


def _mixed(standing: Standing, names: dict[str, Markup], lang: Lang) -> Markup:
    return say(
        "mixed_one", lang, title=names[standing.name],
        better=join([label_of(d, lang) for d in standing.of("better")], "; "),
        worse=join([label_of(d, lang) for d in standing.of("worse")], "; "),
    )  # fmt: skip


def caveats(view: View, results: Results, comparisons: int, assumptions: int,
            lang: Lang) -> list[Block]:  # fmt: skip
    """What a reader must know before he relies on the verdict."""
    key = "together" if comparisons else "model_only"
    texts = [say(key, lang, m=number(comparisons, lang), k=number(assumptions, lang))]
    comparison = view.comparison
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
        results = [d for d in standing.goals if not d.measure.name.startswith("cost.")]
        counts = (
            sum(d.verdict in verdicts for d in results)
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
