"""The chance that a decision helps, harms or costs, over what is not known.

For an alternative, the base and one goal let delta(theta) = E[Y_A - Y_0 | theta], signed so that
more is better, and m what matters. Over the posterior of theta: the benefit P(delta >= m), the
harm P(delta <= -m) and the expected loss E[max(0, -delta)]. Only d = delta + chance is seen, in k
replications of each draw of theta; `deconvolved` takes chance out and gives thousands of equally
credible distributions of delta. The range of a chance is that of its values over them, the widest
over what may be thought of delta's skewness beforehand. They come from one fixed stream, so the
same data give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, nan, sqrt
from typing import Final

import numpy as np

from simflow.experiment.deconvolved import likeliest, moments_of, shapes_of
from simflow.experiment.shapes import Shapes
from simflow.experiment.skew import p_above, skew_interval
from simflow.experiment.summary import Floats

FEWEST: Final = 8
"""Draws without which nothing is said of a chance."""
EQUAL: Final = 6
"""Equal differences of one number that are not luck: 2^(1-n) < 0.05."""
_LEAST: Final = float(np.nextafter(0.0, 1.0))
"""With m = 0 a delta of exactly 0 is neither a benefit nor a harm."""
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
    shape = Shapes(np.array([mean]), np.array([spread if n > 1 else 0.0]), np.zeros((1, 1)))
    return Chances(
        benefit=Chance(float(shape.above(least)[0, 0]), 0.0, 1.0),
        harm=Chance(float(shape.below(-least)[0, 0]), 0.0, 1.0),
        loss=float(shape.shortfall()[0, 0]) if n else nan,
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
    moments = moments_of(rows)
    shapes = shapes_of(moments)
    benefit = shapes.above(least)
    low, high = np.quantile(shapes.mean, (tail, 1 - tail))
    return Chances(
        benefit=_chance(benefit, tail),
        harm=_chance(shapes.below(-least), tail),
        loss=float(likeliest(moments).shortfall()[0, 0]),
        mean=moments.mean,
        mean_range=(float(low), float(high)),
        spread=moments.spread,
        noise=sqrt(moments.within),
        draws=len(rows),
        replications=rows.shape[1],
        p_better=max(
            _p_below(found, margin, likely)
            for found, margin in zip(benefit, shapes.margin(least, likely), strict=True)
        ),
    )


def _chance(found: Floats, tail: float) -> Chance:
    """The chance by the first prior; the range over all of them."""
    ends = np.quantile(found, (tail, 1 - tail), axis=1)
    low, high = float(ends.min()), float(ends.max())
    return Chance(min(max(float(found[0].mean()), low), high), low, high)


def _p_below(found: Floats, margin: Floats, likely: float) -> float:
    """p of "the chance is below `likely`": the share of sets below it.

    Beyond the 200th part of the sets, Holm's adjustment needs what too few sets show: there the
    quantiles of the margin, as normal deviates, go on in a straight line.
    """
    from scipy.special import ndtr, ndtri  # slow to import

    share = float(np.mean(found < likely))
    if share >= _RARE:
        return share
    rare, usual = np.quantile(margin, (_RARE, 0.05))
    if not usual > rare:
        return _RARE
    start = float(ndtri(_RARE))
    pace = (usual - rare) / (ndtri(0.05) - start)
    return float(min(ndtr(start - rare / pace), _RARE))
