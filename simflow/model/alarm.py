"""An event that can be set again and again."""

from __future__ import annotations

from heapq import heappush
from typing import Any, Final

import simpy

_NORMAL: Final = simpy.events.NORMAL


class Alarm(simpy.Event):
    """A timeout that can be set again once it has rung: a new one each time costs twice as much.

    To void one that is set, take its callbacks away and use another.

    Parameters
    ----------
    env : Environment
        Whose time passes.
    """

    _ok = True
    _value = None
    callbacks: Any = None
    """What to call when it rings; None when it is not set, as SimPy leaves it after ringing."""

    def __init__(self, env: simpy.Environment) -> None:
        self.env = env

    def set(self, time: float, callbacks: list[Any]) -> simpy.Event:
        """Ring at a time (days), or now if that is past."""
        env = self.env
        now = env._now
        delay = time - now
        self.callbacks = callbacks
        heappush(env._queue, (now + delay if delay > 0 else now, _NORMAL, next(env._eid), self))
        return self
