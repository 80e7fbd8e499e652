"""The folder of a calibration: a CSV for each table, the posterior and a manifest.

::

    manifest.json           versions, seed, runs, what was found, seconds
    targets.csv             published figures, what the prior and the posterior predict
    unknowns.csv            prior, posterior, part learnt; the best single fit beside them
    correlations.csv        unknowns that the figures tie together
    left_out.csv            each target predicted from the others
    held_out.csv            targets predicted by a fit that had not seen them
    coverage.csv            simulation-based calibration, by unknown
    best_single_fit.csv     the numbers of one good fit, for point values; not the answer
    methods.csv             with --method npe: how far its medians are from the regression's
    forecasts.csv           what the scenarios named lead to, and whether they reach their targets
    errors.csv              what other errors of observation would change
    <name>.posterior.csv    draws of the posterior, with <name>.posterior.json
    table/                  the reference table
    forecast-<scenario>/    the same points under another scenario
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simflow.calibrate.checks import LeftOut
from simflow.calibrate.forecast import forecast_covered, posterior_from
from simflow.calibrate.inference import SHARES, learnt, to_scores
from simflow.calibrate.outcome import Outcome
from simflow.experiment.draws import Posterior
from simflow.experiment.posterior_file import write_posterior
from simflow.results.files import versions, write_json, writing
from simflow.scenario.identity import core, digest
from simflow.scenario.parts import unit_of

Floats = NDArray[np.float64]
DRIVEN: Final = 0.1
"""Part learnt below which an unknown is called prior-driven."""
TIED: Final = 0.3
"""Correlation from which two unknowns are said to be tied together."""
_MOST: Final = 10
"""Correlations kept."""
_LEFT_HEAD: Final = ("target", "published", "p5", "p50", "p95", "inside")


def write(folder: Path, outcome: Outcome) -> Path:
    """Write everything but the reference table, and give the posterior's file.

    Raises
    ------
    OutputError
        When the folder cannot be written to.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, head, rows in tables(outcome):
            _csv(folder / f"{name}.csv", head, rows)
        path = folder / f"{outcome.calibration.file.name}.posterior.csv"
        found = about(outcome)
        write_posterior(path, posterior_of(outcome, path), _units(outcome), found)
        seconds = {name: round(time, 1) for name, time in outcome.seconds.items()}
        write_json(folder / "manifest.json", found | {"seconds": seconds, "complete": True})
    return path


Rows = list[tuple[Any, ...]]


def tables(outcome: Outcome) -> list[tuple[str, Sequence[str], Rows]]:
    """Every table: its name, heads and rows."""
    other = [] if outcome.method == "abc" else [("methods", *methods(outcome))]
    return [
        *other,
        ("best_single_fit", *best(outcome)),
        ("targets", *targets(outcome)),
        ("unknowns", *unknowns(outcome)),
        ("correlations", ("first", "second", "correlation"), correlations(outcome)),
        ("left_out", _LEFT_HEAD, _left(outcome.left_out)),
        ("held_out", _LEFT_HEAD, _left(outcome.held_out)),
        ("coverage", *coverage(outcome)),
        ("errors", *errors(outcome)),
        *([("forecasts", *forecasts(outcome))] if outcome.forecasts else []),
    ]


def targets(outcome: Outcome) -> tuple[Sequence[str], Rows]:
    """Published figures with what the prior and the posterior predict."""
    file, goals = outcome.calibration.file, outcome.goals
    before = outcome.interval(outcome.prior).T
    after = outcome.interval(outcome.predicted).T
    rows: Rows = []
    for rank, name in enumerate(goals.names):
        target = file.targets[name]
        rows.append((
            name, target.year, target.counts, target.value, target.error, *before[rank],
            *after[rank], outcome.z[rank], _yes(outcome.inside[rank]),
            _yes(name in file.held_out), target.outside,
            outcome.calibration.source("targets", name),
        ))  # fmt: skip
    head = (
        "target", "year", "counts", "published", "error", "prior_p5", "prior_p50", "prior_p95",
        "p5", "p50", "p95", "z", "inside", "held_out", "reason", "source",
    )  # fmt: skip
    return head, rows


def unknowns(outcome: Outcome) -> tuple[Sequence[str], Rows]:
    """Prior and posterior of each unknown, and the part of the prior's spread that was learnt."""
    prior = np.quantile(outcome.table.values, SHARES, axis=0).T
    after = np.quantile(outcome.values, SHARES, axis=0).T
    parts = learnt(outcome.table.values, outcome.values)
    rows: Rows = [
        (
            unknown.name, unknown.path, unknown.unit, *prior[rank], *after[rank], parts[rank],
            _yes(parts[rank] < DRIVEN), outcome.best[rank],
        )
        for rank, unknown in enumerate(outcome.calibration.space.unknowns)
    ]  # fmt: skip
    head = (
        "unknown", "path", "unit", "prior_p5", "prior_p50", "prior_p95", "p5", "p50", "p95",
        "learnt", "prior_driven", "best_single_fit",
    )  # fmt: skip
    return head, rows


def correlations(outcome: Outcome) -> Rows:
    """The unknowns that the figures tie together most, strongest first."""
    scores = to_scores(outcome.table.values, outcome.values)
    own = to_scores(outcome.table.values, outcome.table.values)
    before, after = (np.atleast_2d(np.corrcoef(columns.T)) for columns in (own, scores))
    names = [unknown.name for unknown in outcome.calibration.space.unknowns]
    pairs = [
        (names[i], names[j], float(after[i, j]))
        for i in range(len(names))
        for j in range(i + 1, len(names))
        # Shares of a split are tied before any figure is seen.
        if abs(after[i, j]) >= TIED and abs(after[i, j] - before[i, j]) >= TIED / 2
    ]
    return sorted(pairs, key=lambda pair: -abs(pair[2]))[:_MOST]


def coverage(outcome: Outcome) -> tuple[Sequence[str], Rows]:
    """Simulation-based calibration of each unknown, and of all of them."""
    found = outcome.coverage
    half, most, test = found.within(0.5), found.within(0.9), found.uniform()
    names = [unknown.name for unknown in outcome.calibration.space.unknowns]
    rows: Rows = list(zip(names, half, most, test, strict=True))
    return ("unknown", "inside_50", "inside_90", "ks_p"), [
        *rows, ("all", half.mean(), most.mean(), None)
    ]  # fmt: skip


def errors(outcome: Outcome) -> tuple[Sequence[str], Rows]:
    """How far posteriors under other errors of observation differ from the stated one."""
    stated = outcome.errors[1.0]
    spread = np.maximum(stated.std(axis=0), 1e-300)
    columns = []
    for scale, values in outcome.errors.items():
        if scale != 1.0:
            shift = (np.median(values, axis=0) - np.median(stated, axis=0)) / spread
            columns += [shift, values.std(axis=0) / spread]
    names = [unknown.name for unknown in outcome.calibration.space.unknowns]
    head = ("unknown", "none_shift", "none_width", "double_shift", "double_width")
    return head, list(zip(names, *columns, strict=True))


def best(outcome: Outcome) -> tuple[Sequence[str], Rows]:
    """The numbers of the best single fit, for a scenario's point values; it is not the answer."""
    settings = outcome.calibration.space.settings(outcome.best)
    units = dict(zip(outcome.calibration.space.paths, _units(outcome), strict=True))
    note = "one point of many as good; not the answer"
    rows: Rows = [(path, value, units[path], note) for path, value in settings.items()]
    return ("path", "value", "unit", "note"), rows


def forecasts(outcome: Outcome) -> tuple[Sequence[str], Rows]:
    """What scenarios lead to with the posterior, beside their targets."""
    rows: Rows = []
    for one in outcome.forecasts:
        for rank, measure in enumerate(one.measures):
            target = one.loaded.scenario.targets.get(measure.name)
            ends = (None, None) if target is None else (target.at_least, target.at_most)
            rows.append((
                one.loaded.scenario.name, measure.name, *ends, *one.interval[:, rank],
                one.probability(measure.name), one.unknown[rank], one.covered[rank],
            ))  # fmt: skip
    head = ("scenario", "measure", "at_least", "at_most", "p5", "p50", "p95", "probability",
            "not_known", "inside_90")  # fmt: skip
    return head, rows


def methods(outcome: Outcome) -> tuple[Sequence[str], Rows]:
    """Medians by the neural posterior and by regression, and their distance in prior ranges.

    A prior's range is that between its 1st and 99th percentile.
    """
    low, high = np.quantile(outcome.table.values, (0.01, 0.99), axis=0)
    neural, regression = (
        np.median(values, axis=0) for values in (outcome.values, outcome.errors[1.0])
    )
    apart = np.abs(neural - regression) / np.maximum(high - low, 1e-300)
    names = [unknown.name for unknown in outcome.calibration.space.unknowns]
    rows: Rows = list(zip(names, neural, regression, apart, strict=True))
    return ("unknown", "npe", "abc", "apart"), [*rows, ("all", None, None, float(apart.mean()))]


def _left(found: Iterable[LeftOut]) -> Rows:
    return [(f.name, f.published, f.low, f.median, f.high, _yes(f.inside)) for f in found]


def posterior_of(outcome: Outcome, path: Path) -> Posterior:
    """The posterior as `run` and `compare` take it."""
    return posterior_from(outcome.calibration, outcome.values, str(path))


def _units(outcome: Outcome) -> list[str]:
    tree = outcome.calibration.loaded.tree
    return [unit_of(tree, tuple(path.split("."))) for path in outcome.calibration.space.paths]


def about(outcome: Outcome) -> dict[str, Any]:
    """What a manifest says of a calibration."""
    calibration, settings = outcome.calibration, outcome.settings
    found = outcome.coverage
    return {
        "kind": "calibration",
        "name": calibration.file.name,
        "file": Path(calibration.path).name,
        "method": outcome.method,
        "seed": settings.seed,
        "runs": settings.runs,
        "quick": outcome.quick,
        "rejected_by_priors": outcome.table.rejected,
        "rejected_of_posterior": round(outcome.rejected, 4),
        "second_round": outcome.second,
        "inside": int(outcome.inside.sum()),
        "targets": len(outcome.goals),
        "left_out_inside": sum(f.inside for f in outcome.left_out),
        "held_out_inside": sum(f.inside for f in outcome.held_out),
        "z_medians": round(float(np.sqrt((outcome.z**2).mean())), 4),
        "z_draws": round(outcome.z_draws, 4),
        "misfit_p": round(outcome.misfit, 4),
        "inside_90": round(float(found.within(0.9).mean()), 4),
        "unseen_inside_90": None if np.isnan(outcome.unseen) else round(outcome.unseen, 4),
        "forecast_inside_90": forecast_covered(outcome.forecasts),
        "inside_50": round(float(found.within(0.5).mean()), 4),
        "best_single_fit_error": round(outcome.best_error, 4),
        "scenario_core": digest(core(calibration.loaded.tree, calibration.space.paths)),
        "versions": versions(),
    }


def _yes(value: Any) -> str:
    return "yes" if value else "no"


def _csv(path: Path, head: Sequence[str], rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{float(value):.6g}" if isinstance(value, float | np.floating) else str(value)
