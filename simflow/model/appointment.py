"""Appointments: a meeting in the first free slot of a worker's diary."""

from __future__ import annotations

from collections.abc import Generator
from math import inf, nan
from typing import TYPE_CHECKING, Any, cast

import simpy

from simflow.model.client import Client
from simflow.model.diary import Slot
from simflow.model.log import Outcome
from simflow.model.service import Service, Way
from simflow.scenario.services import AppointmentService as Spec

if TYPE_CHECKING:
    from simflow.model.world import World


class AppointmentService(Service):
    """Meetings with staff; missed ones are booked again a few times."""

    spec: Spec

    def __init__(self, world: World, index: int, name: str, spec: Spec) -> None:
        super().__init__(world, index, name, spec)
        self._patience = self.draw("patience")
        self._no_show = self.draw("no_show")

    def visit(self, client: Client, alongside: bool = False, requested: float | None = None) -> Way:
        """Be met, and go on."""
        lost = yield from self.attend(client, alongside, requested)
        if lost is not None:
            return lost
        rule, visit = client.profile.rules[self.index], client.visits[self.index]
        return (yield from self.onward(client, rule, visit))

    def attend(
        self, client: Client, alongside: bool = False, requested: float | None = None
    ) -> Generator[simpy.Event, Any, int | None]:
        """Book and come to the meeting; the target of those who do not get that far, or None."""
        env, now = self.env, self.env.now
        asked = now if requested is None else requested
        visit = self.begin_visit(client, alongside)
        rule = client.profile.rules[self.index]
        spec = cast(Spec, rule.spec)
        until = inf
        if rule.patience is not None:
            until = now + self._patience.sample(client, rule.patience)
        earliest, missed = now + spec.notice, 0
        while True:
            slot = self._book(client, spec, earliest)
            try:
                yield self._turn(slot, until)
            except simpy.Interrupt as leaving:
                if slot is not None:
                    slot.cancel()
                self.cut_off(client, visit, asked, nan, leaving.cause, alongside)
                raise
            if slot is None or slot.time > until:
                if slot is not None:
                    slot.cancel()
                self.record(client, visit, asked, nan, env.now, Outcome.RENEGED, alongside)
                return self.world.target(spec.patience.to if spec.patience else None)
            slot.done(client.id)
            if spec.no_show == 0 or self._no_show.uniform(client) >= spec.no_show:
                break
            missed += 1
            lost = missed > spec.rebook
            outcome = Outcome.LOST if lost else Outcome.MISSED
            self.record(client, visit, asked, nan, env.now, outcome, alongside, slot.worker)
            if lost:
                return self.world.target(spec.lost)
            earliest = env.now + spec.rebook_after
        yield from self._meet(client, spec, visit, asked, slot, alongside)
        return None

    def _book(self, client: Client, spec: Spec, earliest: float) -> Slot | None:
        """The first free slot, with the own worker where he does the meetings."""
        pool = self.world.pools[spec.staff]
        if spec.own_worker:
            own = client.worker
            if own is not None and own.pool is pool and not own.away(earliest):
                slot = pool.book(self.name, spec.length, earliest, own)
                if slot is not None:
                    return slot
        # He has no own worker, or a colleague stands in.
        return pool.book(self.name, spec.length, earliest)

    def _turn(self, slot: Slot | None, until: float) -> simpy.Event:
        """What ends the wait for a slot: its time, or that patience is over before it."""
        if slot is not None and slot.time <= until:
            until = slot.time
        if until == inf:
            return self.world.never
        return self.env.timeout(max(0.0, until - self.env.now))

    def occupy(self, client: Client) -> None:
        """A meeting of hours is no state of its own; but who comes to it is back in touch."""
        if client.drifting:
            client.drifting = False
            client.now(client.state)

    def _meet(
        self, client: Client, spec: Spec, visit: int, asked: float, slot: Slot, alongside: bool
    ) -> Generator[simpy.Event, Any, None]:
        env, diary = self.env, slot.diary
        started = env.now
        self.entered(client, alongside)
        if diary is not None and client.worker is None:
            client.worker = diary
        try:
            yield env.timeout(spec.length / 24)
        except simpy.Interrupt as leaving:
            self.cut_off(client, visit, asked, started, leaving.cause, alongside)
            raise
        done = Outcome.COMPLETED
        self.record(client, visit, asked, started, env.now, done, alongside, slot.worker)
        if diary is client.worker:
            client.last_contact = env.now
            self.world.write_contact((client.id, slot.worker, env.now))
            if client.case is not None:
                client.case.met()
