"""How relationships end, and how long they last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

import numpy as np

from simflow.measures.accumulators import Counter, Survival, Tally
from simflow.measures.frame import Entry, Family, Frame, Label, Measure, Relations, by, named, text


class Exits(Family):
    """Ends of relationships in the window.

    The median length is a Kaplan-Meier estimate from all who were clients at any time in the
    window, each from the age he had at its start: those still inside count as long as they stayed.
    """

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        names = frame.names
        self.segments = len(names.segments)
        exits = frame.scenario.exits
        self.kinds = np.array([exits[name].kind for name in names.exits])

    def start(self) -> None:
        """Ends by exit and segment, and lengths."""
        self.counts = Counter(len(self.frame.names.exits) * self.segments)
        self.length = Tally(1)
        self.survival = Survival(1)

    def clients(self, rows: Relations) -> None:
        """Count ends by exit and segment, and add lengths."""
        frame = self.frame
        left = rows.inside & rows.end_now & (rows["exit"] >= 0)
        self.counts.add(rows.keys("exit")[left] * self.segments + rows.keys("segment")[left])
        length = np.maximum(np.minimum(rows.stop, frame.end) - rows.started, 0.0)
        self.length.add(np.zeros(int(left.sum()), np.intp), length[left])
        seen = rows.inside & (rows.stop >= frame.begin)
        zeros = np.zeros(int(seen.sum()), np.intp)
        self.survival.add(zeros, length[seen], np.isfinite(rows.stop[seen]))
        self.survival.enter(zeros, frame.begin - rows.started[seen])

    def close(self) -> None:
        """Tables and the curve."""
        self.table = self.counts.counts.reshape(-1, self.segments)
        self.curves = self.survival.curves()

    def _of_kind(self, kind: str) -> float:
        return float(self.table[self.kinds == kind].sum())

    def entries(self) -> Iterator[Entry[Self]]:
        """By exit, segment and kind; lengths."""
        scenario, names = self.frame.scenario, self.frame.names
        for name, exit_ in scenario.exits.items():
            if exit_.kind == "not_started":
                continue
            key, label = names.exits.index(name), named(name, exit_)
            yield (
                Measure(f"exits.{name}", "clients", text(label, "exits", "päättyneet"), "flow"),
                by(key, lambda sums, key: float(sums.table[key].sum())),
            )
            if self.segments > 1:
                for place, segment in enumerate(names.segments):
                    part = named(segment, scenario.segments[segment])
                    both = Label(f"{label.en}, {part.en}", f"{label.fi}, {part.fi}")
                    yield (
                        Measure(
                            f"exits.{name}.{segment}",
                            "clients",
                            text(both, "exits", "päättyneet"),
                            "flow",
                        ),
                        by((key, place), lambda sums, at: float(sums.table[at])),
                    )
        total = Label("Relationships ended", "Päättyneet asiakkuudet")
        yield Measure("exits.total", "clients", total, "flow"), lambda sums: float(sums.table.sum())
        work = Label("Ended in work", "Päättyneet työhön")
        yield Measure("exits.work", "clients", work, "flow"), lambda sums: sums._of_kind("work")
        study = Label("Ended in education", "Päättyneet koulutukseen")
        yield (
            Measure("exits.education", "clients", study, "flow"),
            lambda sums: sums._of_kind("education"),
        )
        both = Label("Ended in work or education", "Päättyneet työhön tai koulutukseen")
        yield (
            Measure("exits.work_or_education", "clients", both, "flow"),
            lambda sums: sums._of_kind("work") + sums._of_kind("education"),
        )
        mean = Label("Length of ended relationships, mean", "Päättyneiden kesto, keskiarvo")
        yield (
            Measure("relationship.length.mean", "days", mean, "time"),
            lambda sums: sums.length.mean(0),
        )
        median = Label("Length of relationships, median", "Asiakkuuden kesto, mediaani")
        yield (
            Measure("relationship.length.median", "days", median, "time"),
            lambda sums: sums.curves.quantile(0, 0.5),
        )
