"""Participants, spells, ends, places and seats of each service.

Participants are persons: those whose first visit began in the window, and those who were in the
service when the window opened. (One who was in before, left, and came back in the window is not
counted again: telling him apart would take a memory of every client.)
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, nan
from typing import Final, Self

import numpy as np

from simflow.measures.accumulators import Counter, Floats, Grid, Sum
from simflow.measures.frame import (
    Columns,
    Entry,
    Family,
    Frame,
    Label,
    Measure,
    Visits,
    by,
    named,
    text,
)
from simflow.model.log import Outcome
from simflow.scenario.services import AppointmentService, CourseService, PlacementService, Service

_OUTCOMES: Final = len(Outcome)
_ENDS: Final = (
    ("completed", Outcome.COMPLETED, "completed", "loppuun käyneet"),
    ("dropouts", Outcome.DROPPED, "left early", "keskeyttäneet"),
    ("reneged", Outcome.RENEGED, "gave up waiting", "odotuksesta luopuneet"),
    ("balked", Outcome.BALKED, "found the queue full", "jonon täydeltä kääntyneet"),
    ("refused", Outcome.REFUSED, "place not taken", "paikasta kieltäytyneet"),
    ("not_found", Outcome.NOT_FOUND, "no place found", "paikkaa ei löytynyt"),
)


def _has(service: Service, end: str) -> bool:
    placement = isinstance(service, PlacementService)
    return {
        "completed": True,
        "dropouts": service.dropout is not None,
        "reneged": service.patience is not None,
        "balked": placement and getattr(service, "room", None) is not None,
        "refused": placement and getattr(service, "refusal", None) is not None,
        "not_found": placement and getattr(service, "search", None) is not None,
    }[end]


def places_by_day(frame: Frame, name: str) -> Floats | float | None:
    """Places of a service: a number, or one for each day of the window where dates change it.

    None when they are not limited on any day.
    """
    horizon, base = frame.scenario.horizon, getattr(frame.scenario.services[name], "places", None)
    places: Floats | float = inf if base is None else float(base)
    for regime in frame.scenario.regimes.values():
        change = regime.change.get("services", {}).get(name, {})
        if isinstance(change, dict) and "places" in change:
            stop = inf if regime.until is None else horizon.at(regime.until) + 1
            within = (frame.midday >= horizon.at(regime.from_)) & (frame.midday < stop)
            new = inf if change["places"] is None else float(change["places"])
            places = np.where(within, new, places)
    return places if np.isfinite(places).any() else None


class Services(Family):
    """What happens in services, by service."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.count = len(frame.names.services)

    def start(self) -> None:
        """Counts, days and numbers inside by service."""
        count = self.count
        self.persons, self.spells, self.asked = Counter(count), Counter(count), Counter(count)
        self.ended, self.missed = Counter(count), Counter(count)
        self.outcomes = Counter(count * _OUTCOMES)
        self.area = Sum(count)
        self.grid = Grid(count, self.frame.midday, 1.0)
        self.courses = Counter(2 * count)
        self.enrolled, self.seats = Sum(count), Sum(count)

    def visits(self, rows: Visits) -> None:
        """Count asks, starts and ends, and add stays."""
        frame, service = self.frame, rows.service
        self.asked.add(service[rows.ask_now])
        self.spells.add(service[rows.start_now])
        going_on = rows.begun & (rows.started <= frame.begin) & (rows.stop > frame.begin)
        first = rows.start_now & (rows["visit"] == 1)
        self.persons.add(service[going_on | first])
        now = frame.covers(rows.stop)
        self.ended.add(service[now & rows.begun])
        self.outcomes.add(service[now] * _OUTCOMES + rows.outcome[now])
        in_, start, stop = service[rows.begun], rows.started[rows.begun], rows.stop[rows.begun]
        self.area.add(in_, frame.overlap(start, stop))
        self.grid.add(in_, start, stop)
        if rows.missed is not None:
            missed = frame.covers(rows.missed["ended"])
            self.missed.add(rows.missed.keys("service")[missed])

    def other(self, table: str, rows: Columns) -> None:
        """Count courses and seats."""
        if table == "courses":
            keys, held = rows.keys("service"), rows["held"]
            took_place = self.frame.covers(held)
            cancelled = np.isnan(held) & self.frame.covers(rows["planned"])
            self.courses.add(2 * keys[took_place])
            self.courses.add(2 * keys[cancelled] + 1)
            self.enrolled.add(keys[took_place], rows["enrolled"][took_place])
            self.seats.add(keys[took_place], rows["seats"][took_place])

    def close(self) -> None:
        """Numbers inside by day, and how often each number occurs."""
        self.levels = self.grid.levels()
        self.table = self.outcomes.counts.reshape(-1, _OUTCOMES)
        days = self.levels.shape[1]
        # Service by service: a table of them all would be as large as the levels again.
        below = (np.bincount(level).cumsum() for level in self.levels)
        self.p95 = [int(numbers.searchsorted(0.95 * days)) for numbers in below]
        self.most = self.levels.max(axis=1, initial=0)

    def entries(self) -> Iterator[Entry[Self]]:
        """Of each service, what its kind has."""
        for key, name in enumerate(self.frame.names.services):
            service = self.frame.scenario.services[name]
            label = named(name, service)
            yield from self._people(key, name, label, service)
            if isinstance(service, AppointmentService):
                share = text(label, "meetings missed", "väliin jääneet tapaamiset")
                yield (
                    Measure(f"no_shows.{name}", "share", share, "share"),
                    by(key, lambda sums, key: sums._missed(key)),
                )
            else:
                yield from self._inside(key, name, label)
            if isinstance(service, CourseService):
                yield from self._course(key, name, label)

    def _people(self, key: int, name: str, label: Label, service: Service) -> Iterator[Entry[Self]]:
        def flow(head: str, unit: str, en: str, fi: str) -> Measure:
            return Measure(f"{head}.{name}", unit, text(label, en, fi), "flow")

        yield (
            flow("participants", "persons", "took part", "osallistuneet"),
            lambda sums: sums.persons.count(key),
        )
        yield (
            flow("requests", "visits", "asked for", "pyydetyt"),
            lambda sums: sums.asked.count(key),
        )
        yield flow("spells", "visits", "started", "alkaneet"), lambda sums: sums.spells.count(key)
        yield flow("ended", "visits", "ended", "päättyneet"), lambda sums: sums.ended.count(key)
        for head, outcome, en, fi in _ENDS:
            if _has(service, head):
                yield (
                    flow(head, "visits", en, fi),
                    by((key, outcome), lambda sums, at: float(sums.table[at])),
                )

    def _missed(self, key: int) -> float:
        missed = self.missed.count(key) + self.table[key, Outcome.LOST]
        given = missed + self.table[key, Outcome.COMPLETED]
        return float(missed / given) if given else nan

    def _inside(self, key: int, name: str, label: Label) -> Iterator[Entry[Self]]:
        def level(head: str, en: str, fi: str) -> Measure:
            return Measure(f"occupancy.{name}.{head}", "clients", text(label, en, fi), "level")

        yield (
            level("mean", "inside, mean", "palvelussa keskimäärin"),
            lambda sums: sums.area.sum(key) / sums.frame.length,
        )
        yield (
            level("p95", "inside, 95th percentile of days", "palvelussa, 95. prosenttipiste"),
            lambda sums: float(sums.p95[key]),
        )
        yield (
            level("max", "inside, most", "palvelussa enintään"),
            lambda sums: float(sums.most[key]),
        )
        places = places_by_day(self.frame, name)
        if places is not None:
            full = text(label, "days full", "täysinä päivinä")
            yield (
                Measure(f"occupancy.{name}.full", "share", full, "share"),
                lambda sums: sums._full(key, places),
            )

    def _full(self, key: int, places: Floats | float) -> float:
        level = self.levels[key]
        return float(np.mean(level >= places)) if len(level) else nan

    def _course(self, key: int, name: str, label: Label) -> Iterator[Entry[Self]]:
        filled = text(label, "seats filled", "täytetyt paikat")
        yield (
            Measure(f"seats.{name}.filled", "share", filled, "share"),
            lambda sums: sums._filled(key),
        )
        held = text(label, "courses held", "pidetyt kurssit")
        yield (
            Measure(f"courses.{name}.held", "courses", held, "flow"),
            lambda sums: sums.courses.count(2 * key),
        )
        cancelled = text(label, "courses cancelled", "peruutetut kurssit")
        yield (
            Measure(f"courses.{name}.cancelled", "courses", cancelled, "flow"),
            lambda sums: sums.courses.count(2 * key + 1),
        )

    def _filled(self, key: int) -> float:
        seats = self.seats.sums[key]
        return float(self.enrolled.sums[key] / seats) if seats else nan
