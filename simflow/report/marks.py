"""Verdicts as they are printed, each marked with what it repeats, so that a test can walk them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from simflow.charts.verdicts import GOALS, KINDS, SIGNS
from simflow.labels import Lang

if TYPE_CHECKING:
    from simflow.experiment import Judgement, Verdict

_OF_ALTERNATIVE = Markup('<span data-verdict="{}" data-scenario="{}">{}</span>')
_OF_GOAL = Markup('<span data-verdict="{}" data-scenario="{}" data-measure="{}">{}</span>')


def kind_of(verdict: Verdict, lang: Lang) -> Markup:
    """An alternative's class."""
    return _OF_ALTERNATIVE.format(verdict.kind, verdict.name, KINDS[verdict.kind][lang])


def goal_of(judgement: Judgement, alternative: str, lang: Lang) -> Markup:
    """A goal's class, with its sign."""
    text = f"{SIGNS[judgement.shown]} {GOALS[judgement.shown][lang]}"
    measure = judgement.difference.measure.name
    return _OF_GOAL.format(judgement.shown, alternative, measure, text)
