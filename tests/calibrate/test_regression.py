"""Regression ABC against posteriors that are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from simflow.calibrate.design import points
from simflow.calibrate.regression import fit, summary
from simflow.calibrate.space import to_cube, to_z

Floats = NDArray[np.float64]
RUNS = 10_000
DRAWS = 2_000
SHARES = (0.05, 0.95)


def _close(prior: object, posterior: object, found: Floats) -> None:
    """Mean within 2 %; ends of the 90 % interval within 5 % of its width."""
    draws = prior.ppf(to_cube(found)[:, 0])  # type: ignore[attr-defined]
    ends = posterior.ppf(SHARES)  # type: ignore[attr-defined]
    assert draws.mean() == pytest.approx(posterior.mean(), rel=0.02)  # type: ignore[attr-defined]
    assert np.quantile(draws, SHARES) == pytest.approx(ends, abs=0.05 * (ends[1] - ends[0]))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("count", [8, 16, 30])
def test_poisson_gamma(seed: int, count: int) -> None:
    shape, rate = 4.0, 0.25
    prior = stats.gamma(shape, scale=1 / rate)
    cube = points(1, RUNS, seed)[:RUNS]
    counts = np.random.default_rng(seed).poisson(prior.ppf(cube)).astype(float)
    found = fit(to_z(cube), summary(counts), summary(np.array([float(count)])), DRAWS, seed)
    _close(prior, stats.gamma(shape + count, scale=1 / (rate + 1)), found.z)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("count", [8, 13, 20])
def test_binomial_beta(seed: int, count: int) -> None:
    first, second, trials = 2.0, 3.0, 40
    prior = stats.beta(first, second)
    cube = points(1, RUNS, seed)[:RUNS]
    counts = np.random.default_rng(seed).binomial(trials, prior.ppf(cube)).astype(float)
    found = fit(to_z(cube), summary(counts), summary(np.array([float(count)])), DRAWS, seed)
    _close(prior, stats.beta(first + count, second + trials - count), found.z)


def test_linear_normal_in_many_dimensions() -> None:
    """Twenty unknowns, ten summaries: mean and covariance of the normal posterior."""
    unknowns, sums, noise = 20, 10, 0.7
    rng = np.random.default_rng(5)
    slopes = rng.normal(size=(unknowns, sums)) / np.sqrt(unknowns)
    z = to_z(points(unknowns, RUNS, 5)[:RUNS])
    seen = z @ slopes + noise * rng.normal(size=(RUNS, sums))
    observed = seen[17]
    found = fit(np.delete(z, 17, 0), np.delete(seen, 17, 0), observed, DRAWS, 5)
    gain = slopes @ np.linalg.inv(slopes.T @ slopes + noise**2 * np.eye(sums))
    variance = np.diag(np.eye(unknowns) - gain @ slopes.T)
    spread = np.sqrt(variance)
    assert (np.abs(found.z.mean(axis=0) - gain @ observed) < 0.25 * spread).all()
    assert found.z.std(axis=0) == pytest.approx(spread, rel=0.08)
    assert found.effective > 1000


def test_same_seed_same_draws() -> None:
    z = to_z(points(3, 500, 1)[:500])
    seen = z[:, :2] + 0.1 * np.random.default_rng(1).normal(size=(500, 2))
    first, again, other = (fit(z, seen, np.zeros(2), 100, seed).z for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_summaries_that_do_not_vary_teach_nothing() -> None:
    z = to_z(points(2, 1000, 1)[:1000])
    seen = np.stack([np.full(1000, 5.0), z[:, 0]], axis=1)
    found = fit(z, seen, np.array([5.0, 1.0]), 500, 1).z
    assert found[:, 0].mean() == pytest.approx(1.0, abs=0.05)
    assert found[:, 1].std() == pytest.approx(1.0, abs=0.1)
