"""Rates of segments in each scenario, and who gains by them: what `equity` draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from simflow.charts.amounts import half_of, points, scale
from simflow.charts.data import named
from simflow.charts.verdicts import brief
from simflow.experiment.summary import CONFIDENCE, half_width
from simflow.labels import Lang

if TYPE_CHECKING:
    from simflow.charts.data import Run
    from simflow.experiment import Difference, Figure
    from simflow.results import View

GOOD: Final = "work_or_education_share"
RATES: Final[dict[str, dict[Lang, tuple[str, str]]]] = {
    "start_share": {
        "en": ("Start the service", "% of those referred"),
        "fi": ("Aloittavat", "% ohjatuista"),
    },
    GOOD: {
        "en": ("Go to work or education", "% of the period's clients"),
        "fi": ("Päätyvät työhön tai koulutukseen", "% jakson asiakkaista"),
    },
    "first_service_wait": {
        "en": ("Wait for the first service", "days, mean"),
        "fi": ("Odottavat ensimmäistä palvelua", "päivää, keskiarvo"),
    },
}


@dataclass(frozen=True)
class Cell:
    """A rate of a segment in one scenario, and its difference from the base."""

    segment: str
    run: Run
    rate: str
    figure: Figure
    difference: Difference | None
    clear: bool
    """Whether the difference is there, allowing for all differences of the chart."""


def cells_of(view: View, shown: list[Run], segments: list[str], rates: list[str]) -> list[Cell]:
    """The rates that have a value, segment by segment and scenario by scenario."""
    found: list[Cell] = []
    count = len(segments) * len(rates) * max(1, len(shown) - 1)
    for segment in segments:
        for run in shown:
            for rate in rates:
                name = f"segments.{segment}.{rate}"
                if not run.has(name):
                    continue
                difference = None
                if view.comparison is not None and run is not shown[0]:
                    difference = view.comparison.difference(run.results.scenario, name)
                p = None if difference is None else difference.p
                # Bonferroni: few of so many differences may look clear by chance.
                clear = p is not None and p * count < 1 - CONFIDENCE
                figure = run.results.figure(name)
                found.append(Cell(segment, run, rate, figure, difference, clear))
    return found


def headline(view: View, cells: list[Cell], lang: Lang) -> str:
    """Who gains most; of a single scenario, who reaches work or education most."""
    good = [cell for cell in cells if cell.rate == GOOD]
    if view.results.replications < 2:
        return {"en": "One run: groups cannot be told apart",
                "fi": "Yksi ajo: ryhmiä ei voi erottaa toisistaan"}[lang]  # fmt: skip
    if view.comparison is None:
        return _apart(view, good, lang)
    clear = [cell for cell in good if cell.clear and cell.difference is not None]
    if not clear:
        return {"en": "No group clearly gains or loses in reaching work",
                "fi": "Mikään ryhmä ei selvästi hyödy eikä häviä"}[lang]  # fmt: skip
    most = max(clear, key=lambda cell: abs(_change(cell)))
    assert most.difference is not None  # it is clear
    shown = scale(most.figure.measure, (), lang)
    name = brief(named(view.scenario.segments, most.segment, lang), 3)
    change = shown.signed(_change(most), half_of(most.difference.ci))
    change += f" {points(most.figure.measure, shown)}"
    gains = _change(most) > 0
    return {
        "en": f"{name} {'gain' if gains else 'lose'} most: {change} to work or education",
        "fi": f"Eniten {'hyötyvä' if gains else 'häviävä'} ryhmä: {name.lower()}, {change}",
    }[lang]


def _change(cell: Cell) -> float:
    """Difference from the base; zero of the base itself."""
    mean = None if cell.difference is None else cell.difference.mean
    return 0.0 if mean is None else mean


def _apart(view: View, good: list[Cell], lang: Lang) -> str:
    """Which segment of a single scenario reaches work or education most, if that is clear."""
    order = sorted(good, key=lambda cell: cell.figure.mean or 0.0)
    low, high = order[0], order[-1]
    columns = [cell.run.results.column(cell.figure.measure.name) for cell in (high, low)]
    pairs = columns[0] - columns[1]
    pairs = pairs[np.isfinite(pairs)]
    if len(pairs) < 2 or pairs.mean() <= half_width(pairs):
        return {"en": "Groups reach work or education alike",
                "fi": "Ryhmät päätyvät työhön tai koulutukseen yhtä usein"}[lang]  # fmt: skip
    shown = scale(high.figure.measure, (), lang)
    name = brief(named(view.scenario.segments, high.segment, lang), 3)
    ends = [shown.plain(cell.figure.mean, half_of(cell.figure.ci)) for cell in (high, low)]
    return {
        "en": f"{name} reach work or education most: {ends[0]} %",
        "fi": f"Useimmin työhön tai koulutukseen: {name.lower()}, {ends[0]} %",
    }[lang]
