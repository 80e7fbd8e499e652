"""The chance that a decision helps, harms or costs, over what is not known.

For an alternative, the base and one goal let delta(theta) = E[Y_A - Y_0 | theta], signed so that
more is better, and m what matters. Over the posterior of theta: the benefit P(delta >= m), the
harm P(delta <= -m) and the expected loss E[max(0, -delta)]. Only d = delta + chance is seen, in k
replications of each draw of theta, and chance has to be taken out:

- The mean, the variance of delta (between draws less within / k; Sun, Apley & Staum 2011,
  Operations Research 59, 998-1007) and its third cumulant. The latter is the mean of
  (d1 - mu)^2 (d2 - mu), which noise does not enter unless its variance moves with delta.
- The shape of delta is a shifted gamma (normal without skewness). Its skewness has a normal prior,
  for a delta that hides in chance shows none, and is kept within 2, an exponential's.
- Ranges are fiducial (generalised confidence: Weerahandi 1993, J. American Statistical Association
  88, 899-905): thousands of equally credible sets of mean, variances and skewness, each with its
  chance. Each variance is scaled by a chi-square whose freedom follows from the fourth moment, and
  the errors move together as they do over the draws. A variance at its bound of zero needs no
  special case: the chance is then 1 or 0 in each set, as the set's mean lies beyond m or not.

The sets come from one fixed stream, so the same data give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from math import inf, nan, sqrt
from typing import Final

import numpy as np

from simflow.experiment.shifted_gamma import ShiftedGamma
from simflow.experiment.skew import p_above, skew_interval
from simflow.experiment.summary import Floats

FEWEST: Final = 8
"""Draws without which nothing is said of a chance."""
EQUAL: Final = 6
"""Equal differences of one number that are not luck: 2^(1-n) < 0.05."""
_LEAST: Final = float(np.nextafter(0.0, 1.0))
"""With m = 0 a delta of exactly 0 is neither a benefit nor a harm."""
_SETS: Final = 4000
_SKEWED: Final = 1.0
"""Standard deviation of the prior of delta's skewness."""
_MOST_SKEWED: Final = 2.0
_RARE: Final = 0.005
"""Share of the sets below which a tail is extrapolated."""
_ROUNDING: Final = 1e-9
"""Relative spread up to which differences are equal: what adding floats leaves."""


@dataclass(frozen=True, slots=True)
class Chance:
    """A probability with its range (90 % unless another confidence was asked for)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Chances:
    """What the paired differences of one goal say of an alternative.

    Attributes
    ----------
    benefit, harm : Chance
        That the true difference is at least m; at most -m.
    loss : float
        Expected loss E[max(0, -delta)], in the measure's unit.
    mean : float
        Mean of delta; more is better.
    mean_range : (float, float)
        Its range; infinite for fewer than two draws.
    spread : float
        Standard deviation of delta over the posterior, without chance.
    noise : float
        Standard deviation of one replication's chance.
    draws, replications : int
        Draws used, and replications of each.
    p_better : float
        p of "the benefit is below `likely`".
    left_out : int
        Draws without a value in some replication.
    """

    benefit: Chance
    harm: Chance
    loss: float
    mean: float
    mean_range: tuple[float, float]
    spread: float
    noise: float
    draws: int
    replications: int
    p_better: float
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class _Moments:
    """Mean, variance of row means, within rows, third cumulant of delta; `errors`: each row's part
    in the error of each, shape (n, 4), centred."""

    mean: float
    between: float
    within: float
    third: float
    errors: Floats
    replications: int

    @property
    def spread(self) -> float:
        return sqrt(max(self.between - self.within / self.replications, 0.0))


def chances(
    differences: Floats, matters: float, *, confidence: float = 0.90, likely: float = 0.66
) -> Chances:
    """Chances over the draws of a posterior.

    Parameters
    ----------
    differences : array, shape (draws, replications)
        Paired differences, more is better; at least two replications of each draw. Rows with NaN
        are left out.
    matters : float
        Smallest difference that matters, at least 0, in the measure's unit.
    confidence : float
        Of each range, two-sided.
    likely : float
        The benefit that `p_better` tests.

    Raises
    ------
    ValueError
        When there are not two replications of each draw, which alone tell chance from what is not
        known.
    """
    if differences.ndim != 2 or differences.shape[1] < 2:
        raise ValueError(f"differences of shape {differences.shape}; expected (draws, 2 or more)")
    rows = np.asarray(differences[np.isfinite(differences).all(axis=1)], float)
    tail, least = (1 - confidence) / 2, max(matters, _LEAST)
    if len(rows) < FEWEST:
        found = _few(rows, least, tail)
    elif _equal(rows):
        found = _all_equal(rows, least, tail, likely)
    else:
        found = _many(rows, least, tail, likely)
    return replace(found, left_out=len(differences) - len(rows))


def of_point(
    differences: Floats, matters: float, *, confidence: float = 0.90, likely: float = 0.66
) -> Chances:
    """Chances of one number, without draws of what is not known: each is 0 or 1, or not known.

    Parameters
    ----------
    differences : array, shape (n,)
        Paired differences, each of one replication; more is better. NaN are left out.
    matters, confidence, likely
        As for `chances`.

    Returns
    -------
    Chances
        The range of each chance is that of the indicator "the mean is beyond what matters" over
        the mean's interval, which allows for skewness. Fewer than two differences, or fewer than
        six when all are equal, say nothing: 0 to 1.
    """
    values = np.asarray(differences[np.isfinite(differences)], float)
    n, least = len(values), max(matters, _LEAST)
    mean = float(values.mean()) if n else nan
    low, high = skew_interval(values, confidence) if n > 1 else (-inf, inf)
    p = 1.0
    if n > 1 and _equal(values):
        low, high = (mean, mean) if n >= EQUAL else (-inf, inf)
        p = 2.0 ** (1 - n) if mean >= least else 1.0
    elif n > 1:
        p = p_above(values, least)
    return Chances(
        benefit=_certain(mean >= least, low >= least, high >= least),
        harm=_certain(mean <= -least, high <= -least, low <= -least),
        loss=max(0.0, -mean) if n else nan,
        mean=mean,
        mean_range=(low, high),
        spread=0.0,
        noise=float(values.std(ddof=1)) if n > 1 else nan,
        draws=n,
        replications=1,
        p_better=p,
        left_out=len(differences) - n,
    )


def _certain(value: bool, low: bool, high: bool) -> Chance:
    return Chance(float(value), float(low), float(high))


def _equal(values: Floats) -> bool:
    return bool(np.ptp(values) <= _ROUNDING * np.abs(values).max())


def _few(rows: Floats, least: float, tail: float) -> Chances:
    """Of fewer than `FEWEST` draws: what they are, and that the chances may be anything."""
    n, k = rows.shape
    within = float(rows.var(axis=1, ddof=1).mean()) if n else nan
    centres = rows.mean(axis=1)
    between = float(centres.var(ddof=1)) if n > 1 else nan
    mean = float(centres.mean()) if n else nan
    some = n > 1 and not _equal(rows)
    spread = sqrt(max(between - within / k, 0.0)) if n > 1 else nan
    shape = ShiftedGamma(*np.array([[mean], [spread if n > 1 else 0.0], [0.0]]))
    return Chances(
        benefit=Chance(float(shape.above(least)[0]), 0.0, 1.0),
        harm=Chance(float(shape.below(-least)[0]), 0.0, 1.0),
        loss=float(shape.shortfall()[0]) if n else nan,
        mean=mean,
        mean_range=skew_interval(centres, 1 - 2 * tail) if some else (-inf, inf),
        spread=spread,
        noise=sqrt(within) if n else nan,
        draws=n,
        replications=k,
        p_better=1.0,
    )


def _all_equal(rows: Floats, least: float, tail: float, likely: float) -> Chances:
    """Of equal differences: n of n draws beyond what matters, or none (Clopper & Pearson 1934)."""
    n, k = rows.shape
    mean, bound = float(rows[0, 0]), tail ** (1 / n)
    always, never = Chance(1.0, bound, 1.0), Chance(0.0, 0.0, 1 - bound)
    return Chances(
        benefit=always if mean >= least else never,
        harm=always if mean <= -least else never,
        loss=max(0.0, -mean),
        mean=mean,
        mean_range=(mean, mean),
        spread=0.0,
        noise=0.0,
        draws=n,
        replications=k,
        p_better=likely**n if mean >= least else 1.0,
    )


def _many(rows: Floats, least: float, tail: float, likely: float) -> Chances:
    moments = _moments(rows)
    sets = _sets(moments, len(rows))
    benefit = sets.above(least)
    return Chances(
        benefit=_chance(benefit, tail),
        harm=_chance(sets.below(-least), tail),
        loss=float(sets.shortfall().mean()),
        mean=moments.mean,
        mean_range=_range(sets.mean, tail),
        spread=moments.spread,
        noise=sqrt(moments.within),
        draws=len(rows),
        replications=rows.shape[1],
        p_better=_p_below(benefit, likely),
    )


def _moments(rows: Floats) -> _Moments:
    n, k = rows.shape
    mean = float(rows.mean())
    x = rows - mean
    centre = x.mean(axis=1)
    one, two, three = (np.sum(x**power, axis=1) for power in (1, 2, 3))
    inside = (two - one**2 / k) / (k - 1)
    cross = (two * one - three) / (k * (k - 1))
    between, within, third = centre @ centre / (n - 1), inside.mean(), cross.mean()
    # Moving the mean moves the third moment by 3 spread² + noise².
    slope = 3 * (between - within / k) + within
    errors = np.column_stack(
        (centre, centre**2 - between, inside - within, cross - third - slope * centre)
    )
    return _Moments(mean, float(between), float(within), float(third),
                    errors - errors.mean(axis=0), k)  # fmt: skip


def _sets(moments: _Moments, n: int) -> ShiftedGamma:
    """Equally credible sets of mean, spread and skewness of delta."""
    k, sizes = moments.replications, np.sqrt((moments.errors**2).sum(axis=0) / (n - 1))
    scaled = moments.errors / np.where(sizes > 0, sizes, 1.0)
    root = np.linalg.cholesky(scaled.T @ scaled / (n - 1) + 1e-6 * np.eye(4))
    own = _normals()
    z = own @ root.T
    scale = 1 / _chi(z[:, 1], _freedom(moments.between, sizes[1], n, n - 1))
    between = moments.between * scale
    within = moments.within / _chi(z[:, 2], _freedom(moments.within, sizes[2], n, n * (k - 1)))
    skew = float((scaled[:, 0] ** 3).mean())
    mean = moments.mean - np.sqrt(between / n) * (
        z[:, 0] + skew / (6 * sqrt(n)) * (z[:, 0] ** 2 - 1)
    )
    spread = np.sqrt(np.maximum(between - within / k, 0.0))
    error = sizes[3] / sqrt(n) * scale**1.5
    third = moments.third - error * (z[:, 3] - root[3, 3] * own[:, 3])
    return ShiftedGamma(mean, spread, _skewness(third, error * root[3, 3], spread**3, own[:, 3]))


def _skewness(third: Floats, error: Floats, scale: Floats, normal: Floats) -> Floats:
    """Skewness given the third cumulant and its error, with the prior."""
    weight = scale**2 + (error / _SKEWED) ** 2
    found = third * scale + error * np.sqrt(weight) * normal
    found = np.divide(found, weight, out=np.zeros_like(found), where=weight > 0)
    return np.clip(found, -_MOST_SKEWED, _MOST_SKEWED)


def _freedom(variance: float, size: float, n: int, most: float) -> float:
    return min(2 * variance**2 * n / size**2, most) if size > 0 else most


def _chi(z: Floats, freedom: float) -> Floats:
    """Chi-square over its freedom at normal quantiles (Wilson & Hilferty 1931)."""
    part = 2 / (9 * freedom)
    return np.maximum(1 - part + z * sqrt(part), 0.05) ** 3


@cache
def _normals() -> Floats:
    return np.random.Generator(np.random.Philox(1)).standard_normal((_SETS, 4))


def _chance(found: Floats, tail: float) -> Chance:
    low, high = _range(found, tail)
    return Chance(min(max(float(found.mean()), low), high), low, high)


def _range(values: Floats, tail: float) -> tuple[float, float]:
    low, high = np.quantile(values, (tail, 1 - tail))
    return float(low), float(high)


def _p_below(found: Floats, likely: float) -> float:
    """p of "the chance is below `likely`": the share of sets below it.

    Beyond the 200th part of the sets, Holm's adjustment needs what too few sets show: there the
    quantiles, as normal deviates, go on in a straight line.
    """
    from scipy.special import ndtr, ndtri  # slow to import

    share = float(np.mean(found < likely))
    if share >= _RARE:
        return share
    ends = np.quantile(found, (_RARE, 0.05))
    rare, usual = np.clip(ndtri(ends), -8.0, 8.0)
    start, pace = ndtri(_RARE), max((usual - rare) / (ndtri(0.05) - ndtri(_RARE)), 1e-3)
    return float(min(ndtr(start - (rare - ndtri(likely)) / pace), _RARE))
