"""What each scenario costs the city, by what is paid for, and what a result costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from simflow.charts.amounts import Scale, half_of, scale, unit_in_table
from simflow.charts.chart import Chart, Row
from simflow.charts.data import said
from simflow.charts.grid import fitted
from simflow.charts.style import GREY, INK, figure, head, place
from simflow.charts.verdicts import detailed, titled
from simflow.experiment import ranked
from simflow.labels import NO_BREAK, Lang, number

if TYPE_CHECKING:
    from simflow.charts.data import Run
    from simflow.experiment import Difference
    from simflow.results import View

ORDER: Final = 90
_TOTAL, _NET = "cost.total", "cost.net"
# Neighbours differ in lightness, so that they are told apart in grey too.
_PARTS: Final[dict[str, tuple[str, str, dict[Lang, str]]]] = {
    "cost.staff": ("#0072B2", "white", {"en": "Staff", "fi": "Henkilöstö"}),
    "cost.courses": ("#A6D5F2", INK, {"en": "Courses", "fi": "Kurssit"}),
    "cost.places": ("#009E73", "white", {"en": "Places", "fi": "Paikat"}),
    "cost.subsidy": ("#F5E663", INK, {"en": "Wage top-ups", "fi": "Palkkatuen lisät"}),
    "cost.benefit": ("#D98B5F", INK, {
        "en": "City's share of the labour market subsidy", "fi": "Työmarkkinatuen kuntaosuus",
    }),
}  # fmt: skip
_SUMS: Final[dict[str, dict[Lang, str]]] = {
    _TOTAL: {"en": "Total", "fi": "Yhteensä"},
    _NET: {"en": "Net*", "fi": "Netto*"},
}
_PER: Final[dict[str, dict[Lang, str]]] = {
    "cost.per_started": {"en": "€ per start", "fi": "€ / aloittanut"},
    "cost.per_work_or_education": {
        "en": "€ per exit to\nwork or edu-\ncation",
        "fi": "€ / työhön tai\nkoulutukseen\npäättynyt",
    },
}  # fmt: skip
_WHAT: Final[dict[Lang, tuple[str, str]]] = {
    "en": ("costs", "net costs"), "fi": ("kustannukset", "nettokustannukset"),
}  # fmt: skip
_WIDTH, _ROW, _HEADS, _LABELS, _COLUMN = 7.68, 0.44, 0.84, 1.85, 0.95
"""Inches: the axes, a row, the words above the bars, the rows' labels, a column of numbers."""


def draw(view: View, lang: Lang) -> Chart | None:
    """The chart, or None when the costs are not known.

    Parameters
    ----------
    view : View
        A run, or a comparison.
    lang : {"en", "fi"}
        Language of the words.
    """
    every, note = detailed(view, lang)
    shown = [run for run in every if run.has(_TOTAL)]
    if not shown or shown[0].results is not view.results:
        return None
    by = _NET if shown[0].has(_NET) else _TOTAL
    shown = [shown[0], *sorted(shown[1:], key=lambda run: run.mean(by) or 0.0)]
    parts = [name for name in _PARTS if any((run.mean(name) or 0.0) > 0 for run in shown)]
    numbers = [name for name in (*_SUMS, *_PER) if any(run.has(name) for run in shown)]
    units = scale(view.results.figure(_TOTAL).measure, [run.mean(_TOTAL) for run in shown], lang)
    message, below = _headline(view, shown, by, units), _subtitle(view, by == _NET, units) + note
    inner = _HEADS + _ROW * len(shown)
    height = inner + head(figure(message, below)[0]) + 0.1
    picture, axes = figure(message, below, height=height)
    place(axes, bottom=0.1)
    axes.set_axis_off()
    axes.set_xlim(0, _WIDTH)
    axes.set_ylim(inner - _HEADS, -_HEADS)
    _heads(axes, parts, numbers, units, several=len(shown) > 1)
    room = _left(numbers, 0) - _LABELS - 0.15
    longest = max(_end(run) for run in shown)
    for row, run in enumerate(shown):
        y = (row + 0.5) * _ROW
        bold = "bold" if row == 0 and len(shown) > 1 else "normal"
        axes.text(0, y, fitted(run.title, 26, 2), size=8.5, va="center", weight=bold)
        _bar(axes, y, run, parts, room / longest, units)
        for column, name in enumerate(numbers):
            _number(axes, _left(numbers, column), y, view, run, name, units)
    alt = " ".join(_sentence(run, by, units) for run in shown)
    rows = tuple(row for run in shown for row in _rows(view, run, [*parts, *numbers], lang))
    return Chart("cost-bars", message, below, alt, picture, _COLUMNS[lang], rows)


def _difference(view: View, run: Run, name: str) -> Difference | None:
    """The difference from the base; None of the base itself."""
    if view.comparison is None or run.results is view.results or not run.has(name):
        return None
    return view.comparison.difference(run.results.scenario, name)


def _end(run: Run) -> float:
    """How far a scenario's bar reaches, its interval included, in euros."""
    found = run.results.figure(_TOTAL)
    return max(found.mean or 0.0, *(found.ci or ()), 1.0)


def _left(numbers: list[str], column: int) -> float:
    """Left end of a column of numbers."""
    return _WIDTH - _COLUMN * (len(numbers) - column)


def _heads(axes: Axes, parts: list[str], numbers: list[str], units: Scale, several: bool) -> None:
    """Key of the parts in a line, in the order of the bars, and heads of the numbers."""
    x, lang = 0.0, units.lang
    for name in parts:
        colour, _, words = _PARTS[name]
        axes.add_patch(Rectangle((x, -_HEADS + 0.04), 0.14, 0.14, facecolor=colour, lw=0))
        axes.text(x + 0.2, -_HEADS + 0.115, words[lang], size=8.5, va="center")
        x += 0.42 + 0.076 * len(words[lang])
    change = {"en": "(change)", "fi": "(ero)"}[lang] if several else ""
    for column, name in enumerate(numbers):
        if name in _SUMS:
            text = f"{_SUMS[name][lang]} {change}".strip() + f"\n{units.unit}"
        else:
            text = _PER[name][lang]
        axes.text(_left(numbers, column), -0.03, text, size=7.5, color=GREY, va="bottom",
                  linespacing=1.1)  # fmt: skip


def _bar(axes: Axes, y: float, run: Run, parts: list[str], inch: float, units: Scale) -> None:
    """The parts of one scenario's costs on end, and the interval of the total."""
    ci = run.results.figure(_TOTAL).ci
    left, half = _LABELS, half_of(ci)
    for name in parts:
        colour, ink, _ = _PARTS[name]
        mean = run.mean(name) or 0.0
        axes.add_patch(
            Rectangle((left, y - 0.14), mean * inch, 0.28, facecolor=colour, ec="white", lw=0.8)
        )
        text = units.plain(mean, half)
        if mean * inch > 0.068 * len(text) + 0.06:
            middle = left + mean * inch / 2
            axes.text(middle, y, text, size=7.5, color=ink, ha="center", va="center")
        left += mean * inch
    if ci is not None:
        ends = [_LABELS + end * inch for end in ci]
        axes.plot(ends, [y, y], color=INK, lw=1.6, solid_capstyle="butt", zorder=4)
        for end in ends:
            axes.plot([end, end], [y - 0.06, y + 0.06], color=INK, lw=1.2, zorder=4)


def _number(axes: Axes, x: float, y: float, view: View, run: Run, name: str, units: Scale) -> None:
    """A figure with its interval; of a sum also the change from the base, bold when clear."""
    if name not in _SUMS:
        axes.text(x, y, _told(run, name, Scale(1.0, "€", units.lang)), size=8, va="center")
        return
    change = _difference(view, run, name)
    up = 0.0 if change is None else 0.085
    axes.text(x, y - up, _told(run, name, units), size=8, va="center")
    if change is None:
        return
    half = half_of(change.ci)
    text = units.signed(change.mean, half)
    text += "" if change.ci is None else f" {units.margin(half)}"
    clear = change.clear_of_zero
    axes.text(x, y + 0.09, text, size=8, va="center", color=INK if clear else GREY,
              weight="bold" if clear else "normal")  # fmt: skip


def _told(run: Run, name: str, shown: Scale) -> str:
    """A mean and its half-width."""
    if not run.has(name):
        return shown.plain(None)
    found = run.results.figure(name)
    half = half_of(found.ci)
    return shown.plain(found.mean, half) + ("" if found.ci is None else f" {shown.margin(half)}")


def _headline(view: View, shown: list[Run], by: str, units: Scale) -> str:
    """What the scenario to choose costs; without one, between what the clear differences lie."""
    lang = units.lang
    clear = {
        run.results.scenario: (item, run)
        for run in shown
        if (item := _difference(view, run, by)) and item.clear_of_zero and item.mean is not None
    }
    order = () if view.comparison is None else ranked(view.comparison.verdicts)
    if order and order[0].name in clear:
        item, run = clear[order[0].name]
        return titled(
            run.title, f"{_WHAT[lang][by == _NET]} {_change(item, units)}{NO_BREAK}{units.unit}"
        )
    if clear:
        return _between([item for item, _ in clear.values()], by, units)
    found = shown[0].results.figure(_TOTAL)
    amount = f"{units.plain(found.mean, half_of(found.ci))}{NO_BREAK}{units.unit}"
    if found.n < 2:
        start = {"en": "One run: the base costs", "fi": "Yksi toisto: lähtökohta maksaa"}
    elif len(shown) == 1:
        start = {"en": "The city pays", "fi": "Kaupunki maksaa"}
    else:
        start = {"en": "No clear difference in costs: about", "fi": "Ei selvää kustannuseroa: noin"}
    return f"{start[lang]} {amount}"


def _change(item: Difference, units: Scale) -> str:
    return units.signed(item.mean, half_of(item.ci))


def _between(clear: list[Difference], by: str, units: Scale) -> str:
    """The smallest and the largest of the clear differences.

    No scenario is named: what one saves it may lose elsewhere, so that a saving alone is no
    message.
    """
    ends = f"{NO_BREAK}…{NO_BREAK}".join(dict.fromkeys(
        _change(item, units) for item in (clear[0], clear[-1])
    ))  # fmt: skip
    start = {"en": "Clear changes in", "fi": "Selvät erot,"}[units.lang]
    return f"{start} {_WHAT[units.lang][by == _NET]}: {ends}{NO_BREAK}{units.unit}"


def _subtitle(view: View, net: bool, units: Scale) -> str:
    lang, n = units.lang, view.results.replications
    lines = {
        "en": f"Costs to the city, {units.unit}, ",
        "fi": f"Kaupungin kulut, {units.unit}, ",
    }[lang]
    if n < 2:
        one = {"en": "of a single run: no interval.", "fi": "yksi toisto: ei luottamusväliä."}
        lines += one[lang]
    else:
        lines += {
            "en": f"mean of {number(n, lang)} runs. Black line and ±: 95 % interval",
            "fi": f"{number(n, lang)} toiston keskiarvo. Viiva ja ±: 95 %:n luottamusväli",
        }[lang]
        bold = {"en": "; bold: a change clear of zero", "fi": "; lihavoitu: selvä ero"}[lang]
        lines += f"{bold if view.comparison else ''}."
    note = {
        "en": "\n* Services less the city's share of the subsidy that they save.",
        "fi": "\n* Palvelut vähennettynä työmarkkinatuen kuntaosuudella, jonka ne säästävät.",
    }[lang]
    return lines + (note if net else "")


_COLUMNS: Final[dict[Lang, tuple[str, ...]]] = {
    "en": ("Scenario", "Measure", "Unit", "Mean", "95 % from", "95 % to", "Difference",
           "Difference, 95 % from", "Difference, 95 % to", "Runs"),
    "fi": ("Skenaario", "Mittari", "Yksikkö", "Keskiarvo", "95 % alkaen", "95 % asti", "Ero",
           "Ero, 95 % alkaen", "Ero, 95 % asti", "Toistoja"),
}  # fmt: skip


def _rows(view: View, run: Run, names: list[str], lang: Lang) -> list[Row]:
    """A row for each part and number of a scenario."""
    found: list[Row] = []
    for name in names:
        if not run.has(name):
            continue
        item, change = run.results.figure(name), _difference(view, run, name)
        ends = (None, None, None) if change is None else (change.mean, *(change.ci or (None,) * 2))
        found.append((
            run.title, said(item.measure.label, lang), unit_in_table(item.measure, lang), item.mean,
            *(item.ci or (None, None)), *ends, float(item.n),
        ))  # fmt: skip
    return found


def _sentence(run: Run, by: str, units: Scale) -> str:
    names = [name for name in dict.fromkeys((_TOTAL, by)) if run.has(name)]
    told = [f"{_SUMS[name][units.lang].rstrip('*').lower()} {_told(run, name, units)}"
            for name in names]  # fmt: skip
    return f"{run.title}: {', '.join(told)} {units.unit}."
