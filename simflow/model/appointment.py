"""Appointments: a meeting in the first free slot of a worker's diary."""

from __future__ import annotations

from collections.abc import Generator
from math import nan
from typing import Any, cast

import simpy

from simflow.model.client import Client
from simflow.model.diary import Slot
from simflow.model.log import Outcome
from simflow.model.service import Service, Way
from simflow.scenario.services import AppointmentService as Spec


class AppointmentService(Service):
    """Meetings with staff; missed ones are booked again a few times."""

    spec: Spec

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
        env = self.env
        asked = env.now if requested is None else requested
        visit = self.begin_visit(client, alongside)
        rule = client.profile.rules[self.index]
        spec = cast(Spec, rule.spec)
        until = None
        if rule.patience is not None:
            until = env.now + self.draw("patience").sample(client, rule.patience)
        earliest, missed = env.now + spec.notice, 0
        while True:
            try:
                slot = yield from self._wait(client, spec, earliest, until)
            except simpy.Interrupt as leaving:
                self.cut_off(client, visit, asked, nan, leaving.cause, alongside)
                raise
            if slot is None:
                self.record(client, visit, asked, nan, env.now, Outcome.RENEGED, alongside)
                return self.world.target(spec.patience.to if spec.patience else None)
            worker = -1 if slot.diary is None else slot.diary.index
            slot.done(client.id)
            if spec.no_show == 0 or self.draw("no_show").uniform(client) >= spec.no_show:
                break
            missed += 1
            outcome = Outcome.MISSED if missed <= spec.rebook else Outcome.LOST
            self.record(client, visit, asked, nan, env.now, outcome, alongside, worker)
            if outcome is Outcome.LOST:
                return self.world.target(spec.lost)
            earliest = env.now + spec.rebook_after
        yield from self._meet(client, spec, visit, asked, slot, alongside)
        return None

    def _wait(
        self, client: Client, spec: Spec, earliest: float, until: float | None
    ) -> Generator[simpy.Event, Any, Slot | None]:
        """Wait for the first free slot; None when patience ends before it."""
        env, pool = self.env, self.world.pools[spec.staff]
        own = client.worker if spec.own_worker else None
        if own is not None and (own.pool is not pool or own.away(earliest)):
            own = None  # a colleague stands in
        slot = pool.book(self.name, spec.length, earliest, own)
        if slot is None and own is not None:
            slot = pool.book(self.name, spec.length, earliest)
        try:
            if until is not None and (slot is None or slot.time > until):
                yield env.timeout(max(0.0, until - env.now))
                if slot is not None:
                    slot.cancel()
                return None
            if slot is None:
                yield self.world.never
            assert slot is not None
            yield env.timeout(max(0.0, slot.time - env.now))
        except simpy.Interrupt:
            if slot is not None:
                slot.cancel()
            raise
        return slot

    def occupy(self, client: Client) -> None:
        """A meeting of hours is no state of its own; but who comes to it is back in touch."""
        if client.drifting:
            client.drifting = False
            client.now(client.state)

    def _meet(
        self, client: Client, spec: Spec, visit: int, asked: float, slot: Slot, alongside: bool
    ) -> Generator[simpy.Event, Any, None]:
        env = self.env
        started = env.now
        worker = -1 if slot.diary is None else slot.diary.index
        self.entered(client, alongside)
        if slot.diary is not None and client.worker is None:
            client.worker = slot.diary
        try:
            yield env.timeout(spec.length / 24)
        except simpy.Interrupt as leaving:
            self.cut_off(client, visit, asked, started, leaving.cause, alongside)
            raise
        self.record(client, visit, asked, started, env.now, Outcome.COMPLETED, alongside, worker)
        if slot.diary is client.worker:
            client.last_contact = env.now
            if client.case is not None:
                client.case.met()
