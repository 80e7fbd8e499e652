"""What services given alongside another lead to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Self

import numpy as np

from simflow.measures.frame import Entry, Family, Frame, Measure, Relations, Visits, by, named, text

_GOOD: Final = ("work", "education")
"""Kinds of exit that are counted."""


class Alongside(Family):
    """Ends of such services that were ends of the relationship, in work or education.

    A client's visits come in the log before his own row; remembered are the last ends of clients
    inside, nothing else.
    """

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        names, services = frame.names, frame.scenario.services.values()
        self.given = {spec.companion.service for spec in services if spec.companion is not None}
        exits = frame.scenario.exits
        self.good = [e for e, name in enumerate(names.exits) if exits[name].kind in _GOOD]

    def start(self) -> None:
        """Ends by service and exit."""
        names = self.frame.names
        self.counts = np.zeros((len(names.services), len(names.exits)), np.int64)
        self.last: dict[int, tuple[float, int]] = {}

    def visits(self, rows: Visits) -> None:
        """Remember where and when such a service ended."""
        ended = (rows["alongside"] > 0) & rows.begun & self.frame.covers(rows.stop)
        clients = rows.keys("client")[ended].tolist()
        ends = zip(rows.stop[ended].tolist(), rows.service[ended].tolist(), strict=True)
        self.last.update(zip(clients, ends, strict=True))

    def clients(self, rows: Relations) -> None:
        """Count those who left at that very moment, by their exit."""
        if not self.last:
            return
        found = zip(
            rows.keys("client").tolist(),
            rows.stop.tolist(),
            rows.keys("exit").tolist(),
            strict=True,
        )
        for client, stop, exit_ in found:
            end, service = self.last.pop(client, (-1.0, -1))
            if end == stop and exit_ >= 0:
                self.counts[service, exit_] += 1

    def entries(self) -> Iterator[Entry[Self]]:
        """Of each service that is given alongside another: by exit, and together."""
        scenario = self.frame.scenario
        for key, name in enumerate(self.frame.names.services):
            if name not in self.given:
                continue
            label = named(name, scenario.services[name])
            for exit_ in self.good:
                to = self.frame.names.exits[exit_]
                goal = named(to, scenario.exits[to])
                words = text(label, f"ended, {goal.en}", f"päättyneet, {goal.fi}")
                measure = Measure(f"ended.{name}.to.{to}", "clients", words, "flow")
                yield measure, by((key, exit_), lambda sums, at: float(sums.counts[at]))
            words = text(label, "ended in work or education", "päättyneet työhön tai koulutukseen")
            measure = Measure(f"ended.{name}.to_work_or_education", "clients", words, "flow")
            yield measure, by(key, lambda sums, key: float(sums.counts[key, sums.good].sum()))
