"""Silence is no way out: what is clearly better is recommended, what is clearly worse is told.

A synthetic simulator with a known effect of each goal goes through the very rule, looks and stops
of `compare`; nothing is simulated. Chance and what is not known vary as in the baseline.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simflow.experiment import Comparison, Results, Verdict
from simflow.experiment.paired import MOST, to_verdict
from simflow.measures import measures_of
from simflow.scenario import Scenario, load

TRIALS = 400
NOISE = {
    "outcome.begun": 0.7, "outcome.open_or_education": 0.75, "outcome.assessed": 0.94,
    "outcome.first_service": 0.65, "outcome.out_of_touch": 0.55, "outcome.without_result": 0.55,
    "cost.net": 0.5,
}  # fmt: skip
"""Standard deviation of one paired difference given the model's numbers, in differences that
matter: the largest of three staffing alternatives of the baseline, 20 draws of two replications."""


@cache
def espoo() -> Scenario:
    return load(Path(__file__).parents[2] / "scenarios" / "espoo-2014.yaml").scenario


class Synthetic:
    """Makes paired differences with a known effect, in place of replications of a model."""

    def __init__(self, effects: Mapping[str, float], spread: float, seed: int) -> None:
        rng, goals = np.random.default_rng(seed), espoo().goals
        draws = rng.normal(size=MOST // 2)
        self.columns = []
        for name, goal in goals.items():
            sign = 1 if goal.better == "more" else -1
            delta = effects.get(name, 0.0) + spread * draws
            chance = NOISE[name] * rng.normal(size=MOST)
            self.columns.append(sign * goal.matters * (np.repeat(delta, 2) + chance))
        self.used = 0

    def up_to(self, count: int, cap: int, places: Collection[int]) -> None:
        self.used = max(self.used, count)

    def results(self, count: int) -> tuple[Results, ...]:
        base, other = begun()
        values = np.column_stack(self.columns)[:count]
        return replace(base, values=np.zeros_like(values)), replace(other, values=values)

    def outcomes(self) -> tuple[Any, ...]:
        return np.empty(0), np.empty(0)


@cache
def begun() -> tuple[Results, Results]:
    measures = {measure.name: measure for measure in measures_of(espoo())}
    found = tuple(measures[name] for name in espoo().goals)
    empty = Results("espoo-2014", "", 1, found, np.empty((0, len(found))), draws=np.zeros((1, 1)))
    return empty, replace(empty, scenario="other")


def judged(effects: Mapping[str, float], spread: float, seed: int) -> tuple[Verdict, int]:
    """The verdict on an alternative with these effects, and the replications it took."""
    base, other = begun()
    scenarios = espoo(), espoo().model_copy(update={"name": "other"})
    comparison = Comparison(base, (other,), None, scenarios, ((),), each=2)
    made = Synthetic(effects, spread, seed)
    (verdict,) = to_verdict(comparison, made, MOST).verdicts  # type: ignore[arg-type]
    return verdict, made.used


def share(
    kinds: Collection[str], effects: Mapping[str, float], spread: float = 0.0, trials: int = TRIALS
) -> float:
    found = [judged(effects, spread, seed) for seed in range(trials)]
    hits = sum(verdict.kind in kinds for verdict, _ in found) / trials
    print(f"{effects}, spread {spread}: {kinds} in {hits:.1%} of {trials} trials, "
          f"{np.mean([used for _, used in found]):.0f} replications")  # fmt: skip
    return hits


@pytest.mark.slow
@pytest.mark.statistical
def test_twice_what_matters_is_recommended() -> None:
    assert share({"recommended"}, {"outcome.begun": 2.0}) >= 0.80


@pytest.mark.slow
@pytest.mark.statistical
def test_a_loss_of_twice_what_matters_is_told() -> None:
    assert share({"loss", "trade_off"}, {"outcome.begun": -2.0}) >= 0.90


@pytest.mark.slow
@pytest.mark.statistical
def test_a_gain_at_the_cost_of_a_guard_is_a_trade_off() -> None:
    effects = {"outcome.begun": 2.0, "outcome.open_or_education": -2.0}
    assert share({"trade_off"}, effects) >= 0.90


@pytest.mark.slow
@pytest.mark.statistical
def test_nothing_is_rarely_advised() -> None:
    """No effect anywhere: a recommendation would be an error of chance."""
    assert share({"recommended", "loss", "trade_off"}, {}, trials=40) <= 0.05


@pytest.mark.slow
@pytest.mark.statistical
def test_what_depends_on_unknown_numbers_is_not_recommended() -> None:
    """Half of the numbers that may be true say harm: no recommendation, whatever the mean."""
    assert share({"recommended"}, {"outcome.begun": 0.5}, spread=2.0, trials=40) <= 0.05
