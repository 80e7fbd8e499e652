"""Moves: how many clients went from one step to the next in the window.

A step is a visit, from asking for a service to leaving it or its queue; services given alongside
another are no step of their own. Clients come from `arrival`, or from `stock` when they are there
as the window opens, and go to a service, an exit, or `inside`: still there as it closes. What
comes into a step goes out of it: the moves to it and from it are as many.

The log has no column for where a client came from. Who asks for a service at the very moment a
visit of his ends came from it; remembered are the last steps of clients inside, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import nan
from typing import Final, NamedTuple, Self

import numpy as np

from simflow.measures.accumulators import Counter, Floats, Keys
from simflow.measures.frame import (
    Bools,
    Entry,
    Family,
    Frame,
    Label,
    Measure,
    Relations,
    Visits,
    by,
    named,
)
from simflow.model.once import once
from simflow.scenario.moves import ARRIVAL, INSIDE, STOCK, moves_of
from simflow.scenario.schema import Scenario

_LABELS: Final = {
    ARRIVAL: Label("Arrival", "Saapuminen"),
    STOCK: Label("There at the start", "Alussa asiakkaina"),
    INSIDE: Label("there at the end", "lopussa asiakkaina"),
}


class _Ends(NamedTuple):
    """Ends of visits, in order of client and then of the log."""

    client: Keys
    time: Floats
    service: Keys

    def at(self, places: Keys) -> _Ends:
        """Some of them."""
        return _Ends(self.client[places], self.time[places], self.service[places])

    def latest(self, client: Keys) -> Keys:
        """Place of the latest end of each client; any place when he has none."""
        low, high = self.client[0], self.client[-1]
        # Numbers of clients lie close together: a table of them takes a tenth of a search.
        table = np.zeros(high - low + 1, np.intp)
        table[self.client - low] = np.arange(len(self.client))
        return np.asarray(table[client.clip(low, high) - low], np.intp)


_NONE: Final = _Ends(np.zeros(0, np.intp), np.zeros(0), np.zeros(0, np.intp))


def _by_client(client: Keys) -> Keys:
    """Places in order of client, and for each in the order they have."""
    number = client - client.min()
    # Numbers of 16 bits are sorted digit by digit, several times as fast as by comparison.
    short = number.astype(np.uint16) if number.max() < 2**16 else number
    return np.asarray(short.argsort(kind="stable"), np.intp)


class Flows(Family):
    """Counts of moves by where from and where to."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        names = frame.names
        self.arrival, self.stock = len(names.services), len(names.services) + 1
        self.steps = (*names.services, ARRIVAL, STOCK)
        self.goals = (*names.services, *names.exits, INSIDE)

    def start(self) -> None:
        """Moves, and last steps."""
        self.counts = Counter(len(self.steps) * len(self.goals))
        self.last = _NONE

    def visits(self, rows: Visits) -> None:
        """Link each visit to the one before it, and count the move."""
        main = np.flatnonzero(rows["alongside"] == 0)
        if not len(main):
            return
        asked, stop, begin = rows.requested[main], rows.stop[main], self.frame.begin
        ends = _Ends(rows.keys("client")[main], stop, rows.service[main])
        came = self._came(ends, asked)
        # There as the window opens.
        old = (rows["channel"][main] == self.frame.stock) & (asked <= 0)
        came[(old & (came == self.arrival)) | (asked < begin)] = self.stock
        self._count(came, ends.service, stop >= begin)

    def _came(self, ends: _Ends, asked: Floats) -> Keys:
        """Where those who asked came from; ends that nothing follows yet are remembered."""
        known = len(self.last.client)
        client = np.concatenate([self.last.client, ends.client])
        order = _by_client(client)
        client = client[order]
        asked = np.concatenate([np.full(known, nan), asked])[order]
        stop = np.concatenate([self.last.time, ends.time])[order]
        service = np.concatenate([self.last.service, ends.service])[order]
        follows = np.zeros(len(order) + 1, np.bool_)
        follows[1:-1] = (client[1:] == client[:-1]) & (asked[1:] == stop[:-1])
        self.last = _Ends(client, stop, service).at(np.flatnonzero(~follows[1:]))
        came = np.full(len(order), self.arrival)
        after = np.flatnonzero(follows)
        came[order[after]] = service[after - 1]
        return came[known:]

    def clients(self, rows: Relations) -> None:
        """The last step of each relationship leads to its exit, or is where the client still is."""
        begin = self.frame.begin
        came = self._left(rows.keys("client"), rows.stop)
        exit_ = rows.keys("exit")
        inside = len(self.goals) - 1
        goal = np.where(exit_ < 0, inside, exit_ + len(self.frame.names.services))
        self._count(came, goal, rows.stop >= begin)

    def _left(self, client: Keys, time: Floats) -> Keys:
        """Where each client was until his end, which is forgotten."""
        last, came = self.last, np.full(len(client), self.arrival)
        if not len(last.client):
            return came
        kept = np.ones(len(last.client), np.bool_)
        rows, places = np.arange(len(client)), last.latest(client)
        while len(rows):  # once for nearly all: only who came back may have more ends than one
            mine = np.flatnonzero((last.client[places] == client[rows]) & (places >= 0))
            rows, places = rows[mine], places[mine]
            found = last.time[places] == time[rows]
            came[rows[found]] = last.service[places[found]]
            kept[places[found]] = False
            rows, places = rows[~found], places[~found] - 1
        self.last = last.at(np.flatnonzero(kept))
        return came

    def _count(self, came: Keys, goal: Keys, now: Bools) -> None:
        self.counts.add((came * len(self.goals) + goal)[now])

    def entries(self) -> Iterator[Entry[Self]]:
        """Every move that the scenario allows."""
        for came, goal, measure in _moves(self.frame.scenario):
            place = self.steps.index(came) * len(self.goals) + self.goals.index(goal)
            yield measure, by(place, lambda sums, place: sums.counts.count(place))


@once(kept=4)
def _moves(scenario: Scenario) -> tuple[tuple[str, str, Measure], ...]:
    """Where from, where to, and the measure of each move."""
    parts = {**scenario.services, **scenario.exits}
    labels = {name: named(name, part) for name, part in parts.items()} | _LABELS
    found = []
    for came, goals in moves_of(scenario).items():
        for goal in goals:
            one, other = labels[came], labels[goal]
            label = Label(f"{one.en} → {other.en}", f"{one.fi} → {other.fi}")
            measure = Measure(f"flow.{came}.{goal}", "clients", label, "flow")
            found.append((came, goal, measure))
    return tuple(found)
