"""The advice in a sentence: the class of the alternative that stands first, and what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from simflow.charts.verdicts import ranked
from simflow.experiment import Verdict
from simflow.experiment import ranked as advised
from simflow.labels import Lang, number
from simflow.report.blocks import Block, Paragraph, Twofold
from simflow.report.brief.effects import effect, money, of_goal
from simflow.report.likely import likely
from simflow.report.marks import kind_of
from simflow.report.titles import titles
from simflow.report.words import join, say, sentence
from simflow.scenario.words import label_at

if TYPE_CHECKING:
    from simflow.experiment import Comparison, Judgement
    from simflow.results import View

_MOST_LOSSES = 2
"""Losses among the others that are told one by one."""
_MOST_TOLD = 8
"""Alternatives up to which page one has words left for them."""
_NAMED = 4
"""Alternatives named in one sentence; the picture has the others."""


def subject(view: View) -> Verdict | None:
    """The alternative that page one is about: the one that stands first."""
    first = ranked(view, "en")[:1]
    return first[0].verdict if first else None


def advice(view: View, verdict: Verdict, lang: Lang) -> list[Block]:
    """The advice; a trade-off's loss and gain right below it; then what is said of the others."""
    comparison = view.comparison
    assert comparison is not None  # it has a verdict
    names = titles(comparison, lang)
    lead = say(
        f"advice_{_key(verdict)}", lang, kind=kind_of(verdict, lang), title=names[verdict.name],
        what=_within(verdict, _what(view, comparison, verdict, lang)),
        people=_people(comparison, verdict, lang),
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(lead, lead=True)]
    if verdict.kind == "trade_off":
        blocks.append(_sides(comparison, verdict, lang))
    others = _others(comparison, verdict, lang)
    return [*blocks, *([Paragraph(join(others, " "), small=True)] if others else [])]


def _within(verdict: Verdict, what: Markup) -> Markup:
    """What is told, with a capital where it begins a sentence of the advice."""
    return what if verdict.kind in ("circumstance", "unclear") else sentence(what)


def _key(verdict: Verdict) -> str:
    return f"{verdict.kind}_{verdict.reason}" if verdict.reason else verdict.kind


def _what(view: View, comparison: Comparison, verdict: Verdict, lang: Lang) -> Markup:
    """What the sentence tells besides the class."""
    if verdict.reason == "lasting_effect":
        return _services(view, verdict, lang)
    if verdict.kind == "saving":
        one = max(verdict.money, key=lambda item: item.benefit.value)
        change = of_goal(comparison, verdict.name, one)
        return Markup("–") if change is None else money(change, lang)
    told = [*verdict.losses] if verdict.kind == "loss" else [*verdict.gains]
    one = told[0] if told else verdict.primary
    return effect(of_goal(comparison, verdict.name, one), lang)


def _services(view: View, verdict: Verdict, lang: Lang) -> Markup:
    """Services whose lasting effect nobody has shown."""
    tree = view.scenario.model_dump(by_alias=True, mode="json")
    names = dict.fromkeys((*verdict.hanging.less, *verdict.hanging.more))
    labels = [label_at(tree, ("services", name), lang) or name.replace("_", " ") for name in names]
    return join([Markup.escape(label) for label in labels])


def _people(comparison: Comparison, verdict: Verdict, lang: Lang) -> Markup:
    """How many people it concerns; empty where they are not counted."""
    try:
        asked = comparison.difference(verdict.name, "outcome.asked")
    except KeyError:
        return Markup("")
    if not asked.alternative:
        return Markup("")
    n = number(round(asked.alternative, -1 if asked.alternative >= 200 else 0), lang)
    return Markup(" ") + say("advice_people", lang, n=n)


def _sides(comparison: Comparison, verdict: Verdict, lang: Lang) -> Block:
    """What is lost and what is gained, side by side; the loss first."""
    lost = verdict.losses or verdict.risks[:1]
    head = "side_lost" if verdict.losses else "side_risk"
    sides = [
        (say(key, lang), tuple(_side(comparison, verdict, one, lang) for one in found))
        for key, found in ((head, lost), ("side_gained", verdict.gains))
    ]
    return Twofold(sides[0], sides[1])


def _side(comparison: Comparison, verdict: Verdict, one: Judgement, lang: Lang) -> Markup:
    chance = one.benefit if one.better else one.harm
    told = sentence(effect(of_goal(comparison, verdict.name, one), lang))
    if comparison.point:
        return told
    return say("side", lang, effect=told, chance=likely(chance, lang))


def alike(comparison: Comparison, first: Verdict) -> tuple[Verdict, ...]:
    """Other recommended alternatives that cannot be told from the best one, cheaper first."""
    found = [one for one in advised(comparison.verdicts) if one.kind == first.kind]
    best = max(found, key=lambda one: one.primary.benefit.value)
    limit = best.primary.benefit.low
    return tuple(one for one in found if one is not first and one.primary.benefit.high >= limit)


def _others(comparison: Comparison, first: Verdict, lang: Lang) -> list[Markup]:
    """The other alternatives, class by class."""
    names, says = titles(comparison, lang), []
    same = alike(comparison, first) if first.kind == "recommended" else ()
    left = [one for one in comparison.verdicts if one is not first and one not in same]
    if same:
        says.append(say("others_alike", lang, names=_named(same, names)))
    order = [one for one in advised(comparison.verdicts) if one in left]
    order += [one for one in left if one not in order]
    kinds = ((("recommended", "saving"), "advised"), (("trade_off",), "trade_off"))
    for several, key in kinds:
        found = [one for one in order if one.kind in several]
        if found:
            says.append(say(f"others_{key}", lang, names=_named(found, names)))
    says += _lost(comparison, left, names, lang)
    if not first.recommended and left:
        says.insert(0, say("others_none", lang, n=number(len(comparison.verdicts), lang)))
    return says


def _lost(
    comparison: Comparison, left: list[Verdict], names: dict[str, Markup], lang: Lang
) -> list[Markup]:
    """Of the other losses, a few, what is lost: the picture shows the purpose alone."""
    found = [one for one in left if one.kind == "loss"]
    if len(found) > _MOST_LOSSES or len(comparison.verdicts) > _MOST_TOLD:
        return []
    return [
        say("others_loss", lang, title=names[one.name],
            effect=effect(of_goal(comparison, one.name, one.losses[0]), lang))
        for one in found
    ]  # fmt: skip


def _named(found: list[Verdict] | tuple[Verdict, ...], names: dict[str, Markup]) -> Markup:
    more = f" (+ {len(found) - _NAMED})" if len(found) > _NAMED else ""
    return join([names[one.name] for one in found[:_NAMED]], "; ") + Markup.escape(more)
