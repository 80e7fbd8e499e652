"""Courses: groups that start on dates, if enough have signed up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator
from math import nan
from typing import TYPE_CHECKING, Any, Final, cast

import simpy

from simflow.model.calendar import dates_of
from simflow.model.client import Client
from simflow.model.diary import Slot
from simflow.model.log import Outcome
from simflow.model.rules import Rule
from simflow.model.service import Service, Way
from simflow.scenario.services import CourseService as Spec
from simflow.scenario.services import Service as AnySpec

if TYPE_CHECKING:
    from simflow.model.world import World

_STARTS_AT: Final = 9 / 24
"""Time of day at which courses start."""


class Course:
    """One group under way."""

    __slots__ = ("inside", "length")

    def __init__(self, inside: int, length: float) -> None:
        self.inside = inside
        self.length = length


class CourseService(Service):
    """Planned dates, a waiting list in order of arrival, and groups."""

    spec: Spec

    def __init__(self, world: World, index: int, name: str, spec: Spec) -> None:
        super().__init__(world, index, name, spec)
        self._waiting: dict[simpy.Event, float] = {}
        self._patience = self.draw("patience")
        self._schedule = 0
        self.env.process(self._follow(self._schedule))

    def visit(self, client: Client, alongside: bool = False, requested: float | None = None) -> Way:
        """Sign up, wait for a course that is held, take part and go on."""
        env = self.env
        asked = env.now if requested is None else requested
        visit = self.begin_visit(client, alongside)
        rule = client.profile.rules[self.index]
        called = simpy.Event(env)
        self._waiting[called] = asked
        if rule.patience is not None:
            patience = self._patience.sample(client, rule.patience)
            env.timeout(patience).callbacks.append(lambda _: self._give_up(called))
        try:
            course: Course | None = yield called
        except simpy.Interrupt as leaving:
            if self._waiting.pop(called, None) is None and called.value is not None:
                called.value.inside -= 1
            self.cut_off(client, visit, asked, nan, leaving.cause, alongside)
            raise
        if course is None:
            self.record(client, visit, asked, nan, env.now, Outcome.RENEGED, alongside)
            given_up = cast(Spec, rule.spec).patience
            return self.world.target(given_up.to if given_up else None)
        return (yield from self._take_part(client, course, visit, asked, env.now, alongside))

    def resume(self, client: Client, elapsed: float) -> Way:
        """Take part in what is left of a course that began before the run."""
        visit = self.begin_visit(client)
        course = Course(1, max(elapsed, self.spec.length))
        return (yield from self._take_part(client, course, visit, -elapsed, -elapsed))

    def reconfigure(self, spec: AnySpec) -> None:
        """Change seats, rules and dates; groups under way go on as they are."""
        old, self.spec = self.spec, cast(Spec, spec)
        if self.spec.starts != old.starts:
            self._schedule += 1
            self.env.process(self._follow(self._schedule))

    def _give_up(self, called: simpy.Event) -> None:
        if self._waiting.pop(called, None) is not None:
            called.succeed(None)

    # Taking part

    def _take_part(
        self,
        client: Client,
        course: Course,
        visit: int,
        asked: float,
        started: float,
        alongside: bool = False,
    ) -> Way:
        env = self.env
        rule = client.profile.rules[self.index]
        ends_at_once = self.entered(client, alongside, env.now - started)
        if ends_at_once is not None:
            course.inside -= 1
            self.record(client, visit, asked, started, env.now, Outcome.LEFT, alongside)
            return ends_at_once
        length, target = self._stay(client, rule, course, visit, env.now - started)
        try:
            yield env.timeout(max(0.0, started + length - env.now))
        except simpy.Interrupt as leaving:
            self.cut_off(client, visit, asked, started, leaving.cause, alongside)
            raise
        finally:
            course.inside -= 1
        outcome = Outcome.COMPLETED if target is None else Outcome.DROPPED
        self.record(client, visit, asked, started, env.now, outcome, alongside)
        if target is not None:
            return target
        return (yield from self.onward(client, rule, visit))

    def _stay(
        self, client: Client, rule: Rule, course: Course, visit: int, elapsed: float
    ) -> tuple[float, int | None]:
        """Length of the client's part, and where he goes if he drops out."""
        length, spec = course.length, rule.spec
        if spec.at_most is not None:
            length = min(length, spec.at_most - client.total.get(self.index, 0.0))
        if spec.dropout is None:
            return length, None
        # Of those still there after a part of the course, fewer are left who will drop out.
        past = min(elapsed / length, 1.0) if length > 0 else 0.0
        share = spec.dropout.share
        left = share * (1 - past) / (1 - share * past) if past < 1 else 0.0
        if self.draw("dropout").uniform_at(client, visit) >= left:
            return length, None
        moment = self.draw("dropout_at").uniform_at(client, visit)
        return length * (past + (1 - past) * moment), self.world.target(spec.dropout.to)

    # Holding courses

    def _follow(self, schedule: int) -> Generator[simpy.Event, Any, None]:
        """Hold the planned courses on their dates, until a regime brings other dates."""
        env, world = self.env, self.world
        for date in dates_of(self.spec.starts, world.scenario, world.workdays):
            planned = world.at(date) + _STARTS_AT
            if planned < env.now:
                continue
            yield env.timeout(planned - env.now)
            if world.closed or schedule != self._schedule:
                return
            if self._enough():
                self._hold(planned)
            elif self._may_postpone(0):
                env.process(self._postpone(planned, date))
            else:
                self._cancel(planned)

    def _enough(self) -> bool:
        return len(self._waiting) >= max(1, self.spec.seats.min)

    def _may_postpone(self, times: int) -> bool:
        return self.spec.short == "postpone" and times < self.spec.postpone_at_most

    def _postpone(self, planned: float, date: dt.date) -> Generator[simpy.Event, Any, None]:
        """Try a course again later, as often as the scenario says."""
        env, world, times = self.env, self.world, 0
        while self._may_postpone(times):
            times += 1
            date += dt.timedelta(days=max(1, round(self.spec.postpone_by)))
            if self.spec.starts.skip_closed:
                date = world.workdays.next_worked(date)
            yield env.timeout(world.at(date) + _STARTS_AT - env.now)
            if world.closed:
                break
            if self._enough():
                self._hold(planned)
                return
        self._cancel(planned)

    def _cancel(self, planned: float) -> None:
        seats = self.spec.seats.max
        self.world.log.write("courses", (self.index, planned, nan, 0, seats))

    def _hold(self, planned: float) -> None:
        """Start a course now with those who have waited longest."""
        spec, waiting = self.spec, self._waiting
        # Those there at the start of the run have signed up in another order than they came in.
        called = sorted(waiting, key=waiting.__getitem__)[: spec.seats.max]
        course = Course(len(called), spec.length)
        self.world.log.write(
            "courses", (self.index, planned, self.env.now, len(called), spec.seats.max)
        )
        for event in called:
            del waiting[event]
            event.succeed(course)
        if spec.sessions is not None:
            self.env.process(self._lead(course, self._book_sessions(spec)))

    def _book_sessions(self, spec: Spec) -> list[Slot]:
        """Staff time of all sessions of a course that starts now, in order of time."""
        sessions = spec.sessions
        assert sessions is not None
        pool, now = self.world.pools[sessions.staff], self.env.now
        slots: list[Slot] = []
        for rank in range(sessions.count):
            at = now + rank * spec.length / sessions.count
            slots += pool.spread(self.name, sessions.hours, at)
        slots.sort(key=lambda slot: slot.time)
        return slots

    def _lead(self, course: Course, slots: list[Slot]) -> Generator[simpy.Event, Any, None]:
        """Staff hold the sessions; those left when everyone has gone are called off."""
        for rank, slot in enumerate(slots):
            yield self.env.timeout(max(0.0, slot.time - self.env.now))
            if course.inside <= 0:
                for later in slots[rank:]:
                    later.cancel()
                return
            slot.done()
