"""Waiting curves: the share of requests served within some numbers of days.

Read off the same Kaplan-Meier curves as the medians of `waits`: those who left the queue, or
still wait, count as long as they waited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Final

import numpy as np

from simflow.measures.frame import Entry, Label, Measure, S, by, text

DAYS: Final = (7, 14, 28, 42, 56, 91, 126, 182, 273, 364)
"""One week to one year, closer together where most are served."""
AGES: Final = np.array(DAYS, np.float64)


def by_days(head: str, label: Label, read: Callable[[S], Sequence[float]]) -> Iterator[Entry[S]]:
    """The points of one curve.

    Parameters
    ----------
    head : str
        Name of the wait, e.g. ``wait.assessment``.
    label : Label
        Label of the service.
    read : callable
        Shares served by each of `DAYS`, from the sums of a replication.
    """
    for place, measure in enumerate(_measures(head, label)):
        yield measure, by(place, lambda sums, place: read(sums)[place])


@cache
def _measures(head: str, label: Label) -> tuple[Measure, ...]:
    return tuple(
        Measure(
            f"{head}.by.{days}",
            "share",
            text(label, f"served within {days} days", f"palveltu {days} päivässä"),
            "share",
        )
        for days in DAYS
    )
