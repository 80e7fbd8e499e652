"""The best single fit: the one draw of a posterior that comes nearest to the figures by itself.

No draw is run often enough to know what it gives on average, so the reference table is asked
first: a quadratic regression over all its runs says what each draw gives. The nearest draws are
then run again with other random numbers, the best of these more often, and the mean of a draw's
runs is weighed against what the regression says of it. What is chosen is judged by runs that had
no part in the choice.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simflow.calibrate.goals import Goals
from simflow.calibrate.inference import Inference, to_scores
from simflow.calibrate.predict import FIRST, Runner
from simflow.calibrate.regression import summary

Floats = NDArray[np.float64]
_STAGES: Final = ((12, 8), (4, 16))
"""Draws that are run at each stage, and how often each of them."""
_TRUSTED: Final = float(sum(times for _, times in _STAGES))
"""Runs that the regression is worth at most: as many as the last draws have, as it may miss."""
_JUDGED: Final = 32
"""Runs that judge the draw chosen: their mean strays from its own by a sixth of one's chance."""
_RIDGE: Final = 10.0
"""Penalty of the regression's slopes, in runs: keeps it defined for a small table."""


def best_single(runner: Runner, inference: Inference, values: Floats) -> tuple[Floats, float]:
    """The draw that comes nearest to the published figures, averaged over seeds.

    It is one point of many as good, and says nothing of how much is not known.

    Parameters
    ----------
    runner : Runner
        Runs the draws.
    inference : Inference
        The reference table and the targets.
    values : array, shape (draws, unknowns)
        The posterior's draws.

    Returns
    -------
    values : array, shape (unknowns,)
    error : float
        The `distance` of its mean over seeds that were not used to choose it.
    """
    goals, names = inference.goals, inference.table.names
    counts, worth = expected(inference.table.values, inference.counts, values)
    first, runs = 2 * FIRST, 0

    def total(rows: NDArray[np.intp], times: int) -> Floats:
        nonlocal first
        outputs = runner.run(np.repeat(values[rows], times, axis=0), first)
        first += len(outputs)
        found = goals.counts(outputs, names).reshape(len(rows), times, -1)
        return np.asarray(found.sum(axis=1), float)

    sums = worth * counts
    order = distance(goals, counts).argsort(kind="stable")
    for kept, times in _STAGES:
        rows = order[:kept]
        sums[rows] += total(rows, times)
        runs += times
        order = rows[distance(goals, sums[rows] / (worth + runs)).argsort(kind="stable")]
    judged = total(order[:1], _JUDGED) / _JUDGED
    return values[order[0]], float(distance(goals, judged)[0])


def distance(goals: Goals, counts: Floats) -> Floats:
    """How far counts are from the published figures: root mean square in units of their chance.

    Parameters
    ----------
    goals : Goals
        The targets.
    counts : array, shape (rows, targets)
        Counts of runs, or their means.
    """
    steps = 2.0 * (summary(counts) - goals.observed)
    return np.asarray(np.sqrt((steps**2).mean(axis=1)), float)


def expected(table: Floats, counts: Floats, values: Floats) -> tuple[Floats, float]:
    """What draws give on average: quadratic in the unknowns' normal scores under the prior.

    Parameters
    ----------
    table : array, shape (runs, unknowns)
        Values of the unknowns in the reference table.
    counts : array, shape (runs, targets)
        What its runs give.
    values : array, shape (draws, unknowns)
        Draws of the unknowns.

    Returns
    -------
    counts : array, shape (draws, targets)
    worth : float
        Runs of a draw whose mean would be as sure: the chance of one run times coefficients over
        runs is the variance of a prediction, on average over the table. At most `_TRUSTED`.
    """
    known = _features(to_scores(table, table))
    penalty = np.full(known.shape[1], _RIDGE)
    penalty[0] = 0.0  # the mean is free
    slopes = np.linalg.solve(known.T @ known + np.diag(penalty), known.T @ counts)
    means = _features(to_scores(table, values)) @ slopes
    worth = min(len(table) / known.shape[1], _TRUSTED)
    return np.asarray(np.maximum(means, 0.0), float), worth


def _features(scores: Floats) -> Floats:
    """One, the scores, their squares and their products."""
    one, other = np.triu_indices(scores.shape[1])
    pairs = scores[:, one] * scores[:, other]
    return np.column_stack([np.ones(len(scores)), scores, pairs])
