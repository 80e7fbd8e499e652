"""Replications one by one, in this process or spread over worker processes.

A replication depends on nothing but the scenario, the seed and its number, and they are handed on
in the order of their numbers, so the number of processes changes nothing but the time taken.
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
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context, parent_process
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from simflow.errors import SimflowError
from simflow.experiment.draws import Drawn
from simflow.measures import Recorder
from simflow.model import Keeper, names_of, simulate
from simflow.model.log import TABLES
from simflow.scenario import Loaded

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Replication:
    """One replication: its number, its measures and, when kept, the tables of its log."""

    number: int
    values: Floats
    log: dict[str, Floats] | None = None


def replicate(scenario: Loaded | Drawn, seed: int, number: int, keep_log: bool) -> Replication:
    """Simulate one replication."""
    loaded = scenario.at(number) if isinstance(scenario, Drawn) else scenario
    recorder = Recorder(loaded.scenario, names_of(loaded.scenario))
    if not keep_log:
        simulate(loaded, seed, number, recorder)
        return Replication(number, recorder.values())
    keeper = Keeper()
    simulate(loaded, seed, number, recorder, keeper)
    return Replication(number, recorder.values(), {table: keeper.table(table) for table in TABLES})


Task = tuple[int, int]
"""Place of a scenario among those of a source, and number of a replication of it."""


class _Worker:
    """What a worker process holds."""

    scenarios: ClassVar[tuple[Loaded | Drawn, ...]]
    how: ClassVar[tuple[int, bool]]


def _start(scenarios: tuple[Loaded | Drawn, ...], seed: int, keep_log: bool) -> None:
    _Worker.scenarios, _Worker.how = scenarios, (seed, keep_log)


def _replicate(task: Task) -> tuple[int, Replication]:
    (place, number), (seed, keep_log) = task, _Worker.how
    return place, replicate(_Worker.scenarios[place], seed, number, keep_log)


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

    def take(self, tasks: Iterable[Task]) -> Iterator[tuple[int, Replication]]:
        """The replications asked for, each with the place of its scenario, in the order asked.

        Raises
        ------
        SimflowError
            When a worker process dies.
        """
        if self._jobs == 1:
            for place, number in tasks:
                loaded = self._scenarios[place]
                yield place, replicate(loaded, self._seed, number, self._keep_log)
            return
        try:
            yield from self._spread(iter(tasks))
        except BrokenProcessPool:
            raise SimflowError(
                "a worker process died, perhaps for lack of memory; run again with fewer --jobs"
            ) from None

    def _spread(self, tasks: Iterator[Task]) -> Iterator[tuple[int, Replication]]:
        first = list(islice(tasks, 3 * self._jobs))
        if first and self._pool is None:
            self._pool = pool_of(self._jobs, _start, self._scenarios, self._seed, self._keep_log)
        waiting = deque(self._submit(task) for task in first)
        while waiting:
            done = waiting.popleft().result()
            waiting.extend(self._submit(task) for task in islice(tasks, 1))
            yield done

    def _submit(self, task: Task) -> Future[tuple[int, Replication]]:
        assert self._pool is not None  # made before the first task
        return self._pool.submit(_replicate, task)
