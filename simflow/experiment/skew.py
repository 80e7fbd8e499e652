"""Student's t for a skewed mean: Hall's transformation.

Of skewed values Student's interval covers too little on the side of the long tail: there the mean
and its error move together. Hall (1992), J. Royal Statistical Society B 54, 221-228, takes the
skewness g out of t by a monotone cubic, ``t + c t² + c² t³ / 3 + c / 2`` with
``c = g / (3 sqrt(n))``, which then is near Student's. For symmetric values c = 0: Student's itself.
"""

from __future__ import annotations

from math import cbrt, inf, sqrt

import numpy as np

from simflow.experiment.summary import Floats


def skew_interval(values: Floats, confidence: float = 0.95) -> tuple[float, float]:
    """Confidence interval of a mean, allowing for skewness.

    Parameters
    ----------
    values : array, shape (n,)
        Independent values without NaN.
    confidence : float
        Two-sided.

    Returns
    -------
    (float, float)
        Infinite for n < 2. Values that are all equal have no width, as in Student's: whether they
        are luck is for the caller to say.
    """
    n = len(values)
    if n < 2:
        return -inf, inf
    from scipy.special import stdtrit  # slow to import

    mean, error, bend = _parts(values)
    t = float(stdtrit(n - 1, (1 + confidence) / 2))
    return mean - error * _unbent(t, bend), mean - error * _unbent(-t, bend)


def p_above(values: Floats, limit: float) -> float:
    """p of "the mean is at most `limit`", one-sided, shape (n,) with n >= 2 and not all equal."""
    from scipy.special import stdtr  # slow to import

    mean, error, bend = _parts(values)
    t = (mean - limit) / error
    return float(stdtr(len(values) - 1, -(t + bend * t**2 + bend**2 * t**3 / 3 + bend / 2)))


def _parts(values: Floats) -> tuple[float, float, float]:
    """Mean, its standard error, and c."""
    n, mean = len(values), float(values.mean())
    away = values - mean
    size = float(np.sqrt((away**2).mean()))
    bend = 0.0 if size == 0 else float(((away / size) ** 3).mean()) / (3 * sqrt(n))
    return mean, size / sqrt(n - 1), bend


def _unbent(x: float, bend: float) -> float:
    """The t that the cubic turns into x."""
    return x if abs(bend) < 1e-6 else (cbrt(1 + 3 * bend * (x - bend / 2)) - 1) / bend
