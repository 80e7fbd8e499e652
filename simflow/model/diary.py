"""A worker's diary: the hours of each day, what is booked in them, and when it is.

Most questions are about hours: a diary keeps how many are free on each day, and how many of a
week's a kind of work has had. Where in the day a piece of work lies matters for its time only, so
that nobody meets two clients at once.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from simflow.model.calendar import WORKDAY_END, WORKDAY_START

if TYPE_CHECKING:
    from simflow.model.staff import Pool

DUST: Final = 1e-6
"""Hours too few to matter: what rounding may leave of a day."""
WEEK: Final = 7
_AWAY: Final = 14
"""Days without any hours after which a colleague stands in."""


Part = tuple[int, float, float]
"""Work on one day: its number, when it begins (days) and how many hours it takes."""


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
        self, time: float, hours: float, diary: Diary | None, task: str, parts: Sequence[Part] = ()
    ) -> None:
        self.time = time
        self.hours = hours
        self.diary = diary
        self.task = task
        self._parts = parts

    @property
    def worker(self) -> int:
        """The worker's index; -1 when the work takes no time."""
        return -1 if self.diary is None else self.diary.index

    def done(self, client_id: int = -1) -> None:
        """Log the work, a row for each day it takes."""
        diary = self.diary
        if diary is None:
            return
        task, write = diary.pool.tasks[self.task], diary.pool.write_work
        for _, time, hours in self._parts:
            write((diary.index, task, time, hours, client_id))

    def cancel(self) -> None:
        """Give the hours back."""
        if self.diary is not None:
            for part in self._parts:
                self.diary.give_back(self.task, part)


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
        "_busy", "_end", "_full", "_had", "_shift", "_week_hours", "_weekday", "booked", "caseload",
        "free", "fte", "hours", "index", "pool",
    )  # fmt: skip

    def __init__(self, index: int, pool: Pool, hours: list[float]) -> None:
        self.index = index
        self.pool = pool
        self._shift = pool.shift
        self._weekday = pool.weekday
        self.hours = hours
        self.free = hours.copy()
        self.booked = 0.0
        self.caseload = 0
        self.fte = 1.0
        """Working time of the post, as a part of full time; holidays do not count."""
        # For a task and a length of work: first and last day (excluded) of a stretch without room.
        self._full: dict[tuple[str, float, float], tuple[int, int]] = {}
        self._had: dict[str, list[float]] = {}
        self._week_hours: list[float] = []
        self._busy: dict[int, list[tuple[float, float]]] = {}
        self._end = len(hours)
        while self._end and not hours[self._end - 1]:
            self._end -= 1

    # Whether the worker is there

    def at_work(self, time: float) -> bool:
        """Whether the worker had any hours in the week up to this day."""
        last = self.pool.day_of(time) + 1
        return any(self.hours[max(0, last - WEEK) : last])

    def away(self, time: float) -> bool:
        """Whether the worker has no hours for two weeks from this day."""
        day = self.pool.day_of(time)
        return not any(self.hours[day : day + _AWAY])

    def gone(self, time: float) -> bool:
        """Whether the worker has no hours from this day on: he has left the post for good."""
        return int(time - self._shift) >= self._end

    # Hours

    def first(self, task: str, share: float, hours: float, day: int) -> int:
        """First day from `day` on with room for the work; the number of days if there is none."""
        key = task, share, hours
        since, known = day, self._full.get(key)
        if known is not None and known[0] <= day < known[1]:
            since, day = known
        start, free, least, end = day, self.free, hours - DUST, len(self.free)
        if share >= 1:
            while day < end and free[day] < least:
                day += 1
        else:
            shift = self._weekday
            limits, had = self._weeks(), self._had_by(task)
            while day < end:
                week = (day + shift) // WEEK
                if share * limits[week] - had[week] < least:
                    # The week's limit is reached, or never allows so much at a time.
                    day = (week + 1) * WEEK - shift
                elif free[day] < least:
                    day += 1
                else:
                    break
        if day > end:
            day = end
        if day > start:
            self._full[key] = since, day
        return day

    def room(self, task: str, share: float, day: int) -> float:
        """Hours the task can have on the day, within its part (`share`) of the worker's week."""
        if share >= 1:
            return self.free[day]
        week = (day + self._weekday) // WEEK
        return min(self.free[day], share * self._weeks()[week] - self._had_by(task)[week])

    def most(self, share: float) -> float:
        """Largest piece of work that an empty diary holds on one day."""
        longest = max(self.hours, default=0.0)
        return longest if share >= 1 else min(longest, share * max(self._weeks(), default=0.0))

    def _weeks(self) -> list[float]:
        """Hours of each week, Monday to Sunday."""
        if not self._week_hours and self.hours:
            first = WEEK - self._weekday
            starts = range(first, len(self.hours), WEEK)
            self._week_hours = [sum(self.hours[:first])]
            self._week_hours += [sum(self.hours[day : day + WEEK]) for day in starts]
        return self._week_hours

    def _had_by(self, task: str) -> list[float]:
        """Hours of each week booked for a task with a limit."""
        if task not in self._had:
            self._had[task] = [0.0] * len(self._weeks())
        return self._had[task]

    # Bookings

    def find(
        self, task: str, share: float, hours: float, day: int, earliest: float
    ) -> tuple[float, int] | None:
        """When work of one day can begin, and on which day; None if it never can.

        It is sought from `day` on: the day of `earliest`, or the next when its hours are over.
        """
        start = day
        while True:
            found = self.first(task, share, hours, start)
            if found >= len(self.free):
                return None
            time = self.time(found, earliest, hours)
            if found > day or not self._late(found, time, hours):
                return time, found
            start = day + 1

    def time(self, day: int, earliest: float, hours: float) -> float:
        """When work booked next on the day would begin: in the first gap that holds it."""
        time = day + self._shift + WORKDAY_START
        if earliest > time:
            time = earliest
        busy = self._busy.get(day)
        if busy:
            least = (hours - DUST) / 24
            for start, stop in busy:
                if start - time >= least:
                    break
                if stop > time:
                    time = stop
        return time

    def _late(self, day: int, time: float, hours: float) -> bool:
        """Whether work begun at this time would run beyond the working day."""
        start = day + self._shift
        last = max(start + WORKDAY_END, start + WORKDAY_START + self.hours[day] / 24)
        return time + hours / 24 > last + DUST

    def take(self, task: str, share: float, part: Part) -> None:
        """Book a piece of work of one day."""
        day, time, hours = part
        self.free[day] -= hours
        self.booked += hours
        busy = self._busy.get(day)
        if busy is None:
            busy = self._busy[day] = []
        insort(busy, (time, time + hours / 24))
        if share < 1:
            self._had_by(task)[(day + self._weekday) // WEEK] += hours

    def give_back(self, task: str, part: Part) -> None:
        """Undo `take`."""
        day, time, hours = part
        self.free[day] += hours
        self.booked -= hours
        self._busy[day].remove((time, time + hours / 24))
        if task in self._had:
            self._had[task][(day + self._weekday) // WEEK] -= hours
        week = day - WEEK, day + WEEK  # a week's limit may have kept its other days closed
        for key, (since, until) in list(self._full.items()):
            if since <= week[1] and week[0] < until:
                del self._full[key]

    def stretch(
        self, task: str, share: float, hours: float, day: int, earliest: float
    ) -> list[Part]:
        """Book what each day from `day` on can give until the hours are together.

        Nothing is booked, and the list is empty, when that never comes.
        """
        parts: list[Part] = []
        for later in range(day, len(self.free)):
            some = min(self.room(task, share, later), hours)
            if some > DUST:
                part = later, self.time(later, earliest, some), some
                self.take(task, share, part)
                parts.append(part)
                hours -= some
                if hours <= DUST:
                    return parts
        for part in parts:
            self.give_back(task, part)
        return []
