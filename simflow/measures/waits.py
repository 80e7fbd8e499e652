"""Waiting: for each service, and from the relationship's start to the first service.

The mean named `served_mean` is over those who started in the window: it falls when fewer are
served, so it is never a goal (see `outcomes` for waits of everyone). The median, the 90th
percentile and the share within the limit are Kaplan-Meier estimates over all who asked in the
window: those who left the queue, or still wait, count as long as they waited. They are NaN where
the curve does not reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Final, Self

import numpy as np

from simflow.measures.accumulators import Counter, Grid, Sum, Survival, Tally
from simflow.measures.curves import AGES, by_days
from simflow.measures.frame import (
    Entry,
    Family,
    Frame,
    Label,
    Measure,
    Relations,
    Visits,
    by,
    named,
    text,
)

_YEARS_BY_MONTH: Final = 3


class Waits(Family):
    """Waits of each service, and as the last key the wait for the first service."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        services = frame.scenario.services
        self.count = len(frame.names.services)
        limits = [services[name].wait_limit for name in frame.names.services]
        edges = [inf if limit is None else limit for limit in limits]
        self.limits = np.array([*edges, inf])
        starts = frame.scenario.relationship.starts_after
        self.starter = None if starts is None else frame.names.services.index(starts)
        self.months = frame.months(_YEARS_BY_MONTH)
        self.ends = np.array([month.end for month in self.months])

    def start(self) -> None:
        """Waits of those served, curves, and queues."""
        self.served = Tally(self.count + 1)
        self.survival = Survival(self.count + 1, self.limits)
        self.queue = Sum(self.count)
        self.waiting = Counter(self.count)
        self.ages = Tally(self.count)
        self.path = Grid(1, self.ends)

    def visits(self, rows: Visits) -> None:
        """Add waits of services that have a queue."""
        queue_end = np.where(rows.begun, rows.started, rows.stop)
        wait = np.maximum(np.minimum(queue_end, self.frame.end) - rows.requested, 0.0)
        served = rows.start_now
        self.served.add(rows.service[served], wait[served])
        asked = rows.ask_now
        self.survival.add(rows.service[asked], wait[asked], rows.begun[asked])
        self.queue.add(rows.service, self.frame.overlap(rows.requested, queue_end))
        if self.starter is not None:
            mine = rows.service == self.starter
            groups = np.zeros(int(mine.sum()), np.intp)
            self.path.add(groups, rows.requested[mine], queue_end[mine])
        left = np.isinf(queue_end)
        self.waiting.add(rows.service[left])
        self.ages.add(rows.service[left], self.frame.end - rows.requested[left])

    def clients(self, rows: Relations) -> None:
        """Add waits for the first service."""
        first = rows["served"]
        begun = first == first
        stop = np.minimum(np.where(begun, first, rows.stop), self.frame.end)
        wait = np.maximum(stop - rows.started, 0.0)
        # What those there at the start had been served with before is not known.
        new = rows["channel"] != self.frame.stock
        chosen = rows.inside & new & self.frame.covers(first)
        self.served.add(np.full(int(chosen.sum()), self.count, np.intp), wait[chosen])
        asked = rows.start_now & new
        keys = np.full(int(asked.sum()), self.count, np.intp)
        self.survival.add(keys, wait[asked], begun[asked])

    def close(self) -> None:
        """Draw the curves."""
        self.levels = self.path.levels()[0]
        self.curves = self.survival.curves()
        self.by_age: list[list[float]] = self.curves.at(AGES).tolist()

    def entries(self) -> Iterator[Entry[Self]]:
        """Of each service with a queue, and of the first service."""
        for key, name in enumerate(self.frame.names.services):
            service = self.frame.scenario.services[name]
            if service.kind != "guidance":
                label = named(name, service)
                yield from self._times(f"wait.{name}", key, label)
                yield from self._queue(f"wait.{name}", key, label, service.wait_limit)
                yield from by_days(f"wait.{name}", label, by(key, Waits._by_age))
                if key == self.starter:
                    yield from self._path(f"wait.{name}", label)
        first = Label("First service from the start", "Ensimmäinen palvelu alusta")
        yield from self._times("wait.first_service", self.count, first)
        yield from by_days("wait.first_service", first, by(self.count, Waits._by_age))

    def _path(self, head: str, label: Label) -> Iterator[Entry[Self]]:
        """The queue at each month's end."""
        for place, month in enumerate(self.months):
            words = text(label, f"waiting, end of {month.key}", f"jonossa {month.key} lopussa")
            yield (
                Measure(f"{head}.month.{month.key}", "clients", words, "level"),
                by(place, lambda sums, place: float(sums.levels[place])),
            )

    def _by_age(self, key: int) -> list[float]:
        return self.by_age[key]

    def _times(self, head: str, key: int, label: Label) -> Iterator[Entry[Self]]:
        mean = text(label, "mean wait of those served", "palvelluksi tulleiden odotus keskimäärin")
        yield (
            Measure(f"{head}.served_mean", "days", mean, "time"),
            lambda sums: sums.served.mean(key),
        )
        median = text(label, "median wait", "odotusajan mediaani")
        yield (
            Measure(f"{head}.median", "days", median, "time"),
            lambda sums: sums.curves.quantile(key, 0.5),
        )
        p90 = text(label, "wait that nine in ten do not exceed", "odotus, jota 9/10 ei ylitä")
        yield (
            Measure(f"{head}.p90", "days", p90, "time"),
            lambda sums: sums.curves.quantile(key, 0.9),
        )

    def _queue(
        self, head: str, key: int, label: Label, limit: float | None
    ) -> Iterator[Entry[Self]]:
        if limit is not None:
            within = text(
                label, f"begun within {limit:g} days", f"enintään {limit:g} päivää odottaneet"
            )
            yield (
                Measure(f"{head}.within", "share", within, "share"),
                lambda sums: sums.curves.within(key),
            )
        waiting = text(label, "waiting on average", "jonossa keskimäärin")
        yield (
            Measure(f"{head}.waiting", "clients", waiting, "level"),
            lambda sums: sums.queue.sum(key) / sums.frame.length,
        )
        end = text(label, "waiting at the end", "jonossa lopussa")
        yield (
            Measure(f"{head}.waiting_end", "clients", end, "level"),
            lambda sums: sums.waiting.count(key),
        )
        age = text(label, "time waited by those waiting at the end", "lopussa jonottavien odotus")
        yield (
            Measure(f"{head}.waiting_end_age", "days", age, "time"),
            lambda sums: sums.ages.mean(key),
        )
