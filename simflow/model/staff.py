"""Workers' diaries: hours on each day, booked ahead, never more than there are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

from simflow.model.calendar import WORKDAY_END, WORKDAY_START, day_zero

if TYPE_CHECKING:
    from simflow.model.world import World

_ENOUGH = 1e-9


class Diary:
    """One worker's free hours on each day of the run.

    Attributes
    ----------
    index : int
        The worker's number in the log.
    free : list of float
        Hours not yet booked, by day.
    caseload : int
        Clients whose own worker this is.
    """

    __slots__ = ("_weeks", "caseload", "free", "hours", "index", "pool")

    def __init__(self, index: int, pool: Pool, hours: list[float]) -> None:
        self.index = index
        self.pool = pool
        self.hours = hours
        self.free = hours.copy()
        self.caseload = 0
        self._weeks: dict[tuple[str, int], float] = {}

    def fte_now(self, day: int) -> float:
        """Working time around a day as a part of the pool's full-time client work."""
        week = self.hours[max(0, day - 3) : day + 4]
        full = self.pool.full_week
        return sum(week) / full if full > 0 else 0.0

    def works_after(self, day: int) -> bool:
        """Whether any hours are left on the day or later."""
        return any(self.hours[day:])

    def allowance(self, task: str, day: int) -> float:
        """Hours the task may still take in the week of the day, by the skill's limit."""
        limit = self.pool.limits.get(task, 1.0)
        if limit >= 1:
            return float("inf")
        first = day // 7 * 7
        week = sum(self.hours[first : first + 7])
        return limit * week - self._weeks.get((task, day // 7), 0.0)

    def take(self, task: str, day: int, hours: float) -> float:
        """Book hours (negative gives them back); the time of day at which they begin, in days."""
        begins = day + WORKDAY_START + (self.hours[day] - self.free[day]) / 24
        self.free[day] -= hours
        if self.pool.limits.get(task, 1.0) < 1:
            key = (task, day // 7)
            self._weeks[key] = self._weeks.get(key, 0.0) + hours
        return begins


@dataclass(slots=True)
class Slot:
    """Hours booked in a diary (none, and no diary, for work that takes no time)."""

    pool: Pool
    task: str
    time: float
    parts: list[tuple[int, float]]
    diary: Diary | None

    @property
    def hours(self) -> float:
        """Hours booked."""
        return sum(hours for _, hours in self.parts)

    def done(self, client: int = -1) -> None:
        """The work is done: write its rows."""
        if self.diary is None:
            return
        task = self.pool.task_number(self.task)
        for rank, (day, hours) in enumerate(self.parts):
            time = self.time if rank == 0 else day + WORKDAY_START
            self.pool.world.log.write("work", (self.diary.index, task, time, hours, client))

    def cancel(self) -> None:
        """Give the hours back."""
        if self.diary is not None:
            for day, hours in self.parts:
                self.diary.take(self.task, day, -hours)


class Pool:
    """The workers of a pool and the search for a free slot among them."""

    def __init__(self, world: World, name: str, diaries: list[Diary]) -> None:
        self.world = world
        self.name = name
        self.diaries = diaries
        spec = world.scenario.staff[name]
        self.limits = dict(spec.skills)
        self.full_week = spec.hours_a_week * spec.client_work
        self._tasks = {task: rank for rank, task in enumerate(world.names.tasks)}

    def task_number(self, task: str) -> int:
        """The task's number in the log."""
        return self._tasks[task]

    def _may(self, task: str) -> bool:
        return not self.limits or task in self.limits

    def book(
        self, task: str, hours: float, earliest: float, worker: Diary | None = None
    ) -> Slot | None:
        """The first free slot, booked; None when there is none before the run ends.

        Parameters
        ----------
        task : str
            Kind of work.
        hours : float
            Its length; more than a day has is spread over the following days.
        earliest : float
            Time from which the slot may begin, in days.
        worker : Diary, optional
            The only worker asked.
        """
        if hours <= 0:
            return Slot(self, task, earliest, [], None)
        if not self._may(task):
            return None
        first = max(0, floor(earliest))
        if earliest - first > WORKDAY_END:
            first += 1
        best: tuple[int, float, Diary] | None = None
        for diary in (worker,) if worker is not None else self.diaries:
            stop = len(diary.free) if best is None else best[0] + 1
            day = self._first_day(diary, task, hours, first, stop)
            if day is not None and (best is None or (day, -diary.free[day]) < best[:2]):
                best = (day, -diary.free[day], diary)
        if best is None:
            return None
        day, _, diary = best
        parts, left = [], hours
        begins = None
        while left > _ENOUGH and day < len(diary.free):
            part = min(left, diary.free[day])
            if part > _ENOUGH:
                start = diary.take(task, day, part)
                begins = start if begins is None else begins
                parts.append((day, part))
                left -= part
            day += 1
        assert begins is not None
        return Slot(self, task, max(begins, earliest), parts, diary)

    def _first_day(
        self, diary: Diary, task: str, hours: float, first: int, stop: int
    ) -> int | None:
        """First day on which the work fits; the first with any time if no day could hold it."""
        free, limited = diary.free, self.limits.get(task, 1.0) < 1
        wanted = hours - _ENOUGH
        if hours > self.full_week / 5 + _ENOUGH and hours > max(diary.hours, default=0.0):
            wanted = _ENOUGH
        for day in range(first, stop):
            if free[day] >= wanted and (
                not limited or diary.allowance(task, day) >= min(hours, free[day]) - _ENOUGH
            ):
                return day
        return None

    def spread(self, task: str, hours: float, earliest: float) -> list[Slot]:
        """Hours booked as they are free from a time on, by whoever has them; less if none are."""
        slots: list[Slot] = []
        if hours <= 0 or not self._may(task):
            return slots
        day, left = max(0, floor(earliest)), hours
        if earliest - day > WORKDAY_END:
            day += 1
        while left > _ENOUGH and day < self._days:
            for diary in self.diaries:
                part = min(left, diary.free[day], diary.allowance(task, day))
                if part > _ENOUGH:
                    begins = max(earliest, diary.take(task, day, part))
                    slots.append(Slot(self, task, begins, [(day, part)], diary))
                    left -= part
            day += 1
        return sorted(slots, key=lambda slot: slot.time)

    @property
    def _days(self) -> int:
        return len(self.diaries[0].free) if self.diaries else 0

    def least_loaded(self, day: int) -> Diary | None:
        """The worker with the fewest clients for his working time, among those still in post."""
        there = [diary for diary in self.diaries if diary.works_after(day)]
        if not there:
            return None
        return min(there, key=lambda d: (d.caseload + 1) / max(d.fte_now(day), 0.05))

    def heir(self, diary: Diary, day: int) -> Diary | None:
        """Who takes over a client of a worker whose post has ended."""
        return None if diary.works_after(day) else self.least_loaded(day)


def make_pools(world: World) -> dict[str, Pool]:
    """The pools of a run with empty diaries."""
    pools = {}
    for name in world.names.pools:
        pool = pools[name] = Pool(world, name, [])
        pool.diaries = [
            Diary(rank, pool, world.hours[key])
            for rank, key in enumerate(world.names.workers)
            if key[0] == name
        ]
    return pools


def write_available(world: World) -> None:
    """Write each worker's hours for client work in each calendar month."""
    start = day_zero(world.scenario.horizon)
    for rank, key in enumerate(world.names.workers):
        months: dict[tuple[int, int], list[float]] = {}
        for day, hours in enumerate(world.hours[key]):
            date = start + dt.timedelta(days=day)
            month = months.setdefault((date.year, date.month), [float(day), 0.0])
            month[1] += hours
        for first, hours in months.values():
            world.log.write("available", (rank, first, hours))
