"""Running a scenario: a number of replications, or as many as a precision takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from simflow.errors import UsageError
from simflow.experiment.draws import Posterior
from simflow.experiment.growth import (
    BATCH,
    CAP,
    DEFAULT_REPLICATIONS,
    Growth,
    Interrupted,
    Progress,
    Store,
    check_numbers,
    empty,
)
from simflow.experiment.names import check_measures
from simflow.experiment.summary import Floats, Precision, Results, half_width
from simflow.experiment.workers import Source
from simflow.scenario import Loaded


def missing(
    results: Results, names: Sequence[str], size: float, relative: bool = True
) -> tuple[str, ...]:
    """Measures whose confidence interval has a half-width above `size` (of their mean).

    A measure that never varies has reached any precision; one without two values, or with a mean
    of zero, has not.
    """
    missed = []
    for name in names:
        column = results.column(name)
        finite = column[np.isfinite(column)]
        half = half_width(finite)
        scale = abs(float(finite.mean())) if relative and len(finite) else 1.0
        if not len(finite) or half > size * scale:
            missed.append(name)
    return tuple(missed)


def _to_precision(
    growth: Growth, names: tuple[str, ...], size: float, relative: bool, cap: int
) -> Results:
    count = 0
    while True:
        count = min(count + BATCH, cap)
        growth.up_to(count, cap)
        (results,) = growth.results(count)
        missed = missing(results, names, size, relative)
        if not missed or count >= cap:
            return replace(results, precision=Precision(size, relative, names, missed, cap))


def run(
    loaded: Loaded,
    *,
    replications: int | None = None,
    precision: float | None = None,
    relative: bool = True,
    measures: Sequence[str] = (),
    seed: int = 1,
    jobs: int = 1,
    keep_log: bool = False,
    cap: int = CAP,
    on_progress: Progress | None = None,
    start_from: Floats | Results | None = None,
    store: Store | None = None,
    draws: Posterior | None = None,
) -> Results:
    """Run a scenario.

    Parameters
    ----------
    loaded : Loaded
        The scenario.
    replications : int, optional
        How many; 100 when neither this nor `precision` is given.
    precision : float, optional
        Add replications, ten at a time, until the half-width of the 95 % confidence interval of
        each of `measures` is at most this part of its mean, or `cap` is reached.
    relative : bool
        False when `precision` is in the measures' own unit instead.
    measures : sequence of str
        Measures to which `precision` applies; the scenario's key measures when left out.
    seed : int
        Seed; with the number of a replication it fixes every draw.
    jobs : int
        Processes. Results are the same for any number.
    keep_log : bool
        Whether the log of each replication is handed to `store`.
    cap : int
        Most replications for a precision.
    on_progress : callable, optional
        Called with the numbers of replications finished and foreseen.
    start_from : array or Results, optional
        Replications already made, from number 0.
    store : Store, optional
        Keeps each replication as it is finished.
    draws : Posterior, optional
        Draws of a posterior: replication r takes number r mod n.

    Raises
    ------
    InputError
        When the scenario or `measures` names a measure that does not exist.
    UsageError
        When the numbers given cannot be carried out.
    Interrupted
        On Ctrl-C; carries the finished replications.
    """
    check_numbers(replications, precision, jobs, cap)
    known = check_measures(loaded, measures)
    names = tuple(measures) or tuple(loaded.scenario.key_measures)
    if precision is not None and not names:
        raise UsageError("the scenario has no key_measures; name a measure for --precision")
    done = start_from.values if isinstance(start_from, Results) else start_from
    drawn = None if draws is None else draws.of(loaded)
    begun = empty(loaded, known, seed, done, drawn)
    with Source([drawn or loaded], seed, jobs, keep_log) as source:
        growth = Growth([begun], source, [store], on_progress)
        try:
            if precision is not None:
                return _to_precision(growth, names, precision, relative, cap)
            count = DEFAULT_REPLICATIONS if replications is None else replications
            growth.up_to(count, count)
            return growth.results(count)[0]
        except KeyboardInterrupt:
            raise Interrupted(replace(growth.results()[0], complete=False)) from None
