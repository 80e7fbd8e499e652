"""Distributions as quantile functions, so that one uniform number gives one value.

SciPy is imported by the families that need it: it takes longer to load than many a run.
"""

from __future__ import annotations

from collections.abc import Callable
from math import gamma as gamma_function
from math import log, sqrt
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from simflow.model.once import once
from simflow.scenario.values import Distribution

Floats = NDArray[np.float64]
Function = Callable[[Floats], Any]


class Law:
    """A distribution of a length of time (days), truncated as the scenario says.

    Attributes
    ----------
    fixed : float or None
        The value, when there is only one.
    slow : bool
        Whether a value costs so much that none should be made that nobody asks for.
    """

    __slots__ = ("_cdf", "_floor", "_quantile", "_span", "fixed", "slow")

    def __init__(self, spec: Distribution) -> None:
        self.fixed = spec.value
        self.slow = spec.dist == "gamma"
        self._quantile, self._cdf = _functions(spec)
        low = 0.0 if spec.min is None else self._below(spec.min)
        high = 1.0 if spec.max is None else self._below(spec.max)
        if not high > low:
            raise ValueError("nothing of the distribution lies between min and max")
        self._floor, self._span = low, high - low

    def _below(self, value: float) -> float:
        return float(self._cdf(np.array([value]))[0])

    def quantile(self, share: Floats) -> Floats:
        """Values below which each share of the distribution lies, in days."""
        if self._span != 1.0:
            # Rounding must not reach 1, where many laws have no finite value.
            share = np.minimum(self._floor + self._span * share, 1 - 2.0**-53)
        values: Floats = self._quantile(share)
        return values

    def value(self, share: float) -> float:
        """The value below which a share of the distribution lies, in days."""
        if self._span != 1.0:
            share = min(self._floor + self._span * share, 1 - 2.0**-53)
        return float(self._quantile(share))  # type: ignore[arg-type]

    def remaining(self, elapsed: float, share: float) -> float:
        """What is left, in days, of a length known to exceed `elapsed`, at the quantile `share`."""
        if self.fixed is not None:
            return max(0.0, self.fixed - elapsed)
        past = min(max((self._below(elapsed) - self._floor) / self._span, 0.0), 1.0)
        total = self.value(past + (1 - past) * share * (1 - 1e-12))
        return max(0.0, total - elapsed)


_LAWS: dict[str, Law] = {}
_KEPT: Final = 4096
"""Laws remembered: a calibration brings others with every run."""


@once(kept=256)
def law_of(spec: Distribution) -> Law:
    """The law of a specification; equal specifications share one, and so their blocks of draws."""
    key = spec.model_dump_json()
    if key not in _LAWS:
        if len(_LAWS) >= _KEPT:
            del _LAWS[next(iter(_LAWS))]
        _LAWS[key] = Law(spec)
    return _LAWS[key]


def _functions(spec: Distribution) -> tuple[Function, Function]:
    """Quantile function and cumulative distribution function before truncation."""
    return _FAMILIES[spec.dist](spec)


def _fixed(spec: Distribution) -> tuple[Function, Function]:
    value = cast(float, spec.value)
    return (lambda u: np.full_like(u, value)), (lambda x: (x >= value).astype(float))


def _exponential(spec: Distribution) -> tuple[Function, Function]:
    mean = cast(float, spec.mean)
    return (lambda u: -mean * np.log1p(-u)), (lambda x: -np.expm1(-x / mean))


def _gamma(spec: Distribution) -> tuple[Function, Function]:
    from scipy.special import gammainc, gammaincinv

    mean = cast(float, spec.mean)
    shape = spec.shape if spec.shape is not None else cast(float, spec.cv) ** -2
    scale = mean / shape
    return (lambda u: scale * gammaincinv(shape, u)), (lambda x: gammainc(shape, x / scale))


def _lognormal(spec: Distribution) -> tuple[Function, Function]:
    from scipy.special import ndtr, ndtri

    sigma = sqrt(log(1 + cast(float, spec.cv) ** 2))
    mu = log(cast(float, spec.mean)) - sigma**2 / 2
    return (
        lambda u: np.exp(mu + sigma * ndtri(u)),
        lambda x: ndtr((np.log(np.maximum(x, 1e-300)) - mu) / sigma),
    )


def _weibull(spec: Distribution) -> tuple[Function, Function]:
    shape = spec.shape
    if shape is None:
        from scipy.optimize import brentq

        square = 1 + cast(float, spec.cv) ** 2

        def excess(k: float) -> float:
            return gamma_function(1 + 2 / k) / gamma_function(1 + 1 / k) ** 2 - square

        shape = float(brentq(excess, 0.1, 200.0))
    scale = cast(float, spec.mean) / gamma_function(1 + 1 / shape)
    return (
        lambda u: scale * (-np.log1p(-u)) ** (1 / shape),
        lambda x: -np.expm1(-((np.maximum(x, 0) / scale) ** shape)),
    )


def _triangular(spec: Distribution) -> tuple[Function, Function]:
    low, mode, high = cast(float, spec.low), cast(float, spec.mode), cast(float, spec.high)
    peak = (mode - low) / (high - low)
    points = np.linspace(0, 1, 2)

    def quantile(u: Floats) -> Floats:
        left = low + np.sqrt(u * (high - low) * (mode - low))
        right = high - np.sqrt((1 - u) * (high - low) * (high - mode))
        return np.where(u < peak, left, right)

    def cdf(x: Floats) -> Floats:
        x = np.clip(x, low, high)
        left = (x - low) ** 2 / max((high - low) * (mode - low), 1e-300)
        right = 1 - (high - x) ** 2 / max((high - low) * (high - mode), 1e-300)
        return np.interp(np.where(x < mode, left, right), points, points)

    return quantile, cdf


def _uniform(spec: Distribution) -> tuple[Function, Function]:
    low, high = cast(float, spec.low), cast(float, spec.high)
    return (
        lambda u: low + (high - low) * u,
        lambda x: np.clip((x - low) / (high - low), 0, 1),
    )


def _empirical(spec: Distribution) -> tuple[Function, Function]:
    values = np.asarray(spec.values, dtype=float)
    weights = np.ones_like(values) if spec.weights is None else np.asarray(spec.weights, float)
    order = np.argsort(values, kind="stable")
    values, cumulative = values[order], np.cumsum(weights[order]) / weights.sum()
    last = len(values) - 1
    return (
        lambda u: values[np.minimum(np.searchsorted(cumulative, u, side="right"), last)],
        lambda x: np.concatenate([[0.0], cumulative])[np.searchsorted(values, x, side="right")],
    )


_FAMILIES = {
    "fixed": _fixed,
    "exponential": _exponential,
    "gamma": _gamma,
    "lognormal": _lognormal,
    "weibull": _weibull,
    "triangular": _triangular,
    "uniform": _uniform,
    "empirical": _empirical,
}
