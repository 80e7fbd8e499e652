"""Draws of a posterior: what replications take as the numbers that nobody knows for sure."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simflow.errors import InputError, UsageError
from simflow.scenario import Loaded
from simflow.scenario.identity import differences

Floats = NDArray[np.float64]
_SHOWN = 8
"""Differences named in a message."""


@dataclass(frozen=True)
class Posterior:
    """Equally likely sets of numbers for a scenario.

    Attributes
    ----------
    file : str
        The file they were read from.
    paths : tuple of str
        Dotted paths of the numbers.
    values : array, shape (draws, paths)
        The numbers, each in the unit that the scenario writes.
    scenario : str
        Name of the file of the scenario that was calibrated.
    core : dict
        What that scenario was, but for the numbers fitted and what changes no run.
    """

    file: str
    paths: tuple[str, ...]
    values: Floats
    scenario: str
    core: Mapping[str, str]

    @property
    def digest(self) -> str:
        """SHA-256 of the draws."""
        return hashlib.sha256(repr(self.paths).encode() + self.values.tobytes()).hexdigest()

    def check(self, loaded: Loaded, *, force: bool = False) -> None:
        """Refuse a scenario that neither is nor extends the one calibrated.

        Parameters
        ----------
        loaded : Loaded
            The scenario that is to use the draws.
        force : bool
            Whether to use them all the same.

        Raises
        ------
        UsageError
            When the scenario is another one; says what differs.
        """
        found = differences(loaded, self.core, self.paths, self.scenario)
        if not found or force:
            return
        more = len(found) - _SHOWN
        listed = [*found[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]
        raise UsageError(
            f"{self.file}: was fitted to another scenario than {loaded.path}; calibrate again, or "
            "use it all the same with --force. What differs:\n    " + "\n    ".join(listed)
        )

    def of(self, loaded: Loaded) -> Drawn:
        """The draws for a scenario.

        A number that the scenario itself sets, over the calibrated one, stays as it says.
        """
        origins = {
            ".".join(path): Path(origin.file).name for path, origin in loaded.origins.items()
        }
        extends = self.scenario in origins.values()
        kept = [
            rank
            for rank, path in enumerate(self.paths)
            if path in origins and (origins[path] == self.scenario or not extends)
        ]
        paths = tuple(self.paths[rank] for rank in kept)
        return Drawn(loaded, self.file, paths, self.values[:, kept])


@dataclass(frozen=True)
class Drawn:
    """A scenario whose replications take the draws of a posterior: replication r draw r mod n.

    Attributes
    ----------
    loaded : Loaded
        The scenario.
    file : str
        The posterior's file.
    paths : tuple of str
        Dotted paths of the numbers taken from it.
    values : array, shape (draws, paths)
        The numbers.
    """

    loaded: Loaded
    file: str
    paths: tuple[str, ...]
    values: Floats

    def at(self, replication: int) -> Loaded:
        """The scenario as a replication simulates it.

        Raises
        ------
        InputError
            When the numbers of the draw make no valid scenario of this one.
        """
        draw = replication % len(self.values)
        numbers = dict(zip(self.paths, self.values[draw].tolist(), strict=True))
        try:
            return self.loaded.with_values(numbers)
        except InputError as error:
            message = f"draw {draw} of {self.file} makes no valid scenario: "
            raise InputError(
                [replace(problem, message=message + problem.message) for problem in error.problems]
            ) from None


def read_posterior(path: str | Path) -> Posterior:
    """Read a posterior file, and the manifest beside it.

    Raises
    ------
    UsageError
        When they are not there or hold something else.
    """
    path = Path(path)
    manifest = path.with_suffix(".json")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = list(csv.reader(file))
        values = np.array(rows, float).reshape(-1, len(head))
        known: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
        if not len(values) or not np.isfinite(values).all() or known["paths"] != head:
            raise ValueError
        return Posterior(str(path), tuple(head), values, known["scenario"], known["core"])
    except FileNotFoundError as error:
        raise UsageError(f"{error.filename}: there is no such file") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(
            f"{path}: is no posterior file; `simflow calibrate` writes one, with {manifest.name} "
            "beside it"
        ) from None


def write_posterior(
    path: Path, posterior: Posterior, units: Sequence[str], about: Mapping[str, Any]
) -> None:
    """Write a posterior file, and the manifest beside it.

    Parameters
    ----------
    path : Path
        The file, ending in ``.csv``.
    posterior : Posterior
        What is written.
    units : sequence of str
        Unit of each path.
    about : mapping
        More to keep in the manifest: seed, runs, versions.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    _write(path, posterior.paths, posterior.values)
    manifest = {
        **about,
        "draws": len(posterior.values),
        "scenario": posterior.scenario,
        "paths": list(posterior.paths),
        "units": list(units),
        "core": dict(posterior.core),
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False, default=str)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def write_draws(path: Path, drawn: Drawn) -> None:
    """Write the draws that a scenario's replications take.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    _write(path, drawn.paths, drawn.values)


def read_draws(path: Path) -> Floats | None:
    """Draws that `write_draws` wrote, shape (draws, numbers); None when there is no such file."""
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    return np.array(rows, float).reshape(-1, len(head))


def _write(path: Path, paths: Sequence[str], values: Floats) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(paths)
        writer.writerows([f"{value:.6g}" for value in row] for row in values)
