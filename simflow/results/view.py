"""Everything that a chart or a report may read, of a run or of a comparison."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simflow.errors import UsageError
from simflow.experiment import Comparison, Results
from simflow.results.comparison import KIND, read_comparison
from simflow.results.run import read
from simflow.results.scenario import scenario_of, sources_of
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
    folder: Path | None = None,
) -> View:
    """The view of results that are at hand.

    Parameters
    ----------
    loaded : Loaded
        The scenario simulated (of a comparison: the base).
    folder : Path, optional
        Where they are saved; gives the manifest.
    """
    sources = source_rows(loaded.tree, loaded.origins)
    manifest = {} if folder is None else _manifest(folder)
    return View(results, loaded.scenario, comparison, sources, manifest, folder)


def read_any(folder: str | Path) -> View:
    """Read a run's or a comparison's folder back.

    Raises
    ------
    UsageError
        When the folder does not hold finished results.
    """
    folder = Path(folder)
    manifest = _manifest(folder)
    if manifest.get("kind") != KIND:
        sources = sources_of(folder)
        return View(read(folder), scenario_of(folder), None, sources, manifest, folder)
    comparison = read_comparison(folder, manifest)
    sources = sources_of(folder / manifest["scenarios"][0]["folder"])
    base = comparison.scenarios[0]
    return View(comparison.base, base, comparison, sources, manifest, folder)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        manifest = None
    if not isinstance(manifest, dict):
        raise UsageError(f"{folder}: does not hold the results of a finished run or comparison")
    return manifest
