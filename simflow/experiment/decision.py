"""From paired differences to a recommendation: which scenario to choose, or none.

The rule is simple enough to be said in one breath, and errs towards "no new decision":

- A scenario is *better* when at least one goal is better beyond doubt and no goal is worse. The
  goals about money are set aside here: what it costs is said beside the result, never netted
  against it.
- Without a clear effect on the other goals, one that costs less (more) beyond doubt is *cheaper*
  (*dearer*). That no loss was shown is not enough: a *cheaper* one also has every interval short
  of a loss that matters, or else it is only a *saving*, which is told and not recommended.
- Better in something and worse in something else is *mixed*: a choice of values, not of the model.
- A circumstance (`Scenario.circumstance`: a vacancy, rising unemployment) and a scenario of another
  period are set beside the base but never recommended: nobody chooses them.
- Among several better ones the one that is better in most goals is named first; of equals the
  cheaper one, and where prices are not known the one with the larger effect, counted in smallest
  differences that matter.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np

from simflow.experiment.comparison import Comparison
from simflow.experiment.difference import Difference
from simflow.scenario import Scenario

Kind = Literal[
    "better", "cheaper", "saving", "mixed", "worse", "dearer", "unclear", "same", "untested",
    "other_period", "circumstance",
]  # fmt: skip
_MONEY = "cost."
_PRICES = ("cost.net", "cost.total")


@dataclass(frozen=True)
class Standing:
    """Where one alternative stands against the base.

    Attributes
    ----------
    name : str
        The alternative's name.
    kind : str
        What the goals say together.
    goals : tuple of Difference
        Every goal, those about money included.
    cost : Difference or None
        The difference in cost, when both scenarios have prices: of services less the subsidy that
        they avoid where that is known, else of everything.
    """

    name: str
    kind: Kind
    goals: tuple[Difference, ...]
    cost: Difference | None

    def of(self, verdict: str) -> tuple[Difference, ...]:
        """The goals with a verdict; goals about money come last."""
        found = [d for d in self.goals if d.verdict == verdict]
        return tuple(sorted(found, key=_is_money))

    @property
    def results(self) -> tuple[Difference, ...]:
        """The goals that are not about money."""
        return tuple(d for d in self.goals if not _is_money(d))

    @property
    def not_ruled_out(self) -> tuple[Difference, ...]:
        """Goals without a clear verdict, money apart, of which a loss that matters is possible."""
        return tuple(d for d in self.results if _may_lose(d))

    @property
    def score(self) -> tuple[int, float]:
        """Goals that are better, and the size of these effects in differences that matter."""
        better = [d for d in self.results if d.verdict == "better"]
        return len(better), sum(_size(d) for d in better)


def _is_money(difference: Difference) -> bool:
    return difference.measure.name.startswith(_MONEY)


def _may_lose(difference: Difference) -> bool:
    goal, ci = difference.goal, difference.ci
    if difference.verdict in ("better", "worse", "same") or goal is None:
        return False
    if ci is None:
        return True
    return ci[0] <= -goal.matters if goal.better == "more" else ci[1] >= goal.matters


def _size(difference: Difference) -> float:
    goal, mean = difference.goal, difference.mean
    if goal is None or mean is None or goal.matters <= 0:
        return 0.0
    return abs(mean) / goal.matters


def standings(comparison: Comparison) -> tuple[Standing, ...]:
    """Each alternative's standing, in the order given."""
    base, *others = comparison.scenarios
    pairs = zip(comparison.alternatives, others, strict=True)
    return tuple(_standing(comparison, run.scenario, base, other) for run, other in pairs)


def _period(scenario: Scenario) -> tuple[dt.date, dt.date]:
    return scenario.horizon.start, scenario.horizon.end


def _standing(comparison: Comparison, name: str, base: Scenario, other: Scenario) -> Standing:
    every = {difference.measure.name: difference for difference in comparison.differences(name)}
    goals = tuple(difference for difference in every.values() if difference.goal is not None)
    cost = next((every[price] for price in _PRICES if price in every), None)
    kind = _kind(goals)
    if _period(other) != _period(base):
        kind = "other_period"
    elif other.circumstance and kind in ("better", "cheaper", "saving", "mixed"):
        kind = "circumstance"
    return Standing(name, kind, goals, cost)


def _kind(goals: tuple[Difference, ...]) -> Kind:
    results = {d.verdict for d in goals if not _is_money(d)}
    money = {d.verdict for d in goals if _is_money(d)}
    if not (results | money) - {"undefined"}:
        return "untested"
    if {"better", "worse"} <= results:
        return "mixed"
    if "better" in results:
        return "better"
    if "worse" in results:
        return "worse"
    if money & {"better", "worse"} == {"better"}:
        harmless = not any(_may_lose(d) for d in goals if not _is_money(d))
        return "cheaper" if harmless else "saving"
    if money & {"better", "worse"} == {"worse"}:
        return "dearer"
    return "same" if (results | money) <= {"same", "undefined"} else "unclear"


def ranked(found: tuple[Standing, ...]) -> tuple[Standing, ...]:
    """The alternatives to choose from, the best first: better ones, else cheaper ones."""
    candidates = [s for s in found if s.kind == "better"]
    candidates = candidates or [s for s in found if s.kind == "cheaper"]
    priced = all(s.cost is not None and s.cost.mean is not None for s in candidates)
    return tuple(sorted(candidates, key=lambda s: _rank(s, priced)))


def _rank(standing: Standing, priced: bool) -> tuple[float, float, float]:
    goals, size = standing.score
    price = standing.cost.mean if priced and standing.cost is not None else None
    return -goals, price or 0.0, -size


def leading(standing: Standing) -> Difference:
    """The goal that speaks most for an alternative: the largest of its better ones."""
    better = standing.of("better")
    results = [d for d in better if not _is_money(d)]
    return max(results or better, key=_size)


def runs_better(comparison: Comparison, name: str, difference: Difference) -> tuple[int, int]:
    """In how many replications the alternative beat the base, and of how many."""
    paired = comparison.paired(name, difference.measure.name)
    finite = paired[np.isfinite(paired)]
    sign = 1 if difference.goal is None or difference.goal.better == "more" else -1
    return int((finite * sign > 0).sum()), len(finite)
