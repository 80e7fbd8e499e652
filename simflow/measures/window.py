"""The log as it would be had the run ended with the period reported.

A follow-up shows what becomes of those who came within the period; figures of the period itself
must not know of it. So each row is cut where the period ends, as the model cuts rows where a run
ends: what has not happened by then is NaN, and who has not left is still inside.
"""

from __future__ import annotations

from math import nan
from typing import Final

import numpy as np

from simflow.measures.accumulators import Floats
from simflow.model.log import TABLES, Outcome

_VISIT: Final = {name: place for place, name in enumerate(TABLES["visits"])}
_CLIENT: Final = {name: place for place, name in enumerate(TABLES["clients"])}
_TIME: Final = {
    "work": "time", "available": "time", "courses": "planned", "sessions": "time",
    "contacts": "time", "people": "time",
}  # fmt: skip
"""The column that says when a row of another table happened."""


class Window:
    """Cuts the rows of one replication at the end of the period.

    Parameters
    ----------
    end : float
        The period's end, in days.
    """

    def __init__(self, end: float) -> None:
        self._end = end
        self._contacts: dict[int, float] = {}

    def cut(self, table: str, array: Floats) -> Floats:
        """The rows as they stood at the period's end, shape (rows, columns)."""
        if table == "visits":
            return self._visits(array)
        if table == "clients":
            return self._clients(array)
        time = array[:, TABLES[table].index(_TIME[table])]
        kept: Floats = array[time < self._end]
        if table == "contacts":
            inside = kept[kept[:, 2] >= 0]
            self._contacts.update(zip(inside[:, 0].tolist(), inside[:, 2].tolist(), strict=True))
        if table == "courses":  # planned before the end, held (after a delay) or not after it
            kept = kept[~(kept[:, 2] >= self._end)]
        return kept

    def _visits(self, array: Floats) -> Floats:
        missed = array[:, _VISIT["outcome"]] == Outcome.MISSED
        late = array[:, _VISIT["ended"]] > self._end
        rows: Floats = array[(array[:, _VISIT["requested"]] < self._end) & ~(missed & late)].copy()
        started, ended = rows[:, _VISIT["started"]], rows[:, _VISIT["ended"]]
        later = ended > self._end
        rows[later, _VISIT["ended"]] = nan
        rows[later, _VISIT["outcome"]] = Outcome.ONGOING
        rows[started >= self._end, _VISIT["started"]] = nan
        return rows

    def _clients(self, array: Floats) -> Floats:
        rows: Floats = array[array[:, _CLIENT["referred"]] < self._end].copy()
        later = rows[:, _CLIENT["ended"]] > self._end
        rows[later, _CLIENT["ended"]] = nan
        rows[later, _CLIENT["exit"]] = -1
        for name in ("started", "served"):
            column = rows[:, _CLIENT[name]]
            column[column >= self._end] = nan
        contact, since = rows[:, _CLIENT["last_contact"]], rows[:, _CLIENT["referred"]]
        for place in np.flatnonzero(contact > self._end):
            last = self._contacts.get(rows[place, _CLIENT["client"]], nan)
            contact[place] = last if last >= since[place] else nan
        return rows
