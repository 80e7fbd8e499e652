"""Rates of segments in each scenario, and who gains by them: what `equity` draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from simflow.charts.amounts import half_of, points, scale
from simflow.charts.data import named
from simflow.charts.verdicts import brief, mid, titled
from simflow.experiment.decision import ranked, standings
from simflow.experiment.summary import CONFIDENCE, half_width
from simflow.labels import NO_BREAK, Lang

if TYPE_CHECKING:
    from simflow.charts.data import Run
    from simflow.experiment import Difference, Figure
    from simflow.results import View

WAIT: Final = "first_service_wait"
GOOD: Final = "work_or_education_share"
RATES: Final[dict[str, dict[Lang, tuple[str, str]]]] = {
    "start_share": {
        "en": ("Start the service", "% of those referred"),
        "fi": ("Aloittavat", "% ohjatuista"),
    },
    GOOD: {
        "en": ("Go to work or education", "% of the period's clients"),
        "fi": ("Päätyvät työhön tai koulutukseen", "% kauden asiakkaista"),
    },
    WAIT: {
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

    @property
    def better(self) -> bool:
        """Whether a difference is for the good: a longer wait is not."""
        mean = None if self.difference is None else self.difference.mean
        return mean is not None and (mean < 0 if self.rate == WAIT else mean > 0)


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
    """Who gains or loses most; of a single scenario, who reaches work or education most."""
    good = [cell for cell in cells if cell.rate == GOOD]
    if view.results.replications < 2:
        words = "One run: groups cannot be told apart", "Yksi toisto: ryhmiä ei voi erottaa"
        return words[lang == "fi"]
    if view.comparison is None:
        return _apart(view, good, lang)
    clear = [cell for cell in good if cell.clear]
    if not clear:
        words = (
            "No group clearly gains or loses in reaching work",
            "Mikään ryhmä ei selvästi hyödy eikä häviä",
        )
        return words[lang == "fi"]
    most = max(_of_choice(view, clear), key=lambda cell: abs(_change(cell)))
    assert most.difference is not None  # it is clear
    shown = scale(most.figure.measure, (), lang)
    name = brief(named(view.scenario.segments, most.segment, lang), 4, 30)
    change = shown.signed(_change(most), half_of(most.difference.ci))
    change += f"{NO_BREAK}{points(most.figure.measure, shown)}"
    gains = _change(most) > 0
    message = {
        "en": f"“{name}” {'gains' if gains else 'loses'} most, {change}",
        "fi": f"eniten {'hyötyy' if gains else 'häviää'} ”{name}”, {change}",
    }[lang]
    return titled(most.run.title, message)


def _of_choice(view: View, clear: list[Cell]) -> list[Cell]:
    """The clear gains and losses of the alternative to choose; without one, of all that compete."""
    assert view.comparison is not None  # there are differences
    found = standings(view.comparison)
    best = ranked(found)[:1] or [one for one in found if one.kind != "other_period"]
    names = {standing.name for standing in best}
    return [cell for cell in clear if cell.run.results.scenario in names] or clear


def _change(cell: Cell) -> float:
    """Difference from the base; zero of the base itself."""
    mean = None if cell.difference is None else cell.difference.mean
    return 0.0 if mean is None else mean


def _apart(view: View, good: list[Cell], lang: Lang) -> str:
    """Which segment of a single scenario reaches work or education most, or least, if clearly."""
    order = sorted(good, key=lambda cell: cell.figure.mean or 0.0)
    best, worst = order[-1], order[0]
    if _clear(best, order[-2]):
        chosen, words = best, {"en": "fare best", "fi": "Parhaiten pärjäävät"}
    elif _clear(order[1], worst):
        chosen, words = worst, {"en": "fare worst", "fi": "Heikoimmin pärjäävät"}
    else:
        words = {
            "en": "No group clearly fares best or worst",
            "fi": "Mikään ryhmä ei selvästi pärjää muita paremmin",
        }
        return words[lang]
    shown = scale(chosen.figure.measure, (), lang)
    share = f"{shown.plain(chosen.figure.mean, half_of(chosen.figure.ci))}{NO_BREAK}%"
    name = brief(named(view.scenario.segments, chosen.segment, lang), 7, 44)
    return {
        "en": f"{name} {words[lang]}: {share}",
        "fi": f"{words[lang]}: {mid(name)}, {share}",
    }[lang]


def _clear(more: Cell, less: Cell) -> bool:
    """Whether one rate is above another, replication by replication."""
    pairs = np.subtract(*(cell.run.results.column(cell.figure.measure.name)
                          for cell in (more, less)))  # fmt: skip
    pairs = pairs[np.isfinite(pairs)]
    return len(pairs) > 1 and float(pairs.mean()) > half_width(pairs)
