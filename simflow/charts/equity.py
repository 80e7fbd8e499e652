"""Who gains and who loses: people who begin work or education, group by group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes

from simflow.charts.amounts import half_of
from simflow.charts.brief.picture import ends, told
from simflow.charts.chart import Chart, Row
from simflow.charts.grid import beside, grid, scale_x
from simflow.charts.segments import WHAT, Cell, cells_of, headline, scale_of, title
from simflow.charts.style import ACCENT, GREY, INK
from simflow.charts.verdicts import detailed
from simflow.labels import Lang, number, unit

if TYPE_CHECKING:
    from simflow.charts.data import Run
    from simflow.results import View

ORDER: Final = 110
_HEADS: Final[dict[Lang, tuple[str, str]]] = {
    "en": ("Begin work or education", "Change from the base"),
    "fi": ("Aloittavat työn tai koulutuksen", "Ero lähtökohdasta"),
}


def draw(view: View, lang: Lang) -> Chart | None:
    """The chart, or None when there are fewer than two groups with a count.

    Parameters
    ----------
    view : View
        A run, or a comparison.
    lang : {"en", "fi"}
        Language of the words.
    """
    shown, note = detailed(view, lang)
    cells = cells_of(view, shown)
    groups = list(dict.fromkeys(cell.group for cell in cells if cell.run is shown[0]))
    cells = [cell for cell in cells if cell.group in groups]
    if len(groups) < 2:
        return None
    single = len(shown) == 1
    labels, places = _layout(view, shown, groups, lang)
    message, below = headline(view, cells, lang), _subtitle(view, single, lang) + note
    heads = [(text, unit("persons", lang)) for text in _HEADS[lang][: 1 if single else 2]]
    picture, panels = grid(message, below, heads, labels, step=0.3, room=1.3)
    _levels(panels[0], cells, places, lang)
    if not single:
        _changes(panels[1], [cell for cell in cells if cell.change], places, lang)
        for place, text in enumerate(panels[0].get_yticklabels()):
            text.set_fontweight("bold" if place % (len(shown) + 1) == 0 else "normal")
    alt = " ".join(_sentence(view, cell, lang) for cell in cells)
    rows = tuple(_row(view, cell, lang) for cell in cells)
    return Chart("equity", message, below, alt, picture, _COLUMNS[lang], rows)


def _layout(
    view: View, shown: list[Run], groups: list[str], lang: Lang
) -> tuple[list[str], dict[tuple[str, str], int]]:
    """Labels of the rows, and the row of each group and scenario."""
    labels: list[str] = []
    places: dict[tuple[str, str], int] = {}
    for group in groups:
        if len(shown) > 1:
            labels.append(title(view, group, lang))
        for run in shown:
            places[group, run.results.scenario] = len(labels)
            labels.append(run.title if len(shown) > 1 else title(view, group, lang))
    return labels, places


def _levels(axes: Axes, cells: list[Cell], places: dict[tuple[str, str], int], lang: Lang) -> None:
    """Counts with the interval of their mean."""
    values = [0.0]
    for cell in cells:
        row, shown = places[cell.group, cell.run.results.scenario], scale_of(cell, lang)
        mean, ci = cell.figure.mean or 0.0, cell.figure.ci
        low, high = ci or (mean, mean)
        base = cell.change is None
        axes.plot([low, high], [row, row], color=INK if base else GREY, lw=2)
        axes.plot([mean], [row], "s" if base else "o", color=INK if base else GREY, ms=5.5)
        margin = "" if ci is None else f" {shown.margin(half_of(ci))}"
        beside(axes, row, shown.plain(mean, half_of(ci)) + margin)
        values += [low, high]
    scale_x(axes, min(values), max(values), lang)


def _changes(axes: Axes, cells: list[Cell], places: dict[tuple[str, str], int], lang: Lang) -> None:
    """Changes with their range."""
    values = [0.0]
    axes.axvline(0, color=GREY, lw=0.9, zorder=1)
    for cell in cells:
        if cell.change is None:
            continue
        row, (low, high) = places[cell.group, cell.run.results.scenario], ends(cell.change)
        axes.plot([low, high], [row, row], color=ACCENT, lw=2)
        axes.plot([cell.change.mean], [row], "o", color=ACCENT, ms=5.5)
        beside(axes, row, told(cell.change, scale_of(cell, lang)))
        values += [low, high]
    scale_x(axes, min(values), max(values), lang)


def _subtitle(view: View, single: bool, lang: Lang) -> str:
    n = view.results.replications
    if n < 2:
        alone = {
            "en": "Values of a single run: there is no interval.",
            "fi": "Yhden toiston arvot: luottamusväliä ei ole.",
        }
        return f"{WHAT[lang]}. {alone[lang]}"
    count = number(n, lang)
    first = {
        "en": f"{WHAT['en']}: mean of {count} runs; line and ±: its 95 % interval.",
        "fi": f"{WHAT['fi']}: {count} toiston keskiarvo; viiva ja ±: sen 95 %:n luottamusväli.",
    }[lang]
    range_ = {
        "en": " Change: its 90 % range. Square: the base.",
        "fi": " Ero: sen 90 %:n väli. Neliö: lähtökohta.",
    }[lang]
    return first if single else first + range_


_COLUMNS: Final[dict[Lang, tuple[str, ...]]] = {
    "en": ("Group", "Scenario", "Mean", "95 % from", "95 % to", "Change", "Change, 90 % from",
           "Change, 90 % to", "Runs"),
    "fi": ("Ryhmä", "Skenaario", "Keskiarvo", "95 % alkaen", "95 % asti", "Ero",
           "Ero, 90 % alkaen", "Ero, 90 % asti", "Toistoja"),
}  # fmt: skip


def _row(view: View, cell: Cell, lang: Lang) -> Row:
    figure, change = cell.figure, cell.change
    moved = (None,) * 3 if change is None else (change.mean, change.low, change.high)
    return (title(view, cell.group, lang), cell.run.title, figure.mean,
            *(figure.ci or (None, None)), *moved, float(figure.n))  # fmt: skip


def _sentence(view: View, cell: Cell, lang: Lang) -> str:
    """A count, and its change, in words."""
    shown = scale_of(cell, lang)
    text = f"{title(view, cell.group, lang)}: "
    text += shown.plain(cell.figure.mean, half_of(cell.figure.ci))
    change = "" if cell.change is None else f", {told(cell.change, shown)}"
    return f"{cell.run.title}, {text}{change}."
