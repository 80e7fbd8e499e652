"""What a reference table says: the posterior, and how far it can be trusted.

Everything here reads the table and simulates nothing, so that it takes seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from simflow.calibrate.goals import Goals
from simflow.calibrate.neural import Neural
from simflow.calibrate.regression import Fit, fit, summary
from simflow.calibrate.space import Space, to_cube, to_z
from simflow.calibrate.table import Table

Floats = NDArray[np.float64]
Method = Literal["abc", "npe"]
"""Regression ABC, or a neural posterior estimate as a cross-check."""
SHARES: Final = (0.05, 0.5, 0.95)
"""Ends and middle of the intervals reported."""


@dataclass(frozen=True)
class Inference:
    """A table with the targets it is fitted to.

    Attributes
    ----------
    space : Space
        The unknowns.
    table : Table
        The runs.
    goals : Goals
        The targets.
    seed : int
        Seed of errors of observation and of resampling.
    method : {"abc", "npe"}
        How posteriors are fitted.
    """

    space: Space
    table: Table
    goals: Goals
    seed: int
    method: Method = "abc"
    _trained: dict[tuple[int, ...], Neural] = field(default_factory=dict, repr=False)

    @property
    def counts(self) -> Floats:
        """What the runs give for the targets, shape (runs, targets)."""
        return self.goals.counts(self.table.outputs, self.table.names)

    def summaries(self, scale: float = 1.0) -> Floats:
        """Summaries of the runs as they would be published, shape (runs, targets)."""
        return summary(self.goals.seen(self.counts, self.seed, scale))

    def posterior(self, draws: int, keep: Sequence[int] | None = None, scale: float = 1.0) -> Fit:
        """Posterior given the published figures, or some of them.

        Parameters
        ----------
        draws : int
            Number of draws.
        keep : sequence of int, optional
            Ranks of the targets that are fitted; all when left out.
        scale : float
            Factor of the stated errors of observation.
        """
        kept = list(range(len(self.goals))) if keep is None else list(keep)
        seen, observed = self.summaries(scale)[:, kept], self.goals.observed[kept]
        z = to_z(self.table.cube)
        if self.method == "abc" or scale != 1.0:
            return fit(z, seen, observed, draws, self.seed)
        if tuple(kept) not in self._trained:
            self._trained[tuple(kept)] = Neural(z, seen, self.seed)
        return self._trained[tuple(kept)].draw(observed, draws)

    def values(self, found: Fit) -> Floats:
        """Values of the unknowns for the draws of a fit."""
        return self.space.values(to_cube(found.z))


def learnt(prior: Floats, posterior: Floats) -> Floats:
    """Part of each unknown's prior spread that the figures took away, between 0 and 1.

    Spread is the standard deviation of normal scores under the prior, so that it does not depend
    on the scale of the unknown.

    Parameters
    ----------
    prior, posterior : array, shape (draws, unknowns)
        Values of the unknowns.
    """
    scores = to_scores(prior, posterior)
    return np.asarray(np.clip(1.0 - scores.std(axis=0), 0.0, 1.0), float)


def to_scores(prior: Floats, values: Floats) -> Floats:
    """Normal scores of values under the prior sample, shape as `values`."""
    ordered = np.sort(prior, axis=0)
    count = len(ordered)
    columns = [
        (np.searchsorted(column, row) + 0.5) / (count + 1)
        for column, row in zip(ordered.T, values.T, strict=True)
    ]
    return to_z(np.stack(columns, axis=1))
