"""Local-linear regression ABC: from a table of runs to draws of the posterior.

Runs whose summaries lie near those observed are weighted by an Epanechnikov kernel; a weighted
linear regression of the unknowns (in z-space, where the prior is standard normal) on the
summaries moves each of them to the observed summaries; its residuals, scaled to the spread found
there, give the posterior (Beaumont, Zhang & Balding 2002; Blum & François 2010). Counts enter as
sqrt(x + 3/8), which makes their chance the same at any level.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_RIDGE: Final = 1e-6
"""Penalty, as a part of the weights, that keeps the regression defined whatever the summaries."""
_NEAR: Final = 0.5
"""Share of the runs within the kernel."""
_FEWEST: Final = 100
"""Runs within the kernel for each coefficient, at least."""


def summary(counts: Floats) -> Floats:
    """Counts as summaries of equal chance: sqrt(x + 3/8) (Anscombe 1948)."""
    return np.asarray(np.sqrt(np.maximum(counts, 0.0) + 0.375), float)


@dataclass(frozen=True)
class Fit:
    """A posterior in z-space.

    Attributes
    ----------
    z : array, shape (draws, coordinates)
        Draws of equal weight.
    effective : float
        Effective number of runs behind them.
    """

    z: Floats
    effective: float


def fit(
    z: Floats,
    summaries: Floats,
    observed: Floats,
    draws: int,
    seed: int,
) -> Fit:
    """Posterior of the unknowns given observed summaries.

    Parameters
    ----------
    z : array, shape (runs, coordinates)
        Unknowns of the runs; standard normal under the prior.
    summaries : array, shape (runs, summaries)
        Summaries of the runs, the error of observation included.
    observed : array, shape (summaries,)
        Summaries observed.
    draws : int
        Number of draws.
    seed : int
        Seed of the resampling.
    """
    centred, weights = _local(z, summaries, observed)
    inside = weights > 0
    x, w, target = centred[inside], weights[inside], z[inside]
    mean, coefficients, leverage = _regress(x, target, w)
    residuals = target - mean - x @ coefficients
    scale = _spread(x, residuals, w)
    # Residuals are smaller than errors by what the regression has fitted of them.
    errors = residuals * scale / np.sqrt(1.0 - leverage)
    moved = mean + errors - w @ errors / w.sum()
    effective = float(w.sum() ** 2 / (w**2).sum())
    return Fit(moved[_resample(w, draws, seed)], effective)


def _local(z: Floats, summaries: Floats, observed: Floats) -> tuple[Floats, Floats]:
    """Summaries in units of their spread about the observed ones, and kernel weights.

    Runs are near when they predict nearly the same unknowns: distances are taken between the
    predictions of a regression over all runs, each in units of its own error, so that a summary
    counts by what it tells.
    """
    spread = summaries.std(axis=0)
    spread[spread == 0] = 1.0
    centred = (summaries - observed) / spread
    distance = _distance(z, centred)
    count = len(z)
    near = min(count, max(int(_NEAR * count), _FEWEST * (1 + summaries.shape[1])))
    width = np.partition(distance, near - 1)[near - 1]
    weights = np.maximum(0.0, 1.0 - (distance / max(width, 1e-300)) ** 2)
    if not weights.any():
        weights = np.ones(count)
    return centred, weights


def _distance(z: Floats, centred: Floats) -> Floats:
    mean, coefficients, _ = _regress(centred, z, np.ones(len(z)))
    error = (z - mean - centred @ coefficients).std(axis=0)
    error[error == 0] = 1.0
    step = centred @ (coefficients / error)
    return np.asarray(np.sqrt((step**2).sum(axis=1)), float)


def _regress(x: Floats, y: Floats, w: Floats) -> tuple[Floats, Floats, float]:
    """Weighted ridge regression: value at x = 0, slopes, and mean leverage of a run."""
    total = w.sum()
    x_mean, y_mean = w @ x / total, w @ y / total
    dx, dy = x - x_mean, y - y_mean
    gram = (dx * w[:, None]).T @ dx
    penalty = _RIDGE * total * np.eye(x.shape[1])
    slopes = np.linalg.solve(gram + penalty, (dx * w[:, None]).T @ dy)
    effective = total**2 / (w**2).sum()
    leverage = min(0.9, (1 + x.shape[1]) / effective)
    return y_mean - x_mean @ slopes, np.asarray(slopes, float), leverage


def _spread(x: Floats, residuals: Floats, w: Floats) -> Floats:
    """By what factor each run's residual is to be scaled: spread at the observed over its own.

    The logarithm of the squared residual is regressed on the summaries in the same way; its
    slopes are drawn towards zero by as much as chance alone would make them (James & Stein 1961).
    """
    logs = np.log(residuals**2 + 1e-12)
    _, slopes, _ = _regress(x, logs, w)
    total, count = w.sum(), x.shape[1]
    explained = (w @ ((x - w @ x / total) @ slopes) ** 2) / total
    chance = count * (w @ (logs - w @ logs / total) ** 2) * (w**2).sum() / total**3
    kept = np.maximum(0.0, 1.0 - chance / np.maximum(explained, 1e-300))
    return np.asarray(np.exp(-0.5 * x @ (slopes * kept)), float)


def _resample(weights: Floats, draws: int, seed: int) -> NDArray[np.intp]:
    """Ranks of runs, as often as their weights say: one draw from each of equal slices."""
    rng = np.random.default_rng(seed)
    limits = np.cumsum(weights) / weights.sum()
    ranks = np.searchsorted(limits, (np.arange(draws) + rng.random(draws)) / draws)
    return rng.permutation(np.minimum(ranks, len(weights) - 1))
