"""The key above charts of several scenarios: a sample and the title of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simflow.charts.style import ACCENT, INK, head, series, short

_ROW: Final = 0.2
_MARKERS: Final = ("^", "s", "v", "X", "P", "D", "<", ">", "*")
_SIZE: Final = 8.5


def marker(place: int) -> str:
    """Shape of an alternative's marks; the base has a dot."""
    return _MARKERS[place % len(_MARKERS)]


def height(titles: Sequence[str]) -> float:
    """Inches that the key of a base and its alternatives takes; none for a base alone."""
    return 0.0 if len(titles) < 2 else _ROW * -(-len(titles) // 2) + 0.12


def key(picture: Figure, titles: Sequence[str]) -> None:
    """Draw the key below the subtitle, in two columns: the base first, then the alternatives."""
    if len(titles) < 2:
        return
    width, tall = picture.get_size_inches()
    rows = -(-len(titles) // 2)
    for place, title in enumerate(titles):
        x = (0.16 + (place // rows) * (width - 0.2) / 2) / width
        y = 1 - (head(picture) + _ROW * (place % rows) + 0.02) / tall
        colour, dashes = (ACCENT, (1.0, 0.0)) if place == 0 else series(place - 1)
        sample = Line2D(
            [x, x + 0.22 / width, x + 0.44 / width], [y] * 3, color=colour, ls=(0, dashes),
            lw=2.4 if place == 0 else 1.6, marker="o" if place == 0 else marker(place - 1),
            markevery=[1], ms=5, mec="white", mew=0.5, transform=picture.transFigure,
        )  # fmt: skip
        picture.add_artist(sample)
        picture.text(
            x + 0.54 / width, y, short(title, 46), size=_SIZE, va="center", color=INK,
            weight="bold" if place == 0 else "normal",
        )  # fmt: skip
