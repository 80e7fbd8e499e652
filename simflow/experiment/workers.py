"""Replications one by one, in this process or spread over worker processes.

A replication depends on nothing but the scenario, the seed and its number, and they are handed on
in the order of their numbers, so the number of processes changes nothing but the time taken.

Scenarios that are compared are simulated together, number by number: outcomes are over the people
asked in the base or in the alternative, so they need what became of each person in both.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing import get_context, parent_process
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from simflow.errors import SimflowError
from simflow.experiment.draws import Drawn
from simflow.measures import Followed, Recorder
from simflow.model import Keeper, names_of, simulate
from simflow.model.log import TABLES
from simflow.scenario import Loaded

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Replication:
    """One replication.

    Attributes
    ----------
    number : int
        Its number, from 0.
    values : array, shape (measures,)
        Its measures.
    log : dict of str to array, or None
        The tables of its log, when kept.
    outcomes : array, shape (outcomes, 3), or None
        Of an alternative: outcomes over the people asked in the base or in it (see `compared`).
    """

    number: int
    values: Floats
    log: dict[str, Floats] | None = None
    outcomes: Floats | None = None


def replicate(scenario: Loaded | Drawn, seed: int, number: int, keep_log: bool) -> Replication:
    """Simulate one replication."""
    return _simulated(scenario, seed, number, keep_log)[0]


def _simulated(
    scenario: Loaded | Drawn, seed: int, number: int, keep_log: bool
) -> tuple[Replication, Followed | None]:
    """One replication, and what became of each person."""
    loaded = scenario.at(number) if isinstance(scenario, Drawn) else scenario
    names = names_of(loaded.scenario)
    recorder = Recorder(loaded.scenario, names)
    keepers = [Keeper()] if keep_log else []
    simulate(loaded, seed, number, recorder, *keepers)
    log = {table: keepers[0].table(table) for table in TABLES} if keep_log else None
    made = Replication(number, recorder.values(), log)
    return made, recorder.followed


Block = tuple[int, tuple[int, ...]]
"""Number of a replication, and the places of the scenarios wanted of it among those of a source;
the first scenario is the base."""
Made = list[tuple[int, Replication]]
"""Replications of one block, each with the place of its scenario."""


def simulate_block(scenarios: Sequence[Loaded | Drawn], how: How, block: Block) -> Made:
    """The replications of a block; the base is simulated for its people also when not wanted."""
    (seed, keep_log), (number, places) = how, block
    base, people = _simulated(scenarios[0], seed, number, keep_log)
    made = [(0, base)] if 0 in places else []
    for place in places:
        if place:
            one, others = _simulated(scenarios[place], seed, number, keep_log)
            if people is not None and others is not None:
                one = replace(one, outcomes=people.compared(others))
            made.append((place, one))
    return made


How = tuple[int, bool]
"""Seed of a run, and whether the log comes with each replication."""


class _Worker:
    """What a worker process holds."""

    scenarios: ClassVar[tuple[Loaded | Drawn, ...]]
    how: ClassVar[How]


def _start(scenarios: tuple[Loaded | Drawn, ...], seed: int, keep_log: bool) -> None:
    _Worker.scenarios, _Worker.how = scenarios, (seed, keep_log)


def _replicate(block: Block) -> Made:
    return simulate_block(_Worker.scenarios, _Worker.how, block)


@contextmanager
def _quiet_start() -> Iterator[None]:
    """New processes use one thread for linear algebra, and leave Ctrl-C to this one."""
    before = os.environ.get("OPENBLAS_NUM_THREADS")
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    main = threading.current_thread() is threading.main_thread()
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN) if main else None
    try:
        yield
    finally:
        if handler is not None:
            signal.signal(signal.SIGINT, handler)
        if before is None:
            del os.environ["OPENBLAS_NUM_THREADS"]
        else:
            os.environ["OPENBLAS_NUM_THREADS"] = before


def _begin(start: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    threading.Thread(target=_end_with_parent, daemon=True).start()
    start(*arguments)
    gc.freeze()  # modules and scenarios stay: a search for garbage need not walk over them


def _end_with_parent() -> None:
    """End this process when the one that started it is killed: nobody else would tell it to."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def pool_of(jobs: int, start: Callable[..., None], *arguments: Any) -> ProcessPoolExecutor:
    """Processes at work, each of which has called ``start(*arguments)`` once."""
    pool = ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=(start, arguments)
    )
    with _quiet_start():
        for _ in range(jobs):
            pool.submit(int)  # a task starts a process as long as none is idle
    return pool


class Source:
    """Replications of some scenarios by number; a context manager that ends its processes.

    Parameters
    ----------
    scenarios : sequence of Loaded or Drawn
        The scenarios; one with draws of a posterior differs by replication.
    seed : int
        Seed of the run, the same for all.
    jobs : int
        Processes; with 1 everything happens in this one.
    keep_log : bool
        Whether the log comes with each replication.
    """

    def __init__(
        self, scenarios: Sequence[Loaded | Drawn], seed: int, jobs: int, keep_log: bool
    ) -> None:
        self._scenarios, self._seed, self._jobs = tuple(scenarios), seed, jobs
        self._keep_log = keep_log
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def take(self, blocks: Iterable[Block]) -> Iterator[tuple[int, Replication]]:
        """The replications asked for, each with the place of its scenario, in the order asked.

        Raises
        ------
        SimflowError
            When a worker process dies.
        """
        if self._jobs == 1:
            how = self._seed, self._keep_log
            for block in blocks:
                yield from simulate_block(self._scenarios, how, block)
            return
        try:
            yield from self._spread(iter(blocks))
        except BrokenProcessPool:
            raise SimflowError(
                "a worker process died, perhaps for lack of memory; run again with fewer --jobs"
            ) from None

    def _spread(self, blocks: Iterator[Block]) -> Iterator[tuple[int, Replication]]:
        first = list(islice(blocks, 3 * self._jobs))
        if first and self._pool is None:
            self._pool = pool_of(self._jobs, _start, self._scenarios, self._seed, self._keep_log)
        waiting = deque(self._submit(block) for block in first)
        while waiting:
            done = waiting.popleft().result()
            waiting.extend(self._submit(block) for block in islice(blocks, 1))
            yield from done

    def _submit(self, block: Block) -> Future[Made]:
        assert self._pool is not None  # made before the first block
        return self._pool.submit(_replicate, block)
