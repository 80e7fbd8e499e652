"""What is read from the log to stand beside a formula."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simflow.model.log import Outcome
from tests.helpers import Estimate, Run, Table, mean, ratio

SCENARIOS = Path(__file__).parent / "scenarios"
Floats = NDArray[np.float64]


def entered(visits: Table, end: float) -> Floats:
    """When each visit's waiting was over: by starting, by giving up, or by the end of the run."""
    ended = np.where(np.isnan(visits["ended"]), end, visits["ended"])
    return np.where(np.isnan(visits["started"]), ended, visits["started"])


def overlap(begin: Floats, finish: Floats, low: float, high: float) -> float:
    """Total time that the intervals spend between two moments."""
    return float(np.maximum(np.minimum(finish, high) - np.maximum(begin, low), 0).sum())


def mean_waiting(run: Run, visits: Table) -> float:
    """Time average of the number waiting, over the reported window."""
    span = run.end - run.warm_up
    return overlap(visits["requested"], entered(visits, run.end), run.warm_up, run.end) / span


def mean_inside(run: Run, visits: Table) -> float:
    """Time average of the number being served, over the reported window."""
    ended = np.where(np.isnan(visits["ended"]), run.end, visits["ended"])
    begun = ~np.isnan(visits["started"])
    span = run.end - run.warm_up
    return overlap(visits["started"][begun], ended[begun], run.warm_up, run.end) / span


def asked_in_window(run: Run, visits: Table, margin: float = 0.0) -> Table:
    """Visits asked for in the reported window, the last `margin` days left out.

    The margin lets the waits of those counted end, so that nothing is cut by the horizon.
    """
    asked = visits["requested"]
    return visits.where((asked >= run.warm_up) & (asked < run.end - margin))


def inside_at(visits: Table, times: Floats) -> NDArray[np.int64]:
    """Number being served at each of some moments."""
    started = np.sort(visits["started"][~np.isnan(visits["started"])])
    ended = np.sort(visits["ended"][~np.isnan(visits["ended"]) & ~np.isnan(visits["started"])])
    return np.searchsorted(started, times, "right") - np.searchsorted(ended, times, "right")


@dataclass
class Station:
    """Gathers what the formulas speak of, for one service over the replications."""

    service: str
    margin: float
    segment: int | None = None
    waited: list[float] = field(default_factory=list)
    delayed: list[float] = field(default_factory=list)
    clients: list[float] = field(default_factory=list)
    reneged: list[float] = field(default_factory=list)
    balked: list[float] = field(default_factory=list)
    queues: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)

    def add(self, run: Run) -> None:
        """Take one more replication."""
        visits = run.visits_to(self.service)
        if self.segment is not None:
            visits = visits.where(visits["segment"] == self.segment)
        self.queues.append(mean_waiting(run, visits))
        self.busy.append(mean_inside(run, visits))
        asked = asked_in_window(run, visits, self.margin)
        waits = entered(asked, run.end) - asked["requested"]
        open_ = np.isnan(asked["started"]) & np.isnan(asked["ended"])
        assert not open_.any(), "the margin is too short: somebody still waits"
        self.waited.append(float(waits.sum()))
        self.delayed.append(float((waits > 1e-9).sum()))
        self.clients.append(float(len(asked)))
        self.reneged.append(float((asked["outcome"] == Outcome.RENEGED).sum()))
        self.balked.append(float((asked["outcome"] == Outcome.BALKED).sum()))

    @property
    def wait(self) -> Estimate:
        """Mean wait, days."""
        return ratio(self.waited, self.clients)

    @property
    def delay(self) -> Estimate:
        """Share who wait at all."""
        return ratio(self.delayed, self.clients)

    @property
    def abandon(self) -> Estimate:
        """Share who give up."""
        return ratio(self.reneged, self.clients)

    @property
    def blocked(self) -> Estimate:
        """Share who find no room."""
        return ratio(self.balked, self.clients)

    @property
    def queue(self) -> Estimate:
        """Mean number waiting."""
        return mean(self.queues)

    @property
    def served(self) -> Estimate:
        """Mean number being served."""
        return mean(self.busy)
