"""The reference table: a space-filling sample of the prior, each point with its run.

::

    manifest.json    what the table was made of: scenario, priors, seed, version
    runs.bin         runs as they come, while the table grows
    table.parquet    the whole table: run, valid, the unknowns' values, the measures

The table is made once; fitting, leave-one-out and simulation-based calibration all read it. A
table that was interrupted goes on where it stopped, and a larger one begins with a smaller one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simflow.calibrate.design import identity, measures_kept, points
from simflow.calibrate.read import Calibration
from simflow.calibrate.rows import Rows
from simflow.calibrate.sample import Crew
from simflow.errors import InputError, OutputError, Problem, UsageError
from simflow.scenario.identity import core, differences

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
_SHOWN: Final = 8
"""Differences named in a message."""
_LOOK: Final = 400
"""Points after which priors that hardly ever make a valid scenario are given up."""
_FEWEST: Final = 0.05
"""Smallest share of points that must make a valid scenario."""


@dataclass(frozen=True)
class Table:
    """A sample of the prior with what the model makes of it.

    Attributes
    ----------
    cube : array, shape (runs, coordinates)
        Points of the unit cube.
    values : array, shape (runs, unknowns)
        Values of the unknowns.
    outputs : array, shape (runs, measures)
        Measures of the runs.
    names : tuple of str
        The measures.
    rejected : int
        Points that made no valid scenario; they are in none of the arrays.
    seed : int
        Seed of the sample and of the runs.
    """

    cube: Floats
    values: Floats
    outputs: Floats
    names: tuple[str, ...]
    rejected: int
    seed: int

    def column(self, name: str) -> Floats:
        """One measure of every run."""
        column: Floats = self.outputs[:, self.names.index(name)]
        return column


class TableFolder:
    """The folder of a reference table.

    Parameters
    ----------
    path : Path
        The folder; made when it does not exist.
    calibration : Calibration
        What is calibrated.
    seed : int
        Seed of the sample and of the runs.
    box : array, shape (2, coordinates), optional
        Lowest and highest coordinate of the points; the whole unit cube when left out.
    force : bool
        Whether a table of another scenario, prior or version is used all the same.

    Raises
    ------
    OutputError
        When the folder cannot be written to.
    UsageError
        When it holds a table of something else, and `force` is not given.
    """

    def __init__(
        self,
        path: Path,
        calibration: Calibration,
        seed: int,
        *,
        box: Floats | None = None,
        force: bool = False,
    ) -> None:
        self.path, self.calibration, self.seed = path, calibration, seed
        width = calibration.space.width
        self._box = np.array([[0.0] * width, [1.0] * width]) if box is None else box
        self.names = measures_kept(calibration)
        self._identity = {**identity(calibration, seed), "box": self._box.tolist()}
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._check(path / "manifest.json", force)
            self._rows = Rows(path, self.names)
        except OSError as error:
            raise OutputError(f"{path}: cannot be written to ({error.strerror})") from error

    @property
    def runs(self) -> int:
        """Runs of valid scenarios there are."""
        return int(self._rows.found[:, 1].sum())

    def _check(self, manifest: Path, force: bool) -> None:
        if not manifest.exists():
            known = core(self.calibration.loaded.tree, self.calibration.space.paths)
            text = json.dumps({**self._identity, "core": known}, indent=1, ensure_ascii=False)
            manifest.write_text(text + "\n", encoding="utf-8")
            return
        try:
            found = json.loads(manifest.read_text(encoding="utf-8"))
        except ValueError:
            raise UsageError(f"{manifest}: cannot be read; choose another folder") from None
        other = [key for key, value in self._identity.items() if found.get(key) != value]
        if other and not (force and not {"measures", "format"} & set(other)):
            calibration, known = self.calibration, found.get("core", {})
            differ = differences(calibration.loaded.tree, known, calibration.space.paths)
            listed = "".join(f"\n    {text}" for text in differ[:_SHOWN])
            raise UsageError(
                f"{self.path}: holds a reference table of another {', '.join(other)}; choose "
                f"another folder with --out, or use it all the same with --force{listed}"
            )

    def fill(self, runs: int, crew: Crew, progress: Progress | None = None) -> Table:
        """Simulate until there are as many runs of valid scenarios; finished ones are kept.

        Raises
        ------
        InputError
            When the priors hardly ever make a valid scenario.
        """
        space = self.calibration.space
        done = self.runs
        while done < runs:
            first = len(self._rows.found)
            values = self._values(first + 2 * (runs - done))[first:]
            settings = map(space.settings, values)
            with self._rows.adding() as add:
                for rank, found in enumerate(crew.run(settings, first)):
                    add(first + rank, found)
                    done += found is not None
                    self._give_up(first + rank + 1, done)
                    if progress is not None:
                        progress(done, runs)
                    if done == runs:
                        break
        self._keep()
        return self._table(runs)

    def _give_up(self, tried: int, done: int) -> None:
        if tried >= _LOOK and done < _FEWEST * tried:
            message = f"only {done} of {tried} draws from the priors make a valid scenario"
            remedy = "narrow the priors, or those of shares that sum to more than 1"
            raise InputError([Problem(message, remedy=remedy, file=self.calibration.path)])

    def _values(self, count: int) -> Floats:
        return self.calibration.space.values(self._points(count))

    def _points(self, count: int) -> Floats:
        low, high = self._box
        inside: Floats = low + (high - low) * points(len(low), count, self.seed)
        return inside

    def _table(self, runs: int) -> Table:
        space = self.calibration.space
        rows = self._rows.found
        cube = self._points(len(rows))[: len(rows)]
        valid = rows[:, 1] > 0
        last = int(np.flatnonzero(valid)[runs - 1]) + 1  # the table of so many runs, and no more
        valid[last:] = False
        return Table(
            cube=cube[valid],
            values=space.values(cube[valid]),
            outputs=rows[valid, 2:],
            names=self.names,
            rejected=last - runs,
            seed=self.seed,
        )

    def _keep(self) -> None:
        count = len(self._rows.found)
        values = self._values(count)[:count]
        unknowns = self.calibration.space.unknowns
        self._rows.keep({one.name: values[:, place] for place, one in enumerate(unknowns)})
