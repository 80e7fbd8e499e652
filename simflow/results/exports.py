"""A comparison's differences as rows, for CSV, JSON, Markdown and Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from simflow.experiment import Comparison, Difference, Judgement, Results, ranked
from simflow.experiment.cells import cell, guarded
from simflow.experiment.chances import Chance

HEAD: Final = (
    "alternative", "measure", "unit", "label_en", "label_fi", "base", "alternative_mean",
    "difference", "ci_low", "ci_high", "n", "asked_in_one", "variance_ratio", "role", "better",
    "matters", "class", "benefit", "benefit_low", "benefit_high", "harm", "harm_low", "harm_high",
    "expected_loss",
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


def csv_text(comparison: Comparison, rows: Iterable[tuple[str, Difference]]) -> str:
    """The rows as CSV: commas, decimal points, an empty cell where there is no value.

    A text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    for alternative, d in rows:
        low, high = d.ci or (None, None)
        numbers = [cell(value) for value in (d.base, d.alternative, d.mean, low, high)]
        writer.writerow([
            guarded(alternative), d.measure.name, d.measure.unit, *map(guarded, d.measure.label),
            *numbers, d.n, cell(d.asked_in_one), cell(d.variance_ratio),
            *_goal_cells(judgement_of(comparison, alternative, d), d),
        ])  # fmt: skip
    return out.getvalue()


def judgement_of(comparison: Comparison, alternative: str, d: Difference) -> Judgement | None:
    """The judgement of a goal of an alternative; None of what is not judged."""
    verdict = comparison.verdict(alternative)
    found = () if verdict is None else verdict.judgements
    return next((one for one in found if one.difference.measure == d.measure), None)


def _goal_cells(one: Judgement | None, d: Difference) -> list[str]:
    if d.goal is None:
        return [""] * 11
    goal = [d.goal.role or "", d.goal.better, cell(d.goal.matters)]
    if one is None:
        return [*goal, *[""] * 8]
    ends = [end for chance in (one.benefit, one.harm) for end in
            (chance.value, chance.low, chance.high)]  # fmt: skip
    return [*goal, one.shown, *map(cell, ends), cell(one.chances.loss)]


def write_differences(path: Path, comparison: Comparison) -> None:
    """Write every difference as CSV.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    path.write_text(csv_text(comparison, rows_of(comparison)), encoding="utf-8", newline="")


def to_json(comparison: Comparison, names: Sequence[str]) -> dict[str, Any]:
    """The comparison as plain values, the form that ``simflow compare --json`` prints."""
    precision = comparison.precision
    base = comparison.base
    return {
        "base": base.scenario,
        "seed": base.seed,
        "replications": comparison.replications,
        "numbers": "point" if comparison.point else "posterior",
        "replications_a_draw": comparison.each,
        "cap": comparison.cap,
        "precision": None
        if precision is None
        else {
            "size": "matters" if precision.size is None else precision.size,
            "relative": precision.relative,
            "cap": precision.cap,
            "missed": [list(pair) for pair in precision.pairs],
        },
        "recommended": [verdict.name for verdict in ranked(comparison.verdicts)],
        "notes": [note.text.en for note in comparison.notes],
        "alternatives": {
            results.scenario: _alternative(comparison, results, names)
            for results in comparison.alternatives
        },
    }


def _alternative(comparison: Comparison, results: Results, names: Sequence[str]) -> dict[str, Any]:
    verdict = comparison.verdict(results.scenario)
    found = (comparison.difference(results.scenario, name) for name in names)
    return {
        "class": None if verdict is None else verdict.kind,
        "recommended": verdict is not None and verdict.recommended,
        "reason": None if verdict is None else verdict.reason or None,
        "replications": results.replications,
        "draws": None if verdict is None else verdict.draws,
        "measures": {d.measure.name: _plain(comparison, results.scenario, d) for d in found},
    }


def _plain(comparison: Comparison, alternative: str, d: Difference) -> dict[str, Any]:
    one = judgement_of(comparison, alternative, d)
    return {
        "unit": d.measure.unit,
        "base": d.base,
        "alternative": d.alternative,
        "difference": d.mean,
        "ci": None if d.ci is None else list(d.ci),
        "n": d.n,
        "asked_in_one": d.asked_in_one,
        "variance_ratio": d.variance_ratio,
        "role": None if d.goal is None else d.goal.role,
        "better": None if d.goal is None else d.goal.better,
        "matters": None if d.goal is None else d.goal.matters,
        "class": None if one is None else one.shown,
        "B": None if one is None else _chance(one.benefit),
        "H": None if one is None else _chance(one.harm),
        "expected_loss": None if one is None else one.chances.loss,
    }


def _chance(chance: Chance) -> dict[str, float]:
    return {"value": chance.value, "low": chance.low, "high": chance.high}
