"""The best single fit, on a toy in which what each draw gives on average is known."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from simflow.calibrate.goals import Goals
from simflow.calibrate.single import best_single, distance, expected

Floats = NDArray[np.float64]
NAMES = ("a", "b", "c", "d", "e")
GOALS = Goals(NAMES, np.array([60.0, 30.0, 12.0, 90.0, 4.0]), np.ones(5))


def means(values: Floats) -> Floats:
    """What the toy gives on average: a stock, and shares of those who come."""
    come, first, second, third = values.T
    left = come * (1 - first)
    return np.stack(
        [come * first, left * second, left * (1 - second) * third, come, come * 0.2 * third],
        axis=1,
    )


def toy(seed: int, runs: int) -> tuple[Any, Any, Floats]:
    """A runner that counts its runs, a table of the prior, and draws that are too wide."""
    rng = np.random.default_rng(seed)

    def prior(count: int, spread: float) -> Floats:
        shares = 0.5 + spread * (rng.random((count, 3)) - 0.5)
        return np.column_stack([rng.lognormal(np.log(95), 0.5 * spread, count), shares])

    def run(values: Floats, first: int) -> Floats:
        numbers.extend(range(first, first + len(values)))
        rng = np.random.default_rng(first)
        return rng.poisson(means(values)).astype(float)

    numbers: list[int] = []
    known = prior(runs, 0.9)
    counts = rng.poisson(means(known)).astype(float)
    table = SimpleNamespace(values=known, names=NAMES)
    inference = SimpleNamespace(table=table, goals=GOALS, counts=counts)
    return SimpleNamespace(run=run, numbers=numbers), inference, prior(2000, 0.6)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("runs", [400, 4000])
def test_finds_one_of_the_nearest_draws_of_all(seed: int, runs: int) -> None:
    runner, inference, values = toy(seed, runs)
    best, error = best_single(runner, inference, values)
    apart = np.sort(distance(GOALS, means(values)))
    chosen = distance(GOALS, means(best[None, :]))[0]
    assert chosen <= apart[20]  # one in a hundred of them
    assert chosen < apart[0] + 0.2
    assert len(runner.numbers) == len(set(runner.numbers)) <= 200
    # Five means over 32 runs, each a sixth of one run's chance from its own.
    assert abs(error - chosen) < 3 / np.sqrt(32)


def test_a_regression_over_a_table_tells_the_mean_from_the_luck_of_a_run() -> None:
    _, inference, values = toy(1, 4000)
    counts, worth = expected(inference.table.values, inference.counts, values)
    steps = 2 * (np.sqrt(counts) - np.sqrt(means(values)))
    assert np.sqrt((steps**2).mean()) < 0.5  # of the chance of one run, which is 1
    assert worth == 24  # no more than a draw's own runs
    assert expected(inference.table.values[:150], inference.counts[:150], values)[1] == 10
