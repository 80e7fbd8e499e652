"""Which days are worked, and each worker's hours on each day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from math import ceil
from typing import Final

import holidays

from simflow.model.once import once
from simflow.scenario.schema import Horizon, Scenario
from simflow.scenario.staff import Calendar, Period, Pool, Worker
from simflow.scenario.values import Repeats, Schedule

WORKDAY_START: Final = 8 / 24
WORKDAY_END: Final = 16 / 24
"""Start and end of the working day, as parts of a day."""
_YEAR: Final = dt.timedelta(weeks=52)
"""How much later dates come again: in whole weeks, so that they keep their weekday."""
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS: Final = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip


def month_name(date: dt.date) -> str:
    """Three-letter name of the date's month, as scenario files write it."""
    return _MONTHS[date.month - 1]


def day_zero(horizon: Horizon) -> dt.date:
    """The first day simulated; a warm-up is taken in whole days."""
    return horizon.start - dt.timedelta(days=ceil(horizon.warm_up))


def time_of(horizon: Horizon, date: dt.date) -> float:
    """Simulated time of the first moment of a date, in days."""
    return horizon.at(date)


class Workdays:
    """Says of each date whether it is worked."""

    def __init__(self, calendar: Calendar, horizon: Horizon) -> None:
        country = calendar.country
        years = range(day_zero(horizon).year, horizon.last.year + 2)
        self._holidays = holidays.country_holidays(country, years=years) if country else {}
        self._weekdays = {_WEEKDAYS.index(day) for day in calendar.working_days}
        self._closed = spans_of(calendar.closed, horizon)

    def worked(self, date: dt.date) -> bool:
        """Whether anyone works on the date."""
        return (
            date.weekday() in self._weekdays
            and date not in self._holidays
            and not any(first <= date <= last for first, last in self._closed)
        )

    def next_worked(self, date: dt.date) -> dt.date:
        """The date itself, or the first worked one after it (within a year)."""
        for ahead in range(366):
            later = date + dt.timedelta(days=ahead)
            if self.worked(later):
                return later
        return date


def workdays(scenario: Scenario) -> Workdays:
    """The scenario's working days."""
    return _workdays(scenario.calendar, scenario.horizon)


@once(kept=4)
def _workdays(calendar: Calendar, horizon: Horizon) -> Workdays:
    return Workdays(calendar, horizon)


def dates_of(schedule: Schedule, scenario: Scenario, days: Workdays) -> list[dt.date]:
    """Dates of a schedule within the run, in order, moved off closed days where it says so."""
    horizon = scenario.horizon
    dates = sorted(schedule.dates) if schedule.dates else list(_series(schedule, horizon))
    dates += repeated(dates, schedule.repeats, horizon)
    if schedule.skip_closed:
        dates = [days.next_worked(date) for date in dates]
    return [date for date in dates if day_zero(horizon) <= date <= horizon.last]


def repeated(dates: Sequence[dt.date], repeats: Repeats | None, horizon: Horizon) -> list[dt.date]:
    """The dates of the last reported year once more, 52 weeks on, as far as the follow-up goes."""
    if repeats != "yearly":
        return []
    since = horizon.end - dt.timedelta(days=365)
    lately = [date for date in dates if since < date <= horizon.end]
    years = range(1, horizon.followed_days // _YEAR.days + 2)
    later = [date + number * _YEAR for number in years for date in lately]
    return [date for date in later if horizon.end < date <= horizon.last]


def spans_of(periods: Sequence[Period], horizon: Horizon) -> list[tuple[dt.date, dt.date]]:
    """First and last day of each period, and of those that come again in the follow-up."""
    spans = [(period.from_, period.until) for period in periods]
    for period in periods:
        length = period.until - period.from_
        spans += [(first, first + length)
                  for first in repeated([period.from_], period.repeats, horizon)]  # fmt: skip
    return spans


def _series(schedule: Schedule, horizon: Horizon) -> Iterator[dt.date]:
    first = schedule.first or day_zero(horizon)
    last = min(schedule.until or horizon.last, horizon.last)
    step = schedule.every or 1.0
    rank = 0
    while (date := first + dt.timedelta(days=round(rank * step))) <= last:
        yield date
        rank += 1


def roster(pool: Pool) -> list[tuple[str, Worker]]:
    """Every worker of a pool by name; those alike are numbered from the second on."""
    return [
        (name if rank == 0 else f"{name}#{rank + 1}", worker)
        for name, worker in pool.workers.items()
        for rank in range(worker.count)
    ]


def hours_on(
    date: dt.date, pool: Pool, worker: Worker, away: Sequence[tuple[dt.date, dt.date]],
    week_days: int,
) -> float:  # fmt: skip
    """Hours the worker has for client work on a worked date."""
    if worker.from_ is not None and date < worker.from_:
        return 0.0
    if worker.until is not None and date > worker.until:
        return 0.0
    if any(first <= date <= last for first, last in away):
        return 0.0
    full = pool.hours_a_week / week_days * pool.client_work * worker.fte
    full *= pool.months.get(month_name(date), 1.0)  # type: ignore[call-overload]
    if worker.ramp > 0 and worker.from_ is not None:
        full *= min(1.0, ((date - worker.from_).days + 1) / worker.ramp)
    return float(full)


def daily_hours(
    scenarios: Sequence[tuple[dt.date, Scenario]],
) -> dict[tuple[str, str], list[float]]:
    """Client-work hours of every worker on every simulated day.

    Parameters
    ----------
    scenarios : sequence of (date, Scenario)
        The scenario in force from each date on, the first from the first day.

    Returns
    -------
    dict
        (pool, worker) to a list of hours, one entry for each day simulated.
    """
    base = scenarios[0][1]
    start, length = day_zero(base.horizon), ceil(base.horizon.all_days)
    table: dict[tuple[str, str], list[float]] = {}
    for rank, (since, scenario) in enumerate(scenarios):
        until = scenarios[rank + 1][0] if rank + 1 < len(scenarios) else dt.date.max
        days = slice((since - start).days, (until - start).days)
        for pool_name, pool in scenario.staff.items():
            for name, hours in _hours_of(pool, base.calendar, base.horizon).items():
                whole = table.setdefault((pool_name, name), [0.0] * length)
                whole[days] = hours[days]
    return table


@once(kept=32)
def _hours_of(pool: Pool, calendar: Calendar, horizon: Horizon) -> dict[str, list[float]]:
    """Hours of every worker of a pool on every simulated day, were the pool always as it is."""
    days, week_days = _workdays(calendar, horizon), max(1, len(calendar.working_days))
    first = day_zero(horizon)
    dates = [first + dt.timedelta(days=day) for day in range(ceil(horizon.all_days))]
    worked = [days.worked(date) for date in dates]
    found = {}
    for name, worker in roster(pool):
        away = spans_of(worker.away, horizon)
        found[name] = [
            hours_on(date, pool, worker, away, week_days) if open_ else 0.0
            for date, open_ in zip(dates, worked, strict=True)
        ]
    return found
