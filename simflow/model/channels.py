"""How clients come: one SimPy process for each channel, which wakes at its events only."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Generator, Iterator, Mapping
from itertools import accumulate, count, islice
from math import inf
from typing import TYPE_CHECKING, Any, TypeVar

import simpy

from simflow.model.alarm import Alarm
from simflow.model.calendar import WORKDAY_START, dates_of, day_zero, month_name, repeated
from simflow.model.log import Answer
from simflow.model.risks import UNIT
from simflow.model.streams import name_key
from simflow.scenario.channels import (
    ChannelBase,
    DatesChannel,
    OutreachChannel,
    RateChannel,
    SessionChannel,
)
from simflow.scenario.schema import Scenario

if TYPE_CHECKING:
    from simflow.model.diary import Slot
    from simflow.model.world import World

Life = Generator[simpy.Event, Any, None]
People = Iterator[tuple[int, float, float]]
Kind = TypeVar("Kind", bound=ChannelBase)
WEEK = 7.0


def start_channels(world: World) -> None:
    """Start every channel of the run.

    Parameters
    ----------
    world : World
        The replication, at its first moment.
    """
    kinds = {
        "rate": _by_rate,
        "sessions": _by_sessions,
        "outreach": _by_outreach,
        "dates": _by_dates,
    }
    last = world.starts[-1][1]
    for name, spec in last.channels.items():
        world.env.process(kinds[spec.kind](world, name))


def _stop(world: World) -> float:
    """Time from which nobody comes any more; work for what follows the run is planned as well."""
    closes = world.scenario.horizon.closes
    return world.last if closes is None else min(world.last, world.at(closes) + 1)


def _epochs(
    world: World, name: str, kind: type[Kind]
) -> Iterator[tuple[float, float, Scenario, Kind]]:
    """Start, end, scenario and values of each stretch of time in which the channel works."""
    stop = _stop(world)
    for rank, (since, scenario) in enumerate(world.starts):
        until = world.starts[rank + 1][0] if rank + 1 < len(world.starts) else inf
        spec = scenario.channels.get(name)
        if isinstance(spec, kind) and spec.open and since < stop:
            yield since, min(until, stop), scenario, spec


def _spec(world: World, name: str, kind: type[Kind]) -> Kind | None:
    """The channel's values in force now; None when it is closed."""
    spec = world.scenario.channels.get(name)
    return spec if isinstance(spec, kind) and spec.open else None


# At random


def _rates(world: World, name: str) -> Iterator[tuple[float, float, float, RateChannel]]:
    """Start, end, rate (a day) and values of each stretch of time with one rate."""
    for since, until, _, spec in _epochs(world, name, RateChannel):
        if not spec.months:
            yield since, until, spec.rate, spec
            continue
        for start, end, month in _months(world, since, until):
            factor = spec.months.get(month, 1.0)  # type: ignore[call-overload]
            yield start, end, spec.rate * factor, spec


def _months(world: World, since: float, until: float) -> Iterator[tuple[float, float, str]]:
    """The calendar months of a stretch of time, each cut to it."""
    horizon = world.scenario.horizon
    date = (day_zero(horizon) + dt.timedelta(days=int(since))).replace(day=1)
    start = world.at(date)
    while start < until:
        later = (date + dt.timedelta(days=31)).replace(day=1)
        end = world.at(later)
        if end > since:
            yield max(start, since), min(end, until), month_name(date)
        date, start = later, end


def _by_rate(world: World, name: str) -> Life:
    """Arrivals of a Poisson process: unit-exponential gaps stretched by the rate in force."""
    draw, refer, alarm = world.streams.draw, world.intake.refer, Alarm(world.env)
    origin = name_key(f"{name}.arrivals")
    gaps = draw(f"{name}.gap").series(origin, UNIT)
    sizes = draw(f"{name}.batch").series(origin)
    number, left = 0, next(gaps)
    for start, end, rate, spec in _rates(world, name):
        at, batch = start, spec.batch
        while rate > 0 and (then := at + left / rate) < end:
            at = then
            yield alarm.set(at, [])
            left = next(gaps)
            for _ in range(batch if isinstance(batch, int) else _size(batch, next(sizes))):
                refer(name, number)
                number += 1
        left -= rate * (end - at)


def _size(batch: Mapping[int, float], uniform: float) -> int:
    """How many clients come at once, at this quantile of the shares."""
    limits = list(accumulate(batch.values()))
    return list(batch)[bisect_right(limits[:-1], uniform * limits[-1])]


# Information sessions


def _by_sessions(world: World, name: str) -> Life:
    """Sessions on their dates, at the start of the working day."""
    env, people = world.env, _people(world, name, "attends", "books")
    for since, until, scenario, spec in _epochs(world, name, SessionChannel):
        for date in dates_of(spec.when, scenario, world.workdays):
            time = world.at(date) + WORKDAY_START
            if since <= time < until:
                yield env.timeout(max(0.0, time - env.now))
                _hold(world, name, spec, islice(people, spec.invited))


def _people(world: World, name: str, first: str, second: str) -> People:
    """Those a channel turns to, one by one: their numbers, and two draws of theirs, uniform."""
    draw, origin = world.streams.draw, name_key(name)
    return zip(
        count(),
        draw(f"{name}.{first}").series(origin),
        draw(f"{name}.{second}").series(origin),
        strict=False,
    )


def _hold(world: World, name: str, spec: SessionChannel, invited: People) -> None:
    """One session."""
    now = world.env.now
    if spec.staff is not None and spec.hours > 0:
        for slot in world.pools[spec.staff].spread(name, spec.hours, now):
            slot.done()
    attends, books = spec.attends, spec.books
    attended = booked = 0
    for number, attending, booking in invited:
        attended += attending < attends
        if attending < attends and booking < books:
            booked += 1
            world.intake.refer(name, number)
        else:
            world.intake.note(name, number, -1, Answer.STAYS_AWAY)
    channel = world.names.channels.index(name)
    world.log.write("sessions", (channel, now, spec.invited, attended, booked))


# Outreach


def _by_outreach(world: World, name: str) -> Life:
    """Week by week, as many people tried as the hours set aside and the diaries allow."""
    env, stop = world.env, _stop(world)
    people, carried = _people(world, name, "reached", "books"), 0.0
    monday = world.at(_monday(world))
    while monday < stop:
        start, end = max(0.0, monday), min(monday + WEEK, stop)
        yield env.timeout(max(0.0, start - env.now))
        monday += WEEK
        spec = _spec(world, name, OutreachChannel)
        if spec is None:
            carried = 0.0
            continue
        carried += spec.hours_a_week * (end - start) / WEEK / spec.hours_a_contact
        tries = int(carried + 1e-9)
        carried = max(0.0, carried - tries)
        for slot in _book_week(world, name, spec, tries, end):
            yield env.timeout(max(0.0, slot.time - env.now))
            values = _spec(world, name, OutreachChannel)
            if values is None:
                slot.cancel()
                continue
            slot.done()
            number, reaching, booking = next(people)
            if reaching < values.reached and booking < values.books:
                world.intake.refer(name, number)
            else:
                world.intake.note(name, number, -1, Answer.STAYS_AWAY)


def _monday(world: World) -> dt.date:
    first = day_zero(world.scenario.horizon)
    return first - dt.timedelta(days=first.weekday())


def _book_week(
    world: World, name: str, spec: OutreachChannel, tries: int, end: float
) -> list[Slot]:
    """The week's slots in order; what does not fit into the diaries is not made up for."""
    pool, slots = world.pools[spec.staff], []
    for _ in range(tries):
        slot = pool.book(name, spec.hours_a_contact, world.env.now)
        if slot is None:
            break
        if slot.time >= end:
            slot.cancel()
            break
        slots.append(slot)
    return sorted(slots, key=lambda slot: slot.time)


# Given dates


def _by_dates(world: World, name: str) -> Life:
    """Replay arrivals, each at the start of its working day, in the order of their dates."""
    env, number = world.env, 0
    for since, until, _, spec in _epochs(world, name, DatesChannel):
        for date, segment in _replayed(world, spec):
            time = world.at(date) + WORKDAY_START
            if since <= time < until:
                yield env.timeout(max(0.0, time - env.now))
                world.intake.refer(name, number, segment)
                number += 1


def _replayed(world: World, spec: DatesChannel) -> list[tuple[dt.date, str | None]]:
    """Dates of arrivals in order, with their segments, those of the follow-up included."""
    segments: list[str | None] = [*spec.segments] or [None] * len(spec.arrivals)
    given = list(zip(spec.arrivals, segments, strict=True))
    horizon = world.scenario.horizon
    again = [(date, segment) for first, segment in given
             for date in repeated([first], spec.repeats, horizon)]  # fmt: skip
    return sorted([*given, *again], key=lambda arrival: arrival[0])
