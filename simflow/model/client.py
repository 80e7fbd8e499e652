"""One client, and what the model keeps of his way."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any, Literal

import simpy

if TYPE_CHECKING:
    from simflow.model.casework import Case
    from simflow.model.rules import Profile
    from simflow.model.staff import Diary
    from simflow.model.streams import Draw

State = Literal["guidance", "waiting", "service"]


class Client:
    """A client: whose draws these are, what he has been through and where he is.

    Times are in days from the start of the run; ``NaN`` for what has not happened.
    """

    __slots__ = (
        "case", "channel", "companions", "drifting", "id", "last_contact", "made", "needs",
        "next_step", "number", "origin", "process", "profile", "progress_at", "referred",
        "segment", "served", "started", "state", "total", "visits", "worker",
    )  # fmt: skip

    def __init__(self, origin: int, number: int) -> None:
        self.origin = origin
        self.number = number
        self.made: dict[Draw, int] = {}
        self.id = -1
        self.channel = -1
        self.segment = 0
        self.needs = 0
        self.profile: Profile
        self.process: simpy.Process
        self.referred = self.started = self.served = self.last_contact = nan
        self.progress_at = 0.0
        self.worker: Diary | None = None
        self.state: State = "waiting"
        self.drifting = False
        self.visits: dict[int, int] = {}
        self.total: dict[int, float] = {}
        self.case: Case | None = None
        self.next_step: simpy.Event | None = None
        self.companions: list[tuple[simpy.Process, Any]] = []

    def now(self, state: State) -> None:
        """Move to another state; casework takes note."""
        self.state = state
        if state == "service":
            self.drifting = False
        if self.case is not None:
            self.case.changed()
