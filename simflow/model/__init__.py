"""The SimPy model: simulates one replication of a scenario and writes its event log."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from simflow.model.log import EventLog, Keeper, Names, Outcome, Sink
from simflow.model.plan import Plan, names_of
from simflow.model.world import World

if TYPE_CHECKING:
    from simflow.scenario import Loaded

__all__ = ["EventLog", "Keeper", "Names", "Outcome", "Sink", "names_of", "simulate"]


@lru_cache(maxsize=4)
def _plan(holder: _Holder) -> Plan:
    return Plan(holder.loaded)


class _Holder:
    """Makes a scenario hashable by identity, so that its plan is made once."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder) and other.loaded is self.loaded

    def __hash__(self) -> int:
        return id(self.loaded)


def simulate(
    loaded: Loaded, seed: int, replication: int, *sinks: Sink, followed: bool = True
) -> None:
    """Simulate one replication and hand its log to the sinks.

    Parameters
    ----------
    loaded : Loaded
        The scenario.
    seed : int
        Seed of the run; with the replication's number it fixes every draw.
    replication : int
        Number of the replication, from 0.
    *sinks : Sink
        Where the log's rows go, chunk by chunk.
    followed : bool
        Whether the follow-up is simulated, too.
    """
    with _patient_collector():
        World(_plan(_Holder(loaded)), seed, replication, *sinks, followed=followed).run()


@contextmanager
def _patient_collector() -> Iterator[None]:
    """Look for garbage rarely: clients who leave are freed at once, those inside are none.

    Otherwise a tenth to a quarter of the time goes into walking over the clients inside.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], 100_000) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
