"""What became of each person: the log of a replication, followed past the period, by person.

A person is known by channel and number, the same in every scenario, whether they became a client
or only were invited. Folded here are the moments that outcomes are made of; what counts as an
outcome, and within what time, is `outcomes`'.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simflow.measures.accumulators import Floats, Keys
from simflow.measures.frame import Bools, Frame
from simflow.model.log import TABLES, Answer, Outcome

BEGINNINGS: Final = ("open_work", "subsidised_work", "education")
"""What a person can begin."""
_PEOPLE_BITS: Final = 32
"""Bits of a key that hold the person's number within their channel."""
_TABLES: Final = ("people", "visits", "clients", "contacts")
_KIND: Final = {"work": "open_work", "education": "education"}


@dataclass(frozen=True)
class Persons:
    """Everyone who was invited, contacted, asked or there at the start, sorted by key.

    Times are in days from the first moment simulated, infinite for what has not happened.

    Attributes
    ----------
    key : array of int, shape (persons,)
        Channel (its rank among the frame's) and number.
    asked : array
        First invitation, contact or request; the period's start for those there then.
    there : array of bool
        Whether they were there at the start of the period.
    client : array of bool
        Whether they asked for the first service, or were there at the start.
    segment : array of int
        Rank of the segment; -1 where it is not known.
    begun : array, shape (persons, 3)
        When they first began each of `BEGINNINGS`, after the period's start.
    assessed : array
        When the meeting that starts relationships had been held.
    served : array
        When the first service after it began.
    closed : array
        When they were screened out, turned away, lost or left without a result, for good.
    touch : tuple of arrays (row, begin, end, days before)
        Stretches of time in touch, sorted by person and time and not overlapping; `days before` are
        the days in touch of all earlier rows.
    """

    key: NDArray[np.int64]
    asked: Floats
    there: Bools
    client: Bools
    segment: Keys
    begun: Floats
    assessed: Floats
    served: Floats
    closed: Floats
    touch: tuple[Keys, Floats, Floats, Floats]

    def at(self, keys: NDArray[np.int64]) -> Keys:
        """Rows of persons by key; -1 for who is not among them."""
        if not len(self.key):
            return np.full(len(keys), -1)
        places = np.minimum(np.searchsorted(self.key, keys), len(self.key) - 1)
        return np.where(self.key[places] == keys, places, -1)

    def in_touch(self, rows: Keys, since: Floats, until: Floats) -> Floats:
        """Days between two times in which each of some persons was in touch."""
        return np.maximum(self._touched(rows, until) - self._touched(rows, since), 0.0)

    def _touched(self, rows: Keys, time: Floats) -> Floats:
        """Days in touch of all earlier persons and, of each of these, up to a time."""
        row, begin, end, before = self.touch
        if not len(row):
            return np.zeros(len(rows))
        # Persons lie far apart on one axis, so that one search finds each one's last stretch.
        far = 1e7
        place = np.searchsorted(row * far + begin, rows * far + time, side="right") - 1
        last = np.maximum(place, 0)
        cut = np.where(row[last] == rows, np.minimum(end[last], time), end[last])
        return np.where(place < 0, 0.0, before[last] + cut - begin[last])


class Terms:
    """What in the log of a scenario stands for what.

    Parameters
    ----------
    frame : Frame
        The scenario, its names and its period.
    """

    def __init__(self, frame: Frame) -> None:
        scenario, names = frame.scenario, frame.names
        self.frame = frame
        services = [scenario.services[name] for name in names.services]
        exits = [scenario.exits[name] for name in names.exits]
        self.service_begins = np.array([_rank(service.begins) for service in services], np.intp)
        self.exit_begins = np.array(
            [_rank(exit_.begins or _KIND.get(exit_.kind)) for exit_ in exits] + [-1], np.intp
        )
        self.without = np.array(
            [exit_.kind in ("other", "not_started") for exit_ in exits] + [False]
        )
        self.guidance = np.array([service.kind == "guidance" for service in services])
        self.meeting = np.array([service.kind == "appointment" for service in services])
        starts = scenario.relationship.starts_after
        self.starter = -1 if starts is None else names.services.index(starts)
        casework = scenario.casework
        self.lasts = None if casework is None else casework.in_touch_for


class Gathering:
    """The rows of one replication.

    Parameters
    ----------
    terms : Terms
        What is the same in all replications.
    """

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._chunks: dict[str, list[Floats]] = {table: [] for table in _TABLES}

    def rows(self, table: str, array: Floats) -> None:
        """Keep the rows, if they are needed."""
        if table in self._chunks:
            self._chunks[table].append(array)

    def _table(self, name: str) -> dict[str, Floats]:
        empty = np.empty((0, len(TABLES[name])))
        whole = np.concatenate([empty, *self._chunks[name]])
        return dict(zip(TABLES[name], whole.T, strict=True))

    def persons(self) -> Persons:
        """The persons, once all rows are in."""
        people, clients = self._table("people"), self._table("clients")
        visits, contacts = self._table("visits"), self._table("contacts")
        begin = self._terms.frame.begin
        key = _keys(people["channel"], people["number"])
        order = np.argsort(key, kind="stable")
        key = key[order]
        who = _Who(people["client"][order])
        came = who.known
        asked = people["time"][order].copy()
        segment = np.full(len(key), -1)
        segment[who.of(clients["client"])] = clients["segment"]
        there = self._there(asked, who, clients)
        asked[there] = begin
        begun = self._begun(who, visits, clients)
        return Persons(
            key=key, asked=asked, there=there, client=came, segment=segment, begun=begun,
            assessed=self._assessed(who, visits, there), served=self._served(who, clients),
            closed=self._closed(who, people["answer"][order], asked, clients),
            touch=self._touch(who, visits, contacts),
        )  # fmt: skip

    def _there(self, asked: Floats, who: _Who, clients: dict[str, Floats]) -> Bools:
        """Who was a client, or on the way to become one, as the period began."""
        frame = self._terms.frame
        open_ = (clients["referred"] <= frame.begin) & ~(clients["ended"] < frame.begin)
        if frame.begin == 0:
            open_ &= clients["channel"] == frame.stock
        there = np.zeros(len(asked), np.bool_)
        there[who.of(clients["client"][open_])] = True
        return there

    def _begun(self, who: _Who, visits: dict[str, Floats], clients: dict[str, Floats]) -> Floats:
        terms, begin = self._terms, self._terms.frame.begin
        found = np.full((who.count, len(BEGINNINGS)), inf)
        kind = terms.service_begins[visits["service"].astype(np.intp)]
        started = visits["started"]
        # What they were in as the period began is no beginning.
        chosen = (kind >= 0) & (started > begin)
        np.minimum.at(found, (who.of(visits["client"][chosen]), kind[chosen]), started[chosen])
        kind = terms.exit_begins[clients["exit"].astype(np.intp)]
        ended = clients["ended"]
        chosen = (kind >= 0) & (ended > begin)
        np.minimum.at(found, (who.of(clients["client"][chosen]), kind[chosen]), ended[chosen])
        return found

    def _assessed(self, who: _Who, visits: dict[str, Floats], there: Bools) -> Floats:
        terms = self._terms
        found = np.where(there, terms.frame.begin, inf)
        if terms.starter < 0:  # arriving starts the relationship
            return np.where(who.known, -inf, inf)
        held = (visits["service"] == terms.starter) & (visits["outcome"] == Outcome.COMPLETED)
        np.minimum.at(found, who.of(visits["client"][held]), visits["started"][held])
        return found

    @staticmethod
    def _served(who: _Who, clients: dict[str, Floats]) -> Floats:
        found = np.full(who.count, inf)
        served = clients["served"] == clients["served"]
        np.minimum.at(found, who.of(clients["client"][served]), clients["served"][served])
        return found

    def _closed(
        self, who: _Who, answer: Floats, asked: Floats, clients: dict[str, Floats]
    ) -> Floats:
        """When each was left without a result; infinite for who came back, or went elsewhere."""
        found = np.where(answer == Answer.SCREENED, asked, inf)
        order = np.argsort(clients["referred"], kind="stable")
        places = who.of(clients["client"][order])
        ended, exit_ = clients["ended"][order], clients["exit"][order].astype(np.intp)
        # The last row of a client counts: fancy assignment keeps the last of equal places.
        found[places] = np.where(self._terms.without[exit_], ended, inf)
        return np.where(np.isnan(found), inf, found)

    def _touch(
        self, who: _Who, visits: dict[str, Floats], contacts: dict[str, Floats]
    ) -> tuple[Keys, Floats, Floats, Floats]:
        terms, lasts = self._terms, self._terms.lasts
        nothing = np.zeros(0, np.intp), np.zeros(0), np.zeros(0), np.zeros(0)
        if lasts is None:
            return nothing
        service = visits["service"].astype(np.intp)
        end = np.where(np.isnan(visits["ended"]), terms.frame.scenario.horizon.all_days,
                       visits["ended"])  # fmt: skip
        inside = (visits["started"] == visits["started"]) & ~terms.guidance[service]
        row = np.concatenate([who.of(contacts["client"]), who.of(visits["client"][inside])])
        begin = np.concatenate([contacts["time"], visits["started"][inside]])
        stop = np.concatenate([contacts["time"], end[inside]]) + lasts
        return _united(row, begin, stop) if len(row) else nothing


class _Who:
    """Which person each client is."""

    def __init__(self, client: Floats) -> None:
        self.count = len(client)
        self.known: Bools = client >= 0
        ids = client[self.known].astype(np.intp)
        self._row = np.zeros(int(ids.max(initial=-1)) + 1, np.intp)
        self._row[ids] = np.flatnonzero(self.known)

    def of(self, client: Floats) -> Keys:
        """Rows of the persons that some clients are."""
        return np.asarray(self._row[client.astype(np.intp)], np.intp)


def _rank(beginning: str | None) -> int:
    return -1 if beginning is None else BEGINNINGS.index(beginning)


def _keys(channel: Floats, number: Floats) -> NDArray[np.int64]:
    return (channel.astype(np.int64) << _PEOPLE_BITS) + number.astype(np.int64)


def renamed(keys: NDArray[np.int64], ranks: Keys) -> NDArray[np.int64]:
    """Keys with other ranks for their channels."""
    number = keys & ((1 << _PEOPLE_BITS) - 1)
    found = (ranks[keys >> _PEOPLE_BITS].astype(np.int64) << _PEOPLE_BITS) + number
    return np.asarray(found, np.int64)


def _united(row: Keys, begin: Floats, end: Floats) -> tuple[Keys, Floats, Floats, Floats]:
    """Stretches of each person, joined where they overlap; and the days before each."""
    order = np.lexsort((begin, row))
    row, begin, end = row[order], begin[order], end[order]
    # The latest end so far of the same person: persons are shifted far apart, then back.
    far = 1e7
    reach = np.maximum.accumulate(end + row * far)
    first = np.ones(len(row), np.bool_)
    first[1:] = begin[1:] + row[1:] * far > reach[:-1]
    starts = np.flatnonzero(first)
    last = np.append(starts[1:], len(row)) - 1
    row, begin = row[starts], begin[starts]
    end = reach[last] - row * far
    return row, begin, end, np.cumsum(end - begin) - (end - begin)
