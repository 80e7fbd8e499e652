"""The five lines of page one: lost, gained, paid, how sure, and what could overturn it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from simflow.charts.plausible import change_of
from simflow.labels import NO_BREAK, Lang, number
from simflow.report.blocks import Facts
from simflow.report.brief.effects import effect, money, of_goal, scale_of
from simflow.report.brief.overturn import hinge
from simflow.report.brief.price import price_of
from simflow.report.figures import Scale
from simflow.report.likely import likely
from simflow.report.words import join, say, sentence
from simflow.scenario.diff import place_in_words

if TYPE_CHECKING:
    from simflow.experiment import Comparison, Judgement, Verdict
    from simflow.results import View


def lines(view: View, verdict: Verdict, lang: Lang) -> Facts:
    """The lines; a trade-off's first two stand side by side above the picture already."""
    comparison = view.comparison
    assert comparison is not None  # it has a verdict
    found = [
        ("line_lost", _lost(comparison, verdict, lang)),
        ("line_gained", _gained(comparison, verdict, lang)),
        ("line_costs", _costs(comparison, verdict, lang)),
        ("line_sure", _sure(comparison, verdict, lang)),
        ("line_overturn", _overturn(view, comparison, verdict, lang)),
    ]
    kept = found[2:] if verdict.kind == "trade_off" else found
    return Facts(tuple((say(key, lang), text) for key, text in kept))


def _label(one: Judgement, lang: Lang) -> Markup:
    return Markup.escape(getattr(one.difference.measure.label, lang))


def _also(
    comparison: Comparison, verdict: Verdict, found: tuple[Judgement, ...], lang: Lang
) -> Markup:
    """Other goals of a line, each with its change."""
    if len(found) < 2:
        return Markup("")
    told = [effect(of_goal(comparison, verdict.name, one), lang) for one in found[1:]]
    return Markup(" ") + say("line_also", lang, names=join(told, "; "))


def _size(one: Judgement) -> float:
    """The mean change in parts of what matters; more is better."""
    goal = one.difference.goal
    return one.chances.mean / (goal.matters if goal is not None and goal.matters else 1.0)


def _closest(goals: tuple[Judgement, ...]) -> Judgement:
    """The goal nearest to a loss: the most probable one; of equals, the largest for its size."""
    return max(goals, key=lambda one: (round(one.harm.value, 3), -_size(one)))


def _lost(comparison: Comparison, verdict: Verdict, lang: Lang) -> Markup:
    if verdict.losses:
        first = verdict.losses[0]
        told = sentence(effect(of_goal(comparison, verdict.name, first), lang))
        return told + Markup(".") + _also(comparison, verdict, verdict.losses, lang)
    near = _closest(verdict.aims)
    if near not in verdict.risks and near.chances.mean >= 0:
        return say("lost_nothing", lang)
    told = effect(of_goal(comparison, verdict.name, near), lang)
    return say("lost_possible" if near in verdict.risks else "lost_none", lang, effect=told)


def _gained(comparison: Comparison, verdict: Verdict, lang: Lang) -> Markup:
    if verdict.gains:
        first = verdict.gains[0]
        told = sentence(effect(of_goal(comparison, verdict.name, first), lang))
        return told + Markup(".") + _also(comparison, verdict, verdict.gains, lang)
    best = verdict.primary
    if best.worse:
        best = max(verdict.aims, key=lambda one: (round(one.benefit.value, 3), _size(one)))
    told = effect(of_goal(comparison, verdict.name, best), lang)
    return say("gained_none", lang, effect=told)


def _costs(comparison: Comparison, verdict: Verdict, lang: Lang) -> Markup:
    found = [of_goal(comparison, verdict.name, one) for one in verdict.money]
    told = [sentence(money(change, lang)) for change in found if change is not None]
    if not told:
        return say("costs_unknown", lang)
    price = price_of(comparison, verdict)
    if price is None:
        return join(told, "; ") + Markup(".")
    half = (price.high - price.low) / 2
    of = verdict.primary.difference.measure.name
    scale = Scale.of(verdict.name, of, "eur", half, price.value, lang)
    return join(told, "; ") + Markup(". ") + say(
        "costs_each", lang, label=_each(verdict, lang),
        price=scale.tagged(price.value, "price") + Markup(f"{NO_BREAK}€"),
        low=scale.tagged(price.low, "price_low"), high=scale.tagged(price.high, "price_high"),
    )  # fmt: skip


def _each(verdict: Verdict, lang: Lang) -> Markup:
    """What the price is of."""
    measure = verdict.primary.difference.measure
    if measure.name == "outcome.begun":
        return say("each_begun", lang)
    return say("each", lang, label=getattr(measure.label, lang))


def _sure(comparison: Comparison, verdict: Verdict, lang: Lang) -> Markup:
    """Probabilities over what is not known; with point values, how often it came so by chance."""
    if comparison.point:
        return _ahead(comparison, verdict, lang)
    gain, near = (verdict.gains or (verdict.primary,))[0], _closest(verdict.aims)
    if verdict.kind in ("saving", "no_difference"):
        return say("sure_harm", lang, label=_label(near, lang), harm=likely(near.harm, lang))
    if verdict.kind == "loss":
        worst = verdict.losses[0]
        return say("sure_harm", lang, label=_label(worst, lang), harm=likely(worst.harm, lang))
    if verdict.kind == "recommended":
        told = say("sure_gain", lang, label=_label(gain, lang), benefit=likely(gain.benefit, lang))
        return told if gain is verdict.primary else told + Markup(" ") + say(
            "sure_purpose", lang, label=_label(verdict.primary, lang),
            benefit=likely(verdict.primary.benefit, lang),
        )  # fmt: skip
    return say("sure_both", lang, gain=_label(gain, lang), benefit=likely(gain.benefit, lang),
               loss=_label(near, lang), harm=likely(near.harm, lang))  # fmt: skip


def _ahead(comparison: Comparison, verdict: Verdict, lang: Lang) -> Markup:
    one = (verdict.losses or verdict.gains or (verdict.primary,))[0]
    values = comparison.signed(verdict.name, one.difference.measure.name)
    values = values[np.isfinite(values)]
    part = int((values < 0).sum()) if one.worse else int((values > 0).sum())
    return say("sure_point_worse" if one.worse else "sure_point", lang, label=_label(one, lang),
               k=number(part, lang), n=number(len(values), lang))  # fmt: skip


def _overturn(view: View, comparison: Comparison, verdict: Verdict, lang: Lang) -> Markup:
    """The number of the model that the gain hangs on; else the goal nearest to a loss."""
    found, primary = hinge(comparison, verdict), verdict.primary.difference.measure
    change = change_of(comparison, verdict.name, primary.name)
    if found is not None and change is not None:
        tree = view.scenario.model_dump(by_alias=True, mode="json")
        scale = scale_of(change, lang)
        return say(
            "overturn_low" if found.lowest else "overturn_high", lang,
            number=place_in_words(tuple(found.path.split(".")), tree, lang),
            label=_label(verdict.primary, lang),
            change=scale.tagged(found.mean, "hinge", signed=True) + scale.unit_after(change=True),
        )  # fmt: skip
    return _turned(view, comparison, verdict, lang)


def _turned(view: View, comparison: Comparison, verdict: Verdict, lang: Lang) -> Markup:
    """The goal by which the class would change first."""
    known = verdict.losses or (verdict.risks[:1] if verdict.kind == "trade_off" else ())
    near = _closest(tuple(one for one in verdict.aims if one not in known) or verdict.aims)
    if comparison.point:
        told = effect(of_goal(comparison, verdict.name, near), lang)
        return say("overturn_point", lang, effect=told)
    if verdict.kind == "loss":
        gain = max(verdict.aims, key=lambda one: one.benefit.value)
        return say("overturn_gain", lang, label=_label(gain, lang),
                   benefit=likely(gain.benefit, lang))  # fmt: skip
    safe = near.harm.high <= view.scenario.decide.unlikely
    key = "overturn_more" if known else "overturn_none" if safe else "overturn_goal"
    return say(key, lang, label=_label(near, lang), harm=likely(near.harm, lang))
