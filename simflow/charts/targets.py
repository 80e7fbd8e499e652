"""Planned figures: how often each is reached, and how far single runs fall from it."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.axes import Axes

from simflow.charts.amounts import Scale, amount, scale, unit_in_table
from simflow.charts.chart import Chart, Row
from simflow.charts.data import runs, said
from simflow.charts.grid import beside, grid, scale_x
from simflow.charts.style import ACCENT, GREY, MARK
from simflow.experiment.summary import Floats
from simflow.labels import NO_BREAK, Lang, interval, number, percent

if TYPE_CHECKING:
    from simflow.charts.data import Run
    from simflow.measures import Measure
    from simflow.results import View
    from simflow.scenario.costs import Target

ORDER: Final = 15
NARROW: Final = True
_BINS: Final = 24
_MISSED: Final = "#BDBDBD"
_ONCE: Final[dict[Lang, tuple[str, str]]] = {
    "en": ("not reached", "reached"), "fi": ("ei toteudu", "toteutuu"),
}  # fmt: skip

_LIKELY: Final[dict[Lang, tuple[str, str]]] = {"en": ("no", "yes"), "fi": ("ei", "kyllä")}


@dataclass(frozen=True)
class Outcome:
    """A planned figure in one scenario: who asked for it, what came of it.

    Attributes
    ----------
    values : array of float
        The measure in each replication that has a value; not empty.
    reached : array of bool
        Which of them reach the figure.
    """

    run: Run
    measure: Measure
    target: Target
    values: Floats

    @property
    def goal(self) -> float:
        """The planned figure."""
        at_least, at_most = self.target.at_least, self.target.at_most
        return at_least if at_least is not None else 0.0 if at_most is None else at_most

    @property
    def upwards(self) -> bool:
        """Whether the figure is reached from below."""
        return self.target.at_least is not None

    @property
    def reached(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which replications reach the figure."""
        found: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
            self.values >= self.goal if self.upwards else self.values <= self.goal
        )
        return found

    @property
    def probability(self) -> float:
        """Share of replications that reach it."""
        return float(self.reached.mean())

    @property
    def wilson(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the probability."""
        from scipy.stats import binomtest  # slow to import

        found = binomtest(int(self.reached.sum()), len(self.values)).proportion_ci(method="wilson")
        return float(found.low), float(found.high)


def draw(view: View, lang: Lang, narrow: bool = False) -> Chart | None:
    """The chart, or None when no scenario has a target with a value.

    Parameters
    ----------
    view : View
        A run, or a comparison.
    lang : {"en", "fi"}
        Language of the words.
    narrow : bool
        For a narrow screen: panels below each other.
    """
    outcomes = _outcomes(view, lang)
    if not outcomes:
        return None
    titles = {item.run.results.scenario: item.run.title for item in outcomes}
    order = list(titles)
    names = list(dict.fromkeys(item.measure.name for item in outcomes))
    panels = [[item for item in outcomes if item.measure.name == name] for name in names]
    scales = [scale(panel[0].measure, [item.goal for item in panel], lang) for panel in panels]
    heads = [_head(panel, shown) for panel, shown in zip(panels, scales, strict=True)]
    labels = list(titles.values()) if len(titles) > 1 else [""]
    message, below = _headline(outcomes, lang), _subtitle(outcomes, labels, lang)
    step = 0.36 if len(titles) > 1 else 0.5
    picture, drawn = grid(message, below, heads, labels, step=step, room=1.12, narrow=narrow)
    for axes, panel, shown in zip(drawn, panels, scales, strict=True):
        _panel(axes, panel, order, shown)
    alt = " ".join(_sentence(item, lang) for item in outcomes)
    rows = tuple(_row(item, lang) for item in outcomes)
    return Chart(
        "targets-narrow" if narrow else "targets",
        message,
        below,
        alt,
        picture,
        _COLUMNS[lang],
        rows,
    )


def _outcomes(view: View, lang: Lang) -> list[Outcome]:
    """Every target of every scenario that has a value there."""
    return [
        Outcome(run, run.results.figure(name).measure, target, run.values(name))
        for run in runs(view, lang)
        for name, target in run.scenario.targets.items()
        if run.has(name)
    ]


def _head(panel: list[Outcome], shown: Scale) -> tuple[str, str]:
    """What is planned; the figure too when all scenarios have the same."""
    first, lang = panel[0], shown.lang
    words = {"en": ("planned: at least", "planned: at most"),
             "fi": ("suunniteltu: vähintään", "suunniteltu: enintään")}[lang]  # fmt: skip
    same = len({(item.goal, item.upwards) for item in panel}) == 1
    planned = f"{words[not first.upwards]} {amount(first.measure, shown, first.goal)}"
    return said(first.measure.label, lang), planned if same else shown.unit


def _panel(axes: Axes, panel: list[Outcome], order: list[str], shown: Scale) -> None:
    """One target: a strip for each scenario, the part that reaches it in colour."""
    values = np.concatenate([item.values for item in panel] + [[item.goal for item in panel]])
    low, high = float(values.min()), float(values.max())
    whole = bool((values == np.round(values)).all())
    width = max((high - low) / _BINS, 1e-9)
    width = float(ceil(width)) if whole else width
    for item in panel:
        row = order.index(item.run.results.scenario)
        _strip(axes, row, item, width, shown.factor)
        if len(item.values) < 2:
            beside(axes, row, _ONCE[shown.lang][item.probability > 0], bold=True)
            continue
        text = percent(item.probability, shown.lang)
        beside(axes, row, text, bold=True, colour=ACCENT if item.probability >= 0.5 else GREY)
        low_end, high_end = (100 * end for end in item.wilson)
        axes.annotate(
            f"({interval(low_end, high_end, shown.lang)})", (1.03, row), (34, 0),
            axes.get_yaxis_transform(), "offset points", size=7.5, color=GREY, va="center",
        )  # fmt: skip
    scale_x(axes, low * shown.factor, high * shown.factor, shown.lang)


def _strip(axes: Axes, row: int, item: Outcome, width: float, factor: float) -> None:
    """How the replications fall, cut at the target, which itself counts as reached."""
    way = 1.0 if item.upwards else -1.0
    bins = np.floor((item.values - item.goal) * way / width).astype(int)
    found, counts = np.unique(bins, return_counts=True)
    tall = 0.78 * counts / counts.max()
    left = item.goal + way * found * width
    colours = [ACCENT if number_ >= 0 else _MISSED for number_ in found]
    base = row + 0.39
    axes.bar(
        left * factor, -tall, way * width * factor, base, align="edge", color=colours,
        edgecolor="white", lw=0.4, zorder=3,
    )  # fmt: skip
    axes.plot([item.goal * factor] * 2, [row - 0.45, row + 0.45], color=MARK, lw=1.8, zorder=5)


def _headline(outcomes: list[Outcome], lang: Lang) -> str:
    likely, n = sum(item.probability > 0.5 for item in outcomes), len(outcomes)
    if max(len(item.values) for item in outcomes) < 2:
        return {
            "en": f"{likely} of {n} planned figures reached in one run",
            "fi": f"{n} suunnitellusta luvusta {likely} toteutui yhdessä toistossa",
        }[lang]
    return {
        "en": f"{likely} of {n} planned figures are likely to be reached",
        "fi": f"{n} suunnitellusta luvusta {likely} toteutuu todennäköisesti",
    }[lang]


def _subtitle(outcomes: list[Outcome], labels: list[str], lang: Lang) -> str:
    most = max(len(item.values) for item in outcomes)
    if most < 2:
        return {
            "en": "A single run (bar) beside the planned figure (orange line): no probability.",
            "fi": "Yksi toisto (palkki) ja suunniteltu luku (oranssi viiva): ei todennäköisyyttä.",
        }[lang]
    n = number(most, lang)
    words = {
        "en": f"Distribution of {n} runs: blue reaches the planned figure (orange line), grey "
        "falls short. Percentage: share of runs that reach it (95 % interval, Wilson).",
        "fi": f"{n} toiston jakauma: sininen yltää suunniteltuun (oranssi viiva), harmaa ei. "
        "Prosentti: osuus toistoista, jotka yltävät siihen (95 %:n luottamusväli, Wilson).",
    }[lang]
    return words if len(labels) > 1 else f"{outcomes[0].run.title}. {words}"


_COLUMNS: Final[dict[Lang, tuple[str, ...]]] = {
    "en": ("Scenario", "Measure", "Unit", "At least", "At most", "Mean", "Reached", "Runs",
           "Probability", "95 % from", "95 % to", "Likely"),
    "fi": ("Skenaario", "Mittari", "Yksikkö", "Vähintään", "Enintään", "Keskiarvo", "Toteutui",
           "Toistoja", "Todennäköisyys", "95 % alkaen", "95 % asti", "Todennäköinen"),
}  # fmt: skip


def _row(item: Outcome, lang: Lang) -> Row:
    return (
        item.run.title, said(item.measure.label, lang), unit_in_table(item.measure, lang),
        item.target.at_least, item.target.at_most, float(item.values.mean()),
        float(item.reached.sum()), float(len(item.values)), item.probability, *item.wilson,
        _LIKELY[lang][item.probability > 0.5],
    )  # fmt: skip


def _sentence(item: Outcome, lang: Lang) -> str:
    words = {"en": "reached in {} of runs.", "fi": "toteutuu {} toistoista."}[lang]
    share = percent(item.probability, lang).replace(NO_BREAK, " ")
    return f"{item.run.title}, {said(item.measure.label, lang)}: " + words.format(share)
