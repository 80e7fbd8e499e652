"""What each scenario costs the city, by what is paid for, and what a result costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from simflow.charts.amounts import Scale, half_of, interval_of, scale
from simflow.charts.chart import Chart
from simflow.charts.cost_words import (
    COLUMNS,
    NET,
    PARTS,
    PER,
    SUMS,
    TOTAL,
    changed,
    difference_of,
    headline,
    rows_of,
    sentence,
    subtitle,
    told,
)
from simflow.charts.grid import fitted
from simflow.charts.key import swatch_height, swatches
from simflow.charts.style import GREY, INK, NARROW_WIDTH, figure, head, place
from simflow.charts.verdicts import detailed
from simflow.labels import Lang

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simflow.charts.data import Run
    from simflow.results import View

ORDER: Final = 90
NARROW: Final = True
_WIDTH, _ROW, _HEADS, _LABELS, _COLUMN = 7.68, 0.44, 0.46, 1.85, 0.95
"""Inches: the axes, a row, the words above the bars, the rows' labels, a column of numbers."""
_LINE: Final = 0.17
"""Inches of a line of numbers in the narrow chart."""


def draw(view: View, lang: Lang, narrow: bool = False) -> Chart | None:
    """The chart, or None when the costs are not known.

    Parameters
    ----------
    view : View
        A run, or a comparison.
    lang : {"en", "fi"}
        Language of the words.
    narrow : bool
        For a narrow screen: the numbers below the bars.
    """
    every, note = detailed(view, lang)
    shown = [run for run in every if run.has(TOTAL)]
    if not shown or shown[0].results is not view.results:
        return None
    by = NET if shown[0].has(NET) else TOTAL
    shown = [shown[0], *sorted(shown[1:], key=lambda run: run.mean(by) or 0.0)]
    parts = [name for name in PARTS if any((run.mean(name) or 0.0) > 0 for run in shown)]
    numbers = [name for name in (*SUMS, *PER) if any(run.has(name) for run in shown)]
    units = scale(view.results.figure(TOTAL).measure, [run.mean(TOTAL) for run in shown], lang)
    message, below = headline(view, shown, by, units), subtitle(view, by == NET, units) + note
    paint = _stacked if narrow else _beside
    picture = paint(view, shown, parts, numbers, (message, below), units)
    alt = " ".join(sentence(run, by, units) for run in shown)
    rows = tuple(row for run in shown for row in rows_of(view, run, [*parts, *numbers], lang))
    return Chart("cost-bars-narrow" if narrow else "cost-bars", message, below, alt, picture,
                 COLUMNS[lang], rows)  # fmt: skip


def _frame(
    words: tuple[str, str], parts: list[str], inner: float, width: float, lang: Lang
) -> tuple[Figure, Axes]:
    """Picture with the key of the parts, and axes in inches that grow downwards."""
    names = [PARTS[name][2][lang] for name in parts]
    room = swatch_height(names, width)
    height = head(figure(*words, width=width)[0]) + room + inner + 0.1
    picture, axes = figure(*words, height=height, width=width)
    place(axes, bottom=0.1, top=room)
    axes.set_axis_off()
    axes.set_xlim(0, width - 0.32)
    axes.set_ylim(inner, 0)
    fills = [PARTS[name][0] for name in parts]
    swatches(picture, list(zip(names, fills, strict=True)))
    return picture, axes


def _beside(
    view: View,
    shown: list[Run],
    parts: list[str],
    numbers: list[str],
    words: tuple[str, str],
    units: Scale,
) -> Figure:
    """A row for each scenario, its numbers right of its bar."""
    picture, axes = _frame(words, parts, _HEADS + _ROW * len(shown), _WIDTH + 0.32, units.lang)
    _heads(axes, numbers, units, several=len(shown) > 1)
    room = _left(numbers, 0) - _LABELS - 0.15
    longest = max(_end(run) for run in shown)
    for row, run in enumerate(shown):
        y = _HEADS + (row + 0.5) * _ROW
        strong = row == 0 and len(shown) > 1
        axes.text(0, y, fitted(run.title, 24 if strong else 26, 2), size=8.5, va="center",
                  weight="bold" if strong else "normal")  # fmt: skip
        _bar(axes, (_LABELS, y), run, parts, room / longest, units)
        for column, name in enumerate(numbers):
            _number(axes, _left(numbers, column), y, view, run, name, units)
    return picture


def _stacked(
    view: View,
    shown: list[Run],
    parts: list[str],
    numbers: list[str],
    words: tuple[str, str],
    units: Scale,
) -> Figure:
    """For a narrow screen: each scenario's title, bar and numbers below each other."""
    each = 0.82 + _LINE * len(numbers)
    picture, axes = _frame(words, parts, each * len(shown), NARROW_WIDTH, units.lang)
    longest = max(_end(run) for run in shown)
    for row, run in enumerate(shown):
        top = row * each
        axes.text(0, top + 0.12, fitted(run.title, 46, 1), size=8.5, va="center", weight="bold")
        _bar(axes, (0.0, top + 0.4), run, parts, (NARROW_WIDTH - 0.4) / longest, units)
        for line, name in enumerate(numbers):
            _line(axes, top + 0.68 + _LINE * line, view, run, name, units)
    return picture


def _line(axes: Axes, y: float, view: View, run: Run, name: str, units: Scale) -> None:
    """What a number is, the number, and its change from the base."""
    own = units if name in SUMS else Scale(1.0, "€", units.lang)
    label = f"{SUMS[name][units.lang]}, {units.unit}" if name in SUMS else _per(name, units.lang)
    axes.text(0, y, label, size=8, va="center", color=GREY)
    axes.text(1.5, y, told(run, name, own), size=8, va="center")
    change = difference_of(view, run, name) if name in SUMS else None
    if change is not None:
        clear = change.clear_of_zero
        axes.text(2.55, y, changed(change, own), size=8, va="center", color=INK if clear else GREY,
                  weight="bold" if clear else "normal")  # fmt: skip


def _per(name: str, lang: Lang) -> str:
    """What a cost is a price of, in one short line."""
    if name == "cost.per_started":
        return PER[name][lang]
    return {"en": "€ per work or education", "fi": "€ / työ tai koulutus"}[lang]


def _end(run: Run) -> float:
    """How far a scenario's bar reaches, its interval included, in euros."""
    found = run.results.figure(TOTAL)
    parts = sum(run.mean(name) or 0.0 for name in PARTS)
    return max(found.mean or 0.0, parts, *(interval_of(found) or ()), 1.0)


def _left(numbers: list[str], column: int) -> float:
    """Left end of a column of numbers."""
    return _WIDTH - _COLUMN * (len(numbers) - column)


def _heads(axes: Axes, numbers: list[str], units: Scale, several: bool) -> None:
    """Heads of the columns of numbers."""
    lang = units.lang
    change = {"en": "(change)", "fi": "(ero)"}[lang] if several else ""
    for column, name in enumerate(numbers):
        if name in SUMS:
            text = f"{SUMS[name][lang]} {change}".strip() + f"\n{units.unit}"
        else:
            text = PER[name][lang]
        axes.text(_left(numbers, column), _HEADS - 0.03, text, size=7.5, color=GREY, va="bottom",
                  linespacing=1.1)  # fmt: skip


def _bar(
    axes: Axes, spot: tuple[float, float], run: Run, parts: list[str], inch: float, units: Scale
) -> None:
    """The parts of one scenario's costs on end, and the interval of the total."""
    (start, y), ci = spot, interval_of(run.results.figure(TOTAL))
    left = start
    for name in parts:
        colour, ink, _ = PARTS[name]
        mean = run.mean(name) or 0.0
        axes.add_patch(
            Rectangle((left, y - 0.14), mean * inch, 0.28, facecolor=colour, ec="white", lw=0.8)
        )
        text = units.plain(mean, half_of(run.results.figure(TOTAL).ci))
        if mean * inch > 0.068 * len(text) + 0.06:
            middle = left + mean * inch / 2
            axes.text(middle, y, text, size=7.5, color=ink, ha="center", va="center")
        left += mean * inch
    if ci is not None:
        ends = [start + end * inch for end in ci]
        axes.plot(ends, [y, y], color=INK, lw=1.6, solid_capstyle="butt", zorder=4)
        for end in ends:
            axes.plot([end, end], [y - 0.06, y + 0.06], color=INK, lw=1.2, zorder=4)


def _number(axes: Axes, x: float, y: float, view: View, run: Run, name: str, units: Scale) -> None:
    """A figure with its interval; of a sum also the change from the base, bold when clear."""
    if name not in SUMS:
        axes.text(x, y, told(run, name, Scale(1.0, "€", units.lang)), size=8, va="center")
        return
    change = difference_of(view, run, name)
    up = 0.0 if change is None else 0.085
    axes.text(x, y - up, told(run, name, units), size=8, va="center")
    if change is None:
        return
    text = changed(change, units)
    clear = change.clear_of_zero
    axes.text(x, y + 0.09, text, size=8, va="center", color=INK if clear else GREY,
              weight="bold" if clear else "normal")  # fmt: skip
