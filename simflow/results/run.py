"""The folder of a run: grows beside its name while the run lasts, and takes the name when whole.

::

    manifest.json         versions, seed, hash and values of the scenario, time taken, complete
    scenario.json         the values, merged, as they were simulated
    sources.csv           a line for each number of the scenario: where it is from
    measures.csv          a line for each measure: mean, interval, percentiles, published figure
    replications.csv      a line for each replication, a column for each measure
    outcomes.csv          of an alternative: outcomes over the people asked in the base or in it,
                          three columns each (base, alternative, part from those asked in one only)
    draws.csv             the draws of a posterior that the replications took, when there is one
    log/visits.parquet …  the event log, when it is kept; log/events.csv in vidigi's columns

CSV files are UTF-8 with commas between values and decimal points; an empty cell has no value.
While the run lasts, all is in ``<folder>.partial``; a run that was stopped goes on from there.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from simflow.errors import OutputError, UsageError
from simflow.experiment import Posterior, Precision, Replication, Results
from simflow.experiment.cells import cell, unguarded
from simflow.experiment.posterior_file import read_draws, write_draws
from simflow.experiment.summary import Floats, write_csv
from simflow.measures import Label, Measure, measures_of
from simflow.model import names_of
from simflow.model.export import merge_log, write_part
from simflow.results.files import refuse_occupied, versions, write_json, writing
from simflow.results.rows import SIDES, outcome_columns, outcomes_of, values_of
from simflow.results.scenario import write_scenario
from simflow.scenario import Loaded
from simflow.scenario.schema import Published

_FORMAT: Final = 1


class RunFolder:
    """The folder of one run; give it to `simflow.experiment.run` as `store`.

    Parameters
    ----------
    path : Path
        The folder. It must not exist yet (or be empty).
    loaded : Loaded
        The scenario.
    seed : int
        Seed of the run.
    keep_log : bool
        Whether the event log is kept.
    draws : Posterior, optional
        Draws that the replications take.
    each : int
        Replications of each draw.
    outcomes : sequence of str
        Of an alternative of a comparison, the base's outcomes.

    Raises
    ------
    OutputError
        When the folder is occupied, cannot be written to, or holds the rest of another run.
    """

    def __init__(
        self,
        path: Path,
        loaded: Loaded,
        seed: int,
        keep_log: bool = False,
        draws: Posterior | None = None,
        each: int = 1,
        outcomes: Sequence[str] = (),
    ) -> None:
        self.path = path = Path(path)
        self.partial = path.with_name(path.name + ".partial")
        self._loaded, self._keep_log = loaded, keep_log
        self._draws = draws
        self._names = names_of(loaded.scenario)
        self._measures = measures_of(loaded.scenario)
        self._identity = {
            "format": _FORMAT,
            "scenario": loaded.scenario.name,
            "hash": loaded.hash,
            "seed": seed,
            "keep_log": keep_log,
            "posterior": None if draws is None else draws.digest,
            "each": each,
            "versions": versions(),
        }
        self._outcomes = outcome_columns(outcomes)
        self.outcomes = np.empty((0, len(outcomes), len(SIDES)))
        """Outcomes with the base's people of the replications an interrupted run has left."""
        self._rows = self.partial / "replications.csv"
        self._pairs = self.partial / "outcomes.csv"
        with writing(path):
            refuse_occupied(path)
            self.done = self._resume() if self.partial.exists() else self._begin()

    def _begin(self) -> Floats:
        self.partial.mkdir(parents=True)
        write_json(self.partial / "manifest.json", {**self._identity, "complete": False})
        header = ",".join(["replication", *(measure.name for measure in self._measures)])
        self._rows.write_text(header + "\n", encoding="utf-8")
        if self._outcomes:
            self._write_pairs([])
        return np.empty((0, len(self._measures)))

    def _resume(self) -> Floats:
        """Values of the replications an interrupted run has left; half a line is dropped."""
        try:
            manifest = json.loads((self.partial / "manifest.json").read_text(encoding="utf-8"))
            lines = self._rows.read_text(encoding="utf-8").splitlines(keepends=True)
        except (FileNotFoundError, ValueError):  # stopped before it had begun
            shutil.rmtree(self.partial)
            return self._begin()
        if any(manifest.get(key) != value for key, value in self._identity.items()):
            raise OutputError(
                f"{self.partial}: holds an interrupted run of another scenario, seed or version; "
                "remove it, or choose another folder with --out"
            )
        whole = [line for line in lines if line.endswith("\n")]
        if not whole:
            shutil.rmtree(self.partial)
            return self._begin()
        kept = len(whole) - 1
        if self._keep_log:
            parts = self.partial / "parts"
            unlogged = (n for n in range(kept) if not (parts / f"{n:06d}.done").exists())
            kept = next(unlogged, kept)
        try:
            values = values_of(whole[: 1 + kept], [measure.name for measure in self._measures])
            if self._outcomes:
                values = values[: self._resume_outcomes(len(values))]
        except (OSError, ValueError) as error:
            raise OutputError(
                f"{self._rows}: is not as simflow wrote it ({error}); remove {self.partial}, or "
                "choose another folder with --out"
            ) from error
        self._write_rows(whole[: 1 + len(values)])
        return values

    def _resume_outcomes(self, count: int) -> int:
        """Read the outcomes left, at most so many; how many there are."""
        lines = self._pairs.read_text(encoding="utf-8").splitlines(keepends=True)
        whole = [line for line in lines if line.endswith("\n")][: 1 + count]
        self.outcomes = outcomes_of(whole, self._outcomes)
        self._write_pairs(whole[1:])
        return len(self.outcomes)

    def _write_pairs(self, lines: list[str]) -> None:
        header = ",".join(["replication", *self._outcomes]) + "\n"
        self._pairs.write_text(header + "".join(lines), encoding="utf-8")

    def _write_rows(self, lines: list[str]) -> None:
        self._rows.write_text("".join(lines), encoding="utf-8")

    def add(self, replication: Replication) -> None:
        """Keep a finished replication.

        Raises
        ------
        OutputError
            When it cannot be written.
        """
        with writing(self.path):
            if self._keep_log and replication.log is not None:
                parts = self.partial / "parts"
                write_part(parts, replication.number, replication.log, self._names)
                (parts / f"{replication.number:06d}.done").touch()
            if self._outcomes and replication.outcomes is not None:
                with self._pairs.open("a", encoding="utf-8") as file:
                    file.write(self._line(replication.number, replication.outcomes.ravel()))
            with self._rows.open("a", encoding="utf-8") as file:
                file.write(self._line(replication.number, replication.values))

    @staticmethod
    def _line(number: int, values: Floats) -> str:
        return ",".join([str(number), *(cell(value) for value in values)]) + "\n"

    def finish_outcomes(self, values: Floats) -> None:
        """Write the outcomes that count, shape (replications, outcomes, sides); the rest goes."""
        if self._outcomes:
            rows = [self._line(number, row.ravel()) for number, row in enumerate(values)]
            self._write_pairs(rows)

    def finish(self, results: Results, extra: Callable[[Path], object] | None = None) -> Path:
        """Write what is left and give the folder its name.

        Parameters
        ----------
        results : Results
            The whole run.
        extra : callable, optional
            Writes more (charts) into the folder it is given, before it takes its name.

        Raises
        ------
        OutputError
            When it cannot be written; what was finished stays in ``<folder>.partial``.
        """
        folder = self.partial
        with writing(self.path):
            header = ",".join(["replication", *(measure.name for measure in results.measures)])
            rows = [self._line(number, row) for number, row in enumerate(results.values)]
            self._write_rows([header + "\n", *rows])
            write_csv(folder / "measures.csv", results)
            write_scenario(folder, self._loaded)
            if self._draws is not None:
                write_draws(folder / "draws.csv", self._draws.of(self._loaded))
            if self._keep_log:
                merge_log(folder / "parts", folder / "log", results.replications)
            if extra is not None:
                extra(folder)
            write_json(folder / "manifest.json", self._manifest(results))
            if self.path.exists():
                self.path.rmdir()
            shutil.rmtree(folder / "parts", ignore_errors=True)
            os.rename(folder, self.path)
        return self.path

    def _manifest(self, results: Results) -> dict[str, Any]:
        published = {name: item.model_dump() for name, item in results.published.items()}
        return {
            **self._identity,
            "complete": results.complete,
            "replications": results.replications,
            "seconds": round(results.seconds, 3),
            "file": self._loaded.path,
            "precision": None if results.precision is None else asdict(results.precision),
            "key_measures": list(results.key_measures),
            "published": published,
            "resolved": self._loaded.tree,
        }


def precision_of(saved: dict[str, Any]) -> Precision:
    """A precision as a manifest holds it."""
    lists = {key: tuple(saved[key]) for key in ("measures", "missed")}
    pairs = tuple((alternative, name) for alternative, name in saved.get("pairs", []))
    return Precision(**{**saved, **lists, "pairs": pairs})


def read(folder: str | Path) -> Results:
    """Read the results of a run back from its folder.

    Raises
    ------
    UsageError
        When the folder does not hold a finished run.
    """
    folder = Path(folder)
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        with (folder / "measures.csv").open(encoding="utf-8", newline="") as file:
            measures = tuple(
                Measure(row["measure"], row["unit"],
                        Label(unguarded(row["label_en"]), unguarded(row["label_fi"])),
                        row["kind"])  # type: ignore[arg-type]
                for row in csv.DictReader(file)
            )  # fmt: skip
        with (folder / "replications.csv").open(encoding="utf-8", newline="") as file:
            values = values_of(file, [measure.name for measure in measures])
        if len(values) != manifest["replications"]:
            raise ValueError("other replications than the manifest says")
        precision = manifest["precision"]
        draws, paths = read_draws(folder / "draws.csv")
        return Results(
            scenario=manifest["scenario"],
            hash=manifest["hash"],
            seed=manifest["seed"],
            measures=measures,
            values=values,
            published={n: Published(**item) for n, item in manifest["published"].items()},
            key_measures=tuple(manifest["key_measures"]),
            precision=None if precision is None else precision_of(precision),
            complete=manifest["complete"],
            seconds=manifest["seconds"],
            draws=draws,
            draw_paths=paths,
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{folder}: does not hold the results of a finished run as simflow wrote them"
        ) from error
