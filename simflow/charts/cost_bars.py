"""What each scenario costs the city, by what is paid for, and what a result costs."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from simflow.charts.amounts import Scale, half_of, scale
from simflow.charts.chart import Chart, Row
from simflow.charts.data import runs, said
from simflow.charts.grid import fitted
from simflow.charts.style import GREY, INK, figure, head, place
from simflow.charts.verdicts import brief
from simflow.experiment.summary import half_width
from simflow.labels import NO_BREAK, Lang, number

if TYPE_CHECKING:
    from simflow.charts.data import Run
    from simflow.experiment import Difference
    from simflow.results import View

ORDER: Final = 90
_TOTAL: Final = "cost.total"
# Neighbours differ in lightness, so that they are told apart in grey too.
_PARTS: Final[dict[str, tuple[str, str, dict[Lang, str]]]] = {
    "cost.staff": ("#0072B2", "white", {"en": "Staff", "fi": "Henkilöstö"}),
    "cost.courses": ("#A6D5F2", INK, {"en": "Courses", "fi": "Kurssit"}),
    "cost.places": ("#009E73", "white", {"en": "Places", "fi": "Paikat"}),
    "cost.subsidy": ("#F5E663", INK, {"en": "Wage top-ups", "fi": "Palkkatuen lisät"}),
    "cost.benefit": ("#D98B5F", INK,
                     {"en": "City's share of benefit", "fi": "Työmarkkinatuen kuntaosuus"}),
}  # fmt: skip
_PER: Final[dict[str, dict[Lang, str]]] = {
    "cost.per_started": {"en": "€ per client\nstarted", "fi": "€ / alkanut\nasiakkuus"},
    "cost.per_work_or_education": {
        "en": "€ per exit to work\nor education", "fi": "€ / työhön tai\nkoulutukseen",
    },
}  # fmt: skip
_ROW, _HEADS, _LABELS, _COLUMN = 0.44, 0.78, 1.95, 1.12
"""Inches: a row, the words above the bars, the rows' labels, a column of numbers."""


def draw(view: View, lang: Lang) -> Chart | None:
    """The chart, or None when the costs are not known.

    Parameters
    ----------
    view : View
        A run, or a comparison.
    lang : {"en", "fi"}
        Language of the words.
    """
    shown = [run for run in runs(view, lang) if run.has(_TOTAL)]
    if not shown or shown[0].results is not view.results:
        return None
    differences = [_difference(view, run) for run in shown]
    order = [0, *sorted(range(1, len(shown)), key=lambda place: shown[place].mean(_TOTAL) or 0.0)]
    shown = [shown[place] for place in order]
    differences = [differences[place] for place in order]
    parts = [name for name in _PARTS if any((run.mean(name) or 0.0) > 0 for run in shown)]
    per = [name for name in _PER if any(run.has(name) for run in shown)]
    units = scale(view.results.figure(_TOTAL).measure, [run.mean(_TOTAL) for run in shown], lang)
    message, below = _headline(shown, differences, units), _subtitle(view, units, lang)
    inner = _HEADS + _ROW * len(shown)
    height = inner + head(figure(message, below)[0]) + 0.1
    picture, axes = figure(message, below, height=height)
    place(axes, bottom=0.1)
    axes.set_axis_off()
    axes.set_xlim(0, 7.68)
    axes.set_ylim(inner - _HEADS, -_HEADS)
    room = 7.68 - _LABELS - _COLUMN * (1 + len(per)) - 0.1
    _heads(axes, parts, per, units, several=len(shown) > 1)
    longest = max(max(run.values(_TOTAL).max() for run in shown), 1.0)
    for row, (run, difference) in enumerate(zip(shown, differences, strict=True)):
        y = (row + 0.5) * _ROW
        bold = "bold" if row == 0 and len(shown) > 1 else "normal"
        axes.text(0, y, fitted(run.title, 28, 2), size=8.5, va="center", weight=bold)
        _bar(axes, y, run, parts, room / longest, units)
        _numbers(axes, y, run, difference, per, units)
    alt = " ".join(_sentence(run, units) for run in shown)
    rows = tuple(
        row
        for run, difference in zip(shown, differences, strict=True)
        for row in _rows(run, difference, parts, lang)
    )
    return Chart("cost-bars", message, below, alt, picture, _COLUMNS[lang], rows)


def _difference(view: View, run: Run) -> Difference | None:
    if view.comparison is None or run.results is view.results:
        return None
    return view.comparison.difference(run.results.scenario, _TOTAL)


def _left(per: list[str], column: int) -> float:
    """Left end of a column of numbers."""
    return 7.68 - _COLUMN * (1 + len(per) - column)


def _heads(axes: Axes, parts: list[str], per: list[str], units: Scale, several: bool) -> None:
    """Key of the parts in a line, in the order of the bars, and heads of the numbers."""
    x, lang = 0.0, units.lang
    for name in parts:
        colour, _, words = _PARTS[name]
        axes.add_patch(Rectangle((x, -_HEADS + 0.04), 0.14, 0.14, facecolor=colour, lw=0))
        axes.text(x + 0.2, -_HEADS + 0.115, words[lang], size=8.5, va="center")
        x += 0.42 + 0.078 * len(words[lang])
    total = {"en": "Total", "fi": "Yhteensä"}[lang]
    if several:
        total += {"en": " (and change)", "fi": " (ja ero)"}[lang]
    total += f"\n{units.unit}"
    for column, text in enumerate([total, *(_PER[name][lang] for name in per)]):
        axes.text(_left(per, column), -0.05, text, size=7.5, color=GREY, va="bottom",
                  linespacing=1.15)  # fmt: skip


def _bar(axes: Axes, y: float, run: Run, parts: list[str], inch: float, units: Scale) -> None:
    """The parts of one scenario's costs on end, and the interval of the total."""
    ci = run.results.figure(_TOTAL).ci
    left, half = _LABELS, half_of(ci)
    for name in parts:
        colour, ink, _ = _PARTS[name]
        mean = run.mean(name) or 0.0
        axes.add_patch(Rectangle((left, y - 0.14), mean * inch, 0.28, facecolor=colour,
                                 edgecolor="white", lw=0.8))  # fmt: skip
        text = units.plain(mean, half)
        if mean * inch > 0.075 * len(text) + 0.04:
            axes.text(left + mean * inch / 2, y, text, size=7.5, color=ink, ha="center",
                      va="center")  # fmt: skip
        left += mean * inch
    if ci is not None:
        ends = [_LABELS + end * inch for end in ci]
        axes.plot(ends, [y, y], color=INK, lw=1.6, solid_capstyle="butt", zorder=4)
        for end in ends:
            axes.plot([end, end], [y - 0.06, y + 0.06], color=INK, lw=1.2, zorder=4)


def _numbers(
    axes: Axes, y: float, run: Run, difference: Difference | None, per: list[str], units: Scale
) -> None:
    """Total, difference from the base, and what a result costs."""
    total, left = run.results.figure(_TOTAL), _left(per, 0)
    text = _with_margin(units, total.mean, half_of(total.ci))
    axes.text(left, y - (0.085 if difference else 0), text, size=8.5, va="center")
    if difference is not None:
        half = half_of(difference.ci)
        change = units.signed(difference.mean, half)
        change += "" if difference.ci is None else f" {units.margin(half)}"
        clear = difference.clear_of_zero
        axes.text(left, y + 0.09, change, size=8, va="center", color=INK if clear else GREY,
                  weight="bold" if clear else "normal")  # fmt: skip
    for column, name in enumerate(per, 1):
        values = run.values(name)
        mean, half = run.mean(name), half_width(values)
        one = Scale(1.0, "€", units.lang)
        axes.text(_left(per, column), y, _with_margin(one, mean, half), size=8.5, va="center")


def _with_margin(shown: Scale, mean: float | None, half: float) -> str:
    margin = f" {shown.margin(half)}" if mean is not None and isfinite(half) else ""
    return shown.plain(mean, half) + margin


def _headline(shown: list[Run], differences: list[Difference | None], units: Scale) -> str:
    """Which alternative costs least or most, when that is clear; else what the base costs."""
    lang = units.lang
    clear = [
        (run, item)
        for run, item in zip(shown, differences, strict=True)
        if item is not None and item.clear_of_zero and item.mean is not None
    ]
    if not clear:
        total = shown[0].results.figure(_TOTAL)
        amount = f"{units.plain(total.mean, half_of(total.ci))} {units.unit}"
        if total.n < 2:
            return {"en": f"One run: the base costs {amount}",
                    "fi": f"Yksi ajo: vertailukohta maksaa {amount}"}[lang]  # fmt: skip
        if len(shown) == 1:
            return {"en": f"The city pays {amount}", "fi": f"Kaupunki maksaa {amount}"}[lang]
        return {"en": f"No clear difference in costs: about {amount}",
                "fi": f"Kustannuksissa ei selvää eroa: noin {amount}"}[lang]  # fmt: skip
    run, item = min(clear, key=lambda pair: pair[1].mean or 0.0)
    cheaper = (item.mean or 0.0) < 0
    if not cheaper:
        run, item = max(clear, key=lambda pair: pair[1].mean or 0.0)
    change = f"{units.signed(item.mean, half_of(item.ci))}{NO_BREAK}{units.unit}"
    name = brief(run.title, 5)
    return {
        "en": f"{name} {'saves' if cheaper else 'costs'} most: {change}",
        "fi": f"Eniten {'säästää' if cheaper else 'maksaa'} {name}: {change}",
    }[lang]


def _subtitle(view: View, units: Scale, lang: Lang) -> str:
    n = number(view.results.replications, lang)
    if view.results.replications < 2:
        return {
            "en": f"Costs to the city in {units.unit}; a single run, so no interval.",
            "fi": f"Kaupungin kustannukset, {units.unit}; yksi ajo, joten luottamusväliä ei ole.",
        }[lang]
    bold = (
        (
            "; bold: the change from the base is clear of zero.",
            "; lihavoitu: ero vertailukohdasta poikkeaa nollasta.",
        )
        if view.comparison
        else (".", ".")
    )
    return {
        "en": f"Costs to the city in {units.unit}, mean of {n} runs. Black line and ±: 95 % "
        "interval of the mean" + bold[0],
        "fi": f"Kaupungin kustannukset, {units.unit}, {n} ajon keskiarvo. Musta viiva ja ±: 95 %:n "
        "luottamusväli" + bold[1],
    }[lang]


_COLUMNS: Final[dict[Lang, tuple[str, ...]]] = {
    "en": ("scenario", "measure", "unit", "mean", "ci_low", "ci_high", "difference",
           "difference_ci_low", "difference_ci_high", "runs"),
    "fi": ("vaihtoehto", "mittari", "yksikkö", "keskiarvo", "lv_ala", "lv_ylä", "ero",
           "eron_lv_ala", "eron_lv_ylä", "ajoja"),
}  # fmt: skip


def _rows(run: Run, difference: Difference | None, parts: list[str], lang: Lang) -> list[Row]:
    """A row for each part, for the total and for what a result costs."""
    found: list[Row] = []
    for name in (*parts, _TOTAL, *_PER):
        if not run.has(name):
            continue
        item = run.results.figure(name)
        change: tuple[float | None, ...] = (None,) * 3
        if name == _TOTAL and difference is not None:
            change = (difference.mean, *(difference.ci or (None, None)))
        found.append((
            run.title, said(item.measure.label, lang), item.measure.unit, item.mean,
            *(item.ci or (None, None)), *change, float(item.n),
        ))  # fmt: skip
    return found


def _sentence(run: Run, units: Scale) -> str:
    total = run.results.figure(_TOTAL)
    return f"{run.title}: {_with_margin(units, total.mean, half_of(total.ci))} {units.unit}."
