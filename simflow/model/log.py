"""The event log: the only thing the model writes, and all that measures read.

The log is a few tables of numbers. Names (of services, exits, workers …) are indices into
`Names`, so that a row is a handful of floats and a replication's log is a few columns. A row
is written when it is complete; what is still open when the run ends is written then, with
`NaN` for what has not happened. Rows leave in chunks to *sinks*: a sink that keeps them makes
the log of a run, a sink that folds them into measures needs no more memory than the clients
inside.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Outcome(IntEnum):
    """How a visit to a service ended."""

    COMPLETED = 0
    DROPPED = 1
    """Left the service early (`dropout`)."""
    LEFT = 2
    """The relationship ended, or guidance moved on, while waiting or inside."""
    RENEGED = 3
    """Gave up waiting (`patience`)."""
    BALKED = 4
    """Found the waiting room full."""
    LOST = 5
    """Missed the last meeting given."""
    REFUSED = 6
    """An offered place was not taken."""
    NOT_FOUND = 7
    """The search found no place."""
    ONGOING = 8
    """Still waiting or inside when the run ended."""
    MISSED = 9
    """A meeting the client did not come to; the visit goes on in a later row."""


class Answer(IntEnum):
    """What came of an invitation, a contact or a request."""

    COMES = 0
    """The person asks for the first service."""
    STAYS_AWAY = 1
    """Did not attend, was not reached or did not book."""
    SCREENED = 2
    """Was not let in, as screening showed a need."""


TABLES: Final[dict[str, tuple[str, ...]]] = {
    # One row per visit (and per missed meeting of one). `requested` is when the client first asked
    # for it, `started` NaN when it never began, `ended` NaN when still open at the end of the run.
    # `visit` is the visit's rank, from 1, among
    # the client's visits to the service that began. `alongside` is 1 for a companion.
    "visits": (
        "client", "service", "visit", "requested", "started", "ended", "outcome", "worker",
        "segment", "channel", "alongside",
    ),
    # One row per relationship (a client who returns has two). `started` NaN: never became a
    # client; `ended` NaN and `exit` -1: still inside. `needs` is a bit mask, first need = 1.
    # `served` is when the first service after the start began, `benefit_days` the days of labour
    # market subsidy paid by `referred` (0 when the scenario does not count them).
    "clients": (
        "client", "channel", "segment", "needs", "referred", "started", "served", "ended", "exit",
        "worker", "last_contact", "benefit_days",
    ),
    # One row per piece of work in a worker's diary, `client` -1 when it is for no single client.
    "work": ("worker", "task", "time", "hours", "client"),
    # Hours each worker has for client work in each calendar month (`time` = its first moment in
    # the run); written once, at the start of the run, for the whole run.
    "available": ("worker", "time", "hours"),
    # One row per planned course: `held` NaN when it was cancelled.
    "courses": ("service", "planned", "held", "enrolled", "seats"),
    # One row per information session.
    "sessions": ("channel", "time", "invited", "attended", "booked"),
    # One row per contact in which a client was met or reached, by a worker of the casework's pool;
    # of those there at the start also the last one before it (a time below 0).
    "contacts": ("client", "worker", "time"),
    # Where there is a follow-up: one row per person invited, contacted or asking, for the first
    # time, and per client there at the start. The same person has the same channel and number in
    # every scenario. `answer`: see `Answer`; `client` -1 for who does not become one.
    "people": ("channel", "number", "time", "client", "answer"),
}  # fmt: skip
"""Columns of each table; times in days from the first moment simulated, work in hours."""

_WHOLE: Final = frozenset({
    "client", "service", "visit", "outcome", "worker", "segment", "channel", "alongside",
    "needs", "exit", "task", "enrolled", "seats", "invited", "attended", "booked", "number",
    "answer",
})  # fmt: skip
"""Columns that the model writes whole numbers (`int`) in."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the indices in the log stand for."""

    services: tuple[str, ...]
    exits: tuple[str, ...]
    segments: tuple[str, ...]
    needs: tuple[str, ...]
    channels: tuple[str, ...]
    """Referral channels; the last one, `stock`, stands for those there at the start."""
    pools: tuple[str, ...]
    workers: tuple[tuple[str, str], ...]
    """(pool, worker) of each worker; one of several alike is called ``name#2``."""
    tasks: tuple[str, ...]
    """Kinds of work: the services, the channels, `contact` and `review`."""


class Sink(Protocol):
    """Something that takes chunks of log rows."""

    def rows(self, table: str, array: Floats, /) -> None:
        """Take rows of a table, shape (rows, columns of `TABLES[table]`)."""


@dataclass(slots=True)
class Keeper:
    """A sink that keeps every row."""

    chunks: dict[str, list[Floats]] = field(default_factory=lambda: {name: [] for name in TABLES})

    def rows(self, table: str, array: Floats, /) -> None:
        """Keep the rows."""
        self.chunks[table].append(array)

    def table(self, name: str) -> Floats:
        """All rows of a table, shape (rows, columns)."""
        empty = np.empty((0, len(TABLES[name])))
        return np.concatenate([empty, *self.chunks[name]])


def _in_columns(rows: list[float], names: tuple[str, ...]) -> Floats:
    """Rows written one after another as an array, shape (rows, columns), contiguous by column.

    A column at a time takes 90 ns a row of visits, `np.fromiter` of all of them 220 ns: packing
    is quick where all are floats, or all are whole, and measures need the columns anyway.
    """
    width = len(names)
    table = np.empty((width, len(rows) // width))
    for place, name in enumerate(names):
        column = rows[place::width]
        code, kind = ("q", np.int64) if name in _WHOLE else ("d", np.float64)
        table[place] = np.frombuffer(struct.pack(f"{len(column)}{code}", *column), kind)
    return table.T


CHUNK_ROWS: Final = 4096
"""Rows gathered before they go to the sinks: large enough to make numpy cheap, small in memory."""


class EventLog:
    """Gathers rows and hands them to the sinks in chunks.

    Parameters
    ----------
    *sinks : Sink
        Where the rows go.
    """

    def __init__(self, *sinks: Sink) -> None:
        self._sinks = sinks
        self._rows: dict[str, list[float]] = {name: [] for name in TABLES}
        self._full = {name: CHUNK_ROWS * len(columns) for name, columns in TABLES.items()}

    def writer(self, table: str) -> Callable[[tuple[float, ...]], None]:
        """A function that adds one row to a table: the quickest way for a table written often."""
        # Numbers go into a list and become an array by the thousand: half the cost of an array
        # that grows number by number.
        rows, full = self._rows[table], self._full[table]
        extend, flush = rows.extend, self.flush

        def write(row: tuple[float, ...]) -> None:
            extend(row)
            if len(rows) >= full:
                flush(table)

        return write

    def buffer(self, table: str) -> tuple[list[float], int]:
        """The numbers not handed over yet, and how many are enough to call `flush`.

        For the one place where even the call of a `writer` counts.
        """
        return self._rows[table], self._full[table]

    def write(self, table: str, row: tuple[float, ...]) -> None:
        """Add one row to a table."""
        rows = self._rows[table]
        rows.extend(row)
        if len(rows) >= self._full[table]:
            self.flush(table)

    def flush(self, table: str) -> None:
        """Hand over the rows of a table."""
        if table == "clients":
            self.flush("visits")  # who is handed a client's row has seen their visits
            self.flush("contacts")
        rows = self._rows[table]
        if rows:
            chunk = _in_columns(rows, TABLES[table])
            rows.clear()
            for sink in self._sinks:
                sink.rows(table, chunk)

    def close(self) -> None:
        """Hand over what is left."""
        for table in TABLES:
            self.flush(table)
