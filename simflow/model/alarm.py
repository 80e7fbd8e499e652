"""An event that rings when something falls due, and can be set again."""

from __future__ import annotations

from typing import Any

import simpy


class Alarm(simpy.Event):
    """An event that is set by its callbacks and a place in the queue, again once it has rung.

    To void one that is set, take its callbacks away and use another. A timeout for each time costs
    two to four times as much, and a case sets half a dozen a year.
    """

    _ok = True
    _value = None
    callbacks: Any = None
    """What it does when it rings; None when it is not set, as SimPy leaves it after ringing."""

    def __init__(self) -> None:
        pass
