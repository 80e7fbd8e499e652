"""Dates that lie outside the time simulated, and numbers too large to simulate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from simflow.scenario.channels import Channel, DatesChannel, RateChannel, SessionChannel
from simflow.scenario.merge import Path
from simflow.scenario.schema import Horizon, Scenario
from simflow.scenario.services import CourseService, PlacementService
from simflow.scenario.staff import Period
from simflow.scenario.values import Schedule

MOST_ARRIVALS = 10_000_000
"""Clients that one channel may send in one run."""

Finding = tuple[Path, str, str]


def check_dates(scenario: Scenario) -> Iterator[Finding]:
    """Dates outside the horizon, and channels with more clients than can be simulated."""
    horizon = scenario.horizon
    first = horizon.start - dt.timedelta(days=horizon.warm_up)
    expected = f"a date of the horizon, {horizon.start} to {horizon.last}"
    if horizon.followed_days:
        expected += " (follow-up included)"
        yield from _must_go_on(scenario)
    if horizon.warm_up:
        expected += f" (warm-up from {first})"
    for path, begins, ends in _spans(scenario):
        if ends < begins:
            message = f"ends on {ends}, before it begins on {begins}"
            yield path, message, "the dates the other way round"
        elif ends < first or begins > horizon.last:
            found = f"{begins}" if begins in (ends, dt.date.min) else f"{begins} to {ends}"
            if begins == dt.date.min:
                found = f"until {ends}"
            elif ends == dt.date.max:
                found = f"from {begins}"
            yield path, f"{found} lies outside the horizon", expected
    for name, channel in scenario.channels.items():
        clients = _clients(channel, horizon)
        if clients > MOST_ARRIVALS:
            key = "rate" if isinstance(channel, RateChannel) else "invited"
            message = f"this makes {clients:.3g} clients in one run"
            yield ("channels", name, key), message, f"at most {MOST_ARRIVALS:,} from one channel"


def _spans(scenario: Scenario) -> Iterator[tuple[Path, dt.date, dt.date]]:
    horizon = scenario.horizon
    if horizon.closes is not None:
        yield ("horizon", "closes"), horizon.closes, horizon.closes
    yield from _periods(("calendar", "closed"), scenario.calendar.closed)
    for name, regime in scenario.regimes.items():
        path = ("regimes", name)
        last = regime.until or max(regime.from_, horizon.last)
        yield (*path, "from"), regime.from_, last
    for pool_name, pool in scenario.staff.items():
        for name, worker in pool.workers.items():
            post = ("staff", pool_name, "workers", name)
            key = "until" if worker.until else "from"
            yield (*post, key), worker.from_ or dt.date.min, worker.until or dt.date.max
            yield from _periods((*post, "away"), worker.away)
    for name, channel in scenario.channels.items():
        if isinstance(channel, DatesChannel):
            for rank, date in enumerate(channel.arrivals):
                yield ("channels", name, "arrivals", str(rank)), date, date
    for place, schedule in _schedules(scenario):
        yield from _schedule(place, schedule)


def _periods(path: Path, periods: list[Period]) -> Iterator[tuple[Path, dt.date, dt.date]]:
    for rank, period in enumerate(periods):
        yield (*path, str(rank)), period.from_, period.until


def _schedule(path: Path, schedule: Schedule) -> Iterator[tuple[Path, dt.date, dt.date]]:
    for rank, date in enumerate(schedule.dates):
        yield (*path, "dates", str(rank)), date, date
    if schedule.first is not None:
        yield (*path, "first"), schedule.first, schedule.first
    if schedule.until is not None:
        yield (*path, "until"), schedule.until, schedule.until


def _must_go_on(scenario: Scenario) -> Iterator[Finding]:
    """Lists of dates that neither reach the end of the follow-up nor say how they repeat."""
    horizon = scenario.horizon
    for path, schedule in _schedules(scenario):
        if schedule.every is None or schedule.until is not None:
            dates = schedule.dates or [schedule.until or horizon.last]
            yield from _goes_on(path, dates, schedule.repeats, horizon)
    for path, periods in _absences(scenario):
        for rank, period in enumerate(periods):
            if period.until <= horizon.end and period.repeats is None:
                yield _silent((*path, str(rank)), period.until, horizon)
    for name, channel in scenario.channels.items():
        if isinstance(channel, DatesChannel) and channel.arrivals:
            path = ("channels", name, "arrivals")
            yield from _goes_on(path, channel.arrivals, channel.repeats, horizon)


def _goes_on(
    path: Path, dates: list[dt.date], repeats: str | None, horizon: Horizon
) -> Iterator[Finding]:
    """A list reaches the end when no more than its longest gap is left after its last date."""
    ordered = sorted(dates)
    gaps = [(later - date).days for date, later in pairwise(ordered)]
    reaches = (horizon.last - ordered[-1]).days <= max(gaps, default=0)
    if repeats is None and not reaches:
        yield _silent(path, ordered[-1], horizon)
    elif repeats is not None and ordered[-1] > horizon.end:
        message = f"`repeats` is given, and {ordered[-1]} lies in the follow-up already"
        yield (*path, "repeats"), message, "either dates of the follow-up, or `repeats`"


def _silent(path: Path, last: dt.date, horizon: Horizon) -> Finding:
    message = f"ends on {last}, and the follow-up goes on to {horizon.last}"
    expected = "`repeats: yearly` (the same weeks a year later), `repeats: never`, or later dates"
    return path, message, expected


def _schedules(scenario: Scenario) -> Iterator[tuple[Path, Schedule]]:
    for name, channel in scenario.channels.items():
        if isinstance(channel, SessionChannel):
            yield ("channels", name, "when"), channel.when
    for name, service in scenario.services.items():
        if isinstance(service, CourseService):
            yield ("services", name, "starts"), service.starts
        elif isinstance(service, PlacementService) and service.calls is not None:
            yield ("services", name, "calls", "when"), service.calls.when


def _absences(scenario: Scenario) -> Iterator[tuple[Path, list[Period]]]:
    yield ("calendar", "closed"), scenario.calendar.closed
    for pool_name, pool in scenario.staff.items():
        for name, worker in pool.workers.items():
            yield ("staff", pool_name, "workers", name, "away"), worker.away


def _clients(channel: Channel, horizon: Horizon) -> float:
    """Clients to expect of a channel in one run, roughly and rather too many."""
    if isinstance(channel, RateChannel):
        size = channel.batch if isinstance(channel.batch, int) else max(channel.batch, default=1)
        return channel.rate * horizon.all_days * size * max([1.0, *channel.months.values()])
    if isinstance(channel, SessionChannel):
        every = channel.when.every
        times = horizon.all_days / every if every else len(channel.when.dates)
        return times * channel.invited
    return 0.0
