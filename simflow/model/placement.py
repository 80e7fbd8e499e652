"""Placements: a place, if places are limited, is held for a time."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from heapq import heappush
from math import inf, nan
from typing import TYPE_CHECKING, Any, Final, cast

import simpy

from simflow.model.client import Client
from simflow.model.diary import Slot
from simflow.model.laws import Law
from simflow.model.log import Outcome
from simflow.model.places import Entry, make_places
from simflow.model.rules import Rule
from simflow.model.service import Service, Way
from simflow.scenario.services import PlacementService as Spec

if TYPE_CHECKING:
    from simflow.model.world import World

_NORMAL: Final = simpy.events.NORMAL


class Stay(simpy.Event):
    """A stay with nothing but a length, as the event of its end; one serves all of a client's way.

    A generator per client costs two and a half times as much, and most visits of a big network
    are such.
    """

    asked = started = nan
    entry: Entry | None = None
    rule: Rule

    def __init__(self, env: simpy.Environment, client: Client) -> None:
        self.env = env
        self.client = client
        self._ok = True
        self._value = None
        client.stay = self


class PlacementService(Service):
    """A search, a queue for a place, and a stay; or a `Stay` alone."""

    spec: Spec

    def __init__(self, world: World, index: int, name: str, spec: Spec) -> None:
        super().__init__(world, index, name, spec)
        specs = [(at, cast(Spec, scenario.services[name])) for at, scenario in world.starts]
        self.places = make_places(world, specs)
        self._duration = self.draw("duration")
        self._ending: list[Any] = [self._end]
        self._rows, self._enough = world.log.buffer("visits")
        self._go = world.pathway.go

    # Without a process. A call less counts here: `_now` is what the property `now` returns, and
    # `cohort[…]` what `sample_at` and `uniform_at` return; each would take a twelfth of all time.

    def admit(self, client: Client) -> bool:
        """Begin a visit that has places and a length and nothing else."""
        rule = client.profile.rules[self.index]
        if not rule.plain or client.case is not None:
            return False
        client.holds = self
        stay = client.stay or Stay(self.env, client)
        stay.rule, stay.asked = rule, self.env._now
        if self.places.take():
            self._start(stay)
        else:
            stay.started = nan
            stay.entry = self.places.join(rule.priority, partial(self._start, stay))
        return True

    def _start(self, stay: Stay) -> None:
        client, env, index = stay.client, self.env, self.index
        started = stay.started = env._now
        visits = client.visits
        visit = visits[index] = visits[index] + 1
        if client.served != client.served and client.started == client.started:
            client.served = started
        stay.callbacks = self._ending
        length = client.cohort[self._duration, stay.rule.duration, visit][client.place]
        heappush(env._queue, (started + length, _NORMAL, next(env._eid), stay))

    def _end(self, stay: Stay) -> None:
        places = self.places
        places.inside -= 1
        if places.waiting:
            places.serve()
        client, index, rows = stay.client, self.index, self._rows
        visit = client.visits[index]
        rows.extend(
            (client.id, index, visit, stay.asked, stay.started, self.env._now, 0, -1,
             client.segment, client.channel, 0)
        )  # fmt: skip
        if len(rows) >= self._enough:
            self.world.log.flush("visits")
        uniform = client.cohort[self._then, None, visit][client.place]
        self._go(client, stay.rule.then.choose(client, uniform), index)

    def let_go(self, client: Client, cause: int | None) -> None:
        """End the client's stay, or his waiting for it, before its time."""
        stay = client.stay
        assert stay is not None
        client.holds = client.stay = None
        visit = client.visits[self.index]
        if stay.started == stay.started:
            stay.callbacks = []
            self.places.give_back()
        else:
            visit += 1
            assert stay.entry is not None
            self.places.withdraw(stay.entry)
        self.cut_off(client, visit, stay.asked, stay.started, cause)

    # With a process

    def visit(self, client: Client, alongside: bool = False, requested: float | None = None) -> Way:
        """Search, wait for a place, hold it and go on."""
        env = self.env
        now = env.now if requested is None else requested
        visit = self.begin_visit(client, alongside)
        rule = client.profile.rules[self.index]
        spec = cast(Spec, rule.spec)
        try:
            if spec.search is not None and not (yield from self._search(client, rule)):
                self.record(client, visit, now, nan, env.now, Outcome.NOT_FOUND, alongside)
                return self.world.target(spec.search.not_found)
            if self.places.take():
                pass
            elif spec.room is not None and self.places.waiting >= spec.room:
                self.record(client, visit, now, nan, env.now, Outcome.BALKED, alongside)
                return self.world.target(spec.full)
            elif not (yield from self._queue_up(client, rule, spec.priority)):
                self.record(client, visit, now, nan, env.now, Outcome.RENEGED, alongside)
                return self.world.target(spec.patience.to if spec.patience else None)
        except simpy.Interrupt as leaving:
            self.cut_off(client, visit, now, nan, leaving.cause, alongside)
            raise
        if spec.refusal is not None and self.draw("refusal").uniform(client) < spec.refusal.share:
            self.places.hand_back()
            self.record(client, visit, now, nan, env.now, Outcome.REFUSED, alongside)
            return self.world.target(spec.refusal.to)
        length = self._duration.sample_at(client, cast(Law, rule.duration), visit)
        return (yield from self._stay(client, rule, visit, now, env.now, length, alongside))

    def resume(self, client: Client, elapsed: float) -> Way:
        """Take a place if one is left (else wait) and stay for what remains of the length."""
        if not self.places.keep():
            return (yield from self.visit(client, requested=-elapsed))
        visit = self.begin_visit(client)
        rule = client.profile.rules[self.index]
        share = self.draw("remaining").uniform(client)
        rest = rule.duration.remaining(elapsed, share) if rule.duration else 0.0
        return (yield from self._stay(client, rule, visit, -elapsed, -elapsed, elapsed + rest))

    def _stay(
        self,
        client: Client,
        rule: Rule,
        visit: int,
        requested: float,
        started: float,
        length: float,
        alongside: bool = False,
    ) -> Way:
        env, spec = self.env, cast(Spec, rule.spec)
        ends_at_once = self.entered(client, alongside, env.now - started)
        if spec.max_length is not None:
            length = min(length, spec.max_length)
        if spec.at_most is not None:
            length = min(length, spec.at_most - client.total.get(self.index, 0.0))
        outcome, target = Outcome.COMPLETED, None
        drops = self.draw("dropout")
        if spec.dropout is not None and drops.uniform_at(client, visit) < spec.dropout.share:
            length *= self.draw("dropout_at").uniform_at(client, visit)
            outcome, target = Outcome.DROPPED, self.world.target(spec.dropout.to)
        left = max(0.0, started + length - env.now)
        if ends_at_once is not None:
            # The relationship ends here, but the job goes on and its place stays taken.
            env.timeout(left).callbacks.append(lambda _: self.places.give_back())
            self.record(client, visit, requested, started, env.now, Outcome.LEFT, alongside)
            return ends_at_once
        try:
            yield env.timeout(left)
        except simpy.Interrupt as leaving:
            self.places.give_back()
            self.cut_off(client, visit, requested, started, leaving.cause, alongside)
            raise
        self.places.give_back()
        self.record(client, visit, requested, started, env.now, outcome, alongside)
        if target is not None:
            return target
        return (yield from self.onward(client, rule, visit))

    def _search(self, client: Client, rule: Rule) -> Generator[simpy.Event, Any, bool]:
        """Whether a fitting place is found, after the time and the staff's work it takes."""
        search = cast(Spec, rule.spec).search
        assert search is not None and rule.search is not None
        env = self.env
        until = env.now + self.draw("search").sample(client, rule.search)
        slots: list[Slot] = []
        if search.staff is not None and search.hours > 0:
            slots = self.world.pools[search.staff].spread(self.name, search.hours, env.now)
            if sum(slot.hours for slot in slots) < search.hours - 1e-9:
                until = inf
        ready = until if not slots else max(until, slots[-1].time)
        try:
            yield self.world.never if ready == inf else env.timeout(max(0.0, ready - env.now))
        finally:  # whether the search ends or is broken off
            for slot in slots:
                if slot.time <= env.now:
                    slot.done(client.id)
                else:
                    slot.cancel()
        return search.success >= 1 or self.draw("found").uniform(client) < search.success

    def _queue_up(
        self, client: Client, rule: Rule, priority: int
    ) -> Generator[simpy.Event, Any, bool]:
        """Wait for a place; False when the client gives up first."""
        places, granted = self.places, simpy.Event(self.env)
        entry = places.join(priority, granted.succeed)
        if rule.patience is not None:

            def give_up(_: simpy.Event) -> None:
                if entry[2] is not None:  # he still waits
                    places.withdraw(entry)
                    granted.succeed(False)

            patience = self.draw("patience").sample(client, rule.patience)
            self.env.timeout(patience).callbacks.append(give_up)
        try:
            return (yield granted) is not False
        except simpy.Interrupt:
            if entry[2] is not None:
                places.withdraw(entry)
            elif granted.value is not False:
                places.hand_back()
            raise

    def reconfigure(self, spec: Any) -> None:
        """Change the number of places and the year's quota; the queue is served anew."""
        self.spec = spec
        self.places.reconfigure(spec)
