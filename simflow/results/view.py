"""Everything that a chart or a report may read, of a run or of a comparison."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simflow.errors import UsageError
from simflow.experiment import Comparison, Results
from simflow.results.run import read, read_sources
from simflow.scenario import Loaded, Scenario
from simflow.scenario.sources import SourceRow, source_rows


@dataclass(frozen=True)
class View:
    """What charts and reports are drawn from.

    Attributes
    ----------
    results : Results
        The only run, or the base of a comparison.
    scenario : Scenario
        Its scenario, without any overlay.
    comparison : Comparison or None
        The comparison; None for a run.
    sources : tuple of SourceRow
        Where each number of the base's scenario is from.
    manifest : mapping
        ``manifest.json``: versions, seed, hash, time taken; empty before anything is saved.
    folder : Path or None
        Where it was read from.
    """

    results: Results
    scenario: Scenario
    comparison: Comparison | None = None
    sources: tuple[SourceRow, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=dict)
    folder: Path | None = None


def view_of(
    loaded: Loaded,
    results: Results,
    comparison: Comparison | None = None,
    manifest: Mapping[str, Any] | None = None,
) -> View:
    """The view of results that are at hand.

    Parameters
    ----------
    loaded : Loaded
        The scenario simulated (of a comparison: the base).
    """
    sources = source_rows(loaded.tree, loaded.origins)
    return View(results, loaded.scenario, comparison, sources, manifest or {})


def read_any(folder: str | Path) -> View:
    """Read a run's or a comparison's folder back.

    Raises
    ------
    UsageError
        When the folder does not hold finished results.
    """
    folder = Path(folder)
    results = read(folder)
    return View(
        results, scenario_of(folder), None, read_sources(folder / "sources.csv"),
        manifest_of(folder), folder,
    )  # fmt: skip


def manifest_of(folder: Path) -> dict[str, Any]:
    """The manifest of a folder of results.

    Raises
    ------
    UsageError
        When there is none.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _unreadable(folder) from error
    return manifest


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
        raise _unreadable(folder) from error


def _unreadable(folder: Path) -> UsageError:
    return UsageError(f"{folder}: does not hold the results of a finished run")
