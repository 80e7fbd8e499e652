"""What could overturn the advice: the number of the model on which the gain hangs most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from simflow.experiment.difference import by_draw

if TYPE_CHECKING:
    from simflow.experiment import Comparison, Verdict

_FIFTHS: Final = (0.2, 0.8)
_FEWEST: Final = 40
"""Draws below which no number is singled out: by chance one of very many would stand out."""


@dataclass(frozen=True, slots=True)
class Hinge:
    """A number of the model, and the change of the purpose in its worst fifth.

    Attributes
    ----------
    path : str
        Dotted path of the number.
    lowest : bool
        Whether the worst fifth is the lowest; else the highest.
    mean : float
        Mean difference of the purpose there, in its own unit and sign.
    """

    path: str
    lowest: bool
    mean: float


def hinge(comparison: Comparison, verdict: Verdict) -> Hinge | None:
    """The number whose draws go most with the difference of the purpose.

    None with point values, for few draws, or where the results do not say what was drawn.
    """
    numbers = comparison.base.draws
    paths = comparison.base.draw_paths
    if numbers is None or len(paths) != numbers.shape[1]:
        return None
    name = verdict.primary.difference.measure.name
    values = by_draw(comparison.signed(verdict.name, name), comparison.each).mean(axis=1)
    numbers = numbers[np.arange(len(values)) % len(numbers)]
    whole = np.isfinite(values)
    values, numbers = values[whole], numbers[whole]
    if len(values) < _FEWEST or not np.ptp(values) > 0:
        return None
    varies = np.ptp(numbers, axis=0) > 0
    ties = np.zeros(len(paths))
    ties[varies] = np.corrcoef(numbers[:, varies].T, values)[-1, :-1]
    most = int(np.argmax(np.abs(ties)))
    lowest = bool(ties[most] > 0)
    limit = np.quantile(numbers[:, most], _FIFTHS[0 if lowest else 1])
    fifth = numbers[:, most] <= limit if lowest else numbers[:, most] >= limit
    pairs = by_draw(comparison.paired(verdict.name, name), comparison.each).mean(axis=1)[whole]
    return Hinge(paths[most], lowest, float(pairs[fifth].mean()))
