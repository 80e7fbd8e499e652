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
    own_sources : mapping of str to tuple of SourceRow
        Of each alternative, by its name: the numbers that the base has not, or has otherwise.
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
    own_sources: Mapping[str, tuple[SourceRow, ...]] = field(default_factory=dict)


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
    if folder is None:
        return View(results, loaded.scenario, comparison, sources)
    manifest = _manifest(folder)
    own = {} if comparison is None else _own_sources(folder, manifest, sources)
    return View(results, loaded.scenario, comparison, sources, manifest, folder, own)


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
    base, own = comparison.scenarios[0], _own_sources(folder, manifest, sources)
    return View(comparison.base, base, comparison, sources, manifest, folder, own)


def _own_sources(
    folder: Path, manifest: Mapping[str, Any], base: tuple[SourceRow, ...]
) -> dict[str, tuple[SourceRow, ...]]:
    """The numbers of each saved alternative that differ from the base's, or their source does."""
    known = {(row.path, row.value, row.source) for row in base}
    return {
        entry["name"]: tuple(
            row
            for row in sources_of(folder / entry["folder"])
            if (row.path, row.value, row.source) not in known
        )
        for entry in manifest["scenarios"][1:]
    }


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        manifest = None
    if not isinstance(manifest, dict):
        raise UsageError(f"{folder}: does not hold the results of a finished run or comparison")
    return manifest
