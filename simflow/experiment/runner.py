"""Running a scenario: a number of replications, or as many as a precision takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Protocol

import numpy as np

from simflow.errors import UsageError
from simflow.experiment.names import check_measures
from simflow.experiment.summary import Floats, Precision, Results, half_width
from simflow.experiment.workers import Replication, Source
from simflow.scenario import Loaded

DEFAULT_REPLICATIONS: Final = 100
CAP: Final = 1000
BATCH: Final = 10
"""Replications between two looks at the precision, and the fewest there are."""

Progress = Callable[[int, int], None]
"""Called with the replications finished and those foreseen."""


class Store(Protocol):
    """A place that keeps each replication as soon as it is finished."""

    def add(self, replication: Replication, /) -> None:
        """Keep a replication; they come in the order of their numbers."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C was pressed; `results` holds the replications that were finished."""

    def __init__(self, results: Results) -> None:
        super().__init__(f"interrupted after {results.replications} replications")
        self.results = results


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


class _Run:
    """The replications so far, and how more are made."""

    def __init__(
        self, results: Results, source: Source, store: Store | None, progress: Progress | None
    ) -> None:
        self.rows: list[Floats] = list(results.values)
        self._base, self._source, self._store, self._progress = results, source, store, progress
        self._began = time.perf_counter()

    def up_to(self, count: int, foreseen: int) -> None:
        """Make replications until there are `count`."""
        for replication in self._source.take(len(self.rows), count):
            if self._store is not None:
                self._store.add(replication)
            self.rows.append(replication.values)
            if self._progress is not None:
                self._progress(len(self.rows), foreseen)

    def results(self, count: int | None = None) -> Results:
        """The first `count` replications, or all."""
        rows = self.rows[:count]
        width = len(self._base.measures)
        values = np.array(rows) if rows else np.empty((0, width))
        seconds = self._base.seconds + time.perf_counter() - self._began
        return replace(self._base, values=values, seconds=seconds)


def _to_precision(
    run: _Run, names: tuple[str, ...], size: float, relative: bool, cap: int
) -> Results:
    count = 0
    while True:
        count = min(count + BATCH, cap)
        run.up_to(count, cap)
        results = run.results(count)
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

    Raises
    ------
    InputError
        When the scenario or `measures` names a measure that does not exist.
    UsageError
        When the numbers given cannot be carried out.
    Interrupted
        On Ctrl-C; carries the finished replications.
    """
    _check(replications, precision, jobs, cap)
    known = check_measures(loaded, measures)
    scenario = loaded.scenario
    names = tuple(measures) or tuple(scenario.key_measures)
    if precision is not None and not names:
        raise UsageError("the scenario has no key_measures; name a measure for --precision")
    done = start_from.values if isinstance(start_from, Results) else start_from
    base = Results(
        scenario=scenario.name,
        hash=loaded.hash,
        seed=seed,
        measures=known,
        values=np.empty((0, len(known))) if done is None else done,
        published=scenario.published,
        key_measures=tuple(scenario.key_measures),
    )
    with Source(loaded, seed, jobs, keep_log) as source:
        job = _Run(base, source, store, on_progress)
        try:
            if precision is not None:
                return _to_precision(job, names, precision, relative, cap)
            count = DEFAULT_REPLICATIONS if replications is None else replications
            job.up_to(count, count)
            return job.results(count)
        except KeyboardInterrupt:
            raise Interrupted(replace(job.results(), complete=False)) from None


def _check(replications: int | None, precision: float | None, jobs: int, cap: int) -> None:
    if replications is not None and precision is not None:
        raise UsageError("give either a number of replications or a precision, not both")
    if replications is not None and replications < 1:
        raise UsageError(f"at least one replication is needed, not {replications}")
    if precision is not None and not precision > 0:
        raise UsageError("a precision lies above zero, such as 5%")
    if jobs < 1:
        raise UsageError(f"at least one process is needed, not {jobs}")
    if cap < BATCH:
        raise UsageError(f"the cap must be at least {BATCH} replications, not {cap}")
