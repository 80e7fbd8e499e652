"""Running posterior draws: which are valid, and what they predict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simflow.calibrate.regression import Fit
from simflow.calibrate.sample import Crew
from simflow.calibrate.space import Space, to_cube
from simflow.errors import SimflowError

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
DRAWS: Final = 2000
"""Draws of a posterior."""
FIRST: Final = 1_000_000
"""Number of the first run of a prediction: no run of a table has it."""
_SPARE: Final = 1.1
"""Draws made for each that is wanted: some make no valid scenario."""


@dataclass(frozen=True)
class Runner:
    """Runs draws of the unknowns.

    Attributes
    ----------
    crew : Crew
        Runs the scenario.
    space : Space
        Its unknowns.
    """

    crew: Crew
    space: Space

    def valid(self, make: Callable[[int], Fit], draws: int = DRAWS) -> tuple[Floats, float]:
        """Values of draws that make a valid scenario, and the share of draws that made none.

        Parameters
        ----------
        make : callable
            Gives a fit with so many draws.
        draws : int
            Draws wanted.

        Returns
        -------
        values : array, shape (draws, unknowns)
        rejected : float
            Share of the draws tried that made no valid scenario.

        Raises
        ------
        SimflowError
            When hardly any draw is valid.
        """
        count = int(_SPARE * draws)
        for _ in range(5):
            values = rounded(self.space.values(to_cube(make(count).z)))
            settings = map(self.space.settings, values)
            holds = np.fromiter(self.crew.valid(settings), bool)
            if holds.sum() >= draws:
                tried = int(np.flatnonzero(holds)[draws - 1]) + 1
                return values[holds][:draws], 1 - draws / tried
            count = int(1.2 * count / max(holds.mean(), 0.02))
        raise SimflowError("hardly any draw of the posterior makes a valid scenario")

    def run(self, values: Floats, first: int, progress: Progress | None = None) -> Floats:
        """Measures of a run for each row of values, shape (draws, measures)."""
        rows = []
        settings = map(self.space.settings, values)
        for done, found in enumerate(self.crew.run(settings, first), 1):
            assert found is not None  # the draws are known to be valid
            rows.append(found)
            if progress is not None:
                progress(done, len(values))
        return np.array(rows)


def rounded(values: Floats) -> Floats:
    """Values with six digits, as a posterior file holds them."""
    size = 10.0 ** (5 - np.floor(np.log10(np.maximum(np.abs(values), 1e-300))))
    return np.asarray(np.round(values * size) / size, float)
