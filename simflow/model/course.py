"""Courses: groups that start on dates, with a smallest and a largest size."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from math import nan
from typing import TYPE_CHECKING, Any, cast

import simpy

from simflow.model.calendar import WORKDAY_START, dates_of
from simflow.model.client import Client
from simflow.model.log import Outcome
from simflow.model.service import Service, Way
from simflow.scenario.services import CourseService as Spec

if TYPE_CHECKING:
    from simflow.model.world import World


class CourseService(Service):
    """A waiting list, and a process that holds, postpones or cancels each planned course."""

    spec: Spec

    def __init__(self, world: World, index: int, name: str, spec: Spec) -> None:
        super().__init__(world, index, name, spec)
        self._list: deque[simpy.Event] = deque()
        world.env.process(self._hold_courses())

    def visit(
        self, client: Client, alongside: bool = False, requested: float | None = None
    ) -> Way:
        """Wait for a seat, take part and go on."""
        asked = self.env.now if requested is None else requested
        visit = self.begin_visit(client, alongside)
        rule = client.profile.rules[self.index]
        spec = cast(Spec, rule.spec)
        seat = simpy.Event(self.env)
        self._list.append(seat)
        if rule.patience is not None:
            patience = self.draw("patience").sample(client, rule.patience)
            self.env.timeout(patience).callbacks.append(lambda _: self._give_up(seat))
        try:
            seated = yield seat
        except simpy.Interrupt as leaving:
            if not seat.triggered:
                self._list.remove(seat)
            self.cut_off(client, visit, asked, nan, leaving.cause, alongside)
            raise
        if seated is False:
            self.record(client, visit, asked, nan, self.env.now, Outcome.RENEGED, alongside)
            return self.world.target(spec.patience.to if spec.patience else None)
        return (yield from self._take_part(client, visit, asked, self.env.now, alongside))

    def resume(self, client: Client, elapsed: float) -> Way:
        """Take part in what remains of a course that was going on at the start."""
        visit = self.begin_visit(client)
        ago = elapsed % self.spec.length if self.spec.length > 0 else 0.0
        return (yield from self._take_part(client, visit, -elapsed, -ago, False))

    def _take_part(
        self, client: Client, visit: int, asked: float, started: float, alongside: bool
    ) -> Way:
        env, rule = self.env, client.profile.rules[self.index]
        spec = cast(Spec, rule.spec)
        length, outcome, target = spec.length, Outcome.COMPLETED, None
        if spec.dropout is not None and self.draw("dropout").uniform(client) < spec.dropout.share:
            length *= self.draw("dropout_at").uniform(client)
            outcome, target = Outcome.DROPPED, self.world.target(spec.dropout.to)
        ends_at_once = self.entered(client, alongside)
        if ends_at_once is not None:
            self.record(client, visit, asked, started, env.now, Outcome.LEFT, alongside)
            return ends_at_once
        try:
            yield env.timeout(max(0.0, started + length - env.now))
        except simpy.Interrupt as leaving:
            self.cut_off(client, visit, asked, started, leaving.cause, alongside)
            raise
        self.record(client, visit, asked, started, env.now, outcome, alongside)
        return target if target is not None else (yield from self.onward(client, rule))

    def _give_up(self, seat: simpy.Event) -> None:
        if not seat.triggered:
            self._list.remove(seat)
            seat.succeed(False)

    def _hold_courses(self) -> Generator[simpy.Event, Any, None]:
        """Start each course of the plan in force; a regime may plan others from its date on."""
        world = self.world
        plan = []
        for rank, (since, scenario) in enumerate(world.starts):
            until = world.starts[rank + 1][0] if rank + 1 < len(world.starts) else world.end
            spec = cast(Spec, scenario.services[self.name])
            for date in dates_of(spec.starts, scenario, world.workdays):
                if since <= world.at(date) < until:
                    plan.append(world.at(date) + WORKDAY_START)
        for planned in sorted(plan):
            if planned >= self.env.now:
                yield self.env.timeout(planned - self.env.now)
                self.env.process(self._hold(planned))

    def _hold(self, planned: float) -> Generator[simpy.Event, Any, None]:
        seats = self.spec.seats
        postponed = 0
        while len(self._list) < seats.min:
            if self.spec.short == "cancel" or postponed >= self.spec.postpone_at_most:
                self.world.log.write("courses", (self.index, planned, nan, 0, seats.max))
                return
            postponed += 1
            yield self.env.timeout(self.spec.postpone_by)
        enrolled = min(len(self._list), seats.max)
        for _ in range(enrolled):
            self._list.popleft().succeed(True)
        self.world.log.write(
            "courses", (self.index, planned, self.env.now, enrolled, seats.max)
        )
        if enrolled and self.spec.sessions is not None:
            yield from self._hold_sessions()

    def _hold_sessions(self) -> Generator[simpy.Event, Any, None]:
        sessions, begins = self.spec.sessions, self.env.now
        assert sessions is not None
        pool, gap = self.world.pools[sessions.staff], self.spec.length / sessions.count
        slots = []
        # Booked when the course starts, as a worker would, so that other work gives way.
        for rank in range(sessions.count):
            slots += pool.spread(self.name, sessions.hours, begins + rank * gap)
        for slot in sorted(slots, key=lambda slot: slot.time):
            yield self.env.timeout(max(0.0, slot.time - self.env.now))
            slot.done()
