"""Small charts of page two: blocks of bars, each with a range and its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simflow.charts.brief.canvas import Across, room, sheet
from simflow.charts.grid import fitted
from simflow.charts.style import ACCENT, GREY, INK, MARK
from simflow.labels import Lang

MOST: Final = 3
"""Alternatives that a small chart shows."""
COLOURS: Final = (ACCENT, "#E69F00", "#009E73")
_MARKS: Final = ("o", "s", "^")
_LABELS: Final = 2.5
_NUMBERS: Final = 1.75


@dataclass(frozen=True, slots=True)
class Bar:
    """A value with its range, and both in words."""

    label: str
    low: float
    mean: float
    high: float
    text: str
    mark: float | None = None
    """A figure beside it, such as a published one."""


@dataclass(frozen=True, slots=True)
class Block:
    """What is measured, a note beside it, and a bar for each alternative."""

    title: str
    note: str
    bars: tuple[Bar, ...]


def draw_blocks(headline: str, subtitle: str, blocks: Sequence[Block], lang: Lang, *,
                narrow: bool, signed: bool) -> Figure:  # fmt: skip
    """The figure; a block of one bar takes one row.

    Parameters
    ----------
    signed : bool
        Whether the values are differences.
    """
    steps = [_step(block, narrow) for block in blocks]
    picture, axes = sheet(headline, subtitle, sum(steps) + 0.28, narrow=narrow)
    left, right = (0.05, room(narrow=True) - 0.05) if narrow else (
        _LABELS, room(narrow=False) - _NUMBERS)  # fmt: skip
    values = [
        v
        for block in blocks
        for bar in block.bars
        for v in (bar.low, bar.mean, bar.high, bar.mark)
        if v is not None
    ]
    across = Across.over(values, left, right)
    if not narrow:
        across.line(axes, 0.0, 0.0, sum(steps))
    top = 0.0
    for block, step in zip(blocks, steps, strict=True):
        (_narrow if narrow else _wide)(axes, across, block, top)
        top += step
    across.scale(axes, top, lang, signed=signed)
    return picture


def _step(block: Block, narrow: bool) -> float:
    """Inches that a block takes."""
    if narrow:
        return 0.24 + (0.58 if len(block.bars) > 1 else 0.42) * len(block.bars)
    return 0.34 if len(block.bars) == 1 else 0.24 + 0.23 * len(block.bars)


def _wide(axes: Axes, across: Across, block: Block, top: float) -> None:
    single = len(block.bars) == 1
    name = f"{block.title} {block.note}".strip()
    title = fitted(name, 33, 2) if single else fitted(name, 80, 1)
    axes.text(0, top + (0.17 if single else 0.12), title, size=8.5, weight="bold", va="center",
              linespacing=1.1)  # fmt: skip
    for place, bar in enumerate(block.bars):
        y = top + (0.17 if single else 0.33 + 0.23 * place)
        if not single:
            axes.text(0.12, y, fitted(bar.label, 36, 1), size=8, va="center")
        _mark(axes, across, y, place, bar)
        axes.text(across.right + 0.12, y, bar.text, size=8.5, va="center")


def _narrow(axes: Axes, across: Across, block: Block, top: float) -> None:
    several = len(block.bars) > 1
    axes.text(0, top + 0.12, fitted(f"{block.title} {block.note}".strip(), 48, 1), size=8.5,
              weight="bold", va="center")  # fmt: skip
    for place, bar in enumerate(block.bars):
        y = top + 0.3 + (0.58 if several else 0.42) * place
        words = f"{bar.label}: {bar.text}" if several else bar.text
        axes.text(0, y, fitted(words, 50, 2), size=8, va="center", color=INK, linespacing=1.1)
        below = y + (0.24 if several else 0.18)
        across.line(axes, 0.0, below - 0.07, below + 0.07)
        _mark(axes, across, below, place, bar)


def _mark(axes: Axes, across: Across, y: float, place: int, bar: Bar) -> None:
    colour = COLOURS[place % len(COLOURS)]
    axes.plot([across.at(bar.low), across.at(bar.high)], [y, y], color=colour, lw=2.2,
              solid_capstyle="butt", zorder=3)  # fmt: skip
    axes.plot([across.at(bar.mean)], [y], _MARKS[place % len(_MARKS)], color=colour, ms=6,
              mec=GREY if bar.low == bar.high else colour, zorder=4)  # fmt: skip
    if bar.mark is not None:
        axes.plot([across.at(bar.mark)], [y], "D", color=MARK, ms=5, zorder=5)
