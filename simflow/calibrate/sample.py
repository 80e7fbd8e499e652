"""Simulations at points of the space of unknowns, one run each, spread over processes.

A run depends on nothing but its number, its point and the seed, and runs are handed on in the
order of their numbers, so the number of processes changes nothing but the time taken.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar, Final, Literal

import numpy as np
from numpy.typing import NDArray

from simflow.errors import InputError, SimflowError
from simflow.experiment.workers import pool_of
from simflow.measures import Recorder, families_of
from simflow.measures.frame import Family
from simflow.model import names_of, simulate
from simflow.scenario import Loaded

Floats = NDArray[np.float64]
Settings = Mapping[str, float]
"""Numbers to set in a scenario, by dotted path."""
What = Literal["run", "holds"]
_AHEAD: Final = 3
"""Chunks handed out beyond those at work, for each process."""
_CHUNK: Final = 4
"""Runs in one task."""


@dataclass(frozen=True)
class Simulator:
    """The scenario with any numbers in it.

    Attributes
    ----------
    loaded : Loaded
        The scenario.
    names : tuple of str
        Measures that are kept.
    seed : int
        Seed of the runs.
    """

    loaded: Loaded
    names: tuple[str, ...]
    seed: int

    @cached_property
    def families(self) -> tuple[type[Family], ...]:
        """Families of measures that are needed, and no others: a run takes less time so."""
        return families_of(self.loaded.scenario, self.names)

    @cached_property
    def _followed(self) -> bool:
        """Whether a measure needs the follow-up; without it a run takes half of the time."""
        return any(family.whole for family in self.families)

    @cached_property
    def columns(self) -> list[int]:
        """Places of the measures kept among those that are made."""
        scenario = self.loaded.scenario
        made = Recorder(scenario, names_of(scenario), self.families).measures
        places = {measure.name: rank for rank, measure in enumerate(made)}
        return [places[name] for name in self.names]

    def run(self, number: int, settings: Settings) -> Floats | None:
        """Measures of one run, shape (names,); None when the numbers make no valid scenario."""
        try:
            loaded = self.loaded.with_values(settings)
        except InputError:
            return None
        return self._measured(loaded, number)

    def holds(self, number: int, settings: Settings) -> bool:
        """Whether the numbers make a valid scenario; nothing is simulated."""
        try:
            self.loaded.with_values(settings)
        except InputError:
            return False
        return True

    def _measured(self, loaded: Loaded, number: int) -> Floats:
        recorder = Recorder(loaded.scenario, names_of(loaded.scenario), self.families)
        simulate(loaded, self.seed, number, recorder, followed=self._followed)
        return recorder.values()[self.columns]


class _Worker:
    """What a worker process holds."""

    simulator: ClassVar[Simulator]


def _start(simulator: Simulator) -> None:
    _Worker.simulator = simulator


def _chunk(what: What, first: int, rows: Sequence[Settings]) -> list[Any]:
    work = getattr(_Worker.simulator, what)
    return [work(first + rank, row) for rank, row in enumerate(rows)]


class Crew:
    """Processes that simulate; a context manager that ends them.

    Parameters
    ----------
    simulator : Simulator
        What they run.
    jobs : int
        Processes; with 1 everything happens in this one.
    """

    def __init__(self, simulator: Simulator, jobs: int) -> None:
        self.simulator, self._jobs = simulator, jobs
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def run(self, settings: Iterable[Settings], first: int) -> Iterator[Floats | None]:
        """Measures with each set of numbers, in order; None where they make no valid scenario.

        Parameters
        ----------
        settings : iterable
            Numbers of each run.
        first : int
            Number of the first run.

        Raises
        ------
        SimflowError
            When a process dies.
        """
        return self._each("run", settings, first)

    def valid(self, settings: Iterable[Settings]) -> Iterator[bool]:
        """Whether each set of numbers makes a valid scenario, in order."""
        return self._each("holds", settings, 0)

    def _each(self, what: What, settings: Iterable[Settings], first: int) -> Iterator[Any]:
        if self._jobs == 1:
            work = getattr(self.simulator, what)
            for rank, row in enumerate(settings):
                yield work(first + rank, row)
            return
        try:
            yield from self._spread(what, iter(settings), first)
        except BrokenProcessPool:
            raise SimflowError(
                "a worker process died, perhaps for lack of memory; run again with fewer --jobs"
            ) from None

    def _spread(self, what: What, settings: Iterator[Settings], first: int) -> Iterator[Any]:
        if self._pool is None:
            self._pool = pool_of(self._jobs, _start, self.simulator)
        pool, waiting = self._pool, deque[Future[list[Any]]]()
        number = first

        def hand_out(chunks: int) -> None:
            nonlocal number
            for _ in range(chunks):
                rows = list(islice(settings, _CHUNK))
                if rows:
                    waiting.append(pool.submit(_chunk, what, number, rows))
                    number += len(rows)

        try:
            hand_out(_AHEAD * self._jobs)
            while waiting:
                done = waiting.popleft().result()
                hand_out(1)
                yield from done
        finally:
            for future in waiting:  # the caller has enough
                future.cancel()
