"""Page one of a run by itself: what the year looks like, and whether the plan is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from simflow.charts.brief import year
from simflow.charts.style import styled
from simflow.labels import Lang, percent
from simflow.report.blocks import Block, Facts, Paragraph, Picture
from simflow.report.figures import scale_of
from simflow.report.scenarios import probability, with_unit
from simflow.report.words import say

if TYPE_CHECKING:
    from simflow.experiment import Figure
    from simflow.results import View

_LINES = ("clients.started", "outcome.begun", "outcome.assessed", "caseload.end", "cost.net")
"""What is told of the year, where it is measured."""


def alone(view: View, lang: Lang) -> list[Block]:
    """The year in a sentence, its picture, and the figures in lines."""
    lead = Paragraph(_lead(view, lang), lead=True)
    with styled():
        wide, narrow = (year.draw(view, lang, each) for each in (False, True))
    shown: list[Block] = []
    if wide is not None and narrow is not None:
        shown.append(Picture(wide, None, narrow))
    told = _facts(view, lang)
    return [lead, *shown, *([told] if told.pairs else [])]


def _lead(view: View, lang: Lang) -> Markup:
    """How much of the plan is likelier than not; else how many published figures are met."""
    known = {measure.name for measure in view.results.measures}
    planned = [name for name in view.scenario.targets if name in known]
    if planned:
        chances = [probability(view.scenario, view.results, name) for name in planned]
        k = sum(chance is not None and chance > 0.5 for chance in chances)
        return say("alone_targets", lang, k=k, n=len(planned))
    pairs = [(f.published, f.spread) for f in view.results.summary()
             if f.published is not None and f.spread is not None]  # fmt: skip
    if pairs:
        inside = sum(low <= value <= high for value, (low, high) in pairs)
        return say("alone_published", lang, k=inside, n=len(pairs))
    return say("alone_plain", lang)


def _facts(view: View, lang: Lang) -> Facts:
    figures = {figure.measure.name: figure for figure in view.results.summary()}
    names = [name for name in _LINES if name in figures]
    names = names or [name for name in view.results.key_measures if name in figures][:5]
    return Facts(tuple(_fact(view, figures[name], lang) for name in names))


def _fact(view: View, figure: Figure, lang: Lang) -> tuple[Markup, Markup]:
    scale = scale_of(figure, view.results.scenario, lang)
    label = with_unit(Markup.escape(getattr(figure.measure.label, lang)), scale)
    text = scale.tagged(figure.mean, "mean")
    if figure.spread is not None:
        text += say("alone_spread", lang, range=scale.interval(figure.spread, ("p5", "p95")))
    if figure.measure.name in view.scenario.targets:
        chance = probability(view.scenario, view.results, figure.measure.name)
        text += say("alone_chance", lang, chance=percent(chance, lang))
    return label, text
