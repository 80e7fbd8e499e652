"""Replications of one or more scenarios that run side by side, added until there are enough."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Final, Protocol

import numpy as np

from simflow.errors import UsageError
from simflow.experiment.draws import Drawn
from simflow.experiment.summary import Floats, Results
from simflow.experiment.workers import Replication, Source
from simflow.measures import Measure
from simflow.scenario import Loaded

DEFAULT_REPLICATIONS: Final = 100
CAP: Final = 1000
BATCH: Final = 10
"""Replications between two looks at the precision, and the fewest there are."""

Progress = Callable[[int, int], None]
"""Called with the replications finished and those foreseen, over all scenarios."""


class Store(Protocol):
    """A place that keeps each replication as soon as it is finished."""

    def add(self, replication: Replication, /) -> None:
        """Keep a replication; they come in the order of their numbers."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C was pressed; `results` holds the replications that were finished."""

    def __init__(self, results: Results) -> None:
        super().__init__(f"interrupted after {results.replications} replications")
        self.results = results


def empty(
    loaded: Loaded,
    measures: tuple[Measure, ...],
    seed: int,
    done: Floats | None = None,
    drawn: Drawn | None = None,
) -> Results:
    """The results of a scenario before any replication, or with those already made."""
    scenario = loaded.scenario
    return Results(
        scenario=scenario.name,
        hash=loaded.hash,
        seed=seed,
        measures=measures,
        values=np.empty((0, len(measures))) if done is None else done,
        published=scenario.published,
        key_measures=tuple(scenario.key_measures),
        draws=None if drawn is None else drawn.values,
        draw_paths=() if drawn is None else drawn.paths,
    )


class Growth:
    """The replications so far, and how more are made.

    Parameters
    ----------
    begun : sequence of Results
        What there is of each scenario, in the order of the source's scenarios.
    source : Source
        Makes more.
    stores : sequence of Store or None
        Keeps those of each scenario.
    progress : callable, optional
        Told of each.
    outcomes : sequence of array, optional
        Outcomes over the people of base and alternative that there are, of each scenario.
    """

    def __init__(
        self,
        begun: Sequence[Results],
        source: Source,
        stores: Sequence[Store | None],
        progress: Progress | None,
        outcomes: Sequence[Floats] | None = None,
    ) -> None:
        self._rows: list[list[Floats]] = [list(results.values) for results in begun]
        self._outcomes: list[list[Floats]] = [[] for _ in begun]
        for kept, rows in zip(self._outcomes, outcomes or (), strict=False):
            kept += list(rows)
        self._begun, self._source, self._stores, self._progress = begun, source, stores, progress
        self._start = time.perf_counter()

    def up_to(self, count: int, foreseen: int, places: Collection[int] | None = None) -> None:
        """Make replications until there are `count` of each scenario, or of those at some places.

        The scenarios take turns, so that a stop leaves them about equally far.
        """
        chosen = range(len(self._rows)) if places is None else sorted(places)
        wanted = (
            (number, tuple(place for place in chosen if number >= len(self._rows[place])))
            for number in range(count)
        )
        for place, replication in self._source.take([block for block in wanted if block[1]]):
            store = self._stores[place]
            if store is not None:
                store.add(replication)
            self._rows[place].append(replication.values)
            if replication.outcomes is not None:
                self._outcomes[place].append(replication.outcomes)
            if self._progress is not None:
                done = sum(min(len(self._rows[one]), foreseen) for one in chosen)
                self._progress(done, foreseen * len(chosen))

    def outcomes(self) -> tuple[Floats, ...]:
        """Outcomes of each scenario with the base's people, shape (replications, outcomes, 3)."""
        return tuple(np.array(rows) for rows in self._outcomes)

    def results(self, count: int | None = None) -> tuple[Results, ...]:
        """The first `count` replications of each scenario, or all."""
        seconds = (time.perf_counter() - self._start) / len(self._rows)
        return tuple(
            replace(
                begun,
                values=np.array(rows[:count]).reshape(-1, len(begun.measures)),
                seconds=begun.seconds + seconds,
            )
            for begun, rows in zip(self._begun, self._rows, strict=True)
        )


def check_numbers(
    replications: int | None, precision: float | str | None, jobs: int, cap: int
) -> None:
    """Refuse numbers that cannot be carried out.

    Raises
    ------
    UsageError
        With what is wrong.
    """
    if replications is not None and precision is not None:
        raise UsageError("give either a number of replications or a precision, not both")
    if replications is not None and replications < 1:
        raise UsageError(f"at least one replication is needed, not {replications}")
    if isinstance(precision, int | float) and not precision > 0:
        raise UsageError("a precision lies above zero, such as 5%")
    if jobs < 1:
        raise UsageError(f"at least one process is needed, not {jobs}")
    if cap < BATCH:
        raise UsageError(f"the cap must be at least {BATCH} replications, not {cap}")
