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
from math import inf, nan
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from simflow.measures.accumulators import Floats, Keys
from simflow.measures.frame import Bools, Entry, Family, Frame, Label, Measure, by, named
from simflow.measures.persons import BEGINNINGS, Gathering, Persons, Terms, renamed
from simflow.model.log import Names
from simflow.model.once import once
from simflow.scenario.schema import Scenario

CAP: Final = 3.0
"""Waits count up to so many times the limit."""
HEAD: Final = "outcome"
"""What the names of these measures begin with: the population's own."""


@dataclass(frozen=True)
class Yardstick:
    """By what outcomes are measured; of the base, when scenarios are compared.

    Attributes
    ----------
    begin, end : float
        The period in which people are asked, in days.
    within : float
        How long each is followed, in days.
    assessed_within, served_within : float
        Limits of the wait for the first meeting and for the first service; NaN without one.
    touch : bool
        Whether days out of touch are counted.
    segments : tuple of str
        Segments by which beginnings are told apart; empty when there is one.
    """

    begin: float
    end: float
    within: float
    assessed_within: float
    served_within: float
    touch: bool
    segments: tuple[str, ...]


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
    yield _of("asked", "persons", "People invited, contacted or asking, or there at the start",
              "Kutsutut, tavoitellut ja itse hakeutuneet sekä alussa asiakkaina olleet", "flow")
    yield _of("begun", "persons", f"People who begin work or education {en}",
              f"Työn tai koulutuksen aloittaneet {fi}", "flow")
    for kind, (part_en, part_fi) in _PARTS.items():
        yield _of(f"begun.{kind}", "persons", f"… {part_en}", f"… {part_fi}", "flow")
    yield _of("open_or_education", "persons", f"People who begin open work or education {en}",
              f"Työn avoimilla markkinoilla tai koulutuksen aloittaneet {fi}", "flow")
    yield from _seen(yard)
    if yard.touch:
        yield _of("out_of_touch", "days", "Days out of touch in the first year, each person"
                  if months == 12 else f"Days out of touch {en}, each person",
                  f"Päiviä ilman yhteyttä {fi}, kukin", "time")
    yield _of("without_result", "persons", "People turned away, lost or left without a result",
              "Ilman tulosta jääneet: käännytetyt, kadonneet ja päätetyt", "flow")
    for name in yard.segments:
        label = named(name, scenario.segments[name])
        yield _of(f"begun_by.{name}", "persons", f"{label.en}: begin work or education",
                  f"{label.fi}: työn tai koulutuksen aloittaneet", "flow")


_PARTS: Final = {
    "open_work": ("first in open work", "ensin avoimille työmarkkinoille"),
    "subsidised_work": ("first in a subsidised job", "ensin palkkatuettuun työhön"),
    "education": ("first in education", "ensin koulutukseen"),
}


def _seen(yard: Yardstick) -> Iterator[Measure]:
    """Shares seen in time, and waits."""
    first, served = yard.assessed_within, yard.served_within
    if first == first:
        yield _of("assessed", "share", f"Assessed within {first:g} days",
                  f"Alkukartoitukseen {first:g} päivässä päässeet", "share")
        yield _of("wait_assessment", "days", f"Wait for the assessment (at most {CAP * first:g} days)",
                  f"Odotus alkukartoitukseen (enintään {CAP * first:g} päivää)", "time")
    if served == served:
        yield _of("first_service", "share", f"In a first service within {served:g} days",
                  f"Ensimmäiseen palveluun {served:g} päivässä päässeet", "share")
        yield _of("wait_first_service", "days",
                  f"Wait for the first service (at most {CAP * served:g} days)",
                  f"Odotus ensimmäiseen palveluun (enintään {CAP * served:g} päivää)", "time")


def _of(name: str, unit: str, en: str, fi: str, kind: str) -> Measure:
    return Measure(f"{HEAD}.{name}", unit, Label(en, fi), kind)  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Side:
    """A scenario's own answer for each person of a population.

    Attributes
    ----------
    rows : array of int
        Rows of the persons; -1 for who was not asked.
    since : array
        From when each is followed, in both scenarios.
    """

    persons: Persons
    rows: Keys
    since: Floats
    yard: Yardstick

    def _read(self, column: Floats, absent: float = inf) -> Floats:
        """A column by person, with a value for who was not asked."""
        if not len(column):
            return np.full(len(self.rows), absent)
        return np.where(self.rows < 0, absent, column[np.maximum(self.rows, 0)])

    def begun(self) -> Floats:
        """When each kind was first begun, if within the follow-up, shape (persons, kinds)."""
        found = np.column_stack([self._read(column) for column in self.persons.begun.T])
        found[found >= (self.since + self.yard.within)[:, None]] = inf
        return found

    def by_then(self, moment: Floats, limit: float, begun: Floats) -> Bools:
        """For whom a moment, or leaving for work or education, came within a limit."""
        return np.minimum(moment, begun) <= self.since + limit + 1e-9

    def waits(self, moment: Floats, limit: float, begun: Floats) -> Floats:
        """Days waited for a moment, at most `CAP` times the limit."""
        return np.clip(np.minimum(moment, begun) - self.since, 0.0, CAP * limit)

    def out_of_touch(self, begun: Floats) -> Floats:
        """Days out of touch until work or education, or the end of the follow-up."""
        until = np.minimum(self.since + self.yard.within, begun)
        here = self.rows >= 0
        touched = np.zeros(len(self.rows))
        touched[here] = self.persons.in_touch(self.rows[here], self.since[here], until[here])
        return np.maximum(until - self.since - touched, 0.0)

    def without_result(self, begun: Floats, ever: Bools) -> Bools:
        """Who was let go, turned away or (though a client in the other scenario) never asked."""
        closed = self._read(self.persons.closed) < self.since + self.yard.within
        return (closed | ((self.rows < 0) & ever)) & np.isinf(begun)


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
        pair = _Pair(self.persons, other.persons, keys, yardstick_of(self.scenario))
        found = pair.values(self.names.segments, other.names.segments)
        return np.array([found[measure.name] for measure in outcome_measures(self.scenario)])


class _Pair:
    """The population of two scenarios, and what each makes of it."""

    def __init__(
        self, base: Persons, other: Persons, keys: NDArray[np.int64], yard: Yardstick
    ) -> None:
        order = np.argsort(keys, kind="stable")
        every = np.union1d(base.key, keys)
        first = base.at(every)
        place = np.minimum(np.searchsorted(keys[order], every), max(len(keys) - 1, 0))
        second = np.where(keys[order][place] == every, order[place], -1) if len(keys) else (
            np.full(len(every), -1))  # fmt: skip
        asked = [_asked(one, rows, yard) for one, rows in ((base, first), (other, second))]
        since = np.minimum(*asked)
        inside = np.isfinite(since)
        self.keys, self.yard = every[inside], yard
        self.sides = [_Side(one, rows[inside], since[inside], yard)
                      for one, rows in ((base, first), (other, second))]  # fmt: skip
        self.client = _either(self.sides, "client")
        self.there = _either(self.sides, "there")

    def values(
        self, base_segments: tuple[str, ...], other_segments: tuple[str, ...]
    ) -> dict[str, tuple[float, float, float]]:
        """By measure, the values of the two and what comes from who was asked in one only."""
        one_only = (self.sides[0].rows < 0) != (self.sides[1].rows < 0)
        segment = _segments(self.sides, base_segments, other_segments)
        columns = [dict(self._columns(side, segment)) for side in self.sides]
        found = {}
        for name, (mine, among) in columns[0].items():
            theirs, _ = columns[1][name]
            count = max(int(among.sum()), 1)
            total = 1.0 if mine.dtype == np.bool_ and name not in _SHARES else float(count)
            low, high = float(mine[among].sum()) / total, float(theirs[among].sum()) / total
            only = among & one_only
            part = (float(theirs[only].sum()) - float(mine[only].sum())) / total
            empty = not among.any() and (name in _SHARES or mine.dtype != np.bool_)
            found[f"{HEAD}.{name}"] = (nan, nan, nan) if empty else (low, high, part)
        return found

    def _columns(self, side: _Side, segment: Keys) -> Iterator[tuple[str, tuple[Floats, Bools]]]:
        """Of each measure, everyone's own value and who is counted."""
        yard, everyone = self.yard, np.ones(len(self.keys), np.bool_)
        kinds = side.begun()
        begun = kinds.min(axis=1, initial=inf)
        any_, first = np.isfinite(begun), kinds.argmin(axis=1)
        asks = everyone & ~self.there
        yield "asked", (side.rows >= 0, everyone)
        yield "begun", (any_, everyone)
        for rank, kind in enumerate(BEGINNINGS):
            yield f"begun.{kind}", (any_ & (first == rank), everyone)
        open_ = np.isfinite(kinds[:, BEGINNINGS.index("open_work")])
        yield "open_or_education", (open_ | np.isfinite(kinds[:, 2]), everyone)
        for name, limit, moment in (
            ("assessment", yard.assessed_within, side.persons.assessed),
            ("first_service", yard.served_within, side.persons.served),
        ):
            if limit == limit:
                when = side._read(moment)
                share = "assessed" if name == "assessment" else name
                yield share, (side.by_then(when, limit, begun), asks)
                yield f"wait_{name}", (side.waits(when, limit, begun), asks & self.client)
        if yard.touch:
            yield "out_of_touch", (side.out_of_touch(begun), self.client)
        yield "without_result", (side.without_result(begun, self.client), everyone)
        for rank, name in enumerate(yard.segments):
            yield f"begun_by.{name}", (any_ & (segment == rank), everyone)


_SHARES: Final = {"assessed", "first_service"}
"""Means of yes and no; the other yes and no are counted."""


def _asked(persons: Persons, rows: Keys, yard: Yardstick) -> Floats:
    """When each was asked, if within the period or there at its start; else infinite."""
    if not len(persons.key):
        return np.full(len(rows), inf)
    when = np.where(rows < 0, inf, persons.asked[np.maximum(rows, 0)])
    return np.where((when >= yard.begin) & (when < yard.end), when, inf)


def _either(sides: list[_Side], name: str) -> Bools:
    """Whether something is so of a person in either scenario."""
    found = [side._read(getattr(side.persons, name).astype(float), 0.0) > 0 for side in sides]
    return np.asarray(found[0] | found[1], np.bool_)


def _segments(
    sides: list[_Side], base_segments: tuple[str, ...], other_segments: tuple[str, ...]
) -> Keys:
    """Rank among the base's segments of each person, from either scenario; -1 where not known."""
    ranks = {name: rank for rank, name in enumerate(base_segments)}
    to_base = np.array([ranks.get(name, -1) for name in other_segments] + [-1], np.intp)
    mine, theirs = (side._read(side.persons.segment.astype(float), -1.0).astype(np.intp)
                    for side in sides)  # fmt: skip
    return np.where(mine >= 0, mine, to_base[theirs])


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
