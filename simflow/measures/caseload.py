"""Open relationships: how many, per worker, and since when without contact."""

from __future__ import annotations

from collections.abc import Iterator
from math import nan
from typing import Self

import numpy as np

from simflow.measures.accumulators import Grid, Sum, Tally
from simflow.measures.frame import Entry, Family, Frame, Label, Measure, Relations, by, named, text
from simflow.scenario.staff import Pool, Worker

_YEARS_BY_MONTH = 10


def _in_post(frame: Frame, worker: Worker) -> float:
    """Mean full-time equivalents of a worker in the window, absences left out."""
    at = frame.scenario.horizon.at
    start = frame.begin if worker.from_ is None else max(frame.begin, at(worker.from_))
    stop = frame.end if worker.until is None else min(frame.end, at(worker.until) + 1)
    away = sum(
        max(0.0, min(stop, at(period.until) + 1) - max(start, at(period.from_)))
        for period in worker.away
    )
    return worker.fte * worker.count * max(0.0, stop - start - away) / frame.length


def full_time(frame: Frame, pool: Pool) -> float:
    """Mean full-time equivalents in post in the window."""
    return sum(_in_post(frame, worker) for worker in pool.workers.values())


class Caseload(Family):
    """Numbers inside at chosen moments and on average."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.months = frame.months(_YEARS_BY_MONTH)
        ends = [month.end for month in self.months]
        self.points = np.array([frame.begin, *ends, frame.end])
        casework = frame.scenario.casework
        self.pool = None if casework is None else casework.staff
        self.own = np.array([pool == self.pool for pool, _ in frame.names.workers] + [False], bool)

    def start(self) -> None:
        """Numbers inside, and days."""
        self.grid = Grid(1, self.points)
        self.area = Sum(2)
        self.contact = Tally(1)

    def clients(self, rows: Relations) -> None:
        """Add stays; a client of the casework pool's workers counts for their caseload."""
        inside = rows.inside
        start, stop = rows.started[inside], rows.stop[inside]
        zeros = np.zeros(len(start), np.intp)
        self.grid.add(zeros, start, stop)
        days = self.frame.overlap(start, stop)
        self.area.add(zeros, days)
        if self.pool is not None:
            own = self.own[rows.keys("worker")[inside]]
            self.area.add(zeros[own] + 1, days[own])
            last = rows["last_contact"][inside]
            open_ = np.isinf(stop) & (last == last)
            self.contact.add(zeros[open_], self.frame.end - last[open_])

    def close(self) -> None:
        """Numbers inside at each moment."""
        self.levels = self.grid.levels()[0]

    def _level(self, place: int) -> float:
        return float(self.levels[place])

    def _per_worker(self, workers: float) -> float:
        return float(self.area.sums[1]) / self.frame.length / workers if workers > 0 else nan

    def entries(self) -> Iterator[Entry[Self]]:
        """Start, end, mean, month ends, per worker, contact."""
        label = Label("Caseload at the start", "Asiakkaita alussa")
        yield (
            Measure("caseload.start", "clients", label, "level"),
            lambda sums: sums._level(0),
        )
        label = Label("Caseload at the end", "Asiakkaita lopussa")
        yield (
            Measure("caseload.end", "clients", label, "level"),
            lambda sums: sums._level(-1),
        )
        label = Label("Caseload, mean", "Asiakkaita keskimäärin")
        yield (
            Measure("caseload.mean", "clients", label, "level"),
            lambda sums: sums.area.sum(0) / sums.frame.length,
        )
        for place, month in enumerate(self.months, 1):
            label = Label(f"Caseload at the end of {month.key}", f"Asiakkaita {month.key} lopussa")
            yield (
                Measure(f"caseload.month.{month.key}", "clients", label, "level"),
                by(place, lambda sums, place: sums._level(place)),
            )
        if self.pool is None:
            return
        pool = self.frame.scenario.staff[self.pool]
        workers = full_time(self.frame, pool)
        label = text(
            named(self.pool, pool), "clients per full-time worker", "asiakkaita kokoaikaista kohti"
        )
        yield (
            Measure(f"caseload.per_worker.{self.pool}", "clients", label, "level"),
            lambda sums: sums._per_worker(workers),
        )
        label = Label("Time since last contact, at the end", "Aika viime yhteydestä, lopussa")
        yield (
            Measure("contact.since_last.mean", "days", label, "time"),
            lambda sums: sums.contact.mean(0),
        )
