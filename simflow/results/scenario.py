"""A run's scenario in its folder: the values, and where each number is from."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from simflow.errors import UsageError
from simflow.experiment.cells import guarded, unguarded
from simflow.results.files import write_json
from simflow.scenario import Loaded, Scenario
from simflow.scenario.sources import SourceRow, source_rows

_HEAD: Final = ("path", "value", "source", "file", "line")


def write_scenario(folder: Path, loaded: Loaded) -> None:
    """Write ``scenario.json`` and ``sources.csv``.

    Raises
    ------
    OSError
        When they cannot be written.
    """
    write_json(folder / "scenario.json", loaded.tree)
    with (folder / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_HEAD)
        for row in source_rows(loaded.tree, loaded.origins):
            # The value is left as written: it begins with a digit, or is a negative number.
            writer.writerow((row.path, row.value, *map(guarded, (row.source, row.file)), row.line))


def scenario_of(folder: Path) -> Scenario:
    """The scenario that a run's folder was simulated from.

    Raises
    ------
    UsageError
        When it cannot be read.
    """
    try:
        return Scenario.model_validate(json.loads((folder / "scenario.json").read_text("utf-8")))
    except (OSError, ValueError, ValidationError) as error:
        raise UsageError(f"{folder}: does not hold the scenario of a finished run") from error


def sources_of(folder: Path) -> tuple[SourceRow, ...]:
    """Where each number is from; empty when the folder does not say.

    Raises
    ------
    UsageError
        When it cannot be read.
    """
    path = folder / "sources.csv"
    if not path.exists():
        return ()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return tuple(
                SourceRow(row["path"], row["value"], unguarded(row["source"]),
                          unguarded(row["file"]), int(row["line"]))
                for row in csv.DictReader(file)
            )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: cannot be read") from error
