"""Places of a placement, and the queue for them."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from heapq import heappop, heappush
from math import inf
from typing import TYPE_CHECKING, Any

import simpy

from simflow.model.calendar import dates_of
from simflow.scenario.services import PlacementService as Spec

if TYPE_CHECKING:
    from simflow.model.world import World

Entry = list[Any]
"""One in the queue: priority, rank in it, and what to call when he gets a place (None: left)."""
Specs = list[tuple[float, Spec]]
"""A service's values, and the time from which each holds."""


def make_places(world: World, specs: Specs) -> Places:
    """Places of a service, rationed where it ever has a quota or calls."""
    rationed = any(spec.quota is not None or spec.calls is not None for _, spec in specs)
    return RationedPlaces(world, specs) if rationed else Places(world, specs)


class Places:
    """Places with a queue in order of priority and arrival.

    The queue is a small one of its own: a place that is free is taken without an event, and giving
    one back serves the next in line. `simpy.Resource` costs 2.2 times as much per visit here, and
    more with every place.

    Parameters
    ----------
    world : World
        The replication.
    specs : sequence of (float, PlacementService)
        The service's values, and the time from which each holds.
    """

    def __init__(self, world: World, specs: Specs) -> None:
        self._world = world
        self._spec = specs[0][1]
        self._queue: list[Entry] = []
        self._asked = 0
        self.waiting = 0
        self.inside = 0
        self.most = _number(self._spec.places)

    def take(self) -> bool:
        """Take a free place, unless someone waits for it."""
        if self.inside < self.most and not self.waiting:
            self.inside += 1
            return True
        return False

    def keep(self) -> bool:
        """Hold on to a place got before the run, if one is left."""
        if self.inside >= self.most:
            return False
        self.inside += 1
        return True

    def join(self, priority: int, begin: Callable[[], object]) -> Entry:
        """Wait for a place; `begin` is called when it is there, and has been taken."""
        self._asked += 1
        entry: Entry = [priority, self._asked, begin]
        heappush(self._queue, entry)
        self.waiting += 1
        return entry

    def withdraw(self, entry: Entry) -> None:
        """Leave the queue."""
        entry[2] = None
        self.waiting -= 1

    def give_back(self) -> None:
        """Give a place back after a stay."""
        self.inside -= 1
        if self.waiting:
            self.serve()

    def hand_back(self) -> None:
        """Give a place back that was offered and not used."""
        self.give_back()

    def serve(self) -> None:
        """Give free places to those who wait, in order; nobody begins once all is over."""
        while self.waiting and self._may_begin():
            entry = heappop(self._queue)
            begin, entry[2] = entry[2], None
            if begin is not None:
                self.waiting -= 1
                self.inside += 1
                begin()

    def _may_begin(self) -> bool:
        return self.inside < self.most and not self._world.closed

    def reconfigure(self, spec: Spec) -> None:
        """Change the number of places; the queue is served anew."""
        self._spec = spec
        self.most = _number(spec.places)
        self.serve()


class RationedPlaces(Places):
    """Places of which only so many are given out: a year's quota, or the posts of each call."""

    def __init__(self, world: World, specs: Specs) -> None:
        super().__init__(world, specs)
        self._given = 0
        self._ration = self._allowance()
        if any(spec.calls is not None for _, spec in specs):
            world.env.process(self._call(specs))
        if any(spec.quota is not None for _, spec in specs):
            world.env.process(self._renew())

    def _allowance(self) -> float:
        """Places that may be given out this year: no more until the next call, or the quota."""
        if self._spec.calls is not None:
            return self._given
        return inf if self._spec.quota is None else self._spec.quota

    def take(self) -> bool:
        """Take a free place that may be given, unless someone waits for it."""
        if self._given < self._ration and super().take():
            self._given += 1
            return True
        return False

    def join(self, priority: int, begin: Callable[[], object]) -> Entry:
        """Wait for a place, which counts as given when it is there."""
        return super().join(priority, partial(self._give, begin))

    def _give(self, begin: Callable[[], object]) -> None:
        self._given += 1
        begin()

    def _may_begin(self) -> bool:
        return self._given < self._ration and super()._may_begin()

    def hand_back(self) -> None:
        """Give a place back that was offered and not used: it counts as never given."""
        self._given -= 1
        super().hand_back()
        if self._spec.calls is not None:
            # Offered to the next in line; what nobody takes lapses with the call.
            self._ration = self._given

    def reconfigure(self, spec: Spec) -> None:
        """Change the number of places and the year's quota; the queue is served anew."""
        old, self._spec = self._spec, spec
        if spec.quota != old.quota or (spec.calls is None) != (old.calls is None):
            self._ration = self._allowance()
        super().reconfigure(spec)

    def _call(self, specs: Specs) -> Generator[simpy.Event, Any, None]:
        """Give the posts of each call on its date to those who wait."""
        world = self._world
        for rank, (since, spec) in enumerate(specs):
            until = specs[rank + 1][0] if rank + 1 < len(specs) else world.end
            if spec.calls is None:
                continue
            for date in dates_of(spec.calls.when, world.scenario, world.workdays):
                at = world.at(date)
                if since <= at < until:
                    yield world.env.timeout(at - world.env.now)
                    self._ration = self._given + spec.calls.posts
                    self.serve()
                    self._ration = self._given

    def _renew(self) -> Generator[simpy.Event, Any, None]:
        """Open each year's quota."""
        for time in self._world.new_years():
            yield self._world.env.timeout(time - self._world.env.now)
            self._given = 0
            self._ration = self._allowance()
            self.serve()


def _number(places: int | None) -> float:
    """Places; infinite where they are not limited."""
    return inf if places is None else places
