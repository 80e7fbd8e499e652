"""Staff time: each worker's diary as a ledger of hours a day, and what is booked in it.

A diary knows the hours still free on each day, not their position within the day: what is booked
next begins after the hours already used. That keeps a booking to a few comparisons, which matters
because every meeting, contact, search and session of every client is one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from simflow.model.calendar import WORKDAY_END, WORKDAY_START, day_zero

if TYPE_CHECKING:
    from simflow.model.world import World

_DUST: Final = 1e-6
"""Hours too few to matter: what rounding may leave of a day."""
_WEEK: Final = 7


class Slot:
    """Time booked for a piece of work.

    Attributes
    ----------
    time : float
        When it begins, in days.
    hours : float
        Its length, all days together.
    diary : Diary or None
        Whose time it is; None when the work takes no time.
    task : str
        The kind of work.
    """

    __slots__ = ("_parts", "diary", "hours", "task", "time")

    def __init__(
        self, time: float, hours: float, diary: Diary | None, task: str,
        parts: Sequence[tuple[int, float]] = (),
    ) -> None:  # fmt: skip
        self.time = time
        self.hours = hours
        self.diary = diary
        self.task = task
        self._parts = parts

    def done(self, client_id: int = -1) -> None:
        """Log the work, a row for each day it takes."""
        diary = self.diary
        if diary is None:
            return
        pool, time, first = diary.pool, self.time, self._parts[0][0]
        task = pool.tasks[self.task]
        for day, hours in self._parts:
            at = time if day == first else pool.day_start(day) + WORKDAY_START
            pool.world.log.write("work", (diary.index, task, at, hours, client_id))

    def cancel(self) -> None:
        """Give the hours back."""
        if self.diary is not None:
            for day, hours in self._parts:
                self.diary.give_back(self.task, day, hours)


class Diary:
    """One worker's hours for client work, day by day.

    Parameters
    ----------
    index : int
        The worker's index in `Names.workers`.
    pool : Pool
        His pool.
    hours : list of float
        Hours he has on each day; shared by all replications and never changed.
    """

    __slots__ = (
        "_end", "_full", "_week_hours", "_weekly", "booked", "caseload", "free", "hours",
        "index", "pool",
    )  # fmt: skip

    def __init__(self, index: int, pool: Pool, hours: list[float]) -> None:
        self.index = index
        self.pool = pool
        self.hours = hours
        self.free = hours.copy()
        self.booked = 0.0
        self.caseload = 0
        # For a length of work (and a task with a limit): first and last day (excluded) of a
        # stretch without room for it.
        self._full: dict[float | tuple[str, float, float], tuple[int, int]] = {}
        self._weekly: dict[tuple[str, int], float] = {}
        self._week_hours: dict[int, float] = {}
        self._end = len(hours)
        while self._end and not hours[self._end - 1]:
            self._end -= 1

    def fte_now(self, day: float) -> float:
        """Working time as a part of full time: the fullest day of the last week, 0 when away."""
        full = self.pool.full_day
        last = self.pool.day_of(day) + 1
        week = self.hours[max(0, last - _WEEK) : last]
        return max(week) / full if week and full > 0 else 0.0

    def gone(self, day: float) -> bool:
        """Whether the worker has no hours from this day on: he has left the post for good."""
        return self.pool.day_of(day) >= self._end

    def first(self, task: str, hours: float, day: int, share: float) -> int:
        """First day from `day` on with room for the work; the number of days if there is none."""
        if share >= 1:
            return self._first_free(hours, day)
        key, since, end = (task, hours, share), day, len(self.free)
        known = self._full.get(key)
        if known is not None and known[0] <= day < known[1]:
            since, day = known
        day = self._first_free(hours, day)
        while day < end and self.room(task, day, share) < hours - _DUST:
            # Either the week's limit is reached, or it never allows so much at a time.
            day = self._first_free(hours, self.pool.next_week(day))
        if day > since:
            self._full[key] = (since, day)
        return day

    def _first_free(self, hours: float, day: int) -> int:
        free, least, since = self.free, hours - _DUST, day
        known = self._full.get(hours)
        if known is not None and known[0] <= day < known[1]:
            since, day = known
        end = len(free)
        while day < end and free[day] < least:
            day += 1
        if day > since:
            self._full[hours] = (since, day)
        return day

    def room(self, task: str, day: int, share: float) -> float:
        """Hours the task can have on the day, within its part (`share`) of the worker's week."""
        free = self.free[day]
        if share >= 1:
            return free
        week = self.pool.next_week(day)
        return min(free, share * self._week(week) - self._weekly.get((task, week), 0.0))

    def _week(self, end: int) -> float:
        """Hours of the week before a Monday."""
        hours = self._week_hours.get(end)
        if hours is None:
            hours = self._week_hours[end] = sum(self.hours[max(0, end - _WEEK) : end])
        return hours

    def time(self, day: int, earliest: float) -> float:
        """When work booked next on the day would begin."""
        used = self.hours[day] - self.free[day]
        return max(self.pool.day_start(day) + WORKDAY_START + used / 24, earliest)

    def take(self, task: str, day: int, hours: float, share: float) -> None:
        """Book hours of a day."""
        self.free[day] -= hours
        self.booked += hours
        if share < 1:
            key = (task, self.pool.next_week(day))
            self._weekly[key] = self._weekly.get(key, 0.0) + hours

    def give_back(self, task: str, day: int, hours: float) -> None:
        """Undo `take`."""
        self.free[day] += hours
        self.booked -= hours
        self._full.clear()
        if self._weekly:
            key = (task, self.pool.next_week(day))
            if key in self._weekly:
                self._weekly[key] -= hours

    def stretch(self, task: str, hours: float, day: int, share: float) -> list[tuple[int, float]]:
        """Book what each day from `day` on can give until the hours are together.

        Nothing is booked, and the list is empty, when that never comes.
        """
        parts: list[tuple[int, float]] = []
        for later in range(day, len(self.free)):
            part = min(self.room(task, later, share), hours)
            if part > _DUST:
                self.take(task, later, part, share)
                parts.append((later, part))
                hours -= part
                if hours <= _DUST:
                    return parts
        for later, part in parts:
            self.give_back(task, later, part)
        return []

    def most(self, share: float) -> float:
        """Largest piece of work that an empty diary holds on one day."""
        if share >= 1:
            return max(self.hours, default=0.0)
        weeks = range(self.pool.next_week(0), len(self.hours) + _WEEK, _WEEK)
        fullest = max((self._week(end) for end in weeks), default=0.0)
        return min(max(self.hours, default=0.0), share * fullest)


class Pool:
    """Workers who share the same kinds of work.

    Parameters
    ----------
    world : World
        The replication.
    name : str
        The pool's name in `staff`.
    diaries : sequence of Diary
        Its workers; `make_pools` adds them.
    """

    def __init__(self, world: World, name: str, diaries: Sequence[Diary] = ()) -> None:
        self.world = world
        self.name = name
        self.diaries = list(diaries)
        self.tasks = {task: rank for rank, task in enumerate(world.names.tasks)}
        scenario = world.scenario
        first = day_zero(scenario.horizon)
        # A warm-up in parts of a day puts midnight between whole numbers.
        self._shift = scenario.horizon.at(first)
        self._weekday = first.weekday()
        spec = scenario.staff[name]
        week_days = max(1, len(scenario.calendar.working_days))
        self.full_day = spec.hours_a_week / week_days * spec.client_work

    def day_of(self, time: float) -> int:
        """Number of the day in which the time lies."""
        return int(time - self._shift)

    def day_start(self, day: int) -> float:
        """First moment of a day."""
        return day + self._shift

    def next_week(self, day: int) -> int:
        """The first Monday after the day; it stands for the day's week."""
        return day + _WEEK - (day + self._weekday) % _WEEK

    def _share(self, task: str) -> float:
        """Part of a worker's week that the task may take; 0 when the pool does not do it."""
        skills = self.world.scenario.staff[self.name].skills
        if not skills:
            return 1.0
        if task == "review" and task not in skills:
            task = "contact"
        return skills.get(task, 0.0)

    def _first_day(self, earliest: float) -> int:
        day, part = divmod(earliest - self._shift, 1)
        return int(day) + (part >= WORKDAY_END)

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
            Who must do it; anyone of the pool when None. Among those free at the same moment
            it is the one with the fewest hours booked.

        Returns
        -------
        Slot or None
            None when nothing is free before the run ends.
        """
        if hours <= 0:
            return Slot(earliest, 0.0, None, task)
        share = self._share(task)
        if share <= 0:
            return None
        start = self._first_day(earliest)
        best, best_day, best_time = None, 0, 0.0
        diaries = self.diaries if worker is None else [worker]
        for diary in diaries:
            day = diary.first(task, hours, start, share)
            if day < len(diary.free):
                time = diary.time(day, earliest)
                if best is None or (time, diary.booked) < (best_time, best.booked):
                    best, best_day, best_time = diary, day, time
        if best is None:
            return self._book_long(task, hours, earliest, diaries, share)
        best.take(task, best_day, hours, share)
        return Slot(best_time, hours, best, task, ((best_day, hours),))

    def _book_long(
        self, task: str, hours: float, earliest: float, diaries: list[Diary], share: float
    ) -> Slot | None:
        """Work longer than any day has, in the first diary with hours left that holds it."""
        start = self._first_day(earliest)
        long = [diary for diary in diaries if hours > diary.most(share) + _DUST]
        begins = {diary: diary.first(task, 2 * _DUST, start, share) for diary in long}
        for diary in sorted(long, key=lambda one: (begins[one], one.booked)):
            begin = begins[diary]
            if begin < len(diary.free):
                time = diary.time(begin, earliest)
                parts = diary.stretch(task, hours, begin, share)
                if parts:
                    return Slot(time, hours, diary, task, parts)
        return None

    def spread(self, task: str, hours: float, earliest: float) -> list[Slot]:
        """Book work that can be cut in pieces: what each day has, in anyone's diary.

        The pieces come in order of time; they make up fewer hours than asked for when the run
        ends first.
        """
        share = self._share(task)
        if hours <= 0 or share <= 0 or not self.diaries:
            return []
        slots: list[Slot] = []
        day, end = self._first_day(earliest), len(self.diaries[0].free)
        while hours > _DUST:
            # Twice the dust, because a search forgives that much.
            day = min(diary.first(task, 2 * _DUST, day, share) for diary in self.diaries)
            if day >= end:
                break
            rooms = [(diary.room(task, day, share), diary) for diary in self.diaries]
            for room, diary in sorted(rooms, key=lambda item: (-item[0], item[1].booked)):
                part = min(room, hours)
                if part > _DUST:
                    time = diary.time(day, earliest)
                    diary.take(task, day, part, share)
                    slots.append(Slot(time, part, diary, task, ((day, part),)))
                    hours -= part
            day += 1
        slots.sort(key=lambda slot: slot.time)
        return slots

    def least_loaded(self, day: float) -> Diary | None:
        """Who has the fewest clients for his working time; None when nobody is left.

        Those at work come before those away or still to come.
        """
        best, least = None, (True, 0.0)
        for diary in self.diaries:
            if not diary.gone(day):
                fte = diary.fte_now(day)
                load = (fte <= 0, diary.caseload / fte if fte > 0 else float(diary.caseload))
                if best is None or load < least:
                    best, least = diary, load
        return best

    def heir(self, diary: Diary, day: float) -> Diary | None:
        """Who has the worker's clients on a day: himself, or a colleague once he has left.

        None when nobody is left.
        """
        return self.least_loaded(day) if diary.gone(day) else diary


def make_pools(world: World) -> dict[str, Pool]:
    """Pools of a replication, with diaries still empty."""
    pools = {name: Pool(world, name) for name in world.names.pools}
    for index, (name, worker) in enumerate(world.names.workers):
        pool = pools[name]
        pool.diaries.append(Diary(index, pool, world.hours[name, worker]))
    return pools


def write_available(world: World) -> None:
    """Log the hours each worker has for client work in each calendar month of the run."""
    horizon = world.scenario.horizon
    first = day_zero(horizon)
    months = [first]
    while (date := (months[-1].replace(day=1) + dt.timedelta(days=32)).replace(day=1)) <= (
        horizon.end
    ):
        months.append(date)
    bounds = list(pairwise([*((date - first).days for date in months), None]))
    times = [max(0.0, horizon.at(date)) for date in months]
    for index, key in enumerate(world.names.workers):
        hours = world.hours[key]
        for time, (since, until) in zip(times, bounds, strict=True):
            world.log.write("available", (index, time, sum(hours[since:until])))
