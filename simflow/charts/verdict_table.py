"""What is said of each alternative, goal by goal: its class, and the probabilities behind it."""

from __future__ import annotations

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
    columns,
    headline,
    key,
    label,
    odds,
    once,
    ranked,
    sentence,
    shown_as,
    table,
    terms,
)
from simflow.labels import Lang

if TYPE_CHECKING:
    from simflow.experiment import Difference, Figure, Judgement
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
    """The chart, or None without verdicts.

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
    goals = columns(rows)
    width = max(8.0, _LABELS + 0.26 + 0.92 * len(goals))
    each = (width - 0.26 - _LABELS) / len(goals)
    shown = [shown_as(view, goal, lang) for goal in goals]
    heads = [
        _words(goal[0].difference, scale, each) for goal, scale in zip(goals, shown, strict=True)
    ]
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
        base = view.results.figure(goal[0].difference.measure.name)
        _base(axes, left + each / 2, base, scale)
        for line, one in enumerate(goal):
            _cell(axes, left, _BASE + line * _ROW, each, one, scale)
    alt = " ".join(sentence(row, lang) for row in rows)
    return Chart("verdict-table", message, below, alt, picture, *table(rows, lang))


def _subtitle(rows: list[Alternative], lang: Lang) -> str:
    words = {
        "en": "Difference from the base; below it, the probabilities of a benefit and of a harm "
        "that matter. The class follows from both.\n",
        "fi": "Ero lähtökohdasta; sen alla merkittävän hyödyn ja merkittävän haitan "
        "todennäköisyys. Luokka seuraa niistä.\n",
    }
    return once(rows, lang) + words[lang] + key(rows, lang)


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
    """Titles of the base and the alternatives, each with its class."""
    base = {"en": "Base: ", "fi": "Lähtökohta: "}[lang] + title(view.scenario, lang)
    axes.text(0, _BASE / 2, fitted(base, 31, 2), size=8.5, color=GREY, va="center")
    for line, row in enumerate(rows):
        y = _BASE + (line + 0.5) * _ROW
        axes.text(0, y - 0.09, fitted(row.title, 29, 1), size=9, weight="bold", va="center")
        axes.text(0, y + 0.1, fitted(row.word(lang), 31, 1), size=8.5, va="center")


def _base(axes: Axes, middle: float, found: Figure, shown: Scale) -> None:
    """The base's own mean of a goal."""
    text = shown.plain(found.mean, half_of(found.ci))
    scaled = found.measure.unit == "eur" and shown.factor != 1
    axes.text(middle, _BASE / 2 - (0.07 if scaled else 0), text, size=8.5, color=GREY, ha="center",
              va="center")  # fmt: skip
    if scaled:
        axes.text(middle, _BASE / 2 + 0.08, shown.unit, size=7.5, color=GREY, ha="center",
                  va="center")  # fmt: skip


def _cell(axes: Axes, left: float, top: float, each: float, one: Judgement, shown: Scale) -> None:
    """A class: colour, sign, the difference, and the probabilities of benefit and harm."""
    verdict, difference = one.shown, one.difference
    box = Rectangle(
        (left + _GAP, top + _GAP), each - 2 * _GAP, _ROW - 2 * _GAP,
        facecolor=_FACES.get(verdict, _NEUTRAL), edgecolor=_EDGES.get(verdict, _NEUTRAL), lw=1.6,
    )  # fmt: skip
    axes.add_patch(box)
    ink = _INKS.get(verdict, INK)
    middle, y = left + each / 2, top + _ROW / 2
    first = f"{SIGNS[verdict]} {shown.signed(difference.mean, half_of(difference.ci))}"
    bold = "bold" if verdict in _FACES else "normal"
    axes.text(middle, y - 0.075, first, size=9, color=ink, weight=bold, ha="center", va="center")
    axes.text(middle, y + 0.1, odds(one, shown.lang), size=7, color=ink, ha="center", va="center")
