"""What one more person who begins work or education costs, where there are more for sure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from simflow.charts.plausible import change_of
from simflow.experiment.difference import by_draw

if TYPE_CHECKING:
    from simflow.experiment import Comparison, Verdict

_TIMES: Final = 2000


@dataclass(frozen=True, slots=True)
class Price:
    """Euros for one more, with their 90 % range."""

    value: float
    low: float
    high: float


def price_of(comparison: Comparison, verdict: Verdict) -> Price | None:
    """Mean extra cost over mean gain, its range by drawing the draws anew (one fixed stream).

    None where the gain, or that more is paid, is in doubt, or prices are not known.
    """
    primary = verdict.primary
    if not (primary.better and primary.told) or len(verdict.money) != 1:
        return None
    extra = change_of(comparison, verdict.name, verdict.money[0].difference.measure.name)
    if extra is None or extra.low is None or extra.low <= 0:
        return None
    gains = comparison.signed(verdict.name, primary.difference.measure.name)
    costs = comparison.paired(verdict.name, verdict.money[0].difference.measure.name)
    pairs = np.column_stack(
        [by_draw(side, comparison.each).mean(axis=1) for side in (costs, gains)]
    )
    pairs = pairs[np.isfinite(pairs).all(axis=1)]
    if len(pairs) < 2:
        return None
    drawn = np.random.Generator(np.random.Philox(1)).integers(len(pairs), size=(_TIMES, len(pairs)))
    cost, gain = pairs[drawn].mean(axis=1).T
    if gain.min() <= 0:
        return None
    low, high = np.quantile(cost / gain, (0.05, 0.95))
    return Price(float(pairs[:, 0].mean() / pairs[:, 1].mean()), float(low), float(high))
