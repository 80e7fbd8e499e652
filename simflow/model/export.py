"""The event log on disk: Parquet with names for indices, and in vidigi's columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from simflow.model.log import TABLES, Answer, Names, Outcome

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.float64]

_WHOLE: Final = {
    "client", "visit", "needs", "enrolled", "seats", "invited", "attended", "booked", "number",
}  # fmt: skip
_EVENTS: Final = "events"
"""Columns entity_id, event_type, event, time, pathway, run_number, resource_id."""


def _words(names: Names) -> dict[str, tuple[str, ...]]:
    return {
        "service": names.services,
        "exit": names.exits,
        "segment": names.segments,
        "channel": names.channels,
        "worker": tuple(f"{pool}.{worker}" for pool, worker in names.workers),
        "task": names.tasks,
        "outcome": tuple(outcome.name.lower() for outcome in Outcome),
        "answer": tuple(answer.name.lower() for answer in Answer),
    }


def _pick(words: tuple[str, ...], column: Floats) -> pa.Array:
    import pyarrow as pa

    keys = np.where(np.isnan(column), -1, column).astype(np.int64)
    texts = np.array([*words, ""], dtype=object)[keys]
    return pa.array(texts, pa.string(), mask=keys < 0)


def _table(name: str, rows: Floats, number: int, names: Names) -> pa.Table:
    import pyarrow as pa

    words = _words(names)
    columns: dict[str, Any] = {"replication": np.full(len(rows), number, np.int64)}
    for column, values in zip(TABLES[name], rows.T, strict=True):
        if column in words:
            columns[column] = _pick(words[column], values)
        elif column == "alongside":
            columns[column] = values.astype(bool)
        elif column in _WHOLE:
            columns[column] = values.astype(np.int64)
        else:
            columns[column] = pa.array(values, from_pandas=True)  # NaN becomes null
    return pa.table(columns)


def _events(log: dict[str, Floats], number: int, names: Names) -> pa.Table:
    """Arrivals, queues, starts, ends and departures of a replication, in order of time."""
    import pyarrow as pa

    visits = dict(zip(TABLES["visits"], log["visits"].T, strict=True))
    clients = dict(zip(TABLES["clients"], log["clients"].T, strict=True))
    service = np.array([*names.services, ""], dtype=object)[visits["service"].astype(int)]
    blocks: list[list[NDArray[Any]]] = []
    for kind, event, time in (
        ("arrival_departure", "arrival", clients["referred"]),
        ("queue", "requested", visits["requested"]),
        ("resource_use", "started", visits["started"]),
        ("resource_use_end", "ended", visits["ended"]),
        ("arrival_departure", "depart", clients["ended"]),
    ):
        whole = kind == "arrival_departure"
        rows = clients if whole else visits
        seen = ~np.isnan(time)
        if event == "ended":
            seen &= ~np.isnan(visits["started"])
        label = np.full(len(time), event, object) if whole else service
        worker = rows["worker"] + 1 if kind.startswith("resource") else np.zeros(len(time))
        order = np.full(len(time), len(blocks))
        parts = (rows["client"], np.full(len(time), kind, object), label, time, rows["segment"],
                 worker, order)  # fmt: skip
        blocks.append([part[seen] for part in parts])
    client, kinds, labels, times, segment, worker, order = map(
        np.concatenate, zip(*blocks, strict=True)
    )
    by = np.lexsort((order, client.astype(float), times.astype(float)))
    return pa.table({
        "entity_id": client[by].astype(np.int64),
        "event_type": pa.array(kinds[by], pa.string()),
        "event": pa.array(labels[by], pa.string()),
        "time": times[by].astype(float),
        "pathway": _pick(names.segments, segment[by].astype(float)),
        "run_number": np.full(len(by), number, np.int64),
        "resource_id": pa.array(worker[by].astype(np.int64), mask=worker[by] == 0),
    })  # fmt: skip


def write_part(folder: Path, number: int, log: dict[str, Floats], names: Names) -> None:
    """Write one replication's log, a Parquet file for each table.

    Raises
    ------
    OSError
        When the files cannot be written.
    """
    import pyarrow.parquet as pq

    tables = {name: _table(name, rows, number, names) for name, rows in log.items()}
    tables[_EVENTS] = _events(log, number, names)
    for name, table in tables.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        pq.write_table(table, folder / name / f"{number:06d}.parquet")


def _parts(folder: Path, replications: int) -> Iterator[pa.Table]:
    import pyarrow.parquet as pq

    for number in range(replications):
        yield pq.read_table(folder / f"{number:06d}.parquet")


def merge_log(parts: Path, folder: Path, replications: int) -> None:
    """Join the replications' files into one for each table, and the events also into a CSV.

    Raises
    ------
    OSError
        When the files cannot be written.
    """
    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    folder.mkdir(exist_ok=True)
    for name in (*TABLES, _EVENTS):
        tables = _parts(parts / name, replications)
        first = next(tables)
        with pq.ParquetWriter(folder / f"{name}.parquet", first.schema) as file:
            file.write_table(first)
            for table in tables:
                file.write_table(table)
    tables = _parts(parts / _EVENTS, replications)
    first = next(tables)
    with pc.CSVWriter(folder / "events.csv", first.schema) as file:
        file.write_table(first)
        for table in tables:
            file.write_table(table)
