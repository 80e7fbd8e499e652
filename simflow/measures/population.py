"""The population of two scenarios that are compared, and what each makes of every person.

What is counted, and why, is said in `outcomes`. Here each person of either scenario gets one date
from which they are followed, and an answer of their own in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, nan
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simflow.measures.accumulators import Floats, Keys
from simflow.measures.frame import Bools
from simflow.measures.persons import BEGINNINGS, Persons

CAP: Final = 3.0
"""Waits count up to so many times the limit."""


@dataclass(frozen=True)
class Yardstick:
    """By what outcomes are measured; of the base, when scenarios are compared.

    Attributes
    ----------
    begin, end : float
        The period in which people are asked, in days.
    within : float
        How long each is followed, in days.
    assessed_within, served_within : float
        Limits of the wait for the first meeting and for the first service; NaN without one.
    touch : bool
        Whether days out of touch are counted.
    segments : tuple of str
        Segments by which beginnings are told apart; empty when there is one.
    """

    begin: float
    end: float
    within: float
    assessed_within: float
    served_within: float
    touch: bool
    segments: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """A scenario's own answer for each person of a population.

    Attributes
    ----------
    rows : array of int
        Rows of the persons; -1 for who was not asked.
    since : array
        From when each is followed, in both scenarios.
    """

    persons: Persons
    rows: Keys
    since: Floats
    yard: Yardstick

    def _read(self, column: Floats, absent: float = inf) -> Floats:
        """A column by person, with a value for who was not asked."""
        if not len(column):
            return np.full(len(self.rows), absent)
        return np.where(self.rows < 0, absent, column[np.maximum(self.rows, 0)])

    def begun(self) -> Floats:
        """When each kind was first begun, if within the follow-up, shape (persons, kinds)."""
        found = np.column_stack([self._read(column) for column in self.persons.begun.T])
        found[found >= (self.since + self.yard.within)[:, None]] = inf
        return found

    def by_then(self, moment: Floats, limit: float, begun: Floats) -> Bools:
        """For whom a moment, or leaving for work or education, came within a limit."""
        return np.minimum(moment, begun) <= self.since + limit + 1e-9

    def waits(self, moment: Floats, limit: float, begun: Floats) -> Floats:
        """Days waited for a moment, at most `CAP` times the limit."""
        return np.clip(np.minimum(moment, begun) - self.since, 0.0, CAP * limit)

    def out_of_touch(self, begun: Floats) -> Floats:
        """Days out of touch until work or education, or the end of the follow-up."""
        until = np.minimum(self.since + self.yard.within, begun)
        here = self.rows >= 0
        touched = np.zeros(len(self.rows))
        touched[here] = self.persons.in_touch(self.rows[here], self.since[here], until[here])
        return np.maximum(until - self.since - touched, 0.0)

    def without_result(self, begun: Floats, ever: Bools) -> Bools:
        """Who was let go, turned away, never met or (a client in the other scenario) never asked.

        Who still waits for the first meeting when the follow-up ends has been met by nobody.
        """
        end = self.since + self.yard.within
        closed = self._read(self.persons.closed) < end
        unmet = ever & (self._read(self.persons.assessed) >= end)
        return (closed | unmet) & np.isinf(begun)


Answers = tuple[NDArray[Any], Bools]
"""Everyone's own value of a measure, and who is counted."""


class Pair:
    """The population of two scenarios, and what each makes of it."""

    def __init__(
        self, base: Persons, other: Persons, keys: NDArray[np.int64], yard: Yardstick
    ) -> None:
        order = np.argsort(keys, kind="stable")
        every = np.union1d(base.key, keys)
        first = base.at(every)
        place = np.minimum(np.searchsorted(keys[order], every), max(len(keys) - 1, 0))
        second = np.where(keys[order][place] == every, order[place], -1) if len(keys) else (
            np.full(len(every), -1))  # fmt: skip
        asked = [_asked(one, rows, yard) for one, rows in ((base, first), (other, second))]
        since = np.minimum(*asked)
        inside = np.isfinite(since)
        self.keys, self.yard = every[inside], yard
        self.sides = [Side(one, rows[inside], since[inside], yard)
                      for one, rows in ((base, first), (other, second))]  # fmt: skip
        self.client = _either(self.sides, "client")
        self.there = _either(self.sides, "there")

    def values(
        self, base_segments: tuple[str, ...], other_segments: tuple[str, ...]
    ) -> dict[str, tuple[float, float, float]]:
        """By measure, the values of the two and what comes from who was asked in one only."""
        one_only = (self.sides[0].rows < 0) != (self.sides[1].rows < 0)
        segment = _segments(self.sides, base_segments, other_segments)
        columns = [dict(self._columns(side, segment)) for side in self.sides]
        found = {}
        for name, (mine, among) in columns[0].items():
            theirs, _ = columns[1][name]
            count = max(int(among.sum()), 1)
            total = 1.0 if mine.dtype == np.bool_ and name not in _SHARES else float(count)
            low, high = float(mine[among].sum()) / total, float(theirs[among].sum()) / total
            only = among & one_only
            part = (float(theirs[only].sum()) - float(mine[only].sum())) / total
            empty = not among.any() and (name in _SHARES or mine.dtype != np.bool_)
            found[name] = (nan, nan, nan) if empty else (low, high, part)
        return found

    def _columns(self, side: Side, segment: Keys) -> Iterator[tuple[str, Answers]]:
        """Of each measure, everyone's own value and who is counted."""
        yard, everyone = self.yard, np.ones(len(self.keys), np.bool_)
        kinds = side.begun()
        begun = kinds.min(axis=1, initial=inf)
        any_, first = np.isfinite(begun), kinds.argmin(axis=1)
        asks = everyone & ~self.there
        yield "asked", (side.rows >= 0, everyone)
        yield "begun", (any_, everyone)
        for rank, kind in enumerate(BEGINNINGS):
            yield f"begun.{kind}", (any_ & (first == rank), everyone)
        open_ = np.isfinite(kinds[:, BEGINNINGS.index("open_work")])
        yield "open_or_education", (open_ | np.isfinite(kinds[:, 2]), everyone)
        for name, limit, moment in (
            ("assessment", yard.assessed_within, side.persons.assessed),
            ("first_service", yard.served_within, side.persons.served),
        ):
            if limit == limit:
                when = side._read(moment)
                share = "assessed" if name == "assessment" else name
                yield share, (side.by_then(when, limit, begun), asks)
                yield f"wait_{name}", (side.waits(when, limit, begun), asks & self.client)
        if yard.touch:
            yield "out_of_touch", (side.out_of_touch(begun), self.client)
        yield "without_result", (side.without_result(begun, self.client), everyone)
        for rank, name in enumerate(yard.segments):
            yield f"begun_by.{name}", (any_ & (segment == rank), everyone)


_SHARES: Final = {"assessed", "first_service"}
"""Means of yes and no; the other yes and no are counted."""


def _asked(persons: Persons, rows: Keys, yard: Yardstick) -> Floats:
    """When each was asked, if within the period or there at its start; else infinite."""
    if not len(persons.key):
        return np.full(len(rows), inf)
    when = np.where(rows < 0, inf, persons.asked[np.maximum(rows, 0)])
    return np.where((when >= yard.begin) & (when < yard.end), when, inf)


def _either(sides: list[Side], name: str) -> Bools:
    """Whether something is so of a person in either scenario."""
    found = [side._read(getattr(side.persons, name).astype(float), 0.0) > 0 for side in sides]
    return np.asarray(found[0] | found[1], np.bool_)


def _segments(
    sides: list[Side], base_segments: tuple[str, ...], other_segments: tuple[str, ...]
) -> Keys:
    """Rank among the base's segments of each person, from either scenario; -1 where not known."""
    ranks = {name: rank for rank, name in enumerate(base_segments)}
    to_base = np.array([ranks.get(name, -1) for name in other_segments] + [-1], np.intp)
    mine, theirs = (side._read(side.persons.segment.astype(float), -1.0).astype(np.intp)
                    for side in sides)  # fmt: skip
    return np.where(mine >= 0, mine, to_base[theirs])
