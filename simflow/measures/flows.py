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
from numpy.typing import NDArray

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


class _Ends:
    """Services of visits by client and end, until what follows each is known."""

    def __init__(self) -> None:
        # Client and time as one number, in order: complex numbers sort by both their parts.
        self._keys = np.zeros(0, np.complex128)
        self._services = np.zeros(0, np.intp)

    def add(self, client: Keys, time: Floats, service: Keys) -> None:
        """Remember where clients were until a time."""
        keys = np.concatenate([self._keys, _paired(client, time)])
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._services = np.concatenate([self._services, service])[order]

    def take(self, client: Keys, time: Floats, otherwise: int) -> Keys:
        """Where each client was until the time, or `otherwise`; what is found is forgotten."""
        keys = _paired(client, time)
        places = np.searchsorted(self._keys, keys)
        found = np.flatnonzero(places < len(self._keys))
        found = found[self._keys[places[found]] == keys[found]]
        came = np.full(len(keys), otherwise, np.intp)
        came[found] = self._services[places[found]]
        kept = np.ones(len(self._keys), np.bool_)
        kept[places[found]] = False
        self._keys, self._services = self._keys[kept], self._services[kept]
        return came


def _paired(client: Keys, time: Floats) -> NDArray[np.complex128]:
    pairs = np.empty(len(client), np.complex128)
    pairs.real, pairs.imag = client, time
    return pairs


class Flows(Family):
    """Counts of moves by where from and where to."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        names = frame.names
        self.arrival, self.stock = len(names.services), len(names.services) + 1
        self.steps = (*names.services, ARRIVAL, STOCK)
        self.goals = (*names.services, *names.exits, INSIDE)
        self.counts = Counter(len(self.steps) * len(self.goals))
        self.last = _Ends()

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
        came[heads] = self.last.take(client[heads], asked[heads], self.arrival)
        self.last.add(client[tails], stop[tails], service[tails])
        begin = self.frame.begin
        there = (rows["channel"][main] == self.frame.stock) & (came == self.arrival) & (asked <= 0)
        came[there | (asked < begin)] = self.stock
        self._count(came, service, stop >= begin)

    def clients(self, rows: Relations) -> None:
        """The last step of each relationship leads to its exit, or is where the client still is."""
        begin = self.frame.begin
        came = self.last.take(rows.keys("client"), rows.stop, self.arrival)
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
