"""A comparison's differences as rows, for CSV, JSON, Markdown and Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from simflow.experiment import Comparison, Difference, Results
from simflow.experiment.cells import cell, guarded

HEAD: Final = (
    "alternative", "measure", "unit", "label_en", "label_fi", "base", "alternative_mean",
    "difference", "ci_low", "ci_high", "n", "better", "matters", "p", "p_holm", "verdict",
    "negligible", "variance_ratio",
)  # fmt: skip


def shown_names(
    comparison: Comparison, asked: Sequence[str] = (), *, everything: bool = False
) -> tuple[str, ...]:
    """The measures that a table of a comparison shows.

    Those asked for; else the goals; else the key measures; else, or with `everything`, all that
    the base shares with an alternative.
    """
    others = {m.name for results in comparison.alternatives for m in results.measures}
    shared = tuple(m.name for m in comparison.base.measures if m.name in others)
    if everything:
        return shared
    key = tuple(name for name in comparison.base.key_measures if name in others)
    return tuple(dict.fromkeys(asked)) or comparison.names or key or shared


def rows_of(
    comparison: Comparison, names: Sequence[str] | None = None
) -> list[tuple[str, Difference]]:
    """The differences by alternative, each with the alternative's name.

    Parameters
    ----------
    names : sequence of str, optional
        The measures; every one that base and alternative share when left out.
    """
    rows = []
    for results in comparison.alternatives:
        name = results.scenario
        if names is None:
            found: Iterable[Difference] = comparison.differences(name)
        else:
            found = (comparison.difference(name, measure) for measure in names)
        rows += [(name, difference) for difference in found]
    return rows


def csv_text(rows: Iterable[tuple[str, Difference]]) -> str:
    """The rows as CSV: commas, decimal points, an empty cell where there is no value.

    A text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    for alternative, d in rows:
        low, high = d.ci or (None, None)
        numbers = [cell(value) for value in (d.base, d.alternative, d.mean, low, high)]
        goal = ("", "") if d.goal is None else (d.goal.better, cell(d.goal.matters))
        writer.writerow([
            guarded(alternative), d.measure.name, d.measure.unit, *map(guarded, d.measure.label),
            *numbers, d.n, *goal, cell(d.p), cell(d.p_holm), d.verdict,
            str(d.negligible).lower(), cell(d.variance_ratio),
        ])  # fmt: skip
    return out.getvalue()


def write_differences(path: Path, comparison: Comparison) -> None:
    """Write every difference as CSV.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    path.write_text(csv_text(rows_of(comparison)), encoding="utf-8", newline="")


def to_json(comparison: Comparison, names: Sequence[str]) -> dict[str, Any]:
    """The comparison as plain values, the form that ``simflow compare --json`` prints."""
    precision = comparison.precision
    base = comparison.base
    return {
        "base": base.scenario,
        "seed": base.seed,
        "replications": comparison.replications,
        "precision": None
        if precision is None
        else {
            "size": "matters" if precision.size is None else precision.size,
            "relative": precision.relative,
            "cap": precision.cap,
            "missed": [list(pair) for pair in precision.pairs],
        },
        "notes": [note.text.en for note in comparison.notes],
        "alternatives": {
            results.scenario: _alternative(comparison, results, names)
            for results in comparison.alternatives
        },
    }


def _alternative(comparison: Comparison, results: Results, names: Sequence[str]) -> dict[str, Any]:
    found = (comparison.difference(results.scenario, name) for name in names)
    return {difference.measure.name: _plain(difference) for difference in found}


def _plain(d: Difference) -> dict[str, Any]:
    return {
        "unit": d.measure.unit,
        "base": d.base,
        "alternative": d.alternative,
        "difference": d.mean,
        "ci": None if d.ci is None else list(d.ci),
        "n": d.n,
        "better": None if d.goal is None else d.goal.better,
        "matters": None if d.goal is None else d.goal.matters,
        "p": d.p,
        "p_holm": d.p_holm,
        "verdict": d.verdict,
        "negligible": d.negligible,
        "variance_ratio": d.variance_ratio,
    }
