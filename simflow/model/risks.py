"""The competing risks of an open case.

Every risk has a threshold drawn from the unit exponential distribution; the rate in force eats it
up, and when nothing is left the risk fires. Rates depend on the client's state and on support,
and change only at events.
"""

from __future__ import annotations

from math import inf
from typing import Final

from simflow.model.laws import law_of
from simflow.model.streams import Counting, Streams
from simflow.scenario.casework import Casework
from simflow.scenario.values import Distribution

UNIT: Final = law_of(Distribution(dist="exponential", mean="1 day"))
"""The unit exponential distribution."""
_LEAST_REVIEW: Final = 1.0
"""Shortest time between reviews, days; a review without delay would never let time pass."""
STATES: Final = ("guidance", "waiting", "service", "drifting")


class Terms:
    """Casework as it holds for some clients, ready for use.

    Plain values, because each would cost several times as much to read from the scenario, and
    every contact reads most of them. What the scenario leaves out comes after infinite time.

    Attributes
    ----------
    during : dict
        For each state, the risks that can fire in it: the name of its draw, the rate without
        support, and what full support adds to it (a day).
    leads_to : dict
        Where each risk leads, by the name of its draw.
    """

    __slots__ = (
        "at_most", "caseload_effect", "caseload_reference", "contact_interval", "contact_length",
        "contact_missed", "during", "growth", "keeps_assessor", "leads_to", "limit_after",
        "limit_to", "review", "review_after", "staff", "stagnates_after",
    )  # fmt: skip

    def __init__(self, spec: Casework) -> None:
        self.staff = spec.staff
        self.keeps_assessor = spec.worker == "assessor"
        self.contact_interval = spec.contact_interval
        self.contact_length = spec.contact_length
        self.contact_missed = spec.contact_missed
        self.caseload_reference = spec.caseload_reference
        self.caseload_effect = spec.caseload_effect
        slow, review, limit = spec.stagnation, spec.review, spec.time_limit
        self.stagnates_after = inf if slow is None else slow.after
        self.growth = 0.0 if slow is None else slow.growth
        self.at_most = 1.0 if slow is None else slow.at_most
        self.review = review
        self.review_after = inf if review is None else max(review.after, _LEAST_REVIEW)
        self.limit_after = inf if limit is None else limit.after
        self.limit_to = None if limit is None else limit.to
        self.leads_to = {_draw(name): risk.leads_to for name, risk in spec.risks.items()}
        self.during: dict[str, list[tuple[str, float, float]]] = {
            state: [
                (_draw(name), risk.unsupported, risk.supported - risk.unsupported)
                for name, risk in spec.risks.items()
                if state in risk.during and (risk.unsupported > 0 or risk.supported > 0)
            ]
            for state in STATES
        }


def _draw(risk: str) -> str:
    return "casework." + risk


class Risks:
    """The thresholds of one client, and what is left of them.

    Parameters
    ----------
    streams : Streams
        The replication's random numbers.
    client : Counting
        Whose risks these are.
    now : float
        Time (days) from which they eat their thresholds up.
    """

    __slots__ = ("_client", "_during", "_left", "_since", "_streams", "_support")

    def __init__(self, streams: Streams, client: Counting, now: float) -> None:
        self._streams = streams
        self._client = client
        self._left: dict[str, float] = {}
        self._during: list[tuple[str, float, float]] = []
        self._support = 0.0
        self._since = now

    def settle(self, now: float) -> None:
        """Take from the thresholds what the rates ate until now."""
        elapsed = now - self._since
        if elapsed > 0:
            self._since = now
            left, support = self._left, self._support
            for name, low, more in self._during:
                left[name] -= (low + more * support) * elapsed

    def next(self, now: float, terms: Terms, state: str, support: float) -> tuple[float, str]:
        """Time at which the next risk fires if nothing changes, and which; infinite if none can."""
        if now > self._since:
            self.settle(now)
        left, during = self._left, terms.during[state]
        if during is not self._during:
            self._during = during
            for name, _, _ in during:
                if name not in left:
                    self.renew(name)
        self._support = support
        best, which = inf, ""
        for name, low, more in during:
            rate = low + more * support
            rest = left[name]
            if rest < best * rate and rate > 0:
                best, which = rest / rate, name
        return (now + best if best > 0 else now), which

    def renew(self, name: str) -> None:
        """Draw a threshold: the first, or the next once the risk has fired."""
        self._left[name] = self._streams.draw(name).sample(self._client, UNIT)
