"""Keys above charts: a sample and the title of each scenario, or of each part of a bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from simflow.charts.highlight import BASE, OTHERS, Look, look
from simflow.charts.style import GREY, INK, head, short
from simflow.labels import Lang

_ROW: Final = 0.2
_SIZE: Final = 8.5
_OTHERS: Final[dict[Lang, str]] = {"en": "Other alternatives", "fi": "Muut vaihtoehdot"}
_COLUMN: Final = 3.5
"""Inches that a column of titles takes at least."""

Entries = list[tuple[str, Look]]


def entries(titles: Sequence[str], chosen: Sequence[int], lang: Lang) -> Entries:
    """Titles in the key with their looks: the base, what is in colour, and the others as one.

    Parameters
    ----------
    titles : sequence of str
        The base's first. A base alone needs no key.
    chosen : sequence of int
        Alternatives in colour, counted from 0.
    """
    if len(titles) < 2:
        return []
    found = [(titles[0], BASE), *((titles[1 + place], look(place, chosen)) for place in chosen)]
    return [*found, (_OTHERS[lang], OTHERS)] if len(titles) - 1 > len(chosen) else found


def _rows(shown: Entries, width: float) -> int:
    return -(-len(shown) // max(1, int(width / _COLUMN)))


def height(shown: Entries, width: float = 8.0) -> float:
    """Inches that the key takes; none when it is empty."""
    return _ROW * _rows(shown, width) + 0.12 if shown else 0.0


def key(picture: Figure, shown: Entries) -> None:
    """Draw the key below the subtitle, in columns."""
    width, tall = map(float, picture.get_size_inches())
    rows = _rows(shown, width)
    columns = max(1, int(width / _COLUMN))
    for place, (title, how) in enumerate(shown):
        x = (0.16 + (place // rows) * (width - 0.2) / columns) / width
        y = 1 - (head(picture) + _ROW * (place % rows) + 0.02) / tall
        sample = Line2D(
            [x, x + 0.22 / width, x + 0.44 / width], [y] * 3, color=how.colour,
            ls=(0, how.dashes), lw=how.width, marker=how.marker, markevery=[1], ms=5, mec="white",
            mew=0.5, transform=picture.transFigure,
        )  # fmt: skip
        picture.add_artist(sample)
        room = int((width - 0.2) / columns * 11.8)
        picture.text(
            x + 0.54 / width, y, short(title, room), size=_SIZE, va="center", color=INK,
            weight="bold" if how is BASE else "normal",
        )  # fmt: skip


def swatch_height(names: Sequence[str], width: float = 8.0) -> float:
    """Inches that the key of `swatches` takes."""
    return _ROW * (_spots(names, width)[-1][1] + 1) + 0.1 if names else 0.0


def swatches(picture: Figure, parts: Sequence[tuple[str, str]]) -> None:
    """Draw names with samples of their fills below the subtitle, in lines as in a text.

    Parameters
    ----------
    parts : sequence of (str, str)
        Name and fill of each, in the order of the bars' parts.
    """
    width, tall = map(float, picture.get_size_inches())
    names = [name for name, _ in parts]
    for (x, row), (name, fill) in zip(_spots(names, width), parts, strict=True):
        y = 1 - (head(picture) + 0.06 + _ROW * row) / tall
        picture.add_artist(Rectangle(
            (x / width, y - 0.06 / tall), 0.2 / width, 0.12 / tall, fc=fill, ec=GREY, lw=0.4,
            transform=picture.transFigure,
        ))  # fmt: skip
        picture.text((x + 0.26) / width, y, name, size=_SIZE, va="center")


def _spots(names: Sequence[str], width: float) -> list[tuple[float, int]]:
    """Where each name stands: inches from the left, and its line."""
    found: list[tuple[float, int]] = []
    x, row = 0.16, 0
    for name in names:
        wide = 0.45 + 0.075 * len(name)
        if x + wide > width and found:
            x, row = 0.16, row + 1
        found.append((x, row))
        x += wide
    return found
