"""Which alternatives the small charts show: those that stand first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simflow.charts.brief.blocks import MOST
from simflow.charts.data import Run, runs
from simflow.charts.verdicts import ranked
from simflow.labels import Lang, number

if TYPE_CHECKING:
    from simflow.results import View


def leading(view: View, lang: Lang) -> tuple[list[Run], str]:
    """The base and the first alternatives, and a line for the subtitle when that is not all."""
    base, *others = runs(view, lang)
    order = [row.verdict.name for row in ranked(view, lang)]
    place = {name: rank for rank, name in enumerate(order)}
    others.sort(key=lambda run: place.get(run.results.scenario, len(order)))
    if len(others) <= MOST:
        return [base, *others], ""
    n = number(len(others), lang)
    note = {
        "en": f" The first {MOST} of {n} alternatives.",
        "fi": f" {n} vaihtoehdosta {MOST} ensimmäistä.",
    }
    return [base, *others[:MOST]], note[lang]
