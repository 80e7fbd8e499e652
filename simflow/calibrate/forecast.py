"""Forecasts: what another scenario leads to with the posterior, and how far to trust it.

The posterior's draws are run under the other scenario (its rules, its stock), so that the spread
holds what is not known and chance. To see whether such forecasts are as sure as they say, the
first runs of the reference table are run under it too, with chance of their own: each of some
hundred is taken for the published year, and its outcome is predicted from its figures.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simflow import __version__
from simflow.calibrate.checks import TRUTHS
from simflow.calibrate.inference import SHARES, Inference
from simflow.calibrate.predict import FIRST, Progress
from simflow.calibrate.read import Calibration
from simflow.calibrate.regression import fit, summary
from simflow.calibrate.rows import Rows
from simflow.calibrate.sample import Crew, Simulator
from simflow.errors import OutputError
from simflow.experiment.draws import Drawn, Posterior
from simflow.experiment.split import unknown_shares
from simflow.measures import Measure, measures_of
from simflow.scenario import Loaded
from simflow.scenario.identity import core
from simflow.scenario.parts import number_at

Floats = NDArray[np.float64]
RUNS: Final = 200
"""Posterior draws that are run."""
POINTS: Final = 800
"""Runs of the reference table that are run under the other scenario."""
_FEWEST: Final = 40
"""Runs without which nothing is said of coverage."""
_RANKED: Final = 400
_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Forecast:
    """What a scenario leads to with a posterior.

    Attributes
    ----------
    loaded : Loaded
        The scenario.
    measures : tuple of Measure
        Those that it has targets for, then its other key measures.
    values : array, shape (runs, measures)
        Runs, each with a draw of the posterior.
    unknown : array, shape (measures,)
        Part of the variance that comes from what is not known; the rest is chance.
    covered : array, shape (measures,)
        Share of simulated years whose outcome lay in the 90 % interval forecast for it; NaN when
        there were too few.
    """

    loaded: Loaded
    measures: tuple[Measure, ...]
    values: Floats
    unknown: Floats
    covered: Floats

    @property
    def interval(self) -> Floats:
        """5th, 50th and 95th percentile of each measure, shape (3, measures)."""
        some = np.isfinite(self.values).any(axis=0)
        found = np.full((len(SHARES), len(self.measures)), np.nan)
        found[:, some] = np.nanquantile(self.values[:, some], SHARES, axis=0)
        return found

    def probability(self, name: str) -> float | None:
        """Share of runs that reach the target of a measure; None when it has none."""
        target = self.loaded.scenario.targets.get(name)
        if target is None:
            return None
        place = [measure.name for measure in self.measures].index(name)
        column = self.values[np.isfinite(self.values[:, place]), place]
        if not len(column):
            return None
        low, high = target.at_least, target.at_most
        reached = column <= high if low is None and high is not None else column >= (low or 0.0)
        return float(reached.mean())


def forecast_covered(forecasts: Sequence[Forecast]) -> float | None:
    """Share of outcomes inside their 90 % interval, over all forecasts; None without any."""
    shares = np.concatenate([one.covered for one in forecasts] or [np.empty(0)])
    known = shares[np.isfinite(shares)]
    return round(float(known.mean()), 4) if len(known) else None


def posterior_from(calibration: Calibration, values: Floats, file: str) -> Posterior:
    """Values of the unknowns as draws that scenarios take.

    Parameters
    ----------
    calibration : Calibration
        What was calibrated.
    values : array, shape (draws, unknowns)
        The values.
    file : str
        The file in which they are, or will be.
    """
    space = calibration.space
    rows = [space.settings(row) for row in values]
    return Posterior(
        file=file,
        paths=space.paths,
        values=np.array([[row[name] for name in space.paths] for row in rows]),
        scenario=Path(calibration.loaded.path).name,
        core=core(calibration.loaded.tree, space.paths),
        numbers={
            name: number_at(calibration.loaded.tree, tuple(name.split("."))) for name in space.paths
        },
    )


class Forecaster:
    """Makes the forecast of one scenario.

    Parameters
    ----------
    calibration : Calibration
        What is calibrated.
    loaded : Loaded
        The scenario to forecast.
    seed : int
        Seed of the runs.
    jobs : int
        Processes.
    """

    def __init__(self, calibration: Calibration, loaded: Loaded, seed: int, jobs: int) -> None:
        self._calibration, self._loaded, self._seed, self._jobs = calibration, loaded, seed, jobs
        scenario = loaded.scenario
        self._names = tuple(dict.fromkeys((*scenario.targets, *scenario.key_measures)))

    def made(
        self, inference: Inference, values: Floats, folder: Path, progress: Progress
    ) -> Forecast:
        """The forecast.

        Parameters
        ----------
        inference : Inference
            The reference table.
        values : array, shape (draws, unknowns)
            The posterior; the first that make a valid scenario here are run.
        folder : Path
            Folder of the calibration.
        progress : callable
            Told of finished runs.

        Raises
        ------
        InputError
            When no draw makes a valid scenario.
        OutputError
            When the folder cannot be written to.
        """
        known = {measure.name: measure for measure in measures_of(self._loaded.scenario)}
        usable = self._posterior(values).usable([self._loaded], RUNS).of(self._loaded)
        numbers = usable.values[:RUNS]
        points = self._posterior(inference.table.values[:POINTS]).of(self._loaded)
        with Crew(Simulator(self._loaded, self._names, self._seed), self._jobs) as crew:
            total = len(points.values) + len(numbers)
            sample = self._sample(crew, points, folder, lambda done: progress(done, total))
            runs = []
            for found in crew.run(_settings(usable, 0, RUNS), 5 * FIRST):
                assert found is not None  # `usable` has tried them
                runs.append(found)
                progress(len(points.values) + len(runs), total)
        outcomes = np.array(runs)
        return Forecast(
            self._loaded,
            tuple(known[name] for name in self._names),
            outcomes,
            unknown_shares(outcomes, numbers),
            _covered(inference, sample),
        )

    def _posterior(self, values: Floats) -> Posterior:
        return posterior_from(self._calibration, values, self._calibration.path)

    def _sample(self, crew: Crew, points: Drawn, folder: Path, progress: Any) -> Floats:
        """Outcomes of the points of the table, shape (points, measures); NaN of those not valid.

        Their chance is not that of the table: one year's luck tells nothing of the next one's.
        """
        place = folder / f"forecast-{self._loaded.scenario.name}"
        try:
            rows = self._opened(place, points)
            first = len(rows.found)
            with rows.adding() as add:
                settings = _settings(points, first, len(points.values))
                for rank, found in enumerate(crew.run(settings, 4 * FIRST + first), first):
                    add(rank, found)
                    progress(rank + 1)
            rows.keep({})
        except OSError as error:
            raise OutputError(f"{place}: cannot be written to ({error.strerror})") from error
        return rows.found[:, 2:]

    def _opened(self, place: Path, points: Drawn) -> Rows:
        """Finished runs of the same points; those of others, quick to make again, are dropped."""
        drawn = hashlib.sha256(repr(points.paths).encode() + points.values.tobytes())
        identity = {
            "version": __version__,
            "scenario": self._loaded.hash,
            "points": drawn.hexdigest(),
            "measures": list(self._names),
            "seed": self._seed,
        }
        manifest = place / "manifest.json"
        text = json.dumps(identity, indent=1, ensure_ascii=False) + "\n"
        place.mkdir(parents=True, exist_ok=True)
        if not manifest.exists() or manifest.read_text(encoding="utf-8") != text:
            for name in ("runs.bin", "table.parquet"):
                (place / name).unlink(missing_ok=True)
            manifest.write_text(text, encoding="utf-8")
        return Rows(place, self._names)


def _settings(drawn: Drawn, first: int, last: int) -> Iterator[dict[str, float]]:
    for row in drawn.values[first:last]:
        yield dict(zip(drawn.paths, row.tolist(), strict=True))


def _covered(inference: Inference, outcomes: Floats) -> Floats:
    """Share of years whose outcome lies in the 90 % interval predicted from their figures."""
    whole = np.isfinite(outcomes).all(axis=1)
    figures, after = inference.summaries()[: len(outcomes)][whole], summary(outcomes[whole])
    if len(after) < _FEWEST:
        return np.full(outcomes.shape[1], np.nan)
    rng = np.random.default_rng([inference.seed, 9])
    chosen = rng.choice(len(after), size=min(TRUTHS, len(after)), replace=False)
    inside = []
    for truth in chosen.tolist():
        others = np.arange(len(after)) != truth
        guess = fit(
            after[others], figures[others], figures[truth], _RANKED, inference.seed + truth
        ).z
        low, _, high = np.quantile(np.maximum(guess, summary(np.zeros(1))), SHARES, axis=0)
        inside.append((low - _ROUNDING <= after[truth]) & (after[truth] <= high + _ROUNDING))
    return np.asarray(np.mean(inside, axis=0), float)
