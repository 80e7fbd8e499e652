"""The page's first answer: which scenario is better, worse or too close to call on which goal."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from simflow.charts.amounts import Scale, half_of
from simflow.charts.chart import Chart
from simflow.charts.data import title
from simflow.charts.grid import fitted
from simflow.charts.style import ACCENT, GREY, INK, MARK, figure, head, place
from simflow.charts.verdicts import (
    SIGNS,
    Alternative,
    headline,
    key,
    label,
    pairs,
    ranked,
    reading,
    sentence,
    shown_as,
    table,
    terms,
)
from simflow.labels import Lang, number

if TYPE_CHECKING:
    from simflow.experiment import Difference, Figure
    from simflow.results import View

ORDER: Final = 10
_ROW, _BASE, _SMALL = 0.5, 0.4, 0.122
"""Inches: a row, the base's row, a line of small letters."""
_LABELS: Final = 2.15
_GAP: Final = 0.035
_WHITE: Final = "#FFFFFF"
_FACES: Final = {"better": ACCENT, "worse": _WHITE}
_EDGES: Final = {"better": ACCENT, "worse": MARK}
_INKS: Final = {"better": _WHITE, "worse": "#A84600"}
_NEUTRAL: Final = "#EFEFEF"


def draw(view: View, lang: Lang) -> Chart | None:
    """The chart, or None without a comparison or goals.

    Parameters
    ----------
    view : View
        A comparison.
    lang : {"en", "fi"}
        Language of the words.
    """
    rows = ranked(view, lang)
    if not rows:
        return None
    message, below = headline(rows, lang), _subtitle(rows, lang)
    goals = [[row.differences[place] for row in rows] for place in range(len(rows[0].differences))]
    width = max(8.0, _LABELS + 0.26 + 0.92 * len(goals))
    each = (width - 0.26 - _LABELS) / len(goals)
    shown = [shown_as(view, goal, lang) for goal in goals]
    heads = [_words(goal[0], scale, each) for goal, scale in zip(goals, shown, strict=True)]
    tall = max(_tall(*words) for words in heads)
    inner = tall + _BASE + _ROW * len(rows)
    height = inner + head(figure(message, below, width=width)[0]) + 0.1
    picture, axes = figure(message, below, height=height, width=width)
    place(axes, left=0.16, right=0.1, bottom=0.1)
    axes.set_axis_off()
    axes.set_xlim(0, width - 0.26)
    axes.set_ylim(inner - tall, -tall)
    _names(axes, view, rows, lang)
    for column, (goal, scale) in enumerate(zip(goals, shown, strict=True)):
        left = _LABELS + column * each
        _head(axes, left, *heads[column])
        _base(axes, left + each / 2, view.results.figure(goal[0].measure.name), scale)
        for line, difference in enumerate(goal):
            _cell(axes, left, _BASE + line * _ROW, each, difference, scale)
    alt = " ".join(sentence(row, lang) for row in rows)
    return Chart("verdict-table", message, below, alt, picture, *table(rows, lang))


def _subtitle(rows: list[Alternative], lang: Lang) -> str:
    if pairs(rows) < 2:
        return {
            "en": "Difference from the base in a single run each. Without a second run there is no "
            "interval, and chance cannot be told from effect.",
            "fi": "Ero lähtökohdasta yhdessä toistossa. Yhdestä toistosta ei saa luottamusväliä, "
            "eikä sattumaa voi erottaa vaikutuksesta.",
        }[lang]
    n = number(pairs(rows), lang)
    words = {
        "en": f"Difference from the base, ± half of its 95 % interval, {n} paired runs. "
        "Better or worse: beyond what matters, allowing for all comparisons made.\n",
        "fi": f"Ero lähtökohdasta, ± puolet 95 %:n luottamusvälistä, {n} toistoparia. "
        "Parempi tai huonompi: ero on merkittävä, kun kaikki vertailut otetaan huomioon.\n",
    }
    return words[lang] + key(rows, lang)


def _words(goal: Difference, shown: Scale, each: float) -> tuple[str, str]:
    """Head of a column: what is measured, and which way is better and how much matters."""
    title = fitted(label(goal, shown.lang), int(each * 12.6), 7)
    return title, "\n".join(fitted(line, int(each * 17.5), 3) for line in terms(goal, shown))


def _tall(title: str, below: str) -> float:
    """Inches that a head takes."""
    return 0.15 * (title.count("\n") + 1) + _SMALL * (below.count("\n") + 1) + 0.1


def _head(axes: Axes, left: float, title: str, below: str) -> None:
    lines = _SMALL * (below.count("\n") + 1)
    axes.text(left + _GAP, -0.02, below, size=7, color=GREY, va="bottom", linespacing=1.2)
    axes.text(left + _GAP, -0.07 - lines, title, size=8, weight="bold", va="bottom",
              linespacing=1.15)  # fmt: skip


def _names(axes: Axes, view: View, rows: list[Alternative], lang: Lang) -> None:
    """Titles of the base and the alternatives."""
    base = {"en": "Base: ", "fi": "Lähtökohta: "}[lang] + title(view.scenario, lang)
    axes.text(0, _BASE / 2, fitted(base, 31, 2), size=8.5, color=GREY, va="center")
    for line, row in enumerate(rows):
        y = _BASE + (line + 0.5) * _ROW
        axes.text(0, y, fitted(row.title, 27, 2), size=9, weight="bold", va="center")


def _base(axes: Axes, middle: float, found: Figure, shown: Scale) -> None:
    """The base's own mean of a goal."""
    text = shown.plain(found.mean, half_of(found.ci))
    scaled = found.measure.unit == "eur" and shown.factor != 1
    axes.text(middle, _BASE / 2 - (0.07 if scaled else 0), text, size=8.5, color=GREY, ha="center",
              va="center")  # fmt: skip
    if scaled:
        axes.text(middle, _BASE / 2 + 0.08, shown.unit, size=7.5, color=GREY, ha="center",
                  va="center")  # fmt: skip


def _cell(
    axes: Axes, left: float, top: float, each: float, difference: Difference, shown: Scale
) -> None:
    """A verdict: colour, sign, the difference and its half-width."""
    verdict, half = reading(difference), half_of(difference.ci)
    box = Rectangle(
        (left + _GAP, top + _GAP), each - 2 * _GAP, _ROW - 2 * _GAP,
        facecolor=_FACES.get(verdict, _NEUTRAL), edgecolor=_EDGES.get(verdict, _NEUTRAL), lw=1.6,
    )  # fmt: skip
    axes.add_patch(box)
    ink = _INKS.get(verdict, INK)
    middle, y = left + each / 2, top + _ROW / 2
    first = shown.signed(difference.mean, half)
    if verdict != "undefined":
        first = f"{SIGNS[verdict]} {first}"
    second = shown.margin(half) if isfinite(half) and half > 0 else ""
    bold = "bold" if verdict in _FACES else "normal"
    axes.text(middle, y - (0.075 if second else 0), first, size=9, color=ink, weight=bold,
              ha="center", va="center")  # fmt: skip
    axes.text(middle, y + 0.1, second, size=7.5, color=ink, ha="center", va="center")
