"""The table of measures: styled on a terminal, plain when piped, stacked when narrow."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from simflow.labels import Lang, decimals, interval, number, unit, word

_HEADS = ("measure", "unit", "mean", "ci", "spread", "published")
_GAP = "  "
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
            "" if self.published is None else _given(self.published * scale, lang),
        )


def _given(value: float, lang: Lang) -> str:
    places = next((p for p in range(4) if abs(value - round(value, p)) < 1e-9), 4)
    return number(value, lang, places)


def plain(rows: Sequence[Row], width: int, lang: Lang) -> str:
    """The table as plain text no wider than `width` (from about 30 columns)."""
    if width < _NARROW:
        return "\n".join(_stacked(rows, width, lang))
    heads = tuple(word(key, lang) for key in _HEADS)
    cells = [row.cells(lang) for row in rows]
    widths = [max(len(line[i]) for line in [heads, *cells]) for i in range(len(heads))]
    widths[0] = min(widths[0], width - sum(widths[1:]) - len(_GAP) * (len(widths) - 1))
    if widths[0] < 16:
        return "\n".join(_stacked(rows, width, lang))
    lines = [_line(heads, widths)]
    for group, members in groupby(zip(rows, cells, strict=True), key=lambda pair: pair[0].group):
        lines += ["", word(group, lang)]
        for _, texts in members:
            first, *more = textwrap.wrap(texts[0], widths[0]) or [""]
            lines.append(_line((first, *texts[1:]), widths))
            lines += [f"  {text}" for text in more]
    lines += ["", *textwrap.wrap(word("legend", lang), width)]
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    left = [cells[i].ljust(widths[i]) for i in (0, 1)]
    right = [cells[i].rjust(widths[i]) for i in range(2, len(cells))]
    return _GAP.join(left + right).rstrip()


def _stacked(rows: Iterable[Row], width: int, lang: Lang) -> list[str]:
    lines: list[str] = []
    for group, members in groupby(rows, key=lambda row: row.group):
        lines += ["", word(group, lang)] if lines else [word(group, lang)]
        for row in members:
            label, units, mean, ci, spread, published = row.cells(lang)
            parts = [
                f"{mean} {units},",
                f"{word('ci', lang)} {ci},",
                f"{word('spread', lang)} {spread}",
            ]
            if published:
                parts[-1] += ","
                parts.append(f"{word('published', lang).lower()} {published}")
            lines += textwrap.wrap(label, width)
            # Spaces within a part must not break: they become no-break ones.
            text = " ".join(part.replace(" ", "\u00a0") for part in parts)
            lines += textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="  ")
    return lines


def styled(rows: Sequence[Row], lang: Lang) -> None:
    """Print the table on a terminal (rich honours NO_COLOR)."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    strong = {word(row.group, lang) for row in rows}
    for place, line in enumerate(plain(rows, console.width, lang).splitlines()):
        console.print(Text(line, "bold" if line in strong or place == 0 else ""))
