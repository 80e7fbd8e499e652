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
STATES: Final = ("guidance", "waiting", "service", "drifting")


class Terms:
    """Casework as it holds for some clients, ready for use.

    Attributes
    ----------
    during : dict
        For each state, the risks that can fire in it: name, rate without support, and what full
        support adds to it (a day).
    leads_to : dict
        Where each risk leads.
    """

    __slots__ = ("during", "leads_to", "spec")

    def __init__(self, spec: Casework) -> None:
        self.spec = spec
        self.leads_to = {name: risk.leads_to for name, risk in spec.risks.items()}
        self.during: dict[str, list[tuple[str, float, float]]] = {
            state: [
                (name, risk.unsupported, risk.supported - risk.unsupported)
                for name, risk in spec.risks.items()
                if state in risk.during and (risk.unsupported > 0 or risk.supported > 0)
            ]
            for state in STATES
        }


class Risks:
    """The thresholds of one client, and what is left of them.

    Parameters
    ----------
    streams : Streams
        The replication's random numbers.
    client : Counting
        Whose risks these are.
    """

    __slots__ = ("_client", "_during", "_left", "_streams", "_support")

    def __init__(self, streams: Streams, client: Counting) -> None:
        self._streams = streams
        self._client = client
        self._left: dict[str, float] = {}
        self._during: list[tuple[str, float, float]] = []
        self._support = 0.0

    def settle(self, elapsed: float) -> None:
        """Take from the thresholds what the rates ate in a time (days)."""
        left, support = self._left, self._support
        for name, low, more in self._during:
            left[name] -= (low + more * support) * elapsed

    def next(self, terms: Terms, state: str, support: float) -> tuple[float, str]:
        """Days until the next risk fires if nothing changes, and which; infinite if none can."""
        left = self._left
        during = self._during = terms.during[state]
        self._support = support
        best, which = inf, ""
        for name, low, more in during:
            if name not in left:
                self.renew(name)
            rate = low + more * support
            if rate > 0 and left[name] < best * rate:
                best, which = left[name] / rate, name
        return (best if best > 0 else 0.0), which

    def renew(self, name: str) -> None:
        """Draw a threshold: the first, or the next once the risk has fired."""
        draw = self._streams.draw("casework." + name)
        self._left[name] = draw.sample(self._client, UNIT)
