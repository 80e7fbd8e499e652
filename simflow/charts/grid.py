"""Small multiples: a panel for each measure, a row for each scenario, aligned across panels."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from simflow.charts.style import GREY, INK, NARROW_WIDTH, figure, head, short, wrapped
from simflow.labels import NO_BREAK, Lang, decimals, number

ACROSS: Final = 3
"""Panels beside each other."""
_WIDTH: Final = 8.0
_LABELS, _NARROW_LABELS = 2.1, 1.4
"""Inches for the rows' labels."""
ROOM: Final = 0.85
"""Inches right of each panel for its numbers."""
_UNIT: Final = re.compile(r"(\d) (\w{1,3}\b|%|€)")
_BELOW, _BETWEEN = 0.26, 0.2
"""Inches for the numbers below a panel, and from there to the next title."""
_BOLD, _SMALL = 0.152, 0.135
"""Inches that a line of a title and a grey line below it take."""


def grid(
    headline: str,
    subtitle: str,
    panels: Sequence[tuple[str, str]],
    rows: Sequence[str],
    *,
    step: float = 0.34,
    room: float = ROOM,
    narrow: bool = False,
) -> tuple[Figure, list[Axes]]:
    """A figure with a panel for each measure: three beside each other, or below each other.

    Parameters
    ----------
    headline, subtitle : str
        See `style.figure`.
    panels : sequence of (str, str)
        Title of each panel, and the line in grey below it.
    rows : sequence of str
        Labels of the rows, from the top; without labels (all empty) they take no room.
    step : float
        Inches from row to row; 0.34 has room for labels of two lines.
    room : float
        Inches kept free right of each panel.
    narrow : bool
        For a narrow screen: one panel below the other, each with the rows' labels.

    Returns
    -------
    (Figure, list of Axes)
        Row `i` lies at y = `i` in each.
    """
    across = 1 if narrow else min(ACROSS, len(panels))
    width, labels = (NARROW_WIDTH, _NARROW_LABELS) if narrow else (_WIDTH, _LABELS)
    bands = -(-len(panels) // across)
    above = head(figure(headline, subtitle, width=width)[0])
    inner = step * len(rows)
    left = labels if any(rows) else 0.2
    each = (width - left - 0.1) / across
    # Below each other, titles begin above the labels of the rows.
    begins = left - 0.16 if narrow else 0.0
    heads = [_fitted(*panel, each + begins) for panel in panels]
    talls = [
        max(_tall(*words) for words in heads[band * across : (band + 1) * across])
        for band in range(bands)
    ]
    height = above + sum(talls) + bands * (inner + _BELOW + _BETWEEN)
    picture, whole = figure(headline, subtitle, height=height, width=width)
    whole.remove()
    drawn = []
    for place, (title, below) in enumerate(heads):
        band, column = divmod(place, across)
        down = sum(talls[: band + 1]) + (band + 1) * inner + band * (_BELOW + _BETWEEN)
        bottom = height - above - down
        box = (left + column * each, bottom, each - room, inner)
        axes = picture.add_axes((box[0] / width, box[1] / height, box[2] / width, box[3] / height))
        _rows(axes, rows if column == 0 else [""] * len(rows), step, 20 if narrow else 31)
        _title(axes, title, below, begins)
        drawn.append(axes)
    return picture, drawn


def _fitted(title: str, line: str, wide: float) -> tuple[str, str]:
    """A panel's title and the grey line below it, in lines of so many inches."""
    return fitted(title, int(wide * 12.5), 3), fitted(line, int(wide * 16), 3)


def _rows(axes: Axes, rows: Sequence[str], step: float, width: int) -> None:
    axes.set_axisbelow(True)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    lines = 2 if step >= 0.29 else 1
    labels = [fitted(row, width, lines) for row in rows]
    axes.set_yticks(range(len(rows)), labels, size=8)
    axes.grid(axis="both")


def _tall(title: str, below: str) -> float:
    """Inches that the words above a panel take."""
    return _BOLD * (title.count("\n") + 1) + _SMALL * _lines(below) + 0.12


def _lines(text: str) -> int:
    return text.count("\n") + 1 if text else 0


def _title(axes: Axes, title: str, below: str, begins: float) -> None:
    """Bold title and grey lines above a panel, so many inches left of it."""
    up = 5.0
    for text, size, weight, colour in ((below, 7.5, "normal", GREY), (title, 8.5, "bold", INK)):
        axes.annotate(
            text, (0, 1), (-72 * begins, up), "axes fraction", "offset points", size=size,
            weight=weight, color=colour, va="bottom", linespacing=1.15,
        )  # fmt: skip
        up += 72 * _SMALL * _lines(text) + 2


def fitted(text: str, width: int, lines: int) -> str:
    """The text in at most `lines` lines of `width` characters, cut where it is longer.

    A number stays with a short unit: ``6 kk``, ``20 %``.
    """
    text, most = _UNIT.sub(rf"\1{NO_BREAK}\2", text), width * lines
    while True:
        found = wrapped(short(text, most), width)
        if found.count("\n") < lines:
            return found
        most -= 1


def scale_x(axes: Axes, low: float, high: float, lang: Lang, ticks: int = 3) -> None:
    """Limits of a panel with some air, and a few round ticks in the language's numbers."""
    if high <= low:
        low, high = low - 1, high + 1
    air = (high - low) * 0.06
    axes.set_xlim(low - air, high + air)
    numbers_x(axes, MaxNLocator(nbins=ticks, steps=[1, 2, 5, 10]), lang)
    axes.tick_params(axis="x", labelsize=7.5, length=2)


def numbers_x(axes: Axes, locator: MaxNLocator, lang: Lang) -> None:
    """Ticks of a horizontal axis, in the language's numbers with the decimals they need."""
    axes.xaxis.set_major_locator(locator)
    values = locator.tick_values(*axes.get_xlim())
    places = decimals(float(values[1] - values[0]) * 2) if len(values) > 1 else 0
    axes.xaxis.set_major_formatter(_numbers(lang, places))


def _numbers(lang: Lang, places: int) -> FuncFormatter:
    written: Callable[[float, int], str] = lambda value, _: number(value, lang, places)  # noqa: E731
    return FuncFormatter(written)


def beside(axes: Axes, row: float, text: str, *, bold: bool = False, colour: str = INK) -> None:
    """A number right of a panel, at the height of its row."""
    axes.text(
        1.03, row, text, transform=axes.get_yaxis_transform(), va="center", size=8,
        weight="bold" if bold else "normal", color=colour,
    )  # fmt: skip
