"""Pearson's type III distribution, a shifted gamma, for whole arrays of parameters.

With mean mu, standard deviation s and skewness g > 0, delta = mu + s (G - a) / sqrt(a), where G is
gamma of shape a = 4 / g^2; mirrored for g < 0, and normal as g goes to 0. Source: Johnson, Kotz &
Balakrishnan (1994), Continuous Univariate Distributions 1, chapter 17.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_NORMAL: Final = 0.02
"""Skewness below which a normal stands in; the chances differ by less than 0.002."""


@dataclass(frozen=True, slots=True)
class ShiftedGamma:
    """Many such distributions.

    Attributes
    ----------
    mean, spread, skewness : array, shape (n,)
        A spread of zero is one certain value.
    """

    mean: Floats
    spread: Floats
    skewness: Floats

    def above(self, limit: float) -> Floats:
        """P(delta >= limit), shape (n,)."""
        from scipy.special import gammainc, gammaincc, ndtr  # slow to import

        z, normal, shape, t = self._standard(limit)
        up = np.where(self.skewness > 0, gammaincc(shape, t), gammainc(shape, t))
        chance = np.where(normal, ndtr(-z), up)
        return np.where(self.spread > 0, chance, self.mean >= limit).astype(float)

    def below(self, limit: float) -> Floats:
        """P(delta <= limit), shape (n,)."""
        return ShiftedGamma(-self.mean, self.spread, -self.skewness).above(-limit)

    def shortfall(self) -> Floats:
        """E[max(0, -delta)], shape (n,), in the unit of the mean."""
        from scipy.special import gammainc, gammaincc, ndtr  # slow to import

        z, normal, a, t = self._standard(0.0)
        right = t * gammainc(a, t) - a * gammainc(a + 1, t)
        left = a * gammaincc(a + 1, t) - t * gammaincc(a, t)
        gamma = np.where(self.skewness > 0, right, left) / np.sqrt(a)
        gauss = z * ndtr(z) + np.exp(-(z**2) / 2) / sqrt(2 * pi)
        some = self.spread * np.maximum(np.where(normal, gauss, gamma), 0.0)
        return np.where(self.spread > 0, some, np.maximum(-self.mean, 0.0))

    def _standard(self, limit: float) -> tuple[Floats, NDArray[np.bool_], Floats, Floats]:
        """The limit in standard deviations, who is normal, the shapes and the gammas' limits."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            z = np.nan_to_num((limit - self.mean) / self.spread, posinf=1e9, neginf=-1e9)
        z = np.clip(z, -1e9, 1e9)
        normal = np.abs(self.skewness) < _NORMAL
        shape = 4 / np.where(normal, 1.0, self.skewness) ** 2
        towards = np.where(self.skewness > 0, z, -z)
        return z, normal, shape, np.maximum(shape + np.sqrt(shape) * towards, 0.0)
