"""What a reference table is made of: its points, its measures, and what tells it from others."""

from __future__ import annotations

from math import ceil, log2
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simflow import __version__
from simflow.calibrate.goals import measures_in
from simflow.calibrate.read import Calibration
from simflow.calibrate.sample import Crew, Simulator
from simflow.scenario.identity import core, digest

Floats = NDArray[np.float64]
_FORMAT: Final = 1


def points(width: int, count: int, seed: int) -> Floats:
    """The first points of a scrambled Sobol sequence, shape (`count` or more, width)."""
    from scipy.stats import qmc

    sobol = qmc.Sobol(width, scramble=True, rng=np.random.default_rng(seed))
    return np.asarray(sobol.random_base2(max(1, ceil(log2(max(2, count))))), float)


def measures_kept(calibration: Calibration) -> tuple[str, ...]:
    """Measures in the table: the targets, and the others the scenario publishes or puts first."""
    scenario = calibration.loaded.scenario
    targets = [part for name in calibration.file.targets for part in measures_in(name)]
    names = (*targets, *scenario.published, *scenario.key_measures)
    return tuple(dict.fromkeys(names))


def crew_of(calibration: Calibration, seed: int, jobs: int) -> Crew:
    """Processes that make the runs of a table."""
    return Crew(Simulator(calibration.loaded, measures_kept(calibration), seed), jobs)


def identity(calibration: Calibration, seed: int) -> dict[str, Any]:
    """What a table is made of; two that agree in it are the same."""
    file, space = calibration.file, calibration.space
    return {
        "format": _FORMAT,
        "version": __version__,
        "scenario": digest(core(calibration.loaded.tree, space.paths)),
        "priors": digest(file.model_dump(include={"priors", "splits"})),
        "measures": list(measures_kept(calibration)),
        "seed": seed,
    }
