"""One client's way: from service to service until an exit, and perhaps back again."""

from __future__ import annotations

from collections.abc import Generator
from math import isnan, nan
from typing import TYPE_CHECKING, Any

import simpy

from simflow.model.appointment import AppointmentService
from simflow.model.casework import Case
from simflow.model.client import Client
from simflow.model.contact import choose_worker
from simflow.model.laws import law_of
from simflow.model.rules import BACK
from simflow.model.service import Service, Way
from simflow.scenario.moves import returning
from simflow.scenario.schema import Return
from simflow.scenario.services import Companion

if TYPE_CHECKING:
    from simflow.model.world import World


class Pathway:
    """Moves clients on.

    Parameters
    ----------
    world : World
        The replication.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._env = world.env
        self._write = world.log.writer("clients")
        self._services = world.services
        exits = world.scenario.exits
        self._exits = list(exits)
        self._turned_away = [exit_.kind == "not_started" for exit_ in exits.values()]
        may_return = returning(world.scenario)
        self._returning = [name in may_return for name in exits]
        after = world.scenario.relationship.starts_after
        self._benefit = world.streams.draw("benefit.days_at_start")
        self._starter = BACK if after is None else world.target(after)
        """The service that starts the relationship; `BACK`, which no service is: arriving does."""

    # Coming and going

    def arrive(self, client: Client, target: int) -> None:
        """The client comes and goes to his first service."""
        if self._starter == BACK:
            self._begin(client)
        self.go(client, target)

    def resume(self, client: Client, place: str, since: float, elapsed: float, waits: bool) -> None:
        """The client was there before the run: `since` days, the last `elapsed` in a place."""
        service = self._services[self._world.target(place)]
        client.referred = -since
        self._begin(client, -since)
        client.progress_at = -elapsed
        first = service.visit(client, False, -elapsed) if waits else service.resume(client, elapsed)
        client.process = self._env.process(self._walk(client, service.index, first))

    def go(self, client: Client, target: int, came_from: int = -1) -> None:
        """Send the client to a service, or out."""
        if came_from == self._starter:
            self._started(client, target)
        if target < 0:
            self._leave(client, target)
        elif not self._services[target].admit(client):
            client.holds = None
            client.process = self._env.process(self._walk(client, target))

    def _walk(
        self, client: Client, target: int, first: Way | None = None
    ) -> Generator[simpy.Event, Any, None]:
        """A client's way, one service after the other, until one holds him or he is out."""
        services, starter = self._services, self._starter
        try:
            while True:
                came_from = target
                target = yield from first or services[target].visit(client)
                first = None
                if came_from == starter:
                    self._started(client, target)
                if target < 0:
                    break
                if services[target].admit(client):
                    return
        except simpy.Interrupt as leaving:
            target = BACK if leaving.cause is None else leaving.cause
        self._leave(client, target)

    def _started(self, client: Client, target: int) -> None:
        """The relationship starts after this service, unless it turned the client away."""
        turned_away = target < 0 and self._turned_away[-1 - target]
        if isnan(client.started) and not turned_away:
            self._begin(client)

    def _begin(self, client: Client, at: float | None = None) -> None:
        """The relationship starts; casework takes the client on."""
        client.started = self._env.now if at is None else at
        if client.profile.casework is not None:
            choose_worker(self._world, client)
            client.case = Case(self._world, client)
            client.case.start()

    def interrupt(self, client: Client, cause: int | None) -> None:
        """Take the client out of where he is: to an exit, or None at the end of the run."""
        if client.holds is not None:
            client.holds.let_go(client, cause)
            self._leave(client, BACK if cause is None else cause)
        elif client.process.is_alive:
            client.process.interrupt(cause)

    def interrupt_all(self, cause: int | None) -> None:
        """Take everyone out."""
        for client in list(self._world.inside.values()):
            self.interrupt(client, cause)

    def _leave(self, client: Client, target: int) -> None:
        """Write the relationship's row; `BACK` means that the run ended with him inside."""
        ended, reached = (nan, -1) if target == BACK else (self._env.now, -1 - target)
        if client.case is not None:
            client.case.stop()
            client.case = None
        if client.companions:
            self._leave_companions(client, target)
        worker = -1 if client.worker is None else client.worker.index
        # Drawn only now: a draw has an address, so it does not matter when it is made.
        law = client.profile.benefit_days
        days = 0.0 if law is None else self._benefit.sample(client, law)
        self._write(
            (client.id, client.channel, client.segment, client.needs, client.referred,
             client.started, client.served, ended, reached, worker, client.last_contact, days)
        )  # fmt: skip
        client.holds = client.stay = None
        del self._world.inside[client.id]
        if target != BACK and self._returning[reached]:
            self._maybe_return(client, self._exits[reached])

    def _leave_companions(self, client: Client, target: int) -> None:
        for process, _ in client.companions:
            if process.is_alive and process is not self._env.active_process:
                process.interrupt(None if target == BACK else target)

    # Coming back

    def _maybe_return(self, client: Client, name: str) -> None:
        returns = self._world.scenario.exits[name].returns
        if returns is None or self._world.closed:
            return
        if self._world.streams.draw(f"{name}.returns").uniform(client) < returns.share:
            self._env.process(self._come_back(client, name, returns))

    def _come_back(
        self, client: Client, exit_name: str, returns: Return
    ) -> Generator[simpy.Event, Any, None]:
        away = self._world.streams.draw(f"{exit_name}.away")
        yield self._env.timeout(away.sample(client, law_of(returns.after)))
        if self._world.closed:
            return
        client.referred = client.progress_at = self._env.now
        client.started = client.served = client.last_contact = nan
        client.worker, client.drifting, client.companions = None, False, ()
        self._world.inside[client.id] = client
        self.arrive(client, self._world.target(returns.to))

    # Beside the way

    def evaluate(self, client: Client, name: str) -> Generator[simpy.Event, Any, int | None]:
        """The evaluation meeting after a service; the target of those who never come, or None."""
        service = self._services[self._world.target(name)]
        assert isinstance(service, AppointmentService)
        return (yield from service.attend(client))

    def offer(
        self, client: Client, service: Service, offer: Companion, elapsed: float
    ) -> int | None:
        """Offer a companion service; a target when declining it ends the stay.

        Who was in the service before the run and is still there has not declined; his companion
        starts when it is due, at the earliest with the run.
        """
        stays = offer.declined is None or elapsed > 0
        draw = self._world.streams.draw(f"{service.name}.companion")
        if (elapsed > 0 and offer.declined is not None) or draw.uniform(client) < offer.accepts:
            other = self._services[self._world.target(offer.service)]
            if client.profile.rules[other.index].takes(client, other.index):
                due = max(0.0, offer.after - elapsed)
                process = self._env.process(self._alongside(client, other, due))
                client.companions = (*client.companions, (process, other))
                return None
        return None if stays else self._world.target(offer.declined)

    def _alongside(
        self, client: Client, service: Service, after: float
    ) -> Generator[simpy.Event, Any, None]:
        try:
            yield self._env.timeout(after)
            target = yield from service.visit(client, alongside=True)
        except simpy.Interrupt:
            return
        if target != BACK and client.id in self._world.inside:
            self.interrupt(client, target)
        elif client.case is not None:
            client.case.changed()  # he stays where he is, and may have been met
