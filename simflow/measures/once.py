"""What is the same in every replication of a scenario is made once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from simflow.scenario.schema import Scenario

T = TypeVar("T")
_KEPT: Final = 4
"""Scenarios remembered: a process works on one, or on a few that are compared."""


def once(make: Callable[[Scenario], T]) -> Callable[[Scenario], T]:
    """Remember what `make` gives for the last few scenarios, told apart by identity."""
    known: dict[int, tuple[Scenario, T]] = {}

    def remembered(scenario: Scenario) -> T:
        found = known.get(id(scenario))
        if found is None or found[0] is not scenario:
            if len(known) >= _KEPT:
                del known[next(iter(known))]
            found = known[id(scenario)] = scenario, make(scenario)
        return found[1]

    return remembered
