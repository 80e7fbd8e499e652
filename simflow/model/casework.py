"""Contact by the own worker, and what it changes: the competing risks of an open case.

A worker with more clients meets each of them less often, and clients met less often are less
supported. Every risk has a threshold drawn from the unit exponential distribution; the rate in
force eats it up, and when nothing is left the risk fires. Rates change only at events, so one
alarm per case, set at the earliest thing that can happen next, is all that is simulated.
"""

from __future__ import annotations

from math import inf, isnan, log1p
from typing import TYPE_CHECKING, Final

import simpy

from simflow.scenario.casework import Casework, Stagnation
from simflow.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    from simflow.model.client import Client
    from simflow.model.staff import Diary, Pool, Slot
    from simflow.model.world import World

CONTACT: Final = "contact"
REVIEW: Final = "review"
_LIMIT: Final = "limit"
_NOW: Final = 1e-9
"""Days within which something counts as due: rounding, not time."""
_LEAST_REVIEW: Final = 1.0
"""Shortest time between reviews, days; a review without delay would never let time pass."""


def choose_worker(world: World, client: Client) -> None:
    """Give the client his own worker.

    Parameters
    ----------
    world : World
        The replication.
    client : Client
        Whose relationship starts; `worker` may already be who held the first meeting.
    """
    spec = client.profile.casework
    assert spec is not None
    pool, held = world.pools[spec.staff], client.worker
    if spec.worker == "assessor" and held is not None and held.pool is pool:
        return
    client.worker = _least_loaded(world, pool)


def _least_loaded(world: World, pool: Pool) -> Diary | None:
    """The worker with the fewest clients for his post; those at work now come first."""
    now = world.env.now
    return min(
        (diary for diary in pool.diaries if not diary.gone(now)),
        key=lambda diary: (diary.fte_now(now) <= 0, _crowd(world, diary, 1)),
        default=None,
    )


def _crowd(world: World, worker: Diary, more: int = 0) -> float:
    """Open clients (and `more`) per full-time equivalent, by the working time of the post."""
    # Not by the hours of these weeks: holidays delay contacts through the diary already.
    pool, name = world.names.workers[worker.index]
    post = world.scenario.staff[pool].workers.get(name.split("#")[0])
    fte = 1.0 if post is None else post.fte
    return (worker.caseload + more) / fte if fte > 0 else 0.0


def interval(spec: Casework, caseload: float, since_progress: float) -> float:
    """Time until the next contact, in days.

    Parameters
    ----------
    spec : Casework
        The rules.
    caseload : float
        Open clients per full-time equivalent of the own worker.
    since_progress : float
        Days since the case last moved.
    """
    crowded: float = max(1.0, caseload / spec.caseload_reference) ** spec.caseload_effect
    return spec.contact_interval * crowded * _stretch(spec.stagnation, since_progress)


def _stretch(stagnation: Stagnation | None, since_progress: float) -> float:
    if stagnation is None or since_progress <= stagnation.after:
        return 1.0
    months = (since_progress - stagnation.after) / DAYS_PER_MONTH
    return min(stagnation.at_most, 1 + stagnation.growth * months)


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
        "_due", "_last", "_left", "_rates", "_reviewed", "_since", "_slot",
        "_stopped", "_support", "_version", "_when", "client", "env", "world",
    )  # fmt: skip

    def __init__(self, world: World, client: Client) -> None:
        self.world = world
        self.env = world.env
        self.client = client
        self._left: dict[str, float] = {}
        self._rates: dict[str, float] = {}
        self._support = 0.0
        self._since = self._last = self.env.now
        self._reviewed = -inf
        self._slot: Slot | None = None
        self._due = inf
        self._when = inf
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
        crowd = 0.0 if worker is None else _crowd(self.world, worker)
        due = max(now, since + interval(spec, crowd, now - client.progress_at))
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
        client = self.client
        worker = client.worker
        if worker is None:
            heir = _least_loaded(self.world, self.world.pools[self.spec.staff])
        else:
            heir = worker.pool.heir(worker, due) if worker.gone(due) else worker
        if heir is not None and heir is not worker:
            if worker is not None:
                worker.caseload -= 1
            heir.caseload += 1
            client.worker = heir
        return client.worker

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

    # Risks

    def _settle(self) -> None:
        """Take from the thresholds what the rates ate since the last event."""
        elapsed = self.env.now - self._since
        if elapsed > 0:
            for name, rate in self._rates.items():
                self._left[name] -= rate * elapsed
        self._since = self.env.now

    def _threshold(self, name: str) -> float:
        draw = self.world.streams.draw(f"casework.{name}")
        return -log1p(-draw.uniform(self.client))

    def _next(self) -> tuple[float, str]:
        """When something happens next, and what: a contact, a review, the limit or a risk."""
        client, spec, now = self.client, self.spec, self.env.now
        state = "drifting" if client.drifting and client.state != "service" else client.state
        best, what = self._due, CONTACT
        self._rates = rates = {}
        for name, risk in spec.risks.items():
            left = self._left.get(name)
            if left is None:
                left = self._left[name] = self._threshold(name)
            if state not in risk.during:
                continue
            rate = risk.unsupported + (risk.supported - risk.unsupported) * self._support
            if rate > 0:
                rates[name] = rate
                at = now + max(0.0, left) / rate
                if at < best:
                    best, what = at, f"risk.{name}"
        if spec.review is not None and state != "service":
            at = max(client.progress_at, self._reviewed) + max(spec.review.after, _LEAST_REVIEW)
            if at < best:
                best, what = at, REVIEW
        if spec.time_limit is not None and client.started + spec.time_limit.after < best:
            best, what = client.started + spec.time_limit.after, _LIMIT
        return best, what

    # The alarm

    def _arm(self) -> None:
        """Set the alarm at what comes next; one set before is void."""
        when, _ = self._next()
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
        when, what = self._next()
        if when <= self.env.now + _NOW:
            self._happen(what)
        if not self._stopped:
            self._arm()

    def _happen(self, what: str) -> None:
        spec = self.spec
        if what == CONTACT:
            self._contact()
        elif what == REVIEW:
            self._review()
        elif what == _LIMIT:
            assert spec.time_limit is not None
            self._end(spec.time_limit.to)
        else:
            name = what.removeprefix("risk.")
            self._left[name] = self._threshold(name)
            self._follow(spec.risks[name].leads_to)

    def _review(self) -> None:
        """Close a stalled case, or find it a next step."""
        client, review = self.client, self.spec.review
        assert review is not None
        self._reviewed = self.env.now
        worker = client.worker
        if worker is not None and review.hours > 0:
            # The decision keeps to its date; the hours fall where the diary has them.
            slot = worker.pool.book(REVIEW, review.hours, self.env.now, worker=worker)
            # Skills need not list reviews apart: they are casework.
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
        client = self.client
        self.stop()
        self.world.pathway.interrupt(client, self.world.target(name))
