"""How each segment of clients fares, as shares and waits that segments of any size compare by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

import numpy as np

from simflow.measures.accumulators import Tally
from simflow.measures.frame import Entry, Family, Frame, Measure, Relations, by, named, text


class Segments(Family):
    """Starts, ends in work or education, and the wait for the first service, by segment."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        kinds = [frame.scenario.exits[name].kind for name in frame.names.exits]
        # A last entry for the exit -1 of those still inside.
        self.is_good = np.array([kind in ("work", "education") for kind in kinds] + [False])

    def start(self) -> None:
        """Shares and waits by segment."""
        count = len(self.frame.names.segments)
        self.started, self.good, self.wait = Tally(count), Tally(count), Tally(count)

    def clients(self, rows: Relations) -> None:
        """Add those decided on, those inside and those first served in the window."""
        frame, segment = self.frame, rows.keys("segment")
        lost = rows.end_now & ~rows.inside
        decided = lost | rows.start_now
        self.started.add(segment[decided], rows.start_now[decided].astype(float))
        inside = rows.inside & (rows.started <= frame.end) & (rows.stop >= frame.begin)
        good = rows.end_now & self.is_good[rows.keys("exit")]
        self.good.add(segment[inside], good[inside].astype(float))
        first = rows["served"]
        served = rows.inside & (rows["channel"] != frame.stock) & frame.covers(first)
        self.wait.add(segment[served], (first - rows.started)[served])

    def entries(self) -> Iterator[Entry[Self]]:
        """Of each segment; none when all clients are of one."""
        scenario = self.frame.scenario
        if len(scenario.segments) < 2:
            return
        for name, segment in scenario.segments.items():
            key, label = self.frame.names.segments.index(name), named(name, segment)
            head = f"segments.{name}"
            started = text(label, "started, of those referred", "aloittaneet ohjatuista")
            yield (
                Measure(f"{head}.start_share", "share", started, "share"),
                by(key, lambda sums, key: sums.started.mean(key)),
            )
            good = text(
                label,
                "ended in work or education, of the year's clients",
                "päättyneet työhön tai koulutukseen, vuoden asiakkaista",
            )
            yield (
                Measure(f"{head}.work_or_education_share", "share", good, "share"),
                by(key, lambda sums, key: sums.good.mean(key)),
            )
            wait = text(
                label,
                "wait for the first service, mean",
                "ensimmäisen palvelun odotus, keskiarvo",
            )
            yield (
                Measure(f"{head}.first_service_wait", "days", wait, "time"),
                by(key, lambda sums, key: sums.wait.mean(key)),
            )
