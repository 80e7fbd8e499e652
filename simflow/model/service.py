"""What every kind of service does with a client."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator
from math import nan
from typing import TYPE_CHECKING, Any

import simpy

from simflow.model.client import Client
from simflow.model.log import Outcome
from simflow.model.rules import Rule
from simflow.model.streams import Draw
from simflow.scenario.services import Service as Spec

if TYPE_CHECKING:
    from simflow.model.world import World

Way = Generator[simpy.Event, Any, int]
"""A client's way through something; its value is the target he goes to next."""


class Service(ABC):
    """A service of the run; its kinds say how a client gets in and how long he stays."""

    def __init__(self, world: World, index: int, name: str, spec: Spec) -> None:
        self.world = world
        self.env = world.env
        self.index = index
        self.name = name
        self.spec = spec
        self._then = self.draw("then")

    def draw(self, name: str) -> Draw:
        """One of the service's own draws."""
        return self.world.streams.draw(f"{self.name}.{name}")

    def admit(self, client: Client) -> bool:
        """Take the client in without a process of his own, where the service can."""
        return False

    @abstractmethod
    def visit(self, client: Client, alongside: bool = False, requested: float | None = None) -> Way:
        """The client asks for the service now and goes through it."""

    def resume(self, client: Client, elapsed: float) -> Way:
        """The client has been in the service for `elapsed` days when the run starts."""
        return self.visit(client, requested=-elapsed)

    def reconfigure(self, spec: Spec) -> None:
        """A regime changes the service's values."""
        self.spec = spec

    def begin_visit(self, client: Client, alongside: bool = False) -> int:
        """The client waits; the number the visit will have once it begins."""
        count = client.visits[self.index] + 1
        if client.case is not None and not alongside:
            client.now("waiting")
        return count

    def entered(self, client: Client, alongside: bool = False, elapsed: float = 0.0) -> int | None:
        """The service begins, or began `elapsed` days ago for one who was in it at the start.

        A target is returned when a declined companion ends it at once.
        """
        now = self.env.now
        client.visits[self.index] += 1
        if client.started == client.started and self.spec.kind != "guidance":
            if client.served != client.served:
                client.served = now
            if self.spec.progress:
                client.progress_at = now
        if client.case is not None and not alongside:
            self.occupy(client)
        offer = client.profile.rules[self.index].spec.companion
        return None if offer is None else self.world.pathway.offer(client, self, offer, elapsed)

    def occupy(self, client: Client) -> None:
        """Change the client's state, as he is in the service now."""
        client.now("service")

    def record(
        self,
        client: Client,
        visit: int,
        requested: float,
        started: float,
        ended: float,
        outcome: Outcome,
        alongside: bool = False,
        worker: int = -1,
    ) -> None:
        """Write the visit's row and add its time to the client's total."""
        if started == started:
            stop = ended if ended == ended else self.env.now
            client.total[self.index] = client.total.get(self.index, 0.0) + stop - started
            if outcome is Outcome.COMPLETED and self.spec.progress:
                client.progress_at = self.env.now
        self.world.write_visit(
            (client.id, self.index, visit, requested, started, ended, outcome, worker,
             client.segment, client.channel, alongside)
        )  # fmt: skip

    def cut_off(
        self,
        client: Client,
        visit: int,
        requested: float,
        started: float,
        cause: object,
        alongside: bool = False,
    ) -> None:
        """Write the row of a visit that something else ended (or the end of the run)."""
        ended, outcome = (nan, Outcome.ONGOING) if cause is None else (self.env.now, Outcome.LEFT)
        self.record(client, visit, requested, started, ended, outcome, alongside)

    def onward(self, client: Client, rule: Rule, visit: int) -> Way:
        """The evaluation, if there is one, and the next step."""
        if rule.spec.evaluation is not None:
            lost: int | None = yield from self.world.pathway.evaluate(client, rule.spec.evaluation)
            if lost is not None:
                return lost
        return self.next_step(client, visit)

    def next_step(self, client: Client, visit: int) -> int:
        """Where the client goes after a visit."""
        then = client.profile.rules[self.index].then
        return then.choose(client, self._then.uniform_at(client, visit))


class GuidanceService(Service):
    """Between services: ends when casework finds the next step."""

    def visit(self, client: Client, alongside: bool = False, requested: float | None = None) -> Way:
        """Stay until the next step is found."""
        started = self.env.now if requested is None else requested
        client.visits[self.index] += 1
        visit = client.visits[self.index]
        client.next_step = simpy.Event(self.env)
        client.now("guidance")
        try:
            yield client.next_step
        except simpy.Interrupt as leaving:
            self.cut_off(client, visit, started, started, leaving.cause)
            raise
        finally:
            client.next_step = None
        client.drifting = False
        self.record(client, visit, started, started, self.env.now, Outcome.COMPLETED)
        return (yield from self.onward(client, client.profile.rules[self.index], visit))
