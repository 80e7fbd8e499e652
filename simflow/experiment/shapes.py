"""Skewed distributions by mean, standard deviation and skewness, for whole arrays of them.

Two families, for three numbers do not settle a tail: a shifted gamma (Pearson's type III), and for
every third a shifted log-normal; both mirrored for a negative skewness, and normal without any.
Source: Johnson, Kotz & Balakrishnan (1994), Continuous Univariate Distributions 1, chapters 14
and 17.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt
from typing import Final

import numpy as np

from simflow.experiment.summary import Floats

_NORMAL: Final = 0.02
"""Skewness below which a normal stands in; the chances differ by less than 0.002."""
_FAR: Final = 1e6
"""Standard deviations beyond which nothing lies."""
_THIRD: Final = (slice(None), slice(2, None, 3))
_SIGMAS: Final = np.linspace(0.005, 1.0, 400)
_SKEWNESSES: Final = (np.exp(_SIGMAS**2) + 2) * np.sqrt(np.expm1(_SIGMAS**2))


@dataclass(frozen=True, slots=True)
class Shapes:
    """Many distributions of delta.

    Attributes
    ----------
    mean, spread : array, shape (sets,)
        Means and standard deviations; a spread of zero is one certain value.
    skewness : array, shape (priors, sets)
        At most 3 in size. Each row is another view of the same sets.
    """

    mean: Floats
    spread: Floats
    skewness: Floats

    def above(self, limit: float) -> Floats:
        """P(delta >= limit), shape (priors, sets)."""
        above, _ = self._parts(limit)
        return np.where(self.spread > 0, above, self.mean >= limit)

    def below(self, limit: float) -> Floats:
        """P(delta <= limit), shape (priors, sets)."""
        return Shapes(-self.mean, self.spread, -self.skewness).above(-limit)

    def margin(self, limit: float, chance: float) -> Floats:
        """How far above the limit the value lies that delta exceeds with the chance given, to
        first order in the skewness (Cornish & Fisher), shape (priors, sets)."""
        from scipy.special import ndtri  # slow to import

        z = float(ndtri(chance))
        return self.mean - limit - self.spread * (z + (1 - z**2) / 6 * self.skewness)

    def shortfall(self) -> Floats:
        """E[max(0, -delta)], shape (priors, sets), in the unit of the mean."""
        _, short = self._parts(0.0)
        return np.where(self.spread > 0, self.spread * short, np.maximum(-self.mean, 0.0))

    def _parts(self, limit: float) -> tuple[Floats, Floats]:
        """P(Z >= z) and E[max(0, z - Z)] of the standardised delta Z, z the limit's place."""
        apart = np.clip(limit - self.mean, -_FAR * self.spread, _FAR * self.spread)
        z = np.divide(apart, self.spread, out=np.zeros_like(apart), where=self.spread > 0)
        mirrored = self.skewness < 0
        above, short = _standard(np.where(mirrored, -z, z), np.abs(self.skewness))
        # E[max(0, z - Z)] less E[max(0, Z - z)] is z, for Z has mean zero.
        short = np.maximum(np.where(mirrored, short + z, short), 0.0)
        return np.where(mirrored, 1 - above, above), short


def _standard(z: Floats, skewness: Floats) -> tuple[Floats, Floats]:
    above, short = _gamma(z, np.maximum(skewness, _NORMAL))
    above[_THIRD], short[_THIRD] = _lognormal(z[_THIRD], np.maximum(skewness[_THIRD], _NORMAL))
    normal = skewness < _NORMAL
    above[normal], short[normal] = _normal(z[normal])
    return above, short


def _normal(z: Floats) -> tuple[Floats, Floats]:
    from scipy.special import ndtr  # slow to import

    return ndtr(-z), z * ndtr(z) + np.exp(-(z**2) / 2) / sqrt(2 * pi)


def _gamma(z: Floats, skewness: Floats) -> tuple[Floats, Floats]:
    """Z = (G - a) / sqrt(a), G gamma of shape a."""
    from scipy.special import gammaincc, gammaln, xlogy  # slow to import

    a = 4 / skewness**2
    t = np.maximum(a + np.sqrt(a) * z, 0.0)
    above = gammaincc(a, t)
    # E[max(0, t - G)] = t F(a, t) - a F(a + 1, t), F(a + 1, t) being F(a, t) less this density.
    density = np.exp(xlogy(a, t) - t - gammaln(a + 1))
    return above, ((t - a) * (1 - above) + a * density) / np.sqrt(a)


def _lognormal(z: Floats, skewness: Floats) -> tuple[Floats, Floats]:
    """Z = (Y - e) / d, log Y normal with mean zero, e and d its mean and deviation."""
    from scipy.special import ndtr  # slow to import

    sigma = np.interp(skewness, _SKEWNESSES, _SIGMAS)
    mean = np.exp(sigma**2 / 2)
    deviation = mean * np.sqrt(np.expm1(sigma**2))
    t = mean + deviation * z
    place = np.log(np.maximum(t, 1e-300)) / sigma
    short = np.maximum(t, 0.0) * ndtr(place) - mean * ndtr(place - sigma)
    return ndtr(-place), short / deviation
