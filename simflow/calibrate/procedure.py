"""A calibration from beginning to end: table, posterior, prediction, and how far to trust them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simflow.calibrate.checks import LeftOut, coverage, left_out, misfit, unseen
from simflow.calibrate.design import crew_of
from simflow.calibrate.forecast import Forecast, Forecaster
from simflow.calibrate.goals import Goals
from simflow.calibrate.inference import SHARES, Inference
from simflow.calibrate.outcome import Outcome, Settings
from simflow.calibrate.predict import FIRST, Progress, Runner
from simflow.calibrate.read import Calibration
from simflow.calibrate.sample import Crew
from simflow.calibrate.single import best_single
from simflow.calibrate.space import to_cube
from simflow.calibrate.table import TableFolder

Floats = NDArray[np.float64]
Stage = Callable[[str], AbstractContextManager[Progress]]
"""Told the name of a stage; gives a context manager of a function that takes its progress."""
PREDICTED: Final = 200
"""Posterior draws that are run to see what they predict."""
_HELD: Final = 100
"""The same for a fit without the targets held out."""
_FAR: Final = 0.75
"""Root mean square of z of the predictive medians above which a second round is worth its cost."""
_CHANGED: Final = 600
"""Draws by which posteriors under other errors of observation are compared."""
_EDGE: Final = 0.005
"""Part of the first posterior beyond each end of the box of a second round."""
_MARGIN: Final = 0.25
"""Room beyond it, in standard deviations."""


def calibrate(calibration: Calibration, folder: Path, settings: Settings, stage: Stage) -> Outcome:
    """Carry out a calibration.

    Parameters
    ----------
    calibration : Calibration
        What is calibrated.
    folder : Path
        Where the reference table is, or will be.
    settings : Settings
        How.
    stage : callable
        Shows progress.

    Raises
    ------
    SimflowError
        InputError, UsageError or OutputError, as `TableFolder` and `Runner` raise them.
    """
    with crew_of(calibration, settings.seed, settings.jobs) as crew:
        return _carried_out(_Work(calibration, folder, settings, stage, crew))


def _carried_out(work: _Work) -> Outcome:
    calibration, settings = work.calibration, work.settings
    first = work.tabled("table", "table", settings.runs)
    values, rejected, counts = work.predicted("predict", first)
    second = _far(first.goals, counts)
    if second:
        again = work.tabled("table again", "table-2", settings.runs // 2, _box(first))
        values, rejected, counts = work.predicted("predict again", again)
    forecasts = work.forecasts(first, values)
    with work.timed("diagnose"):
        best, error = best_single(work.runner, first, values)
        return Outcome(
            calibration=calibration,
            settings=settings,
            goals=first.goals,
            table=first.table,
            values=values,
            rejected=rejected,
            prior=first.goals.seen(first.counts, settings.seed),
            predicted=first.goals.seen(counts, settings.seed),
            held_out=work.held_out(first),
            left_out=left_out(first),
            coverage=coverage(first),
            misfit=misfit(first),
            unseen=unseen(first, calibration.file.held_out),
            errors=_errors(first),
            best=best,
            best_error=error,
            second=second,
            forecasts=forecasts,
            seconds=work.seconds,
        )


def _far(goals: Goals, counts: Floats) -> bool:
    """Whether the prediction misses a figure, or its medians lie far from them together."""
    low, median, high = np.quantile(counts, SHARES, axis=0)
    z = (median - goals.published) / np.sqrt(np.maximum(goals.published, 1.0))
    misses = ((goals.published < low) | (goals.published > high)).any()
    return bool(misses or np.sqrt((z**2).mean()) > _FAR)


def _box(inference: Inference) -> Floats:
    """Coordinates between which the first posterior lies, shape (2, coordinates)."""
    z = inference.posterior(4000).z
    low, high = np.quantile(z, [_EDGE, 1 - _EDGE], axis=0)
    room = _MARGIN * z.std(axis=0)
    return to_cube(np.stack([low - room, high + room]))


def _errors(inference: Inference) -> dict[float, Floats]:
    """Posteriors with hardly any, with the stated and with twice the error of observation.

    By regression, whatever the method.
    """
    regression = replace(inference, method="abc")
    fits = {scale: regression.posterior(_CHANGED, scale=scale) for scale in (0.01, 1.0, 2.0)}
    return {scale: inference.values(found) for scale, found in fits.items()}


class _Work:
    """What the stages share."""

    def __init__(
        self,
        calibration: Calibration,
        folder: Path,
        settings: Settings,
        stage: Stage,
        crew: Crew,
    ) -> None:
        self.seconds: dict[str, float] = {}
        self.calibration, self.settings = calibration, settings
        self.runner = Runner(crew, calibration.space)
        self._folder, self._stage = folder, stage

    @contextmanager
    def timed(self, name: str) -> Iterator[Progress]:
        """A stage, and the seconds it takes."""
        begun = time.perf_counter()
        with self._stage(name) as progress:
            yield progress
        self.seconds[name] = time.perf_counter() - begun

    def tabled(self, name: str, place: str, runs: int, box: Floats | None = None) -> Inference:
        """A reference table, and what it says."""
        settings, calibration = self.settings, self.calibration
        with self.timed(name) as progress:
            folder = TableFolder(
                self._folder / place, calibration, settings.seed, box=box, force=settings.force
            )
            table = folder.fill(runs, self.runner.crew, progress)
        goals = Goals.of(calibration.file)
        return Inference(calibration.space, table, goals, settings.seed, settings.method)

    def predicted(self, name: str, inference: Inference) -> tuple[Floats, float, Floats]:
        """Posterior draws, the share left out as not valid, and what some of them give."""
        with self.timed(name) as progress:
            values, rejected = self.runner.valid(inference.posterior)
            outputs = self.runner.run(values[:PREDICTED], FIRST, progress)
        return values, rejected, inference.goals.counts(outputs, inference.table.names)

    def forecasts(self, inference: Inference, values: Floats) -> tuple[Forecast, ...]:
        """What each scenario named leads to."""
        if not self.calibration.forecasts:
            return ()
        with self.timed("forecast") as progress:
            return tuple(
                Forecaster(self.calibration, loaded, self.settings.seed, self.settings.jobs).made(
                    inference, values[: 2 * PREDICTED], self._folder, progress
                )
                for loaded in self.calibration.forecasts
            )

    def held_out(self, inference: Inference) -> tuple[LeftOut, ...]:
        """The targets held out, predicted by running a posterior that has not seen them."""
        goals, held = inference.goals, self.calibration.file.held_out
        if not held:
            return ()
        kept = [rank for rank, name in enumerate(goals.names) if name not in held]
        values, _ = self.runner.valid(partial(inference.posterior, keep=kept), _HELD)
        outputs = self.runner.run(values, 3 * FIRST)
        seen = goals.seen(goals.counts(outputs, inference.table.names), self.settings.seed)
        return tuple(
            LeftOut.of(goals.names[rank], goals.published[rank], seen[:, rank])
            for rank in range(len(goals))
            if goals.names[rank] in held
        )
