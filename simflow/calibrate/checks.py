"""How far a posterior can be trusted: figures left out, truths that are known, and misfit.

Everything here reads the table and simulates nothing, so that it takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simflow.calibrate.inference import SHARES, Inference
from simflow.calibrate.neural import Neural
from simflow.calibrate.regression import Fit, fit
from simflow.calibrate.space import to_z

Floats = NDArray[np.float64]
TRUTHS: Final = 200
"""Runs of the table that are fitted as if they had been published."""
_RANKED: Final = 400
"""Draws among which a truth is ranked."""


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
    rng = np.random.default_rng([inference.seed, 8])
    chosen = _chosen(inference, truths)
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


def unseen(inference: Inference, held: Sequence[str], truths: int = TRUTHS) -> float:
    """Share of figures of simulated years inside their 90 % interval when predicted unseen.

    Each year of the table that is chosen is taken for the published one; the targets held out are
    predicted from its others by regression on the table without it. NaN when none are held out.
    """
    goals, seen = inference.goals, inference.summaries()
    places = [rank for rank, name in enumerate(goals.names) if name in held]
    others = [rank for rank, name in enumerate(goals.names) if name not in held]
    inside = []
    for truth in _chosen(inference, truths).tolist() if places else ():
        rows = np.arange(len(seen)) != truth
        x, seed = seen[np.ix_(rows, others)], inference.seed + truth
        guess = fit(seen[np.ix_(rows, places)], x, seen[truth, others], _RANKED, seed).z
        low, _, high = np.quantile(guess, SHARES, axis=0)
        inside += [(low <= seen[truth, places]) & (seen[truth, places] <= high)]
    return float(np.mean(inside)) if inside else float("nan")


def _chosen(inference: Inference, truths: int) -> NDArray[np.intp]:
    """Runs of the table that are taken for published years."""
    rng = np.random.default_rng([inference.seed, 7])
    count = len(inference.table.cube)
    return rng.choice(count, size=min(truths, count), replace=False)


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
