"""What came of a calibration."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simflow.calibrate.checks import Coverage, LeftOut
from simflow.calibrate.forecast import Forecast
from simflow.calibrate.goals import Goals
from simflow.calibrate.inference import SHARES, Method
from simflow.calibrate.read import Calibration
from simflow.calibrate.table import Table

Floats = NDArray[np.float64]
RUNS: Final = 10_000
QUICK: Final = 2_000


@dataclass(frozen=True)
class Settings:
    """How a calibration is carried out."""

    runs: int = RUNS
    seed: int = 1
    jobs: int = 1
    force: bool = False
    method: Method = "abc"


@dataclass(frozen=True)
class Outcome:
    """What came of a calibration.

    Attributes
    ----------
    calibration : Calibration
        The file and its scenario.
    goals : Goals
        The targets.
    table : Table
        The reference table.
    values : array, shape (draws, unknowns)
        The posterior.
    rejected : float
        Share of posterior draws that made no valid scenario and were left out.
    prior, predicted : array, shape (runs, targets)
        Targets under the prior and under the posterior, errors of observation included.
    held_out : tuple of LeftOut
        Targets predicted from a fit that did not use them.
    left_out : tuple of LeftOut
        Each target predicted from all others.
    coverage : Coverage
        Simulation-based calibration.
    unseen : float
        Share of figures of known years inside their 90 % interval when predicted as the targets
        held out are; NaN when none are.
    misfit : float
        p value of the published figures among those of the prior.
    errors : dict of float to array, shape (draws, unknowns)
        Posteriors with the stated errors of observation times a factor.
    best : array, shape (unknowns,)
        The best single fit, which is not the answer.
    best_error : float
        Its distance from the published figures, in units of chance.
    second : bool
        Whether a second round was needed.
    forecasts : tuple of Forecast
        What other scenarios lead to with this posterior.
    seconds : dict
        Time taken by each stage.
    """

    calibration: Calibration
    settings: Settings
    goals: Goals
    table: Table
    values: Floats
    rejected: float
    prior: Floats
    predicted: Floats
    held_out: tuple[LeftOut, ...]
    left_out: tuple[LeftOut, ...]
    coverage: Coverage
    misfit: float
    unseen: float
    errors: dict[float, Floats]
    best: Floats
    best_error: float
    second: bool = False
    forecasts: tuple[Forecast, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def method(self) -> Method:
        """How the posterior was fitted."""
        return self.settings.method

    @property
    def quick(self) -> bool:
        """Whether fewer runs were made than a calibration should have."""
        return self.settings.runs < RUNS

    def interval(self, predicted: Floats) -> Floats:
        """5th, 50th and 95th percentile of each target, shape (3, targets)."""
        return np.asarray(np.quantile(predicted, SHARES, axis=0), float)

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Whether each published figure lies in its 90 % posterior predictive interval."""
        low, _, high = self.interval(self.predicted)
        return np.asarray((low <= self.goals.published) & (self.goals.published <= high))

    @property
    def missed(self) -> tuple[str, ...]:
        """Targets outside their interval for no reason given in the file."""
        targets = self.calibration.file.targets
        return tuple(
            name
            for name, inside in zip(self.goals.names, self.inside, strict=True)
            if not inside and not targets[name].outside
        )

    @property
    def z(self) -> Floats:
        """(simulated - published) / sqrt(published) of the predictive medians, shape (targets,)."""
        return self._z(self.interval(self.predicted)[1])

    @property
    def z_draws(self) -> float:
        """Root mean square of z over single runs."""
        return float(np.sqrt((self._z(self.predicted) ** 2).mean()))

    def _z(self, counts: Floats) -> Floats:
        published = self.goals.published
        return np.asarray((counts - published) / np.sqrt(np.maximum(published, 1.0)), float)
