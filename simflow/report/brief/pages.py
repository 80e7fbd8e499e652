"""The two pages: what is asked, advised and known; and three small charts behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from simflow.charts.brief import groups, money, picture, waiting
from simflow.charts.data import calibrated
from simflow.charts.plausible import change_of
from simflow.charts.style import styled
from simflow.labels import Lang, date, number
from simflow.report.blocks import Block, Group, Paragraph, Picture
from simflow.report.brief.advice import advice, subject
from simflow.report.brief.alone import alone
from simflow.report.brief.effects import scale_of
from simflow.report.brief.lines import lines
from simflow.report.titles import title_of
from simflow.report.words import join, say

if TYPE_CHECKING:
    from types import ModuleType

    from simflow.experiment import Comparison, Results, Verdict
    from simflow.results import View


def question(view: View, lang: Lang) -> Markup:
    """What was asked: of one alternative, its own question or the base's.

    Several have a question of their own each, and the base's is none of theirs.
    """
    comparison = view.comparison
    others = () if comparison is None else comparison.scenarios[1:]
    if len(others) > 1:
        return say("title_many", lang, n=number(len(others), lang))
    asked = (others[0].question if others else None) or view.scenario.question
    if asked is not None:
        return Markup.escape(getattr(asked, lang))
    base = title_of(view.scenario, lang)
    return (
        say("title_two", lang, base=base, alternative=title_of(others[0], lang)) if others else base
    )


def period(view: View, lang: Lang) -> Markup:
    """What is compared, and when."""
    horizon = view.scenario.horizon
    start, end = date(horizon.start, lang), date(horizon.end, lang)
    key = "period_one" if view.comparison is None else "period"
    return say(key, lang, base=title_of(view.scenario, lang), start=start, end=end)


def brief(view: View, lang: Lang) -> tuple[Group, Group]:
    """Both pages."""
    first = Group("brief-1", say("brief_1", lang), tuple(_first(view, lang)))
    return first, Group("brief-2", say("brief_2", lang), tuple(_second(view, lang)))


def _first(view: View, lang: Lang) -> list[Block]:
    comparison = view.comparison
    if comparison is None:
        return [*alone(view, lang), *_nobody(view, lang), _known(view, lang)]
    verdict = subject(view)
    if verdict is None:
        key = "no_verdict" if comparison.has_roles else "no_roles"
        lead = Paragraph(say(key, lang), lead=True)
        return [lead, *_nobody(view, lang), _known(view, lang)]
    drawn = drawing(picture, view, lang)
    shown: list[Block] = [] if drawn is None else [drawn]
    return [*advice(view, verdict, lang), *_nobody(view, lang), *shown,
            lines(view, verdict, lang), _known(view, lang, verdict)]  # fmt: skip


def drawing(module: ModuleType, view: View, lang: Lang) -> Picture | None:
    """A chart of the brief, drawn for a page and for a telephone."""
    with styled():
        wide, narrow = (module.draw(view, lang, each) for each in (False, True))
    return None if wide is None or narrow is None else Picture(wide, None, narrow)


def _second(view: View, lang: Lang) -> list[Block]:
    drawn = [drawing(module, view, lang) for module in (waiting, groups, money)]
    found: list[Block] = [one for one in drawn if one is not None]
    return found or [Paragraph(say("no_charts", lang))]


def _nobody(view: View, lang: Lang) -> list[Block]:
    """A word where nobody starts at all."""
    every: list[Results] = [view.results]
    scenarios = [view.scenario]
    if view.comparison is not None:
        every, scenarios = [*every, *view.comparison.alternatives], [*view.comparison.scenarios]
    return [
        Paragraph(say("nobody", lang, title=title_of(scenario, lang)))
        for scenario, results in zip(scenarios, every, strict=True)
        if _empty(results)
    ]


def _empty(results: Results) -> bool:
    try:
        started = results.column("clients.started")
    except KeyError:
        return False
    return bool(len(started)) and not np.nansum(started)


def _known(view: View, lang: Lang, verdict: Verdict | None = None) -> Block:
    """What the figures are computed with, and what the model does not know."""
    says = [_computed(view, lang)]
    comparison = view.comparison
    if view.results.draws is not None:
        says.append(say("unknown_posterior", lang))
    elif calibrated(view):
        says.append(say("unknown_fitted", lang))
    if view.scenario.casework is not None:
        says.append(say("unknown_contact", lang))
    if comparison is not None and verdict is not None:
        says += _in_one(comparison, verdict, lang)
        says += _notes(comparison, lang)
    complete = view.results.complete if comparison is None else comparison.complete
    if not complete:
        says.append(say("incomplete", lang))
    return Paragraph(join(says, " "), small=True)


def _computed(view: View, lang: Lang) -> Markup:
    n, draws = view.results.replications, view.results.draws
    each = 1 if view.comparison is None else view.comparison.each
    if draws is not None:
        return say("computed_draws", lang, n=number(n // each, lang), each=number(each, lang))
    return say("computed_once" if n == 1 else "computed_point", lang, n=number(n, lang))


def _in_one(comparison: Comparison, verdict: Verdict, lang: Lang) -> list[Markup]:
    """How much of the difference comes from people asked in one of the two only."""
    change = change_of(comparison, verdict.name, verdict.primary.difference.measure.name)
    if change is None or change.asked_in_one is None:
        return []
    scale = scale_of(change, lang)
    size = scale.tagged(change.asked_in_one, "asked_in_one", signed=True)
    if not any(digit in "123456789" for digit in scale.text(change.asked_in_one)):
        return []
    return [say("asked_in_one", lang, size=size + scale.unit_after(change=True))]


def _notes(comparison: Comparison, lang: Lang) -> list[Markup]:
    """That there is more to know, in the annex."""
    return [say("notes_in_annex", lang)] if comparison.notes else []
