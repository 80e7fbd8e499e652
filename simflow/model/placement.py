"""Placements: a place, if places are limited, is held for a time."""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop, heappush
from math import inf, nan
from typing import TYPE_CHECKING, Any, cast

import simpy

from simflow.model.calendar import dates_of
from simflow.model.client import Client
from simflow.model.log import Outcome
from simflow.model.rules import Rule
from simflow.model.service import Service, Way
from simflow.scenario.services import PlacementService as Spec

if TYPE_CHECKING:
    from simflow.model.world import World


class PlacementService(Service):
    """Places with a queue in order of priority and arrival.

    The queue is a small one of its own: a place that is free is taken without an event, and giving
    one back wakes the next in line. `simpy.Resource` costs 2.2 times as much per visit here, and
    more with every place.
    """

    spec: Spec

    def __init__(self, world: World, index: int, name: str, spec: Spec) -> None:
        super().__init__(world, index, name, spec)
        self._free: float = inf if spec.places is None else spec.places
        self._queue: list[list[Any]] = []
        self._asked = 0
        self._waiting = 0
        self._used = 0
        self._left: float = inf if spec.calls is None else 0
        self._duration = self.draw("duration")
        if spec.calls is not None:
            world.env.process(self._call())
        elif spec.quota is not None:
            self._left = spec.quota
            world.env.process(self._renew())

    def visit(self, client: Client, alongside: bool = False, requested: float | None = None) -> Way:
        """Search, wait for a place, hold it and go on."""
        rule = client.profile.rules[self.index]
        if rule.plain and client.case is None:
            return self._plain_visit(client, rule, alongside, requested)
        return self._full_visit(client, alongside, requested)

    def _plain_visit(
        self, client: Client, rule: Rule, alongside: bool, requested: float | None
    ) -> Way:
        """A visit to a service that has places and a length and nothing else.

        The same as `_full_visit` would do, at half its cost: most visits of a big network are such.
        """
        # `_now` is what the property `now` returns, without the call.
        env, index = self.env, self.index
        now = env._now if requested is None else requested
        visits = client.visits
        visit = visits.get(index, 0) + 1
        started = nan
        try:
            if self._free > 0 and not self._waiting:
                self._free -= 1
            else:
                yield from self._queue_up(client, rule, rule.spec.priority)  # type: ignore[union-attr]
            started = env._now
            visits[index] = visit
            if client.served != client.served and client.started == client.started:
                client.served = started
            yield simpy.events.Timeout(
                env,
                self._duration.sample(client, rule.duration),  # type: ignore[arg-type]
            )
        except simpy.Interrupt as leaving:
            if started == started:
                self._give_back()
            self.cut_off(client, visit, now, started, leaving.cause, alongside)
            raise
        self._free += 1
        if self._waiting:
            self._serve()
        self.world.write_visit(
            (client.id, index, visit, now, started, env._now, 0, -1, client.segment, client.channel,
             alongside)
        )  # fmt: skip
        return client.profile.rules[index].then.choose(client, self._then.uniform(client))

    def _full_visit(self, client: Client, alongside: bool, requested: float | None) -> Way:
        env = self.env
        now = env.now if requested is None else requested
        visit = self.begin_visit(client, alongside)
        rule = client.profile.rules[self.index]
        spec = cast(Spec, rule.spec)
        try:
            if spec.search is not None and not (yield from self._search(client, rule)):
                self.record(client, visit, now, nan, env.now, Outcome.NOT_FOUND, alongside)
                return self.world.target(spec.search.not_found)
            if self._free > 0 and self._left > 0 and not self._waiting:
                self._take()
            elif spec.room is not None and self._waiting >= spec.room:
                self.record(client, visit, now, nan, env.now, Outcome.BALKED, alongside)
                return self.world.target(spec.full)
            elif not (yield from self._queue_up(client, rule, spec.priority)):
                self.record(client, visit, now, nan, env.now, Outcome.RENEGED, alongside)
                return self.world.target(spec.patience.to if spec.patience else None)
        except simpy.Interrupt as leaving:
            self.cut_off(client, visit, now, nan, leaving.cause, alongside)
            raise
        if spec.refusal is not None and self.draw("refusal").uniform(client) < spec.refusal.share:
            self._give_back(unused=True)
            self.record(client, visit, now, nan, env.now, Outcome.REFUSED, alongside)
            return self.world.target(spec.refusal.to)
        length = self._duration.sample(client, rule.duration)  # type: ignore[arg-type]
        return (yield from self._stay(client, rule, visit, now, env.now, length, alongside))

    def resume(self, client: Client, elapsed: float) -> Way:
        """Take a place if one is left (else wait) and stay for what remains of the length."""
        if self._free <= 0:
            return (yield from self.visit(client, requested=-elapsed))
        self._free -= 1
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
        ends_at_once = self.entered(client, alongside)
        if spec.max_length is not None:
            length = min(length, spec.max_length)
        if spec.at_most is not None:
            length = min(length, spec.at_most - client.total.get(self.index, 0.0))
        outcome, target = Outcome.COMPLETED, None
        if spec.dropout is not None and self.draw("dropout").uniform(client) < spec.dropout.share:
            length *= self.draw("dropout_at").uniform(client)
            outcome, target = Outcome.DROPPED, self.world.target(spec.dropout.to)
        left = max(0.0, started + length - env.now)
        if ends_at_once is not None:
            # The relationship ends here, but the job goes on and its place stays taken.
            env.timeout(left).callbacks.append(lambda _: self._give_back())
            self.record(client, visit, requested, started, env.now, Outcome.LEFT, alongside)
            return ends_at_once
        try:
            yield env.timeout(left)
        except simpy.Interrupt as leaving:
            self._give_back()
            self.cut_off(client, visit, requested, started, leaving.cause, alongside)
            raise
        self._give_back()
        self.record(client, visit, requested, started, env.now, outcome, alongside)
        if target is not None:
            return target
        if spec.evaluation is None:
            then = client.profile.rules[self.index].then
            return then.choose(client, self._then.uniform(client))
        return (yield from self.onward(client, rule))

    def _search(self, client: Client, rule: Rule) -> Generator[simpy.Event, Any, bool]:
        """Whether a fitting place is found, after the time and the staff's work it takes."""
        search = cast(Spec, rule.spec).search
        assert search is not None and rule.search is not None
        env = self.env
        until = env.now + self.draw("search").sample(client, rule.search)
        slots = []
        if search.staff is not None and search.hours > 0:
            slots = self.world.pools[search.staff].spread(self.name, search.hours, env.now)
            if sum(slot.hours for slot in slots) < search.hours - 1e-9:
                until = inf
        done = 0
        try:
            for slot in slots:
                yield env.timeout(max(0.0, slot.time - env.now))
                slot.done(client.id)
                done += 1
            if until == inf:
                yield self.world.never
            yield env.timeout(max(0.0, until - env.now))
        except simpy.Interrupt:
            for slot in slots[done:]:
                slot.cancel()
            raise
        return search.success >= 1 or self.draw("found").uniform(client) < search.success

    def _queue_up(
        self, client: Client, rule: Rule, priority: int
    ) -> Generator[simpy.Event, Any, bool]:
        """Wait for a place; False when the client gives up first."""
        granted = simpy.Event(self.env)
        self._asked += 1
        entry = [priority, self._asked, granted]
        heappush(self._queue, entry)
        self._waiting += 1
        if rule.patience is not None:

            def give_up(_: simpy.Event) -> None:
                # A client who has left the queue meanwhile is not withdrawn twice.
                if entry[2] is not None and not granted.triggered:
                    self._withdraw(entry)
                    granted.succeed(False)

            patience = self.draw("patience").sample(client, rule.patience)
            self.env.timeout(patience).callbacks.append(give_up)
        try:
            return (yield granted) is not False
        except simpy.Interrupt:
            if not granted.triggered:
                self._withdraw(entry)
            elif granted.value is not False:
                self._give_back(unused=True)
            raise

    def _withdraw(self, entry: list[Any]) -> None:
        entry[2] = None
        self._waiting -= 1

    def _take(self) -> None:
        self._free -= 1
        self._left -= 1
        self._used += 1

    def _give_back(self, unused: bool = False) -> None:
        self._free += 1
        if unused:
            self._left += 1
            self._used -= 1
        if self._waiting:
            self._serve()
        if unused and self.spec.calls is not None:
            # Offered to the next in line; what nobody takes lapses with the call.
            self._left = 0

    def _serve(self) -> None:
        """Give free places to those who wait, in order."""
        while self._waiting and self._free > 0 and self._left > 0:
            granted = heappop(self._queue)[2]
            if granted is not None:
                self._waiting -= 1
                self._take()
                granted.succeed()

    def reconfigure(self, spec: Any) -> None:
        """Change the number of places and the year's quota; the queue is served anew."""
        old, self.spec = self.spec, spec
        if spec.places != old.places:
            taken = 0 if old.places is None else old.places - self._free
            self._free = inf if spec.places is None else spec.places - taken
        if spec.quota != old.quota and spec.calls is None:
            self._left = inf if spec.quota is None else spec.quota - self._used
        self._serve()

    def _call(self) -> Generator[simpy.Event, Any, None]:
        calls = self.spec.calls
        assert calls is not None
        for date in dates_of(calls.when, self.world.scenario, self.world.workdays):
            yield self.env.timeout(max(0.0, self.world.at(date) - self.env.now))
            self._left = self.spec.calls.posts if self.spec.calls else inf
            self._serve()
            if self.spec.calls is not None:
                self._left = 0

    def _renew(self) -> Generator[simpy.Event, Any, None]:
        for time in self.world.new_years():
            yield self.env.timeout(time - self.env.now)
            self._used = 0
            self._left = inf if self.spec.quota is None else self.spec.quota
            self._serve()
