"""Contact by the own worker, and what it changes.

A worker with more clients meets each of them less often, and clients met less often are less
supported, which changes their risks. Nothing changes between events, so one alarm per case, set
at the earliest thing that can happen next, is all that is simulated.
"""

from __future__ import annotations

from math import inf, isnan
from typing import TYPE_CHECKING, Any, Final

import simpy

from simflow.model.alarm import Alarm
from simflow.model.contact import interval
from simflow.model.risks import Risks, Terms
from simflow.model.staff import crowd

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
        "_alarm", "_due", "_last", "_reviewed", "_ringing", "_risks", "_slot", "_stopped",
        "_support", "_what", "_when", "_which", "client", "env", "world",
    )  # fmt: skip

    def __init__(self, world: World, client: Client) -> None:
        self.world = world
        self.env = world.env
        self.client = client
        now = world.env.now
        self._risks = Risks(world.streams, client, now)
        self._support = 0.0
        self._last = now
        self._reviewed = -inf
        self._slot: Slot | None = None
        self._due = inf
        self._when = inf
        self._what = self._which = ""
        self._alarm = Alarm(self.env)
        self._ringing: list[Any] = [self._ring]
        self._stopped = False

    @property
    def terms(self) -> Terms:
        """The rules in force for the client."""
        terms = self.client.profile.terms
        assert terms is not None
        return terms

    def start(self) -> None:
        """Open the case: it counts in the worker's caseload and the first contact is planned.

        The client's next move, at the same moment, sets the alarm.
        """
        client, now = self.client, self.env.now
        if client.worker is not None:
            client.worker.caseload += 1
        since = now
        if not isnan(client.last_contact):
            self._last = client.last_contact
        elif client.started < now:
            # Cases older than the run are somewhere between two contacts, not all just met.
            phase = self.world.streams.draw("casework.phase").uniform(client)
            self._last = since = now - phase * self.terms.contact_interval
            worker = -1 if client.worker is None else client.worker.index
            self.world.write_contact((client.id, worker, since))
        self._plan(since)

    def met(self) -> None:
        """Take note of a meeting: it stands for the contact that was planned.

        The client's next move, at the same moment, sets the alarm.
        """
        if not self._stopped:
            self._last = self.env.now
            self._plan(self._last)

    def stop(self) -> None:
        """Close the case; nothing happens in it any more."""
        if self._stopped:
            return
        self._stopped = True
        self._ringing.clear()  # nor does an alarm already set; and the case can go at once
        if self._slot is not None:
            self._slot.cancel()
            self._slot = None
        if self.client.worker is not None:
            self.client.worker.caseload -= 1

    # Contacts

    def _plan(self, since: float) -> None:
        """Book the contact that follows one at `since`; its distance is the support until then."""
        client, now, terms = self.client, self.env._now, self.client.profile.terms
        assert terms is not None
        slot = self._slot
        if slot is not None:
            slot.cancel()
        worker = client.worker
        caseload = 0.0 if worker is None else crowd(worker)
        due = since + interval(terms, caseload, now - client.progress_at)
        if due < now:
            due = now
        if worker is None or worker.gone(due):
            worker = self._hand_over(due)
        slot = None
        if worker is not None and due < self.world.last:
            slot = worker.pool.book(CONTACT, terms.contact_length, due, worker)
        self._slot = slot
        if slot is None:
            # Without a free hour there is no support; a new worker or a cancellation may help.
            self._due, self._support = max(due, now + terms.contact_interval), 0.0
            return
        self._due = slot.time
        gap = slot.time - self._last
        self._support = 1.0 if gap <= terms.contact_interval else terms.contact_interval / gap

    def _hand_over(self, due: float) -> Diary | None:
        """Another worker for a client who has none, or whose own has left the post when it is due.

        The client keeps the one who has left when nobody is there.
        """
        worker = self.client.worker
        time = self.env.now if worker is None else due
        heir = self.world.pools[self.terms.staff].least_loaded(time)
        if heir is None:
            return worker
        if worker is not None:
            worker.caseload -= 1
        heir.caseload += 1
        self.client.worker = heir
        return heir

    def _contact(self) -> None:
        """The worker tries to meet the client; the time is spent even when it fails."""
        client, slot, now = self.client, self._slot, self.env._now
        self._slot = None
        if slot is not None:
            slot.done(client.id)
            if not client.drifting and not self._missed():
                client.last_contact = self._last = now
                self.world.write_contact((client.id, slot.worker, now))
        self._plan(now)

    def _missed(self) -> bool:
        share = self.terms.contact_missed
        draw = self.world.streams.draw("casework.contact_missed")
        return share > 0 and draw.uniform(self.client) < share

    # The alarm

    def _next(self, now: float) -> float:
        """When something happens next; what is kept: a contact, a review, the limit or a risk."""
        client, terms = self.client, self.client.profile.terms
        assert terms is not None
        state: str = client.state
        if client.drifting and state != "service":
            state = "drifting"
        best, self._which = self._risks.next(now, terms, state, self._support)
        what = _RISK
        if self._due <= best:
            best, what = self._due, CONTACT
        if terms.review is not None and state != "service":
            at = self._review_at()
            if at < best:
                best, what = at, REVIEW
        if client.started + terms.limit_after < best:
            best, what = client.started + terms.limit_after, _LIMIT
        self._what = what
        return best

    def _review_at(self) -> float:
        return max(self.client.progress_at, self._reviewed) + self.terms.review_after

    def changed(self) -> None:
        """Set the alarm at what comes next, as the client's state or the rules changed.

        One set before is void.
        """
        if self._stopped:
            return
        alarm = self._alarm
        when = self._next(self.env._now)
        if when == self._when:
            return
        self._when = when
        if alarm.callbacks is not None:
            alarm.callbacks = []
            alarm = self._alarm = Alarm(self.env)
        if when <= self.world.end:
            alarm.set(when, self._ringing)

    def _ring(self, _: simpy.Event) -> None:
        self._when = inf
        what = self._what
        if what == CONTACT:
            self._contact()
        elif what == _RISK:
            self._risks.settle(self.env.now)
            self._risks.renew(self._which)
            self._follow(self.terms.leads_to[self._which])
        elif what == _LIMIT:
            self._end(self.terms.limit_to)
        # Progress is the one thing that can have moved unnoticed since the alarm was set.
        elif self._review_at() <= self.env.now + _NOW:
            self._review()
        step = self.client.next_step
        if step is None or not step.triggered:  # he is not about to move, which sets the alarm
            self.changed()

    def _review(self) -> None:
        """Close a stalled case, or find it a next step."""
        client, review = self.client, self.terms.review
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

    def _end(self, name: str | None) -> None:
        """The relationship ends by an exit; the case closes before anything else can happen."""
        self.stop()
        self.world.pathway.interrupt(self.client, self.world.target(name))
