"""A timeout that can be used again."""

from __future__ import annotations

from heapq import heappush
from typing import Final

import simpy

_NORMAL: Final = simpy.events.NORMAL


class Tick(simpy.Event):
    """The timeout of one process that waits time after time: half the cost of a new one each time.

    Only for a process that nobody interrupts: a timeout that was left would still come.

    Parameters
    ----------
    env : Environment
        Whose time passes.
    """

    def __init__(self, env: simpy.Environment) -> None:
        self.env = env
        self._ok = True
        self._value = None

    def at(self, time: float) -> simpy.Event:
        """This event, to come at a time (days), or now if that is past."""
        env = self.env
        now = env._now
        delay = time - now
        self.callbacks = []
        heappush(env._queue, (now + delay if delay > 0 else now, _NORMAL, next(env._eid), self))
        return self
