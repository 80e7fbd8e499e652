"""Page one's picture: what each alternative does to the purpose, its range, and its class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from simflow.charts.amounts import Scale, half_of, points, scale
from simflow.charts.brief.canvas import BAND, Across, room, sheet
from simflow.charts.chart import Chart, Row
from simflow.charts.data import said
from simflow.charts.grid import fitted
from simflow.charts.plausible import Change, change_of
from simflow.charts.style import ACCENT, GREY, INK, MARK
from simflow.charts.verdicts import KINDS, Alternative, headline, ranked
from simflow.labels import NO_BREAK, Lang, number

if TYPE_CHECKING:
    from simflow.experiment import Comparison
    from simflow.experiment.verdict import Class
    from simflow.results import View

_WHOLE: Final = 2.0
"""Half-width that whole persons have: people are counted without decimals."""
MOST: Final = 8
"""Alternatives shown: more rows would not be read."""
_PARTS: Final[dict[str, dict[Lang, str]]] = {
    "open_work": {"en": "open work", "fi": "avoimet työmarkkinat"},
    "subsidised_work": {"en": "subsidised jobs", "fi": "palkkatuettu työ"},
    "education": {"en": "education", "fi": "koulutus"},
}
_LOOKS: Final[dict[Class, tuple[str, str, str]]] = {
    "recommended": ("o", ACCENT, ACCENT),
    "saving": ("o", ACCENT, ACCENT),
    "trade_off": ("s", INK, INK),
    "loss": ("D", MARK, MARK),
}
"""Mark, colour and filling; others have an open circle."""
_INKS: Final = {ACCENT: ACCENT, MARK: "#A84600"}


@dataclass(frozen=True)
class _Line:
    """A row of the picture: the alternative, its change of the purpose, and the parts of it."""

    row: Alternative
    change: Change
    parts: tuple[tuple[str, Change], ...]


def draw(view: View, lang: Lang, narrow: bool = False) -> Chart | None:
    """The picture, or None without verdicts.

    Parameters
    ----------
    view : View
        A comparison.
    lang : {"en", "fi"}
        Language of the words.
    narrow : bool
        For a telephone: each alternative stacked, no column beside another.
    """
    every = ranked(view, lang)
    if not every or view.comparison is None:
        return None
    lines = [line for row in every[:MOST] if (line := _line(view.comparison, row, lang))]
    if not lines:
        return None
    goal = every[0].verdict.primary.difference.goal
    matters = 0.0 if goal is None else goal.matters
    measure = lines[0].change.measure
    shown = scale(measure, [line.change.mean for line in lines], lang)
    message, below = headline(every, lang), _subtitle(view.comparison, lines, matters, shown)
    below += _left_out(len(every), lang)
    paint = _stacked if narrow else _beside
    figure = paint(message, below, lines, matters, shown)
    alt = " ".join(f"{line.row.title}: {line.row.word(lang).lower()}, "
                   f"{told(line.change, shown)}." for line in lines)  # fmt: skip
    rows = tuple(_row(line, lang) for line in lines)
    name = "brief-picture-narrow" if narrow else "brief-picture"
    return Chart(name, message, below, alt, figure, _columns(lines, lang), rows)


def _line(comparison: Comparison, row: Alternative, lang: Lang) -> _Line | None:
    name, purpose = row.verdict.name, row.verdict.primary.difference.measure.name
    change = change_of(comparison, name, purpose)
    if change is None:
        return None
    parts = [
        (_part(one.name, said(one.label, lang), lang), change_of(comparison, name, one.name))
        for one in comparison.outcome_measures
        if one.name.startswith(f"{purpose}.")
    ]
    return _Line(row, change, tuple((label, part) for label, part in parts if part is not None))


def _part(name: str, label: str, lang: Lang) -> str:
    known = _PARTS.get(name.rpartition(".")[2])
    return known[lang] if known else label.lstrip("… ")


def ends(change: Change) -> tuple[float, float]:
    """The ends of the range; the mean twice where there is none."""
    low = change.mean if change.low is None else change.low
    return low, change.mean if change.high is None else change.high


def told(change: Change, shown: Scale) -> str:
    """``+12 (+5 … +19)``."""
    low, high = ends(change)
    half = half_of((low, high)) if high > low else float("nan")
    if change.measure.unit in ("persons", "clients") and high > low:
        half = max(half, _WHOLE)
    mean = shown.signed(change.mean, half)
    if change.low is None:
        return mean
    gap = f"{NO_BREAK}…{NO_BREAK}"
    return f"{mean} ({shown.signed(low, half)}{gap}{shown.signed(high, half)})"


def _parts_told(line: _Line, shown: Scale) -> str:
    return ", ".join(
        f"{label}{NO_BREAK}{shown.signed(part.mean, _WHOLE)}" for label, part in line.parts
    )


def _over(lines: list[_Line], matters: float, left: float, right: float) -> Across:
    values = [end for line in lines for end in ends(line.change)]
    return Across.over([*values, -matters * 1.2, matters * 1.2], left, right)


def _beside(message: str, below: str, lines: list[_Line], matters: float, shown: Scale) -> Figure:
    """Title, range, number and class beside each other; parts below."""
    step = 0.44 if lines[0].parts else 0.34
    tall = step * len(lines)
    picture, axes = sheet(message, below, tall + 0.3, narrow=False)
    across = _over(lines, matters, 2.05, 4.3)
    _ground(axes, across, matters, tall)
    for place, line in enumerate(lines):
        y = place * step + 0.15
        axes.text(0, y + 0.02, fitted(line.row.title, 29, 2), size=8.5, weight="bold", va="center",
                  linespacing=1.1)  # fmt: skip
        _range(axes, across, y, line)
        axes.text(4.4, y, told(line.change, shown), size=8.5, va="center")
        _kind(axes, 5.72, y, line, shown.lang, 30)
        axes.text(4.4, y + 0.19, _parts_told(line, shown), size=7, color=GREY, va="center")
    across.scale(axes, tall + 0.02, shown.lang)
    return picture


def _stacked(message: str, below: str, lines: list[_Line], matters: float, shown: Scale) -> Figure:
    """Title and class, number, range over the full width, parts: below each other."""
    wide, step = room(narrow=True), 0.95 + (0.3 if lines[0].parts else 0.0)
    tall = step * len(lines)
    picture, axes = sheet(message, below, tall + 0.3, narrow=True)
    across = _over(lines, matters, 0.05, wide - 0.05)
    for place, line in enumerate(lines):
        y = place * step
        axes.text(0, y + 0.09, fitted(line.row.title, 42, 1), size=9, weight="bold", va="center")
        _kind(axes, 0, y + 0.28, line, shown.lang, 44)
        axes.text(0, y + 0.46, told(line.change, shown), size=9, va="center")
        _ground(axes, across, matters, y + 0.8, y + 0.58)
        _range(axes, across, y + 0.69, line)
        axes.text(0, y + 0.95, fitted(_parts_told(line, shown), 54, 2), size=7.5, color=GREY,
                  va="center", linespacing=1.15)  # fmt: skip
    across.scale(axes, tall + 0.02, shown.lang)
    return picture


def _ground(axes: Axes, across: Across, matters: float, bottom: float, top: float = 0.0) -> None:
    """The band of what does not matter, and the line of no difference."""
    left = across.at(-matters)
    axes.add_patch(Rectangle((left, top), across.at(matters) - left, bottom - top, facecolor=BAND,
                             lw=0, zorder=0))  # fmt: skip
    across.line(axes, 0.0, top, bottom)


def _range(axes: Axes, across: Across, y: float, line: _Line) -> None:
    mark, colour, face = _LOOKS.get(line.row.verdict.kind, ("o", INK, "white"))
    low, high = (across.at(end) for end in ends(line.change))
    axes.plot([low, high], [y, y], color=colour, lw=2.6, solid_capstyle="butt", zorder=3)
    axes.plot([across.at(line.change.mean)], [y], mark, color=colour, mfc=face, mew=1.5, ms=7,
              zorder=4)  # fmt: skip


def _kind(axes: Axes, x: float, y: float, line: _Line, lang: Lang, width: int) -> None:
    """The class in words, as the verdict has it."""
    kind = line.row.verdict.kind
    colour = _INKS.get(_LOOKS.get(kind, ("", INK, ""))[1], INK)
    axes.text(x, y, fitted(KINDS[kind][lang], width, 2), size=8.5, weight="bold", color=colour,
              va="center", linespacing=1.1)  # fmt: skip


def _subtitle(comparison: Comparison, lines: list[_Line], matters: float, shown: Scale) -> str:
    measure, lang = lines[0].change.measure, shown.lang
    unit = points(measure, shown)
    of = {"en": "difference from the present way", "fi": "ero nykytilaan"}[lang]
    range_ = {
        "en": "Line: where it lies with a probability of 90 in 100.",
        "fi": "Viiva: väli, jolla ero on 90 prosentin todennäköisyydellä.",
    }[lang]
    if lines[0].change.low is None:
        range_ = {"en": "A single run: no range.", "fi": "Yksi toisto: väliä ei ole."}[lang]
    band = {
        "en": f"Grey: too small to matter (less than {shown.plain(matters)}).",
        "fi": f"Harmaa: liian pieni merkitäkseen (alle {shown.plain(matters)}).",
    }[lang]
    return f"{said(measure.label, lang)}: {of}, {unit}. {range_} {band}"


def _left_out(n: int, lang: Lang) -> str:
    if n <= MOST:
        return ""
    return {
        "en": f" The first {MOST} of {number(n, lang)} alternatives; all are in the annex.",
        "fi": f" {number(n, lang)} vaihtoehdosta {MOST} ensimmäistä; kaikki ovat liitteessä.",
    }[lang]


def _columns(lines: list[_Line], lang: Lang) -> tuple[str, ...]:
    heads: dict[Lang, tuple[str, ...]] = {
        "en": ("Scenario", "Verdict", "Difference", "90 % from", "90 % to",
               "of it, people asked in one only"),
        "fi": ("Skenaario", "Tulos", "Ero", "90 % alkaen", "90 % asti",
               "siitä vain toisessa kutsutuista"),
    }  # fmt: skip
    return (*heads[lang], *(label for label, _ in lines[0].parts))


def _row(line: _Line, lang: Lang) -> Row:
    change = line.change
    return (line.row.title, line.row.word(lang), change.mean, change.low, change.high,
            change.asked_in_one, *(part.mean for _, part in line.parts))  # fmt: skip
