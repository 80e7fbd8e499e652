"""Dates that lie outside the time simulated, and numbers too large to simulate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

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
    expected = f"a date of the horizon, {horizon.start} to {horizon.end}"
    if horizon.warm_up:
        expected += f" (warm-up from {first})"
    for path, begins, ends in _spans(scenario):
        if ends < begins:
            message = f"ends on {ends}, before it begins on {begins}"
            yield path, message, "the dates the other way round"
        elif ends < first or begins > horizon.end:
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
        last = regime.until or max(regime.from_, horizon.end)
        yield (*path, "from"), regime.from_, last
    for pool_name, pool in scenario.staff.items():
        for name, worker in pool.workers.items():
            post = ("staff", pool_name, "workers", name)
            key = "until" if worker.until else "from"
            yield (*post, key), worker.from_ or dt.date.min, worker.until or dt.date.max
            yield from _periods((*post, "away"), worker.away)
    for name, channel in scenario.channels.items():
        if isinstance(channel, SessionChannel):
            yield from _schedule(("channels", name, "when"), channel.when)
        elif isinstance(channel, DatesChannel):
            for rank, date in enumerate(channel.arrivals):
                yield ("channels", name, "arrivals", str(rank)), date, date
    for name, service in scenario.services.items():
        if isinstance(service, CourseService):
            yield from _schedule(("services", name, "starts"), service.starts)
        elif isinstance(service, PlacementService) and service.calls is not None:
            yield from _schedule(("services", name, "calls", "when"), service.calls.when)


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


def _clients(channel: Channel, horizon: Horizon) -> float:
    """Clients to expect of a channel in one run, roughly and rather too many."""
    if isinstance(channel, RateChannel):
        size = channel.batch if isinstance(channel.batch, int) else max(channel.batch, default=1)
        return channel.rate * horizon.days * size * max([1.0, *channel.months.values()])
    if isinstance(channel, SessionChannel):
        times = horizon.days / channel.when.every if channel.when.every else len(channel.when.dates)
        return times * channel.invited
    return 0.0
