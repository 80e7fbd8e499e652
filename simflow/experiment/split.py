"""How much of the spread of a measure is chance, and how much is numbers nobody knows.

By the law of total variance the variance of a measure over replications with draws of a posterior
is the variance of its mean given the numbers drawn (what is not known) plus the mean of its
variance given them (chance). The mean given the numbers is taken to be linear in them, and its
variance to be the part that such a regression explains, less what it would explain by chance
(adjusted R squared). Every replication has a draw of its own, so nothing else changes.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FREEDOM: Final = 20
"""Replications beyond the numbers drawn without which nothing is said."""


def unknown_shares(values: Floats, numbers: Floats) -> Floats:
    """Part of each measure's variance that comes from the numbers drawn, between 0 and 1.

    Parameters
    ----------
    values : array, shape (replications, measures)
        The measures; NaN where undefined.
    numbers : array, shape (replications, numbers)
        What each replication has drawn.

    Returns
    -------
    array, shape (measures,)
        NaN where there are too few replications, or the measure does not vary.
    """
    shares = np.full(values.shape[1], np.nan)
    whole = np.isfinite(values).all(axis=0)
    shares[whole] = _shares(values[:, whole], numbers)
    for place in np.flatnonzero(~whole):
        rows = np.isfinite(values[:, place])
        shares[place] = _shares(values[rows][:, [place]], numbers[rows])[0]
    return shares


def enough(numbers: Floats) -> int:
    """Replications from which shares can be told, when they draw such numbers.

    Parameters
    ----------
    numbers : array, shape (draws, numbers)
        Draws of the numbers.
    """
    most = numbers.shape[1]
    # Few draws cannot show which numbers move together: then each counts.
    return 1 + FREEDOM + (int(_basis(numbers).shape[1]) if len(numbers) > most else most)


def _shares(values: Floats, numbers: Floats) -> Floats:
    n = len(values)
    basis = _basis(numbers)
    left = n - 1 - basis.shape[1]
    if left < FREEDOM:
        return np.full(values.shape[1], np.nan)
    centred = values - values.mean(axis=0)
    total = (centred**2).sum(axis=0)
    rest = total - ((basis.T @ centred) ** 2).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = 1 - (rest / left) / (total / (n - 1))
    return np.where(total > 1e-12, np.clip(share, 0.0, 1.0), np.nan)


def _basis(numbers: Floats) -> Floats:
    """Orthonormal columns that span the numbers; those that move together count once."""
    if len(numbers) < 2:
        return np.empty((len(numbers), 0))
    centred = numbers - numbers.mean(axis=0)
    spread = centred.std(axis=0)
    scaled = centred[:, spread > 1e-12] / spread[spread > 1e-12]
    left, sizes, _ = np.linalg.svd(scaled, full_matrices=False)
    # Numbers that move together do so up to the six digits that a posterior's file holds.
    kept = sizes > 1e-4 * max(1.0, float(sizes.max(initial=0.0)))
    return np.asarray(left[:, kept], float)
