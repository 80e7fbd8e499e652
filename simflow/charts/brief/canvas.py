"""A sheet in inches below a headline, and an axis across a part of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from simflow.charts.style import GREY, PALE, figure, head, place
from simflow.labels import Lang, decimals, number

WIDE: Final = 8.0
NARROW: Final = 3.6
BAND: Final = "#E4E4E4"
_SIDE: Final = 0.1
_TICK: Final = 0.05


def sheet(headline: str, subtitle: str, inner: float, *, narrow: bool) -> tuple[Figure, Axes]:
    """A figure with axes in inches: x from the left, y downwards from below the subtitle.

    Parameters
    ----------
    inner : float
        Height of the axes, in inches.
    """
    width = NARROW if narrow else WIDE
    height = inner + head(figure(headline, subtitle, width=width)[0]) + 0.06
    picture, axes = figure(headline, subtitle, height=height, width=width)
    place(axes, left=_SIDE, right=_SIDE, bottom=0.06)
    axes.set_axis_off()
    axes.set_xlim(0, width - 2 * _SIDE)
    axes.set_ylim(inner, 0)
    return picture, axes


def room(*, narrow: bool) -> float:
    """Inches from the left end of a sheet's axes to the right."""
    return (NARROW if narrow else WIDE) - 2 * _SIDE


@dataclass(frozen=True, slots=True)
class Across:
    """Values laid out from `left` to `right`, in inches."""

    left: float
    right: float
    low: float
    high: float

    @staticmethod
    def over(values: Iterable[float], left: float, right: float) -> Across:
        """All values and zero, with some air."""
        found = [0.0, *values]
        low, high = min(found), max(found)
        air = (high - low or 2.0) * 0.05
        return Across(left, right, low - air, high + air)

    def at(self, value: float) -> float:
        """Where a value lies."""
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)

    def line(self, axes: Axes, value: float, top: float, bottom: float, colour: str = GREY) -> None:
        """A line through all rows."""
        axes.plot([self.at(value)] * 2, [top, bottom], color=colour, lw=0.9, zorder=1)

    def scale(self, axes: Axes, y: float, lang: Lang, *, signed: bool = True) -> None:
        """Ticks and their numbers at the foot."""
        locator = MaxNLocator(nbins=4, steps=[1, 2, 5, 10])
        values = [v for v in locator.tick_values(self.low, self.high) if self.low <= v <= self.high]
        apart = values[1] - values[0] if len(values) > 1 else 1.0
        places = decimals(float(apart) * 2)
        axes.plot([self.left, self.right], [y, y], color=PALE, lw=0.9)
        for value in values:
            text = number(float(value), lang, places)
            axes.plot([self.at(value)] * 2, [y, y + _TICK], color=GREY, lw=0.8)
            text = f"+{text}" if signed and value > 0 else text
            axes.text(self.at(value), y + _TICK + 0.02, text, size=7.5, color=GREY,
                      ha="center", va="top")  # fmt: skip
