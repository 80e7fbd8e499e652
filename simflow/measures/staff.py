"""Hours that staff used and had."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from math import ceil, nan
from typing import Self

import numpy as np

from simflow.measures.accumulators import Floats, Keys, Sum
from simflow.measures.frame import Columns, Entry, Family, Frame, Label, Measure, by, named, text
from simflow.model.once import once
from simflow.scenario.schema import Horizon, Scenario

_YEARS_BY_MONTH = 3


def _share(used: float, had: float) -> float:
    return float(used / had) if had > 0 else nan


@once(kept=4)
def tasks_of(scenario: Scenario) -> dict[str, set[str]]:
    """The kinds of work a scenario gives to each pool."""
    found: dict[str, set[str]] = {pool: set() for pool in scenario.staff}
    for name, part in {**scenario.services, **scenario.channels}.items():
        for item in (part, getattr(part, "search", None), getattr(part, "sessions", None)):
            staff = getattr(item, "staff", None)
            if staff is not None:
                found[staff].add(name)
    casework = scenario.casework
    if casework is not None:
        found[casework.staff] |= {"contact"} if casework.review is None else {"contact", "review"}
    return found


@once(kept=4)
def month_starts(horizon: Horizon) -> Floats:
    """Times of the first moments of the months that begin within the run."""
    date = horizon.start - dt.timedelta(days=ceil(horizon.warm_up))
    starts = []
    while (date := (date.replace(day=1) + dt.timedelta(days=32)).replace(day=1)) <= horizon.end:
        starts.append(horizon.at(date))
    return np.array(starts, dtype=np.float64)


class Staff(Family):
    """Hours by pool, task and month. Hours had in a month cut by the window count in proportion."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        names = frame.names
        self.pool_of = np.array([names.pools.index(pool) for pool, _ in names.workers], np.intp)
        self.tasks = len(names.tasks)
        self.months = frame.months(_YEARS_BY_MONTH)
        self.edges = np.array([month.begin for month in self.months])
        self.month_starts = month_starts(frame.scenario.horizon)

    def start(self) -> None:
        """Hours by pool, task and month."""
        pools, months = len(self.frame.names.pools), max(1, len(self.months))
        self.by_task = Sum(pools * self.tasks)
        self.used, self.had = Sum(pools * months), Sum(pools * months)
        self.all_had = Sum(pools)

    def other(self, table: str, rows: Columns) -> None:
        """Add hours worked, or hours there are."""
        if table == "work":
            now = self.frame.covers(rows["time"]) & (rows["worker"] >= 0)
            pool = self.pool_of[rows.keys("worker")[now]]
            hours, time = rows["hours"][now], rows["time"][now]
            self.by_task.add(pool * self.tasks + rows.keys("task")[now], hours)
            if self.months:
                self.used.add(self._by_month(pool, time), hours)
        elif table == "available":
            self._available(rows)

    def _by_month(self, pool: Keys, time: Floats) -> Keys:
        month = np.searchsorted(self.edges, time, side="right") - 1
        return np.asarray(pool * len(self.months) + np.maximum(month, 0), np.intp)

    def _available(self, rows: Columns) -> None:
        start, pool = rows["time"], self.pool_of[rows.keys("worker")]
        # From the calendar, not from the other rows: those may come in another chunk.
        stops = np.append(self.month_starts, self.frame.end)
        stop = stops[np.searchsorted(self.month_starts, start, side="right")]
        length = np.maximum(np.minimum(stop, self.frame.end) - start, 1e-9)
        inside = self.frame.overlap(start, stop)
        hours = rows["hours"] * np.minimum(inside / length, 1.0)
        self.all_had.add(pool, hours)
        if self.months:
            seen = inside > 0
            middle = np.maximum(start, self.frame.begin)[seen]
            self.had.add(self._by_month(pool[seen], middle), hours[seen])

    def entries(self) -> Iterator[Entry[Self]]:
        """Of each pool."""
        for key, name in enumerate(self.frame.names.pools):
            pool = self.frame.scenario.staff[name]
            label, used = named(name, pool), tasks_of(self.frame.scenario)[name]
            yield from self._totals(key, f"staff.{name}", label)
            for place, month in enumerate(self.months):
                title = text(label, f"utilisation {month.key}", f"käyttöaste {month.key}")
                yield (
                    Measure(f"staff.{name}.month.{month.key}.utilisation", "share", title, "share"),
                    by(key * len(self.months) + place, lambda sums, place: sums._in_month(place)),
                )
            for place, task in enumerate(self.frame.names.tasks):
                if task not in used:
                    continue
                title = text(label, f"hours, {task}", f"tunnit, {task}")
                yield (
                    Measure(f"staff.{name}.task.{task}.hours", "hours", title, "work"),
                    by(key * self.tasks + place, lambda sums, place: sums.by_task.sum(place)),
                )

    def _in_month(self, place: int) -> float:
        return _share(self.used.sum(place), self.had.sum(place))

    def _used(self, key: int) -> float:
        return float(self.by_task.sums[key * self.tasks : (key + 1) * self.tasks].sum())

    def _totals(self, key: int, head: str, label: Label) -> Iterator[Entry[Self]]:
        hours = text(label, "hours of client work", "asiakastyön tunnit")
        yield Measure(f"{head}.hours", "hours", hours, "work"), lambda sums: sums._used(key)
        had = text(label, "hours available", "käytettävissä olevat tunnit")
        yield (
            Measure(f"{head}.available", "hours", had, "work"),
            lambda sums: sums.all_had.sum(key),
        )
        use = text(label, "utilisation", "käyttöaste")
        yield (
            Measure(f"{head}.utilisation", "share", use, "share"),
            lambda sums: _share(sums._used(key), sums.all_had.sum(key)),
        )
