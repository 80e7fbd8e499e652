"""One measure in two scenarios: the paired difference, its interval and the verdict.

The rule, for a goal whose smallest difference that matters is *m*:

- All scenarios run on the same random streams, so replication *r* of an alternative is paired
  with replication *r* of the base. A pair in which either has no value is left out.
- The interval is Student's, 95 %, on the paired differences.
- *p* tests "the true difference is at most *m* in size" (in either direction). It is
  ``2 P(T >= (|mean| - m) / se)``, at most 1: below 0.05 exactly when the interval lies wholly
  beyond +m or wholly beyond -m. With m = 0, and for a measure without a goal, it is the ordinary
  two-sided paired t test. Where all n differences are equal there is no t; the sign test stands
  in, ``2^(1-n)``: two equal differences may be luck, twenty are not.
- Holm's method adjusts these p over all alternatives × goals, so that the chance of even one
  wrong "better" or "worse" on the whole page is at most 5 %.
- *Better* (or *worse*): the adjusted p is below 0.05, and the difference points the right (or
  the wrong) way. Holm only ever raises p, so the interval of every "better" lies wholly beyond
  what matters. Everything else is *too close* to call, which has two readings of its own:
  `negligible` (the interval lies wholly within ±m: whatever there is, it is too small to matter)
  and not (more replications might tell).

Sources: the minimum-effect test of Murphy & Myors (1999), J. Applied Psychology 84, 234-248;
Holm (1979), Scandinavian J. Statistics 6, 65-70.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from simflow.experiment.summary import CONFIDENCE, Floats, half_width
from simflow.measures import Measure

if TYPE_CHECKING:
    from simflow.scenario.costs import Goal

Verdict = Literal["better", "worse", "too_close", "same", "undefined"]
"""What a difference says of a goal. `same`: every pair is equal. `undefined`: there is no goal, or
there are fewer than two pairs, so that nothing can be said."""

ALPHA: Final = 1 - CONFIDENCE
"""Largest chance of a single wrong claim in a whole comparison."""
_ROUNDING: Final = 1e-9
"""Relative spread up to which differences are equal: what adding floats leaves."""


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
        Means over the pairs; None when there is no pair.
    mean : float or None
        Mean of the paired differences, in the measure's unit.
    ci : (float, float) or None
        Student 95 % interval of the mean difference; None for fewer than two pairs.
    p, p_holm : float or None
        See the rule above; `p_holm` for goals only.
    n : int
        Pairs in which both have a value.
    variance_ratio : float or None
        Variance of the difference without pairing over that with pairing; None when it is not
        finite.
    verdict : Verdict
        See the rule above.
    """

    measure: Measure
    goal: Goal | None
    base: float | None
    alternative: float | None
    mean: float | None
    ci: tuple[float, float] | None
    p: float | None
    p_holm: float | None
    n: int
    variance_ratio: float | None
    verdict: Verdict

    @property
    def half_width(self) -> float | None:
        """Half the width of the interval."""
        return None if self.ci is None else (self.ci[1] - self.ci[0]) / 2

    @property
    def negligible(self) -> bool:
        """Whether the interval lies wholly within what does not matter."""
        if self.goal is None or self.ci is None or self.mean is None:
            return False
        low, high = self.ci
        # A few equal differences may be luck: the sign test's weight, as in `_p`.
        if high - low <= _ROUNDING * abs(self.mean) and 2.0 ** (1 - self.n) >= ALPHA:
            return self.verdict == "same"
        return -self.goal.matters < low and high < self.goal.matters

    @property
    def clear_of_zero(self) -> bool:
        """Whether the interval leaves out zero: there is a difference, if perhaps a small one."""
        return self.ci is not None and (self.ci[0] > 0 or self.ci[1] < 0)


def difference_of(measure: Measure, goal: Goal | None, base: Floats, other: Floats) -> Difference:
    """The difference of one measure, before Holm's adjustment.

    Parameters
    ----------
    base, other : array, shape (replications,)
        Values of the measure, paired by place; NaN where undefined.
    """
    both = np.isfinite(base) & np.isfinite(other)
    base, other = base[both], other[both]
    n = len(base)
    if not n:
        return Difference(measure, goal, None, None, None, None, None, None, 0, None, "undefined")
    pairs = other - base
    mean, half = float(pairs.mean()), half_width(pairs)
    p = _p(mean, pairs, 0.0 if goal is None else goal.matters)
    return Difference(
        measure=measure,
        goal=goal,
        base=float(base.mean()),
        alternative=float(other.mean()),
        mean=mean,
        ci=(mean - half, mean + half) if isfinite(half) else None,
        p=p,
        p_holm=None,
        n=n,
        variance_ratio=_ratio(base, other, pairs),
        verdict="same" if n > 1 and not pairs.any() else "undefined",
    )


def _p(mean: float, pairs: Floats, matters: float) -> float | None:
    """p of "the true difference is at most `matters` in size"; None for fewer than two pairs."""
    n = len(pairs)
    if n < 2:
        return None
    beyond, error = abs(mean) - matters, float(np.std(pairs, ddof=1)) / sqrt(n)
    if beyond <= 0:
        return 1.0
    if error <= _ROUNDING * abs(mean):
        return float(2.0 ** (1 - n))
    from scipy.special import stdtr  # slow to import, and not needed to simulate

    return min(1.0, 2 * float(stdtr(n - 1, -beyond / error)))


def _ratio(base: Floats, other: Floats, pairs: Floats) -> float | None:
    if len(pairs) < 2 or not np.var(pairs) > 0:
        return None
    return float((np.var(base) + np.var(other)) / np.var(pairs))


def holm(p: Sequence[float]) -> list[float]:
    """Holm's adjusted p, in the order given."""
    if not p:
        return []
    from statsmodels.stats.multitest import multipletests  # slow to import

    return [float(value) for value in multipletests(p, method="holm")[1]]


def verdict_of(difference: Difference, p_holm: float | None) -> Verdict:
    """The verdict, once p is adjusted."""
    goal, mean = difference.goal, difference.mean
    if difference.verdict == "same" or goal is None or p_holm is None or mean is None:
        return difference.verdict
    if p_holm >= ALPHA:
        return "too_close"
    return "better" if (mean > 0) == (goal.better == "more") else "worse"
