"""Paired differences from the base with their intervals, beside what is too small to matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes

from simflow.charts.amounts import Scale, half_of
from simflow.charts.chart import Chart
from simflow.charts.grid import ROOM, beside, grid, scale_x
from simflow.charts.style import ACCENT, GREY, INK, MARK
from simflow.charts.verdicts import (
    Alternative,
    columns,
    detailed,
    headline,
    label,
    once,
    ranked,
    sentence,
    shown_as,
    table,
    terms,
)
from simflow.labels import Lang

if TYPE_CHECKING:
    from simflow.experiment import Difference, Judgement
    from simflow.results import View

ORDER: Final = 20
_BAND: Final = "#E4E4E4"
_COLOURS: Final = {"better": ACCENT, "worse": MARK}
_CHARACTER: Final = 0.074
"""Inches that a character of a number takes."""
_MARKS: Final = {"better": "o", "worse": "D"}


def draw(view: View, lang: Lang) -> Chart | None:
    """The chart, or None without verdicts.

    Parameters
    ----------
    view : View
        A comparison.
    lang : {"en", "fi"}
        Language of the words.
    """
    every = ranked(view, lang)
    if not every:
        return None
    runs, note = detailed(view, lang)
    names = {run.results.scenario for run in runs}
    rows = [row for row in every if row.verdict.name in names]
    goals = columns(rows)
    scales = [shown_as(view, goal, lang) for goal in goals]
    heads = [
        (label(goal[0].difference, lang), "\n".join(terms(goal[0].difference, shown)))
        for goal, shown in zip(goals, scales, strict=True)
    ]
    message, below = headline(every, lang), _subtitle(rows, lang) + note
    told = [
        _told(one.difference, shown)
        for goal, shown in zip(goals, scales, strict=True)
        for one in goal
    ]
    room = max(ROOM, _CHARACTER * max(map(len, told)) + 0.06)
    picture, panels = grid(message, below, heads, [row.title for row in rows], room=room)
    for axes, goal, shown in zip(panels, goals, scales, strict=True):
        _panel(axes, goal, shown)
    alt = " ".join(sentence(row, lang) for row in rows)
    return Chart("forest", message, below, alt, picture, *table(rows, lang))


def _panel(axes: Axes, judgements: list[Judgement], shown: Scale) -> None:
    """One goal: a row for each alternative."""
    goal = judgements[0].difference.goal
    matters = 0.0 if goal is None else goal.matters
    ends = [-matters * 1.3, matters * 1.3]
    for item in (one.difference for one in judgements):
        ends += [] if item.mean is None else [item.mean, *(item.ci or ())]
    if matters:
        axes.axvspan(-matters * shown.factor, matters * shown.factor, color=_BAND, lw=0, zorder=0)
    axes.axvline(0, color=GREY, lw=0.9, zorder=1)
    for row, one in enumerate(judgements):
        _one(axes, row, one, shown)
    scale_x(axes, min(ends) * shown.factor, max(ends) * shown.factor, shown.lang)


def _one(axes: Axes, row: int, one: Judgement, shown: Scale) -> None:
    """One difference: a mark for its mean, a line for its interval, and both as a number."""
    item, verdict = one.difference, one.shown
    colour = _COLOURS.get(verdict, INK)
    if item.mean is None:
        beside(axes, row, _told(item, shown))
        return
    if item.ci is not None:
        low, high = (end * shown.factor for end in item.ci)
        axes.plot([low, high], [row, row], color=colour, lw=2, solid_capstyle="butt", zorder=3)
    face = colour if verdict in _COLOURS else "white"
    axes.plot(
        [item.mean * shown.factor], [row], _MARKS.get(verdict, "o"), color=colour, mfc=face,
        mew=1.4, ms=6.5 if verdict != "worse" else 6, zorder=4,
    )  # fmt: skip
    beside(axes, row, _told(item, shown), bold=verdict in _COLOURS)


def _told(item: Difference, shown: Scale) -> str:
    """A difference and half its interval."""
    half = half_of(item.ci)
    text = shown.signed(item.mean, half)
    return text if item.ci is None else f"{text} {shown.margin(half)}"


def _subtitle(rows: list[Alternative], lang: Lang) -> str:
    first = once(rows, lang)
    if first:
        band = {
            "en": "Grey band: too small to matter.",
            "fi": "Harmaa alue: liian pieni merkitäkseen.",
        }
        return first + band[lang]
    return {
        "en": "Mean difference from the base; line and ±: its 95 % interval. Grey band: too small "
        "to matter.\nFilled circle: better. Filled diamond: worse. Open circle: neither; classes "
        "are those of the verdict table.",
        "fi": "Keskimääräinen ero lähtökohdasta; viiva ja ±: sen 95 %:n luottamusväli. Harmaa "
        "alue: liian pieni merkitäkseen.\nTäysi ympyrä: parempi. Täysi vinoneliö: huonompi. Avoin "
        "ympyrä: ei kumpikaan; luokat ovat tulostaulukon.",
    }[lang]
