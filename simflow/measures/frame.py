"""What every family of measures is built on: the window reported and the columns of the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Literal, NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from simflow.measures.accumulators import Floats, Keys
from simflow.model.log import TABLES, Names, Outcome
from simflow.model.once import once
from simflow.scenario.schema import Horizon, Scenario

Bools = NDArray[np.bool_]
Kind = Literal["flow", "level", "time", "share", "work", "money"]
"""Count of what happens in the window, number at a time, length of time, share, hours of work,
euros."""


class Label(NamedTuple):
    """A label in English and Finnish."""

    en: str
    fi: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that simflow reports of each replication.

    Attributes
    ----------
    name : str
        Dotted name, e.g. ``wait.assessment.mean``.
    unit : str
        ``clients``, ``persons``, ``visits``, ``days``, ``share``, ``hours``, ...
    label : Label
        What it is, in English and Finnish.
    kind : Kind
        What sort of figure it is.
    """

    name: str
    unit: str
    label: Label
    kind: Kind


S = TypeVar("S")
K = TypeVar("K")
V = TypeVar("V")

Entry = tuple[Measure, Callable[[S], float]]
"""A measure, and how its value is read from the sums of a replication."""


def by(key: K, read: Callable[[S, K], V]) -> Callable[[S], V]:
    """How the value of a key is read from sums: what a loop over keys needs."""
    return lambda sums: read(sums, key)


class Month(NamedTuple):
    """A calendar month of the window; times in days."""

    key: str
    begin: float
    end: float


@dataclass(frozen=True)
class Frame:
    """The scenario, its names and the window that is reported."""

    scenario: Scenario
    names: Names
    begin: float = field(init=False)
    end: float = field(init=False)
    stock: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "begin", self.scenario.horizon.warm_up)
        object.__setattr__(self, "end", self.scenario.horizon.days)
        object.__setattr__(self, "stock", len(self.names.channels) - 1)

    @property
    def length(self) -> float:
        """Days in the window."""
        return self.end - self.begin

    @cached_property
    def midday(self) -> Floats:
        """The middle of each day of the window."""
        return self.begin + 0.5 + np.arange(int(self.length), dtype=np.float64)

    def months(self, years: float) -> list[Month]:
        """Calendar months of the window; none when it is longer than `years`."""
        return list(_months(self.scenario.horizon)) if self.length <= years * 366 else []

    def covers(self, times: Floats) -> Bools:
        """Which times fall in the window (NaN does not)."""
        return np.asarray((times >= self.begin) & (times <= self.end), np.bool_)

    def overlap(self, start: Floats, stop: Floats) -> Floats:
        """Days of each stay that lie in the window."""
        inside = np.minimum(stop, self.end) - np.maximum(start, self.begin)
        return np.asarray(np.maximum(inside, 0.0), np.float64)


@once(kept=4)
def _months(horizon: Horizon) -> tuple[Month, ...]:
    """Calendar months of the window."""
    found = []
    first = horizon.start.replace(day=1)
    while first <= horizon.end:
        following = (first + dt.timedelta(days=31)).replace(day=1)
        begin = max(horizon.at(first), horizon.warm_up)
        found.append(Month(f"{first:%Y-%m}", begin, min(horizon.at(following), horizon.days)))
        first = following
    return tuple(found)


def named(name: str, part: object) -> Label:
    """Label of a scenario's part: its own, or its name."""
    text = getattr(part, "label", None)
    plain = name.replace("_", " ")
    return Label(plain, plain) if text is None else Label(text.en, text.fi)


def text(part: Label, en: str, fi: str) -> Label:
    """Label of a measure of a part, e.g. ``Startti: started``."""
    return Label(f"{part.en}: {en}", f"{part.fi}: {fi}")


class Columns:
    """A chunk of a table's rows, a contiguous array by column."""

    def __init__(self, table: str, array: Floats) -> None:
        self._columns: dict[str, Floats] = dict(
            zip(TABLES[table], np.ascontiguousarray(array.T), strict=True)
        )
        self._keys: dict[str, Keys] = {}

    def __getitem__(self, name: str) -> Floats:
        return self._columns[name]

    def keys(self, name: str) -> Keys:
        """A column as indices."""
        if name not in self._keys:
            self._keys[name] = self._columns[name].astype(np.intp)
        return self._keys[name]


class Visits(Columns):
    """Rows of `visits`, with what several families need of them; missed meetings are set aside."""

    def __init__(self, array: Floats, frame: Frame) -> None:
        super().__init__("visits", array)
        outcome = self["outcome"]
        missed = outcome == Outcome.MISSED
        self.missed: Columns | None = None
        if missed.any():
            self.missed = Columns("visits", array.T[:, missed].T)
            super().__init__("visits", array.T[:, ~missed].T)
        self.service = self.keys("service")
        self.outcome = self.keys("outcome")
        self.requested, self.started = self["requested"], self["started"]
        self.begun = self.started == self.started
        self.stop = np.where(np.isnan(self["ended"]), np.inf, self["ended"])
        # Those there when the run starts did not ask or begin at its first moment.
        old = (self["channel"] == frame.stock) & (self["visit"] == 1)
        self.start_now = frame.covers(self.started) & ~(old & (self.started <= 0))
        self.ask_now = frame.covers(self.requested) & ~(old & (self.requested <= 0))


class Relations(Columns):
    """Rows of `clients`, with what several families need of them."""

    def __init__(self, array: Floats, frame: Frame) -> None:
        super().__init__("clients", array)
        self.started = self["started"]
        self.inside = self.started == self.started
        self.stop = np.where(np.isnan(self["ended"]), np.inf, self["ended"])
        old = self["channel"] == frame.stock
        self.start_now = frame.covers(self.started) & ~(old & (self.started <= 0))
        self.end_now = frame.covers(self.stop)


class Family:
    """Measures of one kind, folded from the log: a family overrides what it needs.

    Made once for all replications of a scenario, with what they share; each gets a `fresh` one.
    """

    whole: ClassVar[bool] = False
    """Whether it sees the follow-up, too; the others see the log cut at the period's end."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    def entries(self) -> Iterator[Entry[Self]]:
        """Each measure, and how its value is read once the rows are in."""
        raise NotImplementedError

    def fresh(self) -> Self:
        """The family of one replication, with sums of its own."""
        family = copy(self)
        family.start()
        return family

    def start(self) -> None:
        """Set up the sums of a replication."""

    def visits(self, rows: Visits) -> None:
        """Take rows of `visits`."""

    def clients(self, rows: Relations) -> None:
        """Take rows of `clients`."""

    def other(self, table: str, rows: Columns) -> None:
        """Take rows of another table."""

    def close(self) -> None:
        """Sum up before the values are read."""
