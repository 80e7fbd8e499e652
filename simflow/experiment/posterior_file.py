"""Files of a posterior: a CSV of its draws, and a manifest beside it."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from simflow.errors import UsageError
from simflow.experiment.draws import Drawn, Floats, Posterior


def read_posterior(path: str | Path) -> Posterior:
    """Read a posterior file, and the manifest beside it.

    Raises
    ------
    UsageError
        When they are not there, hold something else or were cut off.
    """
    path = Path(path)
    manifest = path.with_suffix(".json")
    try:
        text = path.read_text(encoding="utf-8")
        head, *rows = list(csv.reader(text.splitlines()))
        values = np.array(rows, float).reshape(-1, len(head))
        known: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
        if not len(values) or not np.isfinite(values).all() or known["paths"] != head:
            raise ValueError
        if known.get("sha256", _digest(text)) != _digest(text):
            raise UsageError(
                f"{path}: is not as `simflow calibrate` wrote it (cut off, or changed by hand); "
                "take another copy, or calibrate again"
            )
        numbers = {str(name): float(value) for name, value in known.get("numbers", {}).items()}
        return Posterior(str(path), tuple(head), values, known["scenario"], known["core"], numbers)
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
        "sha256": _digest(path.read_text(encoding="utf-8")),
        "core": dict(posterior.core),
        "numbers": dict(posterior.numbers),
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False, default=str)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def write_draws(path: Path, drawn: Drawn) -> None:
    """Write the draws that a scenario's replications take.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    _write(path, drawn.paths, drawn.values)


def read_draws(path: Path) -> tuple[Floats | None, tuple[str, ...]]:
    """Draws that `write_draws` wrote, shape (draws, numbers), and their paths; none without one."""
    if not path.exists():
        return None, ()
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    return np.array(rows, float).reshape(-1, len(head)), tuple(head)


def _write(path: Path, paths: Sequence[str], values: Floats) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(paths)
        writer.writerows([f"{value:.6g}" for value in row] for row in values)
