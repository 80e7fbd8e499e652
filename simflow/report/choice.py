"""What to decide, how sure that is and what it costs, in sentences computed from the result."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from simflow.experiment import Comparison, Difference, half_width
from simflow.experiment.decision import Standing, leading, ranked, runs_better, standings
from simflow.labels import Lang, number
from simflow.report.blocks import Block, Bullets, Paragraph
from simflow.report.figures import PAIRED, Scale, share_of_runs
from simflow.report.verdict import evidence, label_of, scale_of_difference, titles
from simflow.report.words import join, say

_MOST_EVIDENCE = 2
_FEW = 30
"""Replications below which Student's interval leans on figures that are near normal."""


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
    key = "no_decision_mixed" if "mixed" in kinds else "no_decision"
    names = titles(comparison, lang)
    says = [_mixed(standing, names, lang) for standing in found if standing.kind == "mixed"]
    says += [_saving(standing, names, lang) for standing in found if standing.kind == "saving"]
    says += _few(comparison, lang)
    lead = Paragraph(say(key, lang), lead=True)
    return [lead, Bullets(tuple(says))] if says else [lead]


def _choose(comparison: Comparison, order: tuple[Standing, ...], lang: Lang) -> list[Block]:
    best, names = order[0], titles(comparison, lang)
    lead = leading(best)
    results = best.results
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
    says += _few(comparison, lang)
    if best.not_ruled_out:
        labels = join([label_of(d, lang) for d in best.not_ruled_out], "; ")
        says.append(say("not_ruled_out", lang, names=labels))
    if len(order) > 1:
        says.append(say("also_better", lang, names=join([
            say("also_one", lang, title=names[other.name], k=other.score[0], g=len(results),
                price=price(other, lang, short=True))
            for other in order[1:]
        ], "; ")))  # fmt: skip
        says.append(_against(comparison, best, order[1], lang))
    return [Paragraph(head, lead=True), Bullets(tuple(says))]


def _against(comparison: Comparison, first: Standing, second: Standing, lang: Lang) -> Markup:
    """The first two against each other: on the goal that speaks most for the second, and price."""
    names = titles(comparison, lang)
    found = [leading(second), *([] if first.cost is None else [first.cost])]
    items = [_apart(comparison, first, second, difference, lang) for difference in found]
    return say("against", lang, first=names[first.name], second=names[second.name],
               items=join(items, "; "))  # fmt: skip


def _apart(comparison: Comparison, first: Standing, second: Standing, difference: Difference,
           lang: Lang) -> Markup:  # fmt: skip
    """One measure of one alternative less that of another, replication by replication."""
    measure = difference.measure
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
        "apart_clear" if clear else "apart_close", lang, label=label_of(difference, lang),
        change=scale.tagged(mean, "difference", signed=True) + scale.unit_after(change=True),
        ci=scale.interval(ends, PAIRED, signed=True),
    )  # fmt: skip


def _mixed(standing: Standing, names: dict[str, Markup], lang: Lang) -> Markup:
    return say(
        "mixed_one", lang, title=names[standing.name],
        better=join([label_of(d, lang) for d in standing.of("better")], "; "),
        worse=join([label_of(d, lang) for d in standing.of("worse")], "; "),
    )  # fmt: skip


def _saving(standing: Standing, names: dict[str, Markup], lang: Lang) -> Markup:
    return say(
        "saving_one", lang, title=names[standing.name], price=price(standing, lang, short=True),
        names=join([label_of(d, lang) for d in standing.not_ruled_out], "; "),
    )  # fmt: skip


def _few(comparison: Comparison, lang: Lang) -> list[Markup]:
    """A warning when there are too few replications to decide by."""
    n = comparison.replications
    return [say("few_runs", lang, n=number(n, lang))] if n < _FEW else []
