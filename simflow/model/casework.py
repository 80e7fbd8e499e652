"""Contact by the own worker, and what it changes.

A worker with more clients meets each of them less often, and clients met less often are less
supported, which changes their risks. Nothing changes between events, so one alarm per case, set
at the earliest thing that can happen next, is all that is simulated.
"""

from __future__ import annotations

from math import inf, isnan
from typing import TYPE_CHECKING, Final

import simpy

from simflow.model.contact import interval
from simflow.model.risks import Risks
from simflow.model.staff import crowd
from simflow.scenario.casework import Casework

if TYPE_CHECKING:
    from simflow.model.client import Client
    from simflow.model.diary import Diary, Slot
    from simflow.model.world import World

CONTACT: Final = "contact"
REVIEW: Final = "review"
_LIMIT: Final = "limit"
_RISK: Final = "risk"
_NOW: Final = 1e-9
"""Days within which something counts as due: rounding, not time."""
_LEAST_REVIEW: Final = 1.0
"""Shortest time between reviews, days; a review without delay would never let time pass."""


class Case:
    """The open case of one client.

    Parameters
    ----------
    world : World
        The replication.
    client : Client
        Whose case it is.
    """

    __slots__ = (
        "_due", "_last", "_reviewed", "_risks", "_since", "_slot", "_stopped", "_support",
        "_version", "_what", "_when", "_which", "client", "env", "world",
    )  # fmt: skip

    def __init__(self, world: World, client: Client) -> None:
        self.world = world
        self.env = world.env
        self.client = client
        self._risks = Risks(world.streams, client)
        self._support = 0.0
        self._since = self._last = self.env.now
        self._reviewed = -inf
        self._slot: Slot | None = None
        self._due = inf
        self._when = inf
        self._what = self._which = ""
        self._version = 0
        self._stopped = False

    @property
    def spec(self) -> Casework:
        """The rules in force for the client."""
        spec = self.client.profile.casework
        assert spec is not None
        return spec

    def start(self) -> None:
        """Open the case: it counts in the worker's caseload and the first contact is planned."""
        client, now = self.client, self.env.now
        if client.worker is not None:
            client.worker.caseload += 1
        since = now
        if not isnan(client.last_contact):
            self._last = client.last_contact
        elif client.started < now:
            # Cases older than the run are somewhere between two contacts, not all just met.
            phase = self.world.streams.draw("casework.phase").uniform(client)
            self._last = since = now - phase * self.spec.contact_interval
        self._plan(since)
        self._arm()

    def changed(self) -> None:
        """Take note that the client's state, or the rules, changed."""
        if not self._stopped:
            self._settle()
            self._arm()

    def met(self) -> None:
        """Take note of a meeting: it stands for the contact that was planned."""
        if self._stopped:
            return
        self._settle()
        self._last = self.env.now
        self._plan(self.env.now)
        self._arm()

    def stop(self) -> None:
        """Close the case; nothing happens in it any more."""
        if self._stopped:
            return
        self._stopped = True
        self._version += 1
        if self._slot is not None:
            self._slot.cancel()
            self._slot = None
        if self.client.worker is not None:
            self.client.worker.caseload -= 1

    # Contacts

    def _plan(self, since: float) -> None:
        """Book the contact that follows one at `since`; its distance is the support until then."""
        client, now, spec = self.client, self.env.now, self.spec
        if self._slot is not None:
            self._slot.cancel()
            self._slot = None
        worker = client.worker
        caseload = 0.0 if worker is None else crowd(worker)
        due = max(now, since + interval(spec, caseload, now - client.progress_at))
        worker = self._hand_over(due)
        if worker is not None and due < self.world.end:
            self._slot = worker.pool.book(CONTACT, spec.contact_length, due, worker=worker)
        if self._slot is None:
            # Without a free hour there is no support; a new worker or a cancellation may help.
            self._due, self._support = max(due, now + spec.contact_interval), 0.0
            return
        self._due = max(now, self._slot.time)
        gap = self._due - self._last
        self._support = 1.0 if gap <= spec.contact_interval else spec.contact_interval / gap

    def _hand_over(self, due: float) -> Diary | None:
        """The own worker for a contact: another one when his post has ended by then."""
        worker = self.client.worker
        if worker is None or worker.gone(due):
            heir = self.world.pools[self.spec.staff].least_loaded(
                self.env.now if worker is None else due
            )
            if heir is not None:
                if worker is not None:
                    worker.caseload -= 1
                heir.caseload += 1
                self.client.worker = heir
        return self.client.worker

    def _contact(self) -> None:
        """The worker tries to meet the client; the time is spent even when it fails."""
        client, slot = self.client, self._slot
        self._slot = None
        if slot is not None:
            slot.done(client.id)
            if not client.drifting and not self._missed():
                client.last_contact = self._last = self.env.now
        self._plan(self.env.now)

    def _missed(self) -> bool:
        share = self.spec.contact_missed
        draw = self.world.streams.draw("casework.contact_missed")
        return share > 0 and draw.uniform(self.client) < share

    # The alarm

    def _settle(self) -> None:
        now = self.env.now
        if now > self._since:
            self._risks.settle(now - self._since)
            self._since = now

    def _next(self) -> float:
        """When something happens next; what is kept: a contact, a review, the limit or a risk."""
        client = self.client
        spec, terms = self.spec, client.profile.terms
        assert terms is not None
        state: str = client.state
        if client.drifting and state != "service":
            state = "drifting"
        until, self._which = self._risks.next(terms, state, self._support)
        best, self._what = self.env.now + until, _RISK
        if self._due <= best:
            best, self._what = self._due, CONTACT
        if spec.review is not None and state != "service":
            at = self._review_at()
            if at < best:
                best, self._what = at, REVIEW
        if spec.time_limit is not None and client.started + spec.time_limit.after < best:
            best, self._what = client.started + spec.time_limit.after, _LIMIT
        return best

    def _review_at(self) -> float:
        review = self.spec.review
        after = inf if review is None else max(review.after, _LEAST_REVIEW)
        return max(self.client.progress_at, self._reviewed) + after

    def _arm(self) -> None:
        """Set the alarm at what comes next; one set before is void."""
        when = self._next()
        if when == self._when:
            return
        self._when = when
        self._version += 1
        if when <= self.world.end:
            alarm = self.env.timeout(max(0.0, when - self.env.now), self._version)
            assert alarm.callbacks is not None
            alarm.callbacks.append(self._ring)

    def _ring(self, alarm: simpy.Event) -> None:
        if alarm.value != self._version:
            return
        self._when = inf
        self._settle()
        # Progress is the one thing that can have moved unnoticed since the alarm was set.
        if self._what != REVIEW or self._review_at() <= self.env.now + _NOW:
            self._happen()
        if not self._stopped:
            self._arm()

    def _happen(self) -> None:
        what = self._what
        if what == CONTACT:
            self._contact()
        elif what == REVIEW:
            self._review()
        elif what == _LIMIT:
            limit = self.spec.time_limit
            assert limit is not None
            self._end(limit.to)
        else:
            terms = self.client.profile.terms
            assert terms is not None
            self._risks.renew(self._which)
            self._follow(terms.leads_to[self._which])

    def _review(self) -> None:
        """Close a stalled case, or find it a next step."""
        client, review = self.client, self.spec.review
        assert review is not None
        self._reviewed = self.env.now
        worker = client.worker
        if worker is not None and review.hours > 0:
            # The decision keeps to its date; the hours fall where the diary has them.
            slot = worker.pool.book(REVIEW, review.hours, self.env.now, worker=worker)
            slot = slot or worker.pool.book(CONTACT, review.hours, self.env.now, worker=worker)
            if slot is not None:
                slot.done(client.id)
        closed = self.world.streams.draw("casework.review").uniform(client) < review.closes
        self._follow(review.to if closed else "next_step")

    def _follow(self, leads_to: str) -> None:
        client = self.client
        if leads_to == "next_step":
            step = client.next_step
            if step is not None and not step.triggered:
                step.succeed()
        elif leads_to == "drift":
            client.drifting = client.state != "service"
        elif leads_to == "recover":
            client.drifting = False
        else:
            self._end(leads_to)

    def _end(self, name: str) -> None:
        """The relationship ends by an exit; the case closes before anything else can happen."""
        self.stop()
        self.world.pathway.interrupt(self.client, self.world.target(name))
