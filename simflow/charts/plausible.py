"""By how much a measure differs, and between what the difference plausibly lies.

Over the draws of a posterior the range is that of the true difference, from draw to draw: 5 to 95 %
of the draws' means, drawn together so that their variance is what is left without chance, and
widened by the error of the mean. So it agrees with the probabilities of a benefit and of a harm,
which are of the same true difference (the range of the mean alone would shrink to nothing as draws
are added, whatever is not known). With point values it is the mean's 90 % interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, isfinite, sqrt
from typing import TYPE_CHECKING, Final

import numpy as np

from simflow.experiment.difference import by_draw
from simflow.experiment.skew import skew_interval
from simflow.experiment.summary import Floats

if TYPE_CHECKING:
    from simflow.experiment import Comparison
    from simflow.measures import Measure

_CONFIDENCE: Final = 0.90
_DEVIATE: Final = 1.645
"""Normal deviate of the 95 % point."""


@dataclass(frozen=True, slots=True)
class Change:
    """A measure of an alternative less the same of the base.

    Attributes
    ----------
    alternative : str
        The alternative.
    measure : Measure
        Name, unit and label.
    base, other, mean : float
        Means of both and of the difference, in the measure's unit.
    low, high : float or None
        Its 90 % range; None for fewer than two draws or replications.
    asked_in_one : float or None
        Part of the difference that comes from people asked in one of the two only.
    """

    alternative: str
    measure: Measure
    base: float
    other: float
    mean: float
    low: float | None
    high: float | None
    asked_in_one: float | None = None


def change_of(comparison: Comparison, alternative: str, name: str) -> Change | None:
    """The change of a measure; None where there is no such measure, or no value of it."""
    try:
        found = comparison.difference(alternative, name)
        pairs = comparison.paired(alternative, name)
    except KeyError:
        return None
    if found.mean is None or found.base is None or found.alternative is None:
        return None
    low, high = range_of(pairs, comparison.each, point=comparison.point)
    return Change(
        alternative, found.measure, found.base, found.alternative, found.mean,
        low if isfinite(low) else None, high if isfinite(high) else None, found.asked_in_one,
    )  # fmt: skip


def range_of(pairs: Floats, each: int, *, point: bool) -> tuple[float, float]:
    """The 90 % range of a true difference.

    Parameters
    ----------
    pairs : array, shape (replications,)
        Paired differences; replications of a draw one after the other.
    each : int
        Replications of each draw.
    point : bool
        Whether the model's numbers are point values rather than draws.

    Returns
    -------
    (float, float)
        Infinite for fewer than two draws.
    """
    if point:
        return skew_interval(pairs[np.isfinite(pairs)], _CONFIDENCE)
    rows = by_draw(pairs, each)
    rows = rows[np.isfinite(rows).all(axis=1)]
    if len(rows) < 2:
        return -np.inf, np.inf
    centres = rows.mean(axis=1)
    mean, between = float(centres.mean()), float(centres.var(ddof=1))
    within = float(rows.var(axis=1, ddof=1).mean()) if each > 1 else 0.0
    left = sqrt(max(between - within / each, 0.0) / between) if between > 0 else 0.0
    ends = np.quantile(centres - mean, (0.05, 0.95)) * left
    error = _DEVIATE * sqrt(between / len(rows))
    return mean - hypot(min(ends[0], 0.0), error), mean + hypot(max(ends[1], 0.0), error)
