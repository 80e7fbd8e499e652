"""The targets as arrays: what was published, how sure it is, and what runs give for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simflow.calibrate.regression import summary
from simflow.calibrate.schema import CalibrationFile

Floats = NDArray[np.float64]
PLUS = " + "
"""Between the measures of a target that is a sum of several."""


def measures_in(target: str) -> list[str]:
    """The measures that make up a target."""
    return target.split(PLUS)


@dataclass(frozen=True)
class Goals:
    """Targets of a calibration.

    Attributes
    ----------
    names : tuple of str
        The targets.
    published : array, shape (targets,)
        Published figures.
    errors : array, shape (targets,)
        Standard deviations of the published figures about what the model counts.
    """

    names: tuple[str, ...]
    published: Floats
    errors: Floats

    @classmethod
    def of(cls, file: CalibrationFile) -> Goals:
        """The targets of a file."""
        targets = file.targets.values()
        return cls(
            tuple(file.targets),
            np.array([target.value for target in targets]),
            np.array([target.error for target in targets]),
        )

    def __len__(self) -> int:
        return len(self.names)

    def only(self, keep: Sequence[int]) -> Goals:
        """Some of the targets, by rank."""
        names = tuple(self.names[k] for k in keep)
        return Goals(names, self.published[list(keep)], self.errors[list(keep)])

    def counts(self, outputs: Floats, measures: Sequence[str]) -> Floats:
        """What runs give for each target, shape (runs, targets).

        Parameters
        ----------
        outputs : array, shape (runs, measures)
            Measures of the runs.
        measures : sequence of str
            Their names.
        """
        places: Mapping[str, int] = {name: rank for rank, name in enumerate(measures)}
        columns = [
            outputs[:, [places[part] for part in measures_in(name)]].sum(axis=1)
            for name in self.names
        ]
        return np.stack(columns, axis=1)

    def seen(self, counts: Floats, seed: int, scale: float = 1.0) -> Floats:
        """Counts as they would be published: with an error of observation.

        Parameters
        ----------
        counts : array, shape (runs, targets)
            What runs give.
        seed : int
            Seed of the errors.
        scale : float
            Factor of the stated errors.
        """
        rng = np.random.default_rng([seed, len(self)])
        noise = rng.standard_normal(counts.shape) * self.errors * scale
        return np.maximum(counts + noise, 0.0)

    @property
    def observed(self) -> Floats:
        """Published figures as summaries."""
        return summary(self.published)
