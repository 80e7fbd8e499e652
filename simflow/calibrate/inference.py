"""What a reference table says: the posterior, and how far it can be trusted.

Everything here reads the table and simulates nothing, so that it takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from simflow.calibrate.goals import Goals
from simflow.calibrate.neural import Neural
from simflow.calibrate.regression import Fit, fit, summary
from simflow.calibrate.space import Space, to_cube, to_z
from simflow.calibrate.table import Table

Floats = NDArray[np.float64]
Method = Literal["abc", "npe"]
"""Regression ABC, or a neural posterior estimate as a cross-check."""
SHARES: Final = (0.05, 0.5, 0.95)
"""Ends and middle of the intervals reported."""
TRUTHS: Final = 200
_RANKED: Final = 400
"""Draws among which a truth is ranked."""


@dataclass(frozen=True)
class Inference:
    """A table with the targets it is fitted to.

    Attributes
    ----------
    space : Space
        The unknowns.
    table : Table
        The runs.
    goals : Goals
        The targets.
    seed : int
        Seed of errors of observation and of resampling.
    method : {"abc", "npe"}
        How posteriors are fitted.
    """

    space: Space
    table: Table
    goals: Goals
    seed: int
    method: Method = "abc"
    _trained: dict[tuple[int, ...], Neural] = field(default_factory=dict, repr=False)

    @property
    def counts(self) -> Floats:
        """What the runs give for the targets, shape (runs, targets)."""
        return self.goals.counts(self.table.outputs, self.table.names)

    def summaries(self, scale: float = 1.0) -> Floats:
        """Summaries of the runs as they would be published, shape (runs, targets)."""
        return summary(self.goals.seen(self.counts, self.seed, scale))

    def posterior(self, draws: int, keep: Sequence[int] | None = None, scale: float = 1.0) -> Fit:
        """Posterior given the published figures, or some of them.

        Parameters
        ----------
        draws : int
            Number of draws.
        keep : sequence of int, optional
            Ranks of the targets that are fitted; all when left out.
        scale : float
            Factor of the stated errors of observation.
        """
        kept = list(range(len(self.goals))) if keep is None else list(keep)
        seen, observed = self.summaries(scale)[:, kept], self.goals.observed[kept]
        z = to_z(self.table.cube)
        if self.method == "abc" or scale != 1.0:
            return fit(z, seen, observed, draws, self.seed)
        if tuple(kept) not in self._trained:
            self._trained[tuple(kept)] = Neural(z, seen, self.seed)
        return self._trained[tuple(kept)].draw(observed, draws)

    def values(self, found: Fit) -> Floats:
        """Values of the unknowns for the draws of a fit."""
        return self.space.values(to_cube(found.z))


@dataclass(frozen=True)
class LeftOut:
    """A target predicted from the others.

    Attributes
    ----------
    name : str
        The target.
    published : float
        The figure.
    low, median, high : float
        90 % interval and median of the prediction.
    """

    name: str
    published: float
    low: float
    median: float
    high: float

    @classmethod
    def of(cls, name: str, published: float, counts: Floats) -> LeftOut:
        """A target with the counts predicted for it."""
        low, median, high = np.quantile(counts, SHARES)
        return cls(name, float(published), float(low), float(median), float(high))

    @property
    def inside(self) -> bool:
        """Whether the figure lies in the interval."""
        return self.low <= self.published <= self.high


def left_out(inference: Inference) -> tuple[LeftOut, ...]:
    """Each target predicted from all the others, by the same regression on the same table."""
    found: list[LeftOut] = []
    seen = inference.summaries()
    goals = inference.goals
    if len(goals) < 2:
        return ()
    for place, name in enumerate(goals.names):
        others = [k for k in range(len(goals)) if k != place]
        guess = fit(
            seen[:, [place]], seen[:, others], goals.observed[others], 2000, inference.seed
        ).z[:, 0]
        counts = np.maximum(np.maximum(guess, 0.0) ** 2 - 0.375, 0.0)
        found.append(LeftOut.of(name, goals.published[place], counts))
    return tuple(found)


@dataclass(frozen=True)
class Coverage:
    """Simulation-based calibration: are posteriors of known truths as sure as they say?

    Attributes
    ----------
    ranks : array, shape (truths, unknowns)
        Rank of each truth among the draws of its posterior, between 0 and 1.
    """

    ranks: Floats

    def within(self, share: float) -> Floats:
        """Share of truths inside the central interval of that share, for each unknown."""
        edge = (1 - share) / 2
        inside = (self.ranks > edge) & (self.ranks < 1 - edge)
        return np.asarray(inside.mean(axis=0), float)

    def uniform(self) -> Floats:
        """p value of a Kolmogorov-Smirnov test of uniform ranks, for each unknown."""
        from scipy.stats import kstest

        return np.array([kstest(column, "uniform").pvalue for column in self.ranks.T])


def coverage(inference: Inference, truths: int = TRUTHS) -> Coverage:
    """Fit runs of the table as if they had been published, each on the table without it."""
    rng = np.random.default_rng([inference.seed, 7])
    count = len(inference.table.cube)
    chosen = rng.choice(count, size=min(truths, count), replace=False)
    seen = inference.summaries()
    refit = _refitted(inference, chosen)
    ranks = []
    for truth in chosen.tolist():
        values = inference.values(refit(truth, seen[truth]))
        below = (values < inference.table.values[truth]).sum(axis=0)
        ranks.append((below + rng.random(values.shape[1])) / (_RANKED + 1))
    return Coverage(np.array(ranks))


def _refitted(inference: Inference, chosen: NDArray[np.intp]) -> Callable[[int, Floats], Fit]:
    """Gives the posterior of a run's summaries from a table without that run.

    The regression leaves out one run at a time; a network is trained once without all of them.
    """
    z, seen = to_z(inference.table.cube), inference.summaries()
    if inference.method == "npe":
        others = ~np.isin(np.arange(len(z)), chosen)
        trained = Neural(z[others], seen[others], inference.seed)
        return lambda truth, observed: trained.draw(observed, _RANKED, truth)

    def without(truth: int, observed: Floats) -> Fit:
        others = np.arange(len(z)) != truth
        return fit(z[others], seen[others], observed, _RANKED, inference.seed + truth)

    return without


def misfit(inference: Inference) -> float:
    """p value of the published figures among those of the prior: small when nothing comes near.

    The share of runs that lie farther from the middle of all runs, by Mahalanobis distance.
    """
    seen = inference.summaries()
    return _farther(seen, inference.goals.observed)


def _farther(cloud: Floats, point: Floats) -> float:
    middle = cloud.mean(axis=0)
    inverse = np.linalg.pinv(np.atleast_2d(np.cov(cloud.T)))
    steps, step = cloud - middle, point - middle
    distances = np.einsum("ij,jk,ik->i", steps, inverse, steps)
    farther = int((distances >= step @ inverse @ step).sum())
    return (farther + 1) / (len(cloud) + 1)


def learnt(prior: Floats, posterior: Floats) -> Floats:
    """Part of each unknown's prior spread that the figures took away, between 0 and 1.

    Spread is the standard deviation of normal scores under the prior, so that it does not depend
    on the scale of the unknown.

    Parameters
    ----------
    prior, posterior : array, shape (draws, unknowns)
        Values of the unknowns.
    """
    scores = to_scores(prior, posterior)
    return np.asarray(np.clip(1.0 - scores.std(axis=0), 0.0, 1.0), float)


def to_scores(prior: Floats, values: Floats) -> Floats:
    """Normal scores of values under the prior sample, shape as `values`."""
    ordered = np.sort(prior, axis=0)
    count = len(ordered)
    columns = [
        (np.searchsorted(column, row) + 0.5) / (count + 1)
        for column, row in zip(ordered.T, values.T, strict=True)
    ]
    return to_z(np.stack(columns, axis=1))
