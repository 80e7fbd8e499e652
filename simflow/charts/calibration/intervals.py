"""Intervals beside published figures, a row each: what two charts of a calibration share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simflow.charts.style import ACCENT, INK, MARK, PALE, figure, place, wrapped
from simflow.labels import Lang, interval, number

if TYPE_CHECKING:
    from simflow.calibrate import Outcome

ROW: Final = 0.34
"""Inches for a row."""
_NAMES: Final = 2.75
_TEXTS: Final = 1.75
_AXIS: Final[dict[Lang, str]] = {
    "en": "Distance from the published figure, in square roots of it",
    "fi": "Etäisyys julkaistusta luvusta, luvun neliöjuurina",
}


@dataclass(frozen=True)
class Line:
    """A row: a published figure, and intervals (5th, 50th and 95th percentile) for it.

    Figures are counts: the regression that predicts them may go below zero, they do not.
    """

    label: str
    published: float
    after: tuple[float, float, float]
    before: tuple[float, float, float] | None = None
    fits: bool | None = None
    """Whether it is drawn as one that fits; by `inside` when left out."""

    def __post_init__(self) -> None:
        """Keep the intervals at zero or above."""
        object.__setattr__(self, "after", _counts(self.after))
        if self.before is not None:
            object.__setattr__(self, "before", _counts(self.before))

    @property
    def inside(self) -> bool:
        """Whether the figure lies in the interval, or fits otherwise."""
        if self.fits is not None:
            return self.fits
        return self.after[0] <= self.published <= self.after[2]

    def far(self, value: float) -> float:
        """How far a value lies from the published one, in square roots of it."""
        return (value - self.published) / float(np.sqrt(max(self.published, 1.0)))


def _counts(ends: tuple[float, float, float]) -> tuple[float, float, float]:
    low, middle, high = (max(end, 0.0) for end in ends)
    return low, middle, high


def told(lines: Sequence[Line], lang: Lang) -> str:
    """The rows in words, for those who do not see them."""
    return "; ".join(
        f"{line.label}: {number(line.published, lang)}, {number(line.after[1], lang)} "
        f"({interval(line.after[0], line.after[2], lang)})"
        for line in lines
    )


def drawn(
    message: str, below: str, lines: Sequence[Line], lang: Lang, axis: str | None = None
) -> Figure:
    """A row for each figure: intervals in units of the figure's own chance, numbers beside."""
    picture, axes = figure(message, below, height=1.75 + ROW * len(lines))
    place(axes, left=_NAMES, right=_TEXTS, bottom=0.5, top=0.1)
    axes.axvline(0, color=MARK, lw=1.2, zorder=1)
    for row, line in enumerate(lines):
        _row(axes, row, line, lang)
    axes.set_ylim(len(lines) - 0.4, -0.6)
    axes.set_yticks(range(len(lines)), [wrapped(line.label, 38) for line in lines], size=8.5)
    axes.tick_params(axis="y", length=0)
    for text in axes.get_yticklabels():
        if text.get_text().count("\n") > 1:  # three lines have to fit as well
            text.set(size=7, linespacing=0.9)
    axes.set_xlabel(axis or _AXIS[lang], size=8.5)
    axes.grid(axis="x")
    ends = [line.far(end) for line in lines for end in (line.before or line.after)]
    axes.set_xlim(max(-9.0, min(*ends, -2.0) - 0.5), min(12.0, max(*ends, 2.0) + 0.5))
    return picture


def _row(axes: Axes, row: int, line: Line, lang: Lang) -> None:
    if line.before is not None:
        low, _, high = (line.far(end) for end in line.before)
        axes.plot([low, high], [row, row], color=PALE, lw=9, solid_capstyle="butt", zorder=2)
    low, middle, high = (line.far(end) for end in line.after)
    colour = ACCENT if line.inside else INK
    axes.plot([low, high], [row, row], color=colour, lw=2.4, solid_capstyle="butt", zorder=3)
    axes.plot([middle], [row], "o", color=colour, mfc=colour if line.inside else "white", ms=6,
              zorder=4)  # fmt: skip
    axes.plot([0], [row], "D", color=MARK, ms=5, zorder=5)
    ends = interval(line.after[0], line.after[2], lang)
    axes.annotate(
        f"{number(line.published, lang)}   {number(line.after[1], lang)} ({ends})",
        (1.02, row), xycoords=("axes fraction", "data"), va="center", size=8.5,
        color=INK if line.inside else MARK, weight="normal" if line.inside else "bold",
        annotation_clip=False,
    )  # fmt: skip


def names(outcome: Outcome, lang: Lang) -> list[str]:
    """Names of the unknowns for readers."""
    unknowns = outcome.calibration.space.unknowns
    return [u.label.fi if lang == "fi" else u.label.en for u in unknowns]
