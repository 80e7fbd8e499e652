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
from functools import partial
from typing import Final

import numpy as np

from simflow.measures.accumulators import Counter, Keys
from simflow.measures.frame import (
    Bools,
    Entry,
    Family,
    Frame,
    Label,
    Measure,
    Relations,
    Visits,
    named,
)
from simflow.measures.once import once
from simflow.scenario.moves import ARRIVAL, INSIDE, STOCK, moves_of
from simflow.scenario.schema import Scenario

_LABELS: Final = {
    ARRIVAL: Label("Arrival", "Saapuminen"),
    STOCK: Label("There at the start", "Alussa asiakkaina"),
    INSIDE: Label("there at the end", "lopussa asiakkaina"),
}


class Flows(Family):
    """Counts of moves by where from and where to."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        names = frame.names
        self.arrival, self.stock = len(names.services), len(names.services) + 1
        self.steps = (*names.services, ARRIVAL, STOCK)
        self.goals = (*names.services, *names.exits, INSIDE)
        self.counts = Counter(len(self.steps) * len(self.goals))
        self.last: dict[tuple[int, float], int] = {}
        """Service of a visit by client and end, until what follows is known."""

    def visits(self, rows: Visits) -> None:
        """Link each visit to the one before it, and count the move."""
        main = np.flatnonzero(rows["alongside"] == 0)
        if not len(main):
            return
        client = rows.keys("client")[main]
        order = np.argsort(client, kind="stable")
        main, client = main[order], client[order]
        service, asked, stop = rows.service[main], rows.requested[main], rows.stop[main]
        follows = np.zeros(len(main) + 1, np.bool_)
        follows[1:-1] = (client[1:] == client[:-1]) & (asked[1:] == stop[:-1])
        came = np.empty(len(main), np.intp)
        came[1:] = service[:-1]
        heads, tails = np.flatnonzero(~follows[:-1]), np.flatnonzero(~follows[1:])
        last = self.last
        came[heads] = [
            last.pop(key, self.arrival)
            for key in zip(client[heads].tolist(), asked[heads].tolist(), strict=True)
        ]
        ends = zip(client[tails].tolist(), stop[tails].tolist(), strict=True)
        last.update(zip(ends, service[tails].tolist(), strict=True))
        begin = self.frame.begin
        there = (rows["channel"][main] == self.frame.stock) & (came == self.arrival) & (asked <= 0)
        came[there | (asked < begin)] = self.stock
        self._count(came, service, stop >= begin)

    def clients(self, rows: Relations) -> None:
        """The last step of each relationship leads to its exit, or is where the client still is."""
        last, begin = self.last, self.frame.begin
        keys = zip(rows.keys("client").tolist(), rows.stop.tolist(), strict=True)
        came = np.array([last.pop(key, self.arrival) for key in keys], np.intp)
        exit_ = rows.keys("exit")
        inside = len(self.goals) - 1
        goal = np.where(exit_ < 0, inside, exit_ + len(self.frame.names.services))
        self._count(came, goal, rows.stop >= begin)

    def _count(self, came: Keys, goal: Keys, now: Bools) -> None:
        self.counts.add((came * len(self.goals) + goal)[now])

    def entries(self) -> Iterator[Entry]:
        """Every move that the scenario allows."""
        for came, goal, measure in _moves(self.frame.scenario):
            place = self.steps.index(came) * len(self.goals) + self.goals.index(goal)
            yield measure, partial(self.counts.count, place)


@once
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
