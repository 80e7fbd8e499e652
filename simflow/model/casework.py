"""Casework: contacts by the own worker, and what happens the sooner or later for them.

Every risk has a clock: a unit-exponential threshold that is used up at the rate in force. The rate
changes with the client's state and with support, and the risk fires when its threshold is used
up. That is exact for rates that stay the same between changes, and it keeps a client's fate
comparable between scenarios: the same threshold, reached sooner or later.
"""

from __future__ import annotations

from math import inf, isnan, log1p
from typing import TYPE_CHECKING

import simpy

from simflow.model.client import Client
from simflow.scenario.casework import Casework
from simflow.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    from simflow.model.staff import Slot
    from simflow.model.world import World


def choose_worker(world: World, client: Client) -> None:
    """Give the client a worker of his own: the assessor, or the one with most room."""
    spec = client.profile.casework
    assert spec is not None
    pool = world.pools[spec.staff]
    if spec.worker == "assessor" and client.worker is not None and client.worker.pool is pool:
        return
    client.worker = pool.least_loaded(int(max(0.0, world.env.now)))


class Case:
    """One open relationship: its next contact and its competing risks."""

    __slots__ = (
        "_base_contact", "_client", "_contact", "_env", "_last", "_left", "_limit",
        "_rates", "_reviewed", "_slot", "_stopped", "_support", "_version", "_world",
    )  # fmt: skip

    def __init__(self, world: World, client: Client) -> None:
        self._world = world
        self._env = world.env
        self._client = client
        self._left: dict[str, float] = {}
        self._rates: dict[str, float] = {}
        self._last = world.env.now
        self._support = 1.0
        self._slot: Slot | None = None
        self._contact = inf
        self._base_contact = client.started
        self._reviewed = client.started
        self._limit = inf
        self._version = 0
        self._stopped = False

    @property
    def _spec(self) -> Casework:
        spec = self._client.profile.casework
        assert spec is not None
        return spec

    def start(self) -> None:
        """The worker takes the client on."""
        if self._client.worker is not None:
            self._client.worker.caseload += 1
        self._base_contact = self._env.now
        limit = self._spec.time_limit
        if limit is not None:
            self._limit = max(self._env.now, self._client.started + limit.after)
        self._plan_contact()
        self.changed()

    def stop(self) -> None:
        """The relationship is over: the worker's time is free for others."""
        self._stopped = True
        self._version += 1
        if self._slot is not None:
            self._slot.cancel()
            self._slot = None
        if self._client.worker is not None:
            self._client.worker.caseload -= 1

    def met(self) -> None:
        """A meeting with the client has taken place: it counts as contact."""
        self._base_contact = self._env.now
        if self._slot is not None:
            self._slot.cancel()
        self._plan_contact()
        self.changed()

    def changed(self) -> None:
        """State, support or the rules have changed: bring the clocks up to date, set the alarm."""
        if self._stopped:
            return
        now, left = self._env.now, self._left
        self._use_up(now - self._last)
        client = self._client
        state = "drifting" if client.drifting and client.state != "service" else client.state
        support, first = self._support, min(self._contact, self._limit, self._review_at(state))
        rates = self._rates = {}
        for name, risk in self._spec.risks.items():
            if state not in risk.during:
                continue
            rate = risk.unsupported + (risk.supported - risk.unsupported) * support
            if rate <= 0:
                continue
            if name not in left:
                uniform = self._world.streams.draw(f"casework.{name}").uniform(client)
                left[name] = -log1p(-uniform)
            rates[name] = rate
            first = min(first, now + max(0.0, left[name]) / rate)
        self._version += 1
        if first < self._world.end:
            version = self._version
            alarm = self._env.timeout(max(0.0, first - now), version)
            alarm.callbacks.append(self._ring)

    def _review_at(self, state: str) -> float:
        review = self._spec.review
        if review is None or state == "service":
            return inf
        return max(self._client.progress_at, self._reviewed) + review.after

    def _ring(self, alarm: simpy.Event) -> None:
        if alarm.value != self._version or self._stopped:
            return
        now, client, spec = self._env.now, self._client, self._spec
        state = "drifting" if client.drifting and client.state != "service" else client.state
        if now >= self._limit and spec.time_limit is not None:
            self._exit(spec.time_limit.to)
        elif now >= self._contact:
            self._make_contact()
        elif now >= self._review_at(state):
            self._hold_review()
        else:
            self._fire()

    def _fire(self) -> None:
        """The risk whose threshold is used up happens."""
        elapsed = self._env.now - self._last
        name = min(self._rates, key=lambda n: self._left[n] / self._rates[n])
        self._use_up(elapsed)
        del self._left[name]
        effect, client = self._spec.risks[name].leads_to, self._client
        if effect == "next_step":
            self._next_step()
        elif effect in ("drift", "recover"):
            client.drifting = effect == "drift"
            self.changed()
        else:
            self._exit(effect)

    def _use_up(self, elapsed: float) -> None:
        """Use up the thresholds for a time that has passed at the rates in force."""
        for name, rate in self._rates.items():
            self._left[name] -= rate * elapsed
        self._last = self._env.now

    def _next_step(self) -> None:
        step = self._client.next_step
        if step is not None and not step.triggered:
            step.succeed()
        self._client.drifting = False
        self.changed()

    def _exit(self, name: str) -> None:
        self._version += 1
        process = self._client.process
        if process.is_alive:
            process.interrupt(self._world.target(name))

    def _hold_review(self) -> None:
        review = self._spec.review
        assert review is not None
        self._reviewed = self._env.now
        slot = self._book("review", review.hours, self._env.now)
        if slot is not None:
            slot.done(self._client.id)
        draw = self._world.streams.draw("casework.review")
        if draw.uniform(self._client) < review.closes:
            self._exit(review.to)
        else:
            self._next_step()

    def _book(self, task: str, hours: float, earliest: float) -> Slot | None:
        client = self._client
        if hours <= 0 or client.worker is None:
            return None
        heir = client.worker.pool.heir(client.worker, int(max(0.0, earliest)))
        if heir is not None:
            client.worker.caseload -= 1
            heir.caseload += 1
            client.worker = heir
        return client.worker.pool.book(task, hours, earliest, client.worker)

    def _interval(self) -> float:
        """Days to the next contact, stretched by the worker's caseload and by standstill."""
        spec, client, now = self._spec, self._client, self._env.now
        interval = spec.contact_interval
        if client.worker is not None:
            there = client.worker.fte_now(int(now))
            load = client.worker.caseload / max(there, 0.05) / spec.caseload_reference
            if load > 1 and spec.caseload_effect:
                interval *= load**spec.caseload_effect
        still = spec.stagnation
        if still is not None:
            months = (now - client.progress_at - still.after) / DAYS_PER_MONTH
            if months > 0:
                interval *= min(still.at_most, 1 + still.growth * months)
        return interval

    def _plan_contact(self) -> None:
        """Book the next contact; until then support is what the gap allows."""
        spec, now = self._spec, self._env.now
        wanted = now + self._interval()
        self._slot = None
        if spec.contact_length > 0:
            self._slot = self._book("contact", spec.contact_length, wanted)
            self._contact = inf if self._slot is None else self._slot.time
        else:
            self._contact = wanted
        gap = self._contact - self._base_contact
        self._support = min(1.0, spec.contact_interval / gap) if gap > 0 else 1.0

    def _make_contact(self) -> None:
        client = self._client
        if self._slot is not None:
            self._slot.done(client.id)
            self._slot = None
        missed = self._spec.contact_missed
        unreached = client.drifting and client.state != "service"
        if missed and self._world.streams.draw("casework.contact_missed").uniform(client) < missed:
            unreached = True
        if not unreached:
            self._base_contact = client.last_contact = self._env.now
        elif isnan(client.last_contact):
            client.last_contact = client.started
        self._plan_contact()
        self.changed()
