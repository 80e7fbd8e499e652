"""Clients who were referred, started and did not start; information sessions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

import numpy as np

from simflow.measures.accumulators import Counter, Sum
from simflow.measures.frame import (
    Columns,
    Entry,
    Family,
    Frame,
    Label,
    Measure,
    Relations,
    by,
    named,
    text,
)


class Clients(Family):
    """Counts of the window."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        names = frame.names
        exits = frame.scenario.exits
        self.not_started = np.array([exits[n].kind == "not_started" for n in names.exits], bool)

    def start(self) -> None:
        """Counts by channel, segment and exit."""
        names = self.frame.names
        self.referred = Counter(len(names.channels))
        self.started = Counter(len(names.segments))
        self.lost = Counter(len(names.exits))
        self.lost_total = Counter(1)
        self.sessions = Counter(len(names.channels))
        self.people = [Sum(len(names.channels)) for _ in range(3)]

    def clients(self, rows: Relations) -> None:
        """Count referrals, starts and those who will not start."""
        referred = rows["referred"]
        now = self.frame.covers(referred) & (rows["channel"] != self.frame.stock)
        self.referred.add(rows.keys("channel")[now])
        self.started.add(rows.keys("segment")[rows.start_now])
        left = rows.end_now & (rows["exit"] >= 0)
        exits = rows.keys("exit")[left]
        self.lost.add(exits)
        lost = self.not_started[exits] | ~rows.inside[left]
        self.lost_total.add(np.zeros(int(lost.sum()), np.intp))

    def other(self, table: str, rows: Columns) -> None:
        """Count people in sessions."""
        if table == "sessions":
            now = self.frame.covers(rows["time"])
            keys = rows.keys("channel")[now]
            self.sessions.add(keys)
            for tally, column in zip(self.people, ("invited", "attended", "booked"), strict=True):
                tally.add(keys, rows[column][now])

    def entries(self) -> Iterator[Entry[Self]]:
        """Referred, started, not started; sessions."""
        scenario = self.frame.scenario
        yield (
            Measure("clients.referred", "clients", Label("Referred", "Ohjatut"), "flow"),
            lambda sums: sums.referred.total(),
        )
        for key, (name, channel) in enumerate(scenario.channels.items()):
            label = text(named(name, channel), "referred", "ohjatut")
            yield (
                Measure(f"clients.referred.{name}", "clients", label, "flow"),
                by(key, lambda sums, key: sums.referred.count(key)),
            )
        started = Label("Relationships started", "Alkaneet asiakkuudet")
        yield (
            Measure("clients.started", "clients", started, "flow"),
            lambda sums: sums.started.total(),
        )
        for key, (name, segment) in enumerate(scenario.segments.items()):
            label = text(named(name, segment), "started", "alkaneet")
            yield (
                Measure(f"clients.started.{name}", "clients", label, "flow"),
                by(key, lambda sums, key: sums.started.count(key)),
            )
        not_started = Label("Did not start", "Eivät aloittaneet")
        yield (
            Measure("clients.not_started", "clients", not_started, "flow"),
            lambda sums: sums.lost_total.count(0),
        )
        for key, (name, exit_) in enumerate(scenario.exits.items()):
            if exit_.kind == "not_started":
                label = text(named(name, exit_), "did not start", "eivät aloittaneet")
                yield (
                    Measure(f"clients.not_started.{name}", "clients", label, "flow"),
                    by(key, lambda sums, key: sums.lost.count(key)),
                )
        yield from self._sessions()

    def _sessions(self) -> Iterator[Entry[Self]]:
        words = (("invited", "kutsutut"), ("attended", "osallistuneet"), ("booked", "varanneet"))
        for name, channel in self.frame.scenario.channels.items():
            if channel.kind != "sessions":
                continue
            key, label = self.frame.names.channels.index(name), named(name, channel)
            head = f"channels.{name}"
            yield (
                Measure(f"{head}.sessions", "sessions", text(label, "held", "pidetyt"), "flow"),
                by(key, lambda sums, key: sums.sessions.count(key)),
            )
            for column, (en, fi) in enumerate(words):
                yield (
                    Measure(f"{head}.{en}", "persons", text(label, en, fi), "flow"),
                    by((column, key), lambda sums, at: sums.people[at[0]].sum(at[1])),
                )
