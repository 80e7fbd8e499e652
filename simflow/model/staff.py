"""Staff: pools of workers who share the same kinds of work, and whom they book."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

from simflow.model.calendar import WORKDAY_END, day_zero
from simflow.model.diary import DUST, Diary, Slot
from simflow.scenario.schema import Scenario

if TYPE_CHECKING:
    from simflow.model.world import World


class Pool:
    """Workers who share the same kinds of work.

    Parameters
    ----------
    world : World
        The replication.
    name : str
        The pool's name in `staff`.
    """

    def __init__(self, world: World, name: str) -> None:
        self.name = name
        self.diaries: list[Diary] = []
        self.tasks = {task: rank for rank, task in enumerate(world.names.tasks)}
        self.write_work = world.log.writer("work")
        first = day_zero(world.scenario.horizon)
        # A warm-up in parts of a day puts midnight between whole numbers.
        self.shift = world.scenario.horizon.at(first)
        self.weekday = first.weekday()
        self._shares: dict[str, float] = {}
        """Part of a worker's week that each task may take; 0 when the pool does not do it."""

    def day_of(self, time: float) -> int:
        """Number of the day in which the time lies."""
        return int(time - self.shift)

    def reform(self, world: World) -> None:
        """Take over the scenario in force: who may do what, and the working time of each post."""
        spec = world.scenario.staff[self.name]
        skills = dict(spec.skills)
        if skills:
            # Skills need not list reviews apart: they are casework.
            skills.setdefault("review", skills.get("contact", 0.0))
        self._shares = {task: skills.get(task, 0.0) if skills else 1.0 for task in self.tasks}
        for diary in self.diaries:
            post = spec.workers.get(world.names.workers[diary.index][1].split("#")[0])
            diary.fte = 1.0 if post is None else post.fte

    def _first_day(self, earliest: float) -> int:
        """Day of the time, or the next one when its working hours are over."""
        since = earliest - self.shift
        day = int(since)
        return day if since - day < WORKDAY_END else day + 1

    def book(
        self, task: str, hours: float, earliest: float, worker: Diary | None = None
    ) -> Slot | None:
        """Book the first free time for a piece of work.

        Parameters
        ----------
        task : str
            The kind of work.
        hours : float
            How long it takes; more than any day has is spread over several.
        earliest : float
            Time (days) before which it cannot begin.
        worker : Diary or None
            Who must do it; anyone of the pool when None. Among those free at the same moment it
            is the one with the fewest hours booked.

        Returns
        -------
        Slot or None
            None when nothing is free before the run ends.
        """
        if hours <= 0:
            return Slot(earliest, 0.0, None, task)
        share = self._shares[task]
        if share <= 0:
            return None
        day = self._first_day(earliest)
        diaries = self.diaries if worker is None else [worker]
        best, when = None, (inf, day)
        for diary in diaries:
            found = diary.find(task, share, hours, day, earliest)
            if found is not None and (
                best is None or (found[0], diary.booked) < (when[0], best.booked)
            ):
                best, when = diary, found
        if best is None:
            return self._book_long(task, share, hours, earliest, diaries)
        time, day = when
        part = day, time, hours
        best.take(task, share, part)
        return Slot(time, hours, best, task, (part,))

    def _book_long(
        self, task: str, share: float, hours: float, earliest: float, diaries: list[Diary]
    ) -> Slot | None:
        """Work longer than any day has, in the first diary with hours left that holds it."""
        start = self._first_day(earliest)
        long = [diary for diary in diaries if hours > diary.most(share) + DUST]
        begins = {diary: diary.first(task, share, 2 * DUST, start) for diary in long}
        for diary in sorted(long, key=lambda one: (begins[one], one.booked)):
            begin = begins[diary]
            if begin < len(diary.free):
                parts = diary.stretch(task, share, hours, begin, earliest)
                if parts:
                    return Slot(parts[0][1], hours, diary, task, parts)
        return None

    def spread(self, task: str, hours: float, earliest: float) -> list[Slot]:
        """Book work that can be cut in pieces: what each day has, in anyone's diary.

        The pieces come in order of time; they make up fewer hours than asked for when the run
        ends first.
        """
        share = self._shares[task]
        if hours <= 0 or share <= 0 or not self.diaries:
            return []
        slots: list[Slot] = []
        day, end = self._first_day(earliest), len(self.diaries[0].free)
        while hours > DUST and day < end:
            rooms = [
                (-diary.room(task, share, day), diary.booked, diary.index, diary)
                for diary in self.diaries
            ]
            rooms.sort()
            if -rooms[0][0] < DUST:
                # Twice the dust, because a search forgives that much.
                day = min(diary.first(task, share, 2 * DUST, day) for diary in self.diaries)
                continue
            for room, _, _, diary in rooms:
                some = min(-room, hours)
                if some > DUST:
                    part = day, diary.time(day, earliest, some), some
                    diary.take(task, share, part)
                    slots.append(Slot(part[1], some, diary, task, (part,)))
                    hours -= some
            day += 1
        slots.sort(key=lambda slot: slot.time)
        return slots

    def least_loaded(self, time: float) -> Diary | None:
        """Who has the fewest clients for his post; None when nobody is left.

        Those at work come before those away or still to come.
        """
        return min(
            (diary for diary in self.diaries if not diary.gone(time)),
            key=lambda diary: (not diary.at_work(time), crowd(diary, 1)),
            default=None,
        )


def crowd(diary: Diary, more: int = 0) -> float:
    """Open clients (and `more`) per full-time equivalent, by the working time of the post."""
    # Not by the hours of these weeks: holidays delay contacts through the diary already.
    return (diary.caseload + more) / diary.fte if diary.fte > 0 else 0.0


def make_pools(world: World) -> dict[str, Pool]:
    """Pools of a replication, with diaries still empty."""
    pools = {name: Pool(world, name) for name in world.names.pools}
    for index, (name, worker) in enumerate(world.names.workers):
        pool = pools[name]
        pool.diaries.append(Diary(index, pool, world.hours[name, worker]))
    for pool in pools.values():
        pool.reform(world)
    return pools


def available(scenario: Scenario, hours: Sequence[list[float]]) -> list[tuple[float, ...]]:
    """Rows that say what hours each worker has for client work in each calendar month of the run.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    hours : sequence of list
        Hours by day, a list for each worker in the order of `Names.workers`.
    """
    horizon = scenario.horizon
    first = day_zero(horizon)
    months = [first]
    while (date := (months[-1].replace(day=1) + dt.timedelta(days=32)).replace(day=1)) <= (
        horizon.last
    ):
        months.append(date)
    if horizon.followed_days:  # a month that goes on after the period counts in two parts
        months = sorted({*months, horizon.end + dt.timedelta(days=1)})
    bounds = list(pairwise([*((date - first).days for date in months), None]))
    times = [max(0.0, horizon.at(date)) for date in months]
    return [
        (index, time, sum(days[since:until]))
        for index, days in enumerate(hours)
        for time, (since, until) in zip(times, bounds, strict=True)
    ]
