"""What the common random streams buy: the variance of a difference, unpaired over paired."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from simflow.experiment import compare
from simflow.scenario import load

SCENARIOS = Path(__file__).parents[2] / "scenarios"
STAFFING = ("one-more-worker", "vacancy-3-months", "vacancy-6-months")
OUTCOMES = ("outcome.begun", "cost.net")


@pytest.mark.slow
@pytest.mark.statistical
def test_pairing_cuts_the_variance_of_staffing_differences() -> None:
    """At least three-fold for the outcomes, and for half the goals or more.

    A ratio of variances of 20 pairs is known to about a factor of 1.6 (one standard deviation).
    The wait for an assessment gains least: it depends on chance in the queue when the pool is
    short, and hardly at all when it is not, so there is little that the scenarios share.
    """
    base = load(SCENARIOS / "espoo-2014.yaml")
    others = [load(SCENARIOS / f"{name}.yaml") for name in STAFFING]
    found = compare(base, others, replications=20)
    for name in STAFFING:
        ratios = {
            goal: ratio
            for goal in found.names
            if (ratio := found.difference(name, goal).variance_ratio) is not None
        }
        shown = ", ".join(f"{goal} {ratio:.1f}" for goal, ratio in ratios.items())
        print(f"{name}: variance cut {median(ratios.values()):.1f}-fold (median); {shown}")
        assert median(ratios.values()) >= 3
        assert min(ratios[goal] for goal in OUTCOMES) >= 3
