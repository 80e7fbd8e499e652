"""Nelson's MORE plot: how single runs vary (risk) apart from how sure the mean is (error).

A confidence interval is easily read as risk, but it shrinks with every run that is added; what a
single year may bring does not.

Source: Nelson, B. L. (2008). The MORE plot: displaying measures of risk & error from simulation
output. Proceedings of the 2008 Winter Simulation Conference, 413-416.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes

from simflow.charts.amounts import (
    Scale,
    amount,
    half_of,
    interval_of,
    scale,
    unit_in_table,
)
from simflow.charts.chart import Chart, Row
from simflow.charts.data import said
from simflow.charts.grid import beside, grid, scale_x
from simflow.charts.style import ACCENT, GREY, INK
from simflow.charts.verdicts import brief, detailed
from simflow.labels import Lang, interval, number

if TYPE_CHECKING:
    from simflow.charts.data import Run
    from simflow.experiment import Figure
    from simflow.measures import Measure
    from simflow.results import View

ORDER: Final = 100
NARROW: Final = True
_MOST: Final = 6
"""Panels: more would not be read."""
_RISK: Final = "#B3D4E8"


def draw(view: View, lang: Lang, narrow: bool = False) -> Chart | None:
    """The chart, or None when no key measure (or goal) has a value.

    Parameters
    ----------
    view : View
        A run, or a comparison.
    lang : {"en", "fi"}
        Language of the words.
    narrow : bool
        For a narrow screen: panels below each other.
    """
    shown, note = detailed(view, lang)
    names = view.results.key_measures or tuple(view.scenario.goals)
    names = tuple(name for name in names if shown[0].has(name))[:_MOST]
    if not names:
        return None
    columns = [[_figure(run, name) for run in shown] for name in names]
    measures = [view.results.figure(name).measure for name in names]
    scales = [_scale(*pair, lang) for pair in zip(measures, columns, strict=True)]
    message = _headline(measures[0], columns[0][0], scales[0])
    below = _subtitle(view.results.replications, lang) + note
    heads = [(said(m.label, lang), s.unit) for m, s in zip(measures, scales, strict=True)]
    labels = [run.title for run in shown] if len(shown) > 1 else [""]
    picture, panels = grid(message, below, heads, labels, narrow=narrow)
    for axes, column, scale_ in zip(panels, columns, scales, strict=True):
        _panel(axes, column, scale_)
    rows = tuple(
        _row(run, measure, column[place], lang)
        for measure, column in zip(measures, columns, strict=True)
        for place, run in enumerate(shown)
    )
    alt = " ".join(_sentence(*three, lang) for three in zip(measures, columns, scales, strict=True))
    name = "more-plot-narrow" if narrow else "more-plot"
    return Chart(name, message, below, alt, picture, _COLUMNS[lang], rows)


def _figure(run: Run, name: str) -> Figure | None:
    """A measure of a run; None when it has no value there."""
    return run.results.figure(name) if run.has(name) else None


def _scale(measure: Measure, column: list[Figure | None], lang: Lang) -> Scale:
    return scale(measure, [None if figure is None else figure.mean for figure in column], lang)


def _ends(figure: Figure) -> tuple[float, float]:
    """5th and 95th percentile."""
    assert figure.percentiles is not None  # it has a value
    return figure.percentiles[5], figure.percentiles[95]


def _panel(axes: Axes, column: list[Figure | None], shown: Scale) -> None:
    """One measure: a row for each scenario, the base's mean drawn through all of them."""
    ends: list[float] = []
    for row, figure in enumerate(column):
        if figure is None or figure.mean is None:
            beside(axes, row, "–")
            continue
        low, high = (end * shown.factor for end in _ends(figure))
        mean = figure.mean * shown.factor
        axes.barh(row, high - low, 0.46, low, color=_RISK, edgecolor=ACCENT, lw=0.8, zorder=2)
        certain = interval_of(figure)
        if certain is not None:
            sure = [end * shown.factor for end in certain]
            axes.plot(sure, [row, row], color=INK, lw=3.2, solid_capstyle="butt", zorder=4)
            ends += sure
        axes.plot([mean], [row], "o", color="white", mec=INK, mew=1.3, ms=4.5, zorder=5)
        beside(axes, row, shown.told(figure))
        ends += [low, high]
        if row == 0 and len(column) > 1:
            axes.axvline(mean, color=GREY, lw=0.9, ls=(0, (4, 2)), zorder=1)
    scale_x(axes, min(ends), max(ends), shown.lang)


def _headline(measure: Measure, figure: Figure | None, shown: Scale) -> str:
    """How far single runs of the base lie apart in the first measure."""
    assert figure is not None and figure.mean is not None  # the base has a value
    lang = shown.lang
    name = brief(said(measure.label, lang), 3)
    if figure.n < 2:
        value = amount(measure, shown, figure.mean)
        return {
            "en": f"{name}: {value} in a single run",
            "fi": f"{name}: {value} yhdessä toistossa",
        }[lang]
    low, high = (end * shown.factor for end in _ends(figure))
    between = interval(low, high, lang, 0 if high - low > 5 else 1)
    return {
        "en": f"{name}: nine runs in ten within {between}",
        "fi": f"{name}: yhdeksän toistoa kymmenestä välillä {between}",
    }[lang]


def _subtitle(n: int, lang: Lang) -> str:
    if n < 2:
        return {
            "en": "A single run: it shows neither risk nor error.",
            "fi": "Yksi toisto: siitä ei näe vaihtelua eikä keskiarvon tarkkuutta.",
        }[lang]
    count = number(n, lang)
    return {
        "en": f"Pale bar: nine runs in ten (5–95 % of {count}), what may come about. "
        "Circle: mean. Black line: its 95 % interval, which more runs would narrow.",
        "fi": f"Vaalea palkki: yhdeksän toistoa kymmenestä (5–95 %, {count} toistoa), eli mitä voi "
        "toteutua. Ympyrä: keskiarvo. Musta viiva: sen 95 %:n luottamusväli, jota lisätoistot "
        "kaventavat.",
    }[lang]


_COLUMNS: Final[dict[Lang, tuple[str, ...]]] = {
    "en": ("Measure", "Unit", "Scenario", "Mean", "95 % from", "95 % to", "5 %", "95 %", "Runs"),
    "fi": ("Mittari", "Yksikkö", "Skenaario", "Keskiarvo", "95 % alkaen", "95 % asti",
           "5 %", "95 %", "Toistoja"),
}  # fmt: skip


def _row(run: Run, measure: Measure, figure: Figure | None, lang: Lang) -> Row:
    head = (said(measure.label, lang), unit_in_table(measure, lang), run.title)
    if figure is None:
        return (*head, *(None,) * 5, 0.0)
    return (
        *head,
        figure.mean,
        *(interval_of(figure) or (None, None)),
        *_ends(figure),
        float(figure.n),
    )


def _sentence(measure: Measure, column: list[Figure | None], shown: Scale, lang: Lang) -> str:
    """The base's figures in words."""
    figure = column[0]
    assert figure is not None  # the base has a value
    mean = amount(measure, shown, figure.mean, half_of(figure.ci))
    if figure.n < 2:
        return f"{said(measure.label, lang)}: {mean}."
    low, high = (end * shown.factor for end in _ends(figure))
    between = interval(low, high, lang, 0 if high - low > 5 else 1)
    words = {"en": "mean {}, nine runs in ten {}.", "fi": "keskiarvo {}, 5–95 % {}."}[lang]
    return f"{said(measure.label, lang)}: " + words.format(mean, between)
