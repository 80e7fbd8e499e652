"""One measure in two scenarios: the paired difference and its interval.

All scenarios run on the same random streams, so replication *r* of an alternative is paired with
replication *r* of the base. A pair in which either has no value is left out. The interval is 95 %
and allows for the skewness of counts (`skew_interval`). What a difference means is not said here:
a verdict is given of goals only, and by one rule (`verdict`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from simflow.experiment.skew import skew_interval
from simflow.experiment.summary import Floats
from simflow.measures import Measure

if TYPE_CHECKING:
    from simflow.scenario.costs import Goal


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure of an alternative less the same of the base.

    Attributes
    ----------
    measure : Measure
        Name, unit and label.
    goal : Goal or None
        Which way is better and how much matters, by the base's goals; None when it is no goal.
    base, alternative : float or None
        Means over the pairs; None when there is no pair. Outcomes are over the people asked in
        either of the two, so that the base's own differs a little from alternative to alternative.
    mean : float or None
        Mean of the paired differences, in the measure's unit.
    ci : (float, float) or None
        95 % interval of the mean difference; None for fewer than two pairs, or, over a posterior,
        fewer than two draws of which every pair has a value.
    n : int
        Pairs in which both have a value.
    variance_ratio : float or None
        Variance of the difference without pairing over that with pairing; None when it is not
        finite.
    asked_in_one : float or None
        Part of the mean difference that comes from people asked in one of the two only; None for
        what is no outcome.
    """

    measure: Measure
    goal: Goal | None
    base: float | None
    alternative: float | None
    mean: float | None
    ci: tuple[float, float] | None
    n: int
    variance_ratio: float | None
    asked_in_one: float | None = None

    @property
    def half_width(self) -> float | None:
        """Half the width of the interval."""
        return None if self.ci is None else (self.ci[1] - self.ci[0]) / 2

    @property
    def clear_of_zero(self) -> bool:
        """Whether the interval leaves out zero: there is a difference, if perhaps a small one."""
        return self.ci is not None and (self.ci[0] > 0 or self.ci[1] < 0)


def difference_of(
    measure: Measure,
    goal: Goal | None,
    base: Floats,
    other: Floats,
    only: Floats | None = None,
    each: int = 1,
) -> Difference:
    """The difference of one measure.

    Parameters
    ----------
    base, other : array, shape (replications,)
        Values of the measure, paired by place; NaN where undefined.
    only : array, shape (replications,), optional
        Part of each difference that comes from people asked in one of the two only.
    each : int
        Replications of each draw of a posterior, one after the other: the draw is what is sampled.
    """
    both = np.isfinite(base) & np.isfinite(other)
    part = None if only is None or not both.any() else float(only[both].mean())
    draws = by_draw(other - base, each)
    sampled = draws[np.isfinite(draws).all(axis=1)].mean(axis=1)
    base, other = base[both], other[both]
    n = len(base)
    if not n:
        return Difference(measure, goal, None, None, None, None, 0, None)
    pairs = other - base
    low, high = skew_interval(sampled) if len(sampled) > 1 else (-np.inf, np.inf)
    return Difference(
        measure=measure,
        goal=goal,
        base=float(base.mean()),
        alternative=float(other.mean()),
        mean=float(pairs.mean()),
        ci=(float(low), float(high)) if isfinite(low) and isfinite(high) else None,
        n=n,
        variance_ratio=_ratio(base, other, pairs),
        asked_in_one=part,
    )


def by_draw(values: Floats, each: int) -> Floats:
    """Values by draw and replication, shape (draws, each); a draw not whole is left out."""
    whole = len(values) // each * each
    return values[:whole].reshape(-1, each)


def _ratio(base: Floats, other: Floats, pairs: Floats) -> float | None:
    if len(pairs) < 2 or not np.var(pairs) > 0:
        return None
    return float((np.var(base) + np.var(other)) / np.var(pairs))
