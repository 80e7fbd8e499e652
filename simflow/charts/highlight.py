"""Which of many scenarios a chart shows in colour: at most three, the others thin and grey."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from simflow.charts.style import ACCENT, INK
from simflow.labels import Lang

MOST: Final = 3
"""Alternatives in colour; more lines are not told apart."""
_FAINT: Final = "#BDBDBD"
_DASHED: Final[tuple[tuple[float, ...], ...]] = ((5, 2), (1.5, 1.5), (7, 2, 1.5, 2))
_COLOURS: Final = (ACCENT, "#009E73", "#CC79A7")
"""Okabe-Ito blue, green and purple: their lightness differs too."""
_MARKERS: Final = ("^", "s", "v")


class Look(NamedTuple):
    """How a scenario's line and marks look."""

    colour: str
    dashes: tuple[float, ...]
    width: float
    marker: str
    above: int
    """Drawing order: what is highlighted lies above the others, the base above all."""


BASE: Final = Look(INK, (1.0, 0.0), 2.2, "o", 5)
OTHERS: Final = Look(_FAINT, (1.0, 0.0), 0.9, ".", 2)


def highlighted(differences: Sequence[float]) -> tuple[int, ...]:
    """Places of the alternatives shown in colour: those that differ most from the base.

    Parameters
    ----------
    differences : sequence of float
        How far each alternative is from the base, 0 or more.
    """
    order = sorted(range(len(differences)), key=lambda place: -differences[place])
    return tuple(sorted(order[:MOST]))


def look(place: int, chosen: Sequence[int]) -> Look:
    """How the alternative at a place is drawn."""
    if place not in chosen:
        return OTHERS
    turn = list(chosen).index(place)
    return Look(_COLOURS[turn], _DASHED[turn], 1.6, _MARKERS[turn], 4)


def note(chosen: Collection[int], alternatives: int, lang: Lang) -> str:
    """What is in colour, for a subtitle; empty when nothing is grey."""
    if len(chosen) == alternatives:
        return ""
    return {
        "en": " In colour: three that differ most from the base; others grey.",
        "fi": " Värillä kolme lähtökohdasta eniten eroavaa, muut harmaalla.",
    }[lang]
