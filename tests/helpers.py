"""What tests share: run a scenario a few times, and say how sure a figure is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from simflow.measures import Recorder, measures_of
from simflow.model import names_of, simulate
from simflow.model.log import TABLES, Keeper, Names
from simflow.scenario import Loaded, load

Floats = NDArray[np.float64]


class Table:
    """Rows of one log table, a column by its name: ``run.visits["started"]``."""

    def __init__(self, name: str, rows: Floats) -> None:
        self.name = name
        self.rows = rows

    def __getitem__(self, column: str) -> Floats:
        return self.rows[:, TABLES[self.name].index(column)]

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, mask: NDArray[np.bool_]) -> Table:
        """The rows chosen by a mask."""
        return Table(self.name, self.rows[mask])


@dataclass(frozen=True)
class Run:
    """One replication: its log, and its measures by name when asked for."""

    loaded: Loaded
    names: Names
    keeper: Keeper

    def table(self, name: str) -> Table:
        """All rows of a table."""
        return Table(name, self.keeper.table(name))

    @cached_property
    def values(self) -> dict[str, float]:
        """The measures, folded from the log's chunks as they came."""
        recorder = Recorder(self.loaded.scenario, self.names)
        for table, chunks in self.keeper.chunks.items():
            for chunk in chunks:
                recorder.rows(table, chunk)
        names = (measure.name for measure in measures_of(self.loaded.scenario))
        return dict(zip(names, map(float, recorder.values()), strict=True))

    @cached_property
    def visits(self) -> Table:
        """The table `visits`."""
        return self.table("visits")

    @cached_property
    def clients(self) -> Table:
        """The table `clients`."""
        return self.table("clients")

    def visits_to(self, service: str) -> Table:
        """Visits to a service."""
        return self.visits.where(self.visits["service"] == self.names.services.index(service))

    @property
    def end(self) -> float:
        """Last moment simulated, in days."""
        return self.loaded.scenario.horizon.days

    @property
    def warm_up(self) -> float:
        """First moment reported, in days."""
        return self.loaded.scenario.horizon.warm_up


def load_tree(tree: Mapping[str, Any], sets: Sequence[tuple[str, str]] = ()) -> Loaded:
    """A scenario written as a mapping, read through a file like any other (JSON is YAML)."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(json.dumps(tree, indent=1), encoding="utf-8")
        return load(path, sets)


def run(loaded: Loaded, seed: int = 1, replication: int = 0, *, followed: bool = False) -> Run:
    """One replication with its log: of the period alone, or with the follow-up."""
    keeper = Keeper()
    simulate(loaded, seed, replication, keeper, followed=followed)
    return Run(loaded, names_of(loaded.scenario), keeper)


def runs(loaded: Loaded, replications: int, seed: int = 1) -> Iterable[Run]:
    """Replications 0, 1, 2, …, one at a time."""
    return (run(loaded, seed, number) for number in range(replications))


@dataclass(frozen=True)
class Estimate:
    """A mean over replications, its standard error and how many there were."""

    mean: float
    error: float
    n: int

    def half_width(self, confidence: float = 0.99) -> float:
        """Half of the Student confidence interval."""
        return float(stats.t.ppf((1 + confidence) / 2, self.n - 1)) * self.error

    def __str__(self) -> str:
        return f"{self.mean:.5g} ± {self.half_width():.2g} (99 %, {self.n} replications)"


def ratio(above: Sequence[float] | Floats, below: Sequence[float] | Floats) -> Estimate:
    """Sum over sum (such as waiting over clients), with the error of the ratio estimator.

    A mean of the replications' own means would weigh a quiet replication like a busy one, and is
    biased; the ratio of sums is not, to first order.
    """
    a, b = np.asarray(above, float), np.asarray(below, float)
    quotient = a.sum() / b.sum()
    error = (a - quotient * b).std(ddof=1) / np.sqrt(len(a)) / b.mean()
    return Estimate(float(quotient), float(error), len(a))


def mean(values: Sequence[float] | Floats) -> Estimate:
    """Plain mean over replications."""
    return ratio(values, np.ones(len(values)))


def agrees(estimate: Estimate, theory: float, precision: float = 0.03, what: str = "") -> None:
    """Assert that theory lies in the 99 % CI, and that the CI is narrow enough to mean something.

    `precision` bounds the half-width as a part of the value: without it, few replications would
    make any model pass.
    """
    half = estimate.half_width()
    print(f"{what or 'figure'}: theory {theory:.5g}, simulated {estimate}")
    assert half <= precision * abs(theory), f"{what}: too few replications, {estimate}"
    assert abs(estimate.mean - theory) <= half, f"{what}: theory {theory:.6g}, got {estimate}"
