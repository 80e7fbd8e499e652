"""Which group gains: starts, ends in work or education and waits, segment by segment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes

from simflow.charts.amounts import Scale, half_of, scale, unit_in_table
from simflow.charts.chart import Chart, Row
from simflow.charts.data import named
from simflow.charts.grid import beside, grid, scale_x
from simflow.charts.segments import GOOD, RATES, Cell, cells_of, headline
from simflow.charts.style import ACCENT, GREY, INK, MARK
from simflow.charts.verdicts import detailed
from simflow.labels import Lang, number

if TYPE_CHECKING:
    from simflow.charts.data import Run
    from simflow.results import View

ORDER: Final = 110


def draw(view: View, lang: Lang) -> Chart | None:
    """The chart, or None when there are fewer than two segments with a rate.

    Parameters
    ----------
    view : View
        A run, or a comparison.
    lang : {"en", "fi"}
        Language of the words.
    """
    shown, note = detailed(view, lang)
    segments = [name for name in view.scenario.segments if shown[0].has(f"segments.{name}.{GOOD}")]
    if len(segments) < 2:
        return None
    rates = [rate for rate in RATES if any(shown[0].has(f"segments.{s}.{rate}") for s in segments)]
    cells = cells_of(view, shown, segments, rates)
    single = len(shown) == 1
    labels, places = _layout(view, shown, segments, lang)
    message = headline(view, cells, lang)
    below = _subtitle(view.results.replications, single, lang) + note
    heads = [RATES[rate][lang] for rate in rates]
    picture, panels = grid(message, below, heads, labels, step=0.3)
    for axes, rate in zip(panels, rates, strict=True):
        _panel(axes, [cell for cell in cells if cell.rate == rate], places, lang)
    if not single:
        for place, text in enumerate(panels[0].get_yticklabels()):
            text.set_fontweight("bold" if place % (len(shown) + 1) == 0 else "normal")
    alt = " ".join(_sentence(view, cell, lang) for cell in cells if single or cell.clear) or message
    rows = tuple(_row(view, cell, lang) for cell in cells)
    return Chart("equity", message, below, alt, picture, _COLUMNS[lang], rows)


def _layout(
    view: View, shown: list[Run], segments: list[str], lang: Lang
) -> tuple[list[str], dict[tuple[str, str], int]]:
    """Labels of the rows, and the row of each segment and scenario."""
    labels: list[str] = []
    places: dict[tuple[str, str], int] = {}
    for segment in segments:
        name = named(view.scenario.segments, segment, lang)
        if len(shown) == 1:
            places[segment, shown[0].results.scenario] = len(labels)
            labels.append(name)
            continue
        labels.append(name)
        for run in shown:
            places[segment, run.results.scenario] = len(labels)
            labels.append(run.title)
    return labels, places


def _panel(axes: Axes, cells: list[Cell], places: dict[tuple[str, str], int], lang: Lang) -> None:
    """One rate: a block of rows for each segment, with the base's value drawn through it."""
    shown = scale(cells[0].figure.measure, (), lang)
    ends: list[float] = []
    for cell in cells:
        row = places[cell.segment, cell.run.results.scenario]
        ends += _mark(axes, row, cell, shown)
        if cell.difference is None and len(places) > len({segment for segment, _ in places}):
            mean = (cell.figure.mean or 0.0) * shown.factor
            last = max(place for (segment, _), place in places.items() if segment == cell.segment)
            axes.plot([mean] * 2, [row, last + 0.4], color=GREY, lw=0.9, ls=(0, (4, 2)), zorder=1)
        _number(axes, row, cell, shown)
    scale_x(axes, min(ends), max(ends), lang)


def _mark(axes: Axes, row: int, cell: Cell, shown: Scale) -> list[float]:
    """Mean and interval of a rate; gives the ends of what is drawn."""
    mean = (cell.figure.mean or 0.0) * shown.factor
    low, high = (end * shown.factor for end in cell.figure.ci) if cell.figure.ci else (mean, mean)
    mark, colour, face = _look(cell)
    axes.plot([low, high], [row, row], color=colour, lw=2, solid_capstyle="butt")
    axes.plot([mean], [row], mark, color=colour, ms=6, mew=1.4, mfc=face, zorder=4)
    return [low, high]


def _look(cell: Cell) -> tuple[str, str, str]:
    """Mark, colour and filling: the base, a clear gain, a clear loss, neither."""
    if cell.difference is None:
        return "s", INK, INK
    if not cell.clear:
        return "o", GREY, "white"
    return ("o", ACCENT, ACCENT) if cell.better else ("D", MARK, MARK)


def _number(axes: Axes, row: int, cell: Cell, shown: Scale) -> None:
    """The value; of an alternative also its difference from the base."""
    half = half_of(cell.figure.ci)
    text = shown.plain(cell.figure.mean, half)
    if cell.difference is None:
        margin = "" if cell.figure.ci is None else f" {shown.margin(half)}"
        beside(axes, row, text + margin)
    else:
        change = shown.signed(cell.difference.mean, half_of(cell.difference.ci))
        beside(axes, row, f"{text} ({change})", bold=cell.clear)


def _subtitle(n: int, single: bool, lang: Lang) -> str:
    count = number(n, lang)
    if n < 2:
        return {"en": "Values of a single run: there is no interval.",
                "fi": "Yhden toiston arvot: luottamusväliä ei ole."}[lang]  # fmt: skip
    if single:
        return {
            "en": f"Mean of {count} runs; line and ±: 95 % interval of the mean.",
            "fi": f"{count} toiston keskiarvo; viiva ja ±: keskiarvon 95 %:n luottamusväli.",
        }[lang]
    return {
        "en": f"Mean of {count} runs, its 95 % interval, and in brackets the difference from the "
        "base (square, dashed line).\nFilled circle: clearly better. Diamond: clearly worse, "
        "allowing for all differences shown. Open: not clear.",
        "fi": f"{count} toiston keskiarvo, sen 95 %:n luottamusväli ja suluissa ero lähtökohdasta "
        "(neliö, katkoviiva).\nTäysi ympyrä: selvästi parempi. Vinoneliö: selvästi huonompi, "
        "kaikki erot huomioiden. Avoin: epäselvä.",
    }[lang]


_COLUMNS: Final[dict[Lang, tuple[str, ...]]] = {
    "en": ("Group", "Scenario", "Rate", "Unit", "Mean", "95 % from", "95 % to", "Difference",
           "Difference, 95 % from", "Difference, 95 % to", "p", "Runs"),
    "fi": ("Ryhmä", "Skenaario", "Mittari", "Yksikkö", "Keskiarvo", "95 % alkaen", "95 % asti",
           "Ero", "Ero, 95 % alkaen", "Ero, 95 % asti", "p", "Toistoja"),
}  # fmt: skip


def _row(view: View, cell: Cell, lang: Lang) -> Row:
    figure, difference = cell.figure, cell.difference
    change: tuple[float | None, ...] = (None,) * 4
    if difference is not None:
        change = (difference.mean, *(difference.ci or (None, None)), difference.p)
    return (
        named(view.scenario.segments, cell.segment, lang), cell.run.title,
        RATES[cell.rate][lang][0], unit_in_table(figure.measure, lang), figure.mean,
        *(figure.ci or (None, None)), *change, float(figure.n),
    )  # fmt: skip


def _sentence(view: View, cell: Cell, lang: Lang) -> str:
    """A rate, and its difference from the base, in words."""
    shown = scale(cell.figure.measure, (), lang)
    name = named(view.scenario.segments, cell.segment, lang)
    what, unit = RATES[cell.rate][lang]
    text = f"{name}, {what.lower()}: {shown.plain(cell.figure.mean, half_of(cell.figure.ci))}"
    if cell.difference is None:
        return f"{text} ({unit})."
    change = shown.signed(cell.difference.mean, half_of(cell.difference.ci))
    return f"{cell.run.title}, {text} ({change})."
