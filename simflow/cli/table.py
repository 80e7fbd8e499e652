"""The table of measures: styled on a terminal, plain when piped, stacked when narrow."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import isfinite, isnan

from simflow.labels import Lang, decimals, interval, number, unit, word

_HEADS = ("measure", "unit", "mean", "ci", "spread", "published")
_GAP = "  "
_LEAST = 16
"""Fewest columns in which a long label may be broken."""
_NARROW = 72
"""Below this width a measure takes a few lines of its own."""


@dataclass(frozen=True, slots=True)
class Row:
    """One measure, in its own unit.

    Attributes
    ----------
    group : str
        Key of the heading it stands under (a word of `simflow.labels`).
    ci, spread : tuple of float
        95 % confidence interval of the mean; 5th and 95th percentile of the replications.
    published : float or None
        The published figure.
    """

    group: str
    label: str
    unit: str
    mean: float
    ci: tuple[float, float]
    spread: tuple[float, float]
    published: float | None = None

    def cells(self, lang: Lang) -> tuple[str, ...]:
        """The row as text, with the digits that the confidence interval supports."""
        scale = 100.0 if self.unit == "share" else 1.0
        low, high = (end * scale for end in self.ci)
        places = decimals((high - low) / 2, self.mean * scale)
        return (
            self.label,
            unit(self.unit, lang),
            number(self.mean * scale, lang, places),
            interval(low, high, lang, places),
            interval(self.spread[0] * scale, self.spread[1] * scale, lang, min(places, 1)),
            "" if self.published is None else given(self.published * scale, lang),
        )


def given(value: float, lang: Lang) -> str:
    """A figure that somebody has stated, with the digits it was stated with."""
    places = next((p for p in range(4) if abs(value - round(value, p)) < 1e-9), 4)
    return number(value, lang, places)


def plain(rows: Sequence[Row], width: int, lang: Lang) -> str:
    """The table as plain text no wider than `width` (from about 30 columns)."""
    heads = tuple(word(key, lang) for key in _HEADS)
    groups = [
        (word(group, lang), [row.cells(lang) for row in members])
        for group, members in groupby(rows, key=lambda row: row.group)
    ]
    lines = grid(heads, groups, width)
    once = any(isfinite(row.mean) for row in rows) and all(isnan(row.spread[0]) for row in rows)
    if lines is None and not once:
        return "\n".join(_stacked(groups, width, lang))
    note = textwrap.wrap(word("legend_once" if once else "legend", lang), width)
    return "\n".join([*(lines or _stacked(groups, width, lang)), "", *note])


Groups = Sequence[tuple[str, Sequence[tuple[str, ...]]]]
"""Headings, each with rows of cells."""


def grid(
    heads: tuple[str, ...], groups: Groups, width: int, left: Sequence[int] = (0, 1)
) -> list[str] | None:
    """Lines of a table no wider than `width`; None when that is too narrow for columns.

    Parameters
    ----------
    heads : tuple of str
        Heads of the columns; the first column gives way when there is little room.
    groups : sequence of (heading, rows)
        The rows, as text.
    left : sequence of int
        Columns set flush left; the others hold numbers, flush right.
    """
    cells = [heads, *(row for _, rows in groups for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(heads))]
    room = width - sum(widths[1:]) - len(_GAP) * (len(widths) - 1)
    if width < _NARROW or room < min(widths[0], _LEAST):
        return None
    widths[0] = min(widths[0], room)
    lines = [_line(heads, widths, left)]
    for heading, rows in groups:
        lines += ["", *textwrap.wrap(heading, width)]
        for texts in rows:
            first, *more = textwrap.wrap(texts[0], widths[0]) or [""]
            lines.append(_line((first, *texts[1:]), widths, left))
            lines += [f"  {text}" for text in more]
    return lines


def _line(cells: Sequence[str], widths: Sequence[int], left: Sequence[int]) -> str:
    return _GAP.join(
        text.ljust(widths[i]) if i in left else text.rjust(widths[i])
        for i, text in enumerate(cells)
    ).rstrip()


def shown_block(label: str, parts: Sequence[str], width: int) -> list[str]:
    """A label and what is said of it, below each other where there is no room for columns."""
    # Spaces within a part must not break: they become no-break ones.
    text = " ".join(part.replace(" ", "\u00a0") for part in parts)
    return [
        *textwrap.wrap(label, width),
        *textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="  "),
    ]


def _stacked(groups: Groups, width: int, lang: Lang) -> list[str]:
    lines: list[str] = []
    for heading, rows in groups:
        lines += ["", heading] if lines else [heading]
        for label, units, mean, ci, spread, published in rows:
            parts = [
                f"{mean} {units},",
                f"{word('ci', lang)} {ci},",
                f"{word('spread', lang)} {spread}",
            ]
            if published:
                parts[-1] += ","
                parts.append(f"{word('published', lang).lower()} {published}")
            lines += shown_block(label, parts, width)
    return lines


def styled(text: str, strong: Collection[str]) -> None:
    """Print a table on a terminal, its headings in bold (rich honours NO_COLOR)."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for place, line in enumerate(text.splitlines()):
        console.print(Text(line, "bold" if line in strong or place == 0 else ""))


def terminal_width() -> int:
    """Columns of the terminal."""
    from rich.console import Console

    return Console().width
