"""Outcomes of everyone who was asked, in one scenario or in two that are compared.

The estimand, in the words of ICH E9 (R1):

- *Population*: every person invited, contacted or asking within the period in either of the two
  scenarios, and everyone there at the start in either. The same person has the same key in both.
- *Variables*: below, each within the follow-up counted from the earlier of a person's two
  referrals (the period's start for those there already): one date for both scenarios.
- *What counts when something else happens*: who is asked in one scenario only counts in the other
  as not assessed, without outcome. Leaving for work or education counts as served. Leaving in any
  other way, being turned away, screened out, lost or still waiting does not: a closed case stays in
  the denominators, and out of touch, to the end of the follow-up.

A scenario by itself is one that is compared with itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import nan
from typing import Final, Self

import numpy as np

from simflow.measures.accumulators import Floats
from simflow.measures.frame import Entry, Family, Frame, Label, Measure, by, named
from simflow.measures.persons import Gathering, Persons, Terms, renamed
from simflow.measures.population import CAP, Pair, Yardstick
from simflow.model.log import Names
from simflow.model.once import once
from simflow.scenario.schema import Scenario

HEAD: Final = "outcome"
"""What the names of these measures begin with: the population's own."""


@once(kept=4)
def yardstick_of(scenario: Scenario) -> Yardstick:
    """The yardstick of a scenario with a follow-up."""
    horizon, starts = scenario.horizon, scenario.relationship.starts_after
    limit = None if starts is None else scenario.services[starts].wait_limit
    served = scenario.relationship.first_service_within
    casework = scenario.casework
    segments = tuple(scenario.segments)
    return Yardstick(
        begin=horizon.warm_up,
        end=horizon.days,
        within=float(horizon.followed_days),
        assessed_within=nan if limit is None else limit,
        served_within=nan if served is None else served,
        touch=casework is not None and casework.in_touch_for is not None,
        segments=segments if len(segments) > 1 else (),
    )


@once(kept=4)
def outcome_measures(scenario: Scenario) -> tuple[Measure, ...]:
    """The outcomes that a scenario has; none without a follow-up."""
    if not scenario.horizon.followed_days:
        return ()
    return tuple(_measures(scenario, yardstick_of(scenario)))


def _measures(scenario: Scenario, yard: Yardstick) -> Iterator[Measure]:
    months = round(yard.within / 30.4375)
    en, fi = (f"within {months} months", f"{months} kuukauden kuluessa")
    if months == 1:
        en, fi = "within a month", "kuukauden kuluessa"
    yield _of(
        "asked",
        "persons",
        "People invited, contacted or asking, or there at the start",
        "Kutsutut, tavoitellut ja itse hakeutuneet sekä alussa asiakkaina olleet",
        "flow",
    )
    yield _of(
        "begun",
        "persons",
        f"People who begin work or education {en}",
        f"Työn tai koulutuksen aloittaneet {fi}",
        "flow",
    )
    for kind, (part_en, part_fi) in _PARTS.items():
        yield _of(f"begun.{kind}", "persons", f"… {part_en}", f"… {part_fi}", "flow")
    yield _of(
        "open_or_education",
        "persons",
        f"People who begin open work or education {en}",
        f"Työn avoimilla markkinoilla tai koulutuksen aloittaneet {fi}",
        "flow",
    )
    yield from _seen(yard)
    if yard.touch:
        yield _of(
            "out_of_touch",
            "days",
            "Days out of touch in the first year, each person"
            if months == 12
            else f"Days out of touch {en}, each person",
            f"Päiviä ilman yhteyttä {fi}, kukin",
            "time",
        )
    yield _of(
        "without_result",
        "persons",
        "People turned away, never met, lost or left without a result",
        "Ilman tulosta jääneet: käännytetyt, tapaamatta jääneet, kadonneet ja päätetyt",
        "flow",
    )
    for name in yard.segments:
        label = named(name, scenario.segments[name])
        yield _of(
            f"begun_by.{name}",
            "persons",
            f"{label.en}: begin work or education",
            f"{label.fi}: työn tai koulutuksen aloittaneet",
            "flow",
        )


_PARTS: Final = {
    "open_work": ("first in open work", "ensin avoimille työmarkkinoille"),
    "subsidised_work": ("first in a subsidised job", "ensin palkkatuettuun työhön"),
    "education": ("first in education", "ensin koulutukseen"),
}


def _seen(yard: Yardstick) -> Iterator[Measure]:
    """Shares seen in time, and waits."""
    first, served = yard.assessed_within, yard.served_within
    if first == first:
        yield _of(
            "assessed",
            "share",
            f"Assessed within {first:g} days",
            f"Alkukartoitukseen {first:g} päivässä päässeet",
            "share",
        )
        most = CAP * first
        yield _of(
            "wait_assessment",
            "days",
            f"Wait for the assessment (at most {most:g} days)",
            f"Odotus alkukartoitukseen (enintään {most:g} päivää)",
            "time",
        )
    if served == served:
        yield _of(
            "first_service",
            "share",
            f"In a first service within {served:g} days",
            f"Ensimmäiseen palveluun {served:g} päivässä päässeet",
            "share",
        )
        yield _of(
            "wait_first_service",
            "days",
            f"Wait for the first service (at most {CAP * served:g} days)",
            f"Odotus ensimmäiseen palveluun (enintään {CAP * served:g} päivää)",
            "time",
        )


def _of(name: str, unit: str, en: str, fi: str, kind: str) -> Measure:
    return Measure(f"{HEAD}.{name}", unit, Label(en, fi), kind)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Followed:
    """What became of each person in one replication of a scenario.

    Attributes
    ----------
    persons : Persons
        The persons.
    names : Names
        What channels' and segments' ranks stand for.
    scenario : Scenario
        The scenario.
    """

    persons: Persons
    names: Names
    scenario: Scenario

    def compared(self, other: Followed) -> Floats:
        """Outcomes of this scenario, the base, and of another over the people asked in either.

        Returns
        -------
        array, shape (outcomes, 3)
            Of each of the base's outcomes: its value, the other's, and how much of the difference
            comes from people asked in one of the two only; NaN where nobody is counted.
        """
        ranks = {name: rank for rank, name in enumerate(self.names.channels)}
        places = [ranks.setdefault(name, len(ranks)) for name in other.names.channels]
        keys = renamed(other.persons.key, np.array(places, np.intp))
        pair = Pair(self.persons, other.persons, keys, yardstick_of(self.scenario))
        found = pair.values(self.names.segments, other.names.segments)
        return np.array(
            [
                found[measure.name.removeprefix(f"{HEAD}.")]
                for measure in outcome_measures(self.scenario)
            ]
        )


class Outcomes(Family):
    """A scenario's outcomes over its own people; its rows are not cut at the period's end."""

    whole = True

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.terms = Terms(frame)

    def start(self) -> None:
        """Nobody yet."""
        self.gathering = Gathering(self.terms)

    def rows(self, table: str, array: Floats) -> None:
        """Take rows of the whole log."""
        self.gathering.rows(table, array)

    def close(self) -> None:
        """Sum up."""
        frame = self.frame
        self.followed = Followed(self.gathering.persons(), frame.names, frame.scenario)
        self.found = self.followed.compared(self.followed)[:, 0]

    def entries(self) -> Iterator[Entry[Self]]:
        """Each outcome."""
        for place, measure in enumerate(outcome_measures(self.frame.scenario)):
            yield measure, by(place, lambda sums, place: float(sums.found[place]))
