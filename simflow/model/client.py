"""One client, and what the model keeps of his way."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any, Literal

import simpy

from simflow.model.streams import Cohort, Draw

if TYPE_CHECKING:
    from simflow.model.casework import Case
    from simflow.model.diary import Diary
    from simflow.model.placement import PlacementService, Stay
    from simflow.model.rules import Profile

State = Literal["guidance", "waiting", "service"]


class Client:
    """A client: whose draws these are, what he has been through and where he is.

    Times are in days from the start of the run; ``NaN`` for what has not happened.
    """

    __slots__ = (
        "case", "channel", "cohort", "companions", "drifting", "holds", "id",
        "last_contact", "made", "needs", "next_step", "place", "process", "profile", "progress_at",
        "referred", "segment", "served", "started", "state", "stay", "total", "visits", "worker",
    )  # fmt: skip
    # Set by who makes him.
    id: int
    channel: int
    segment: int
    profile: Profile
    referred: float
    progress_at: float
    process: simpy.Process
    """What moves him on, unless a service `holds` him."""

    def __init__(self, cohort: Cohort, place: int, services: int) -> None:
        self.cohort = cohort
        self.place = place
        self.needs = 0
        self.started = self.served = self.last_contact = nan
        self.worker: Diary | None = None
        self.state: State = "waiting"
        self.drifting = False
        self.case: Case | None = None
        self.next_step: simpy.Event | None = None
        self.companions: tuple[tuple[simpy.Process, Any], ...] = ()
        self.holds: PlacementService | None = None
        """The service that holds him without a process, see `Stay`."""
        self.stay: Stay | None = None
        self.made: dict[Draw, int] = {}
        self.visits = [0] * services
        """Visits that began, by service."""
        self.total: dict[int, float] = {}
        """Days spent, by service."""

    def now(self, state: State) -> None:
        """Move to another state; casework takes note."""
        self.state = state
        if state == "service":
            self.drifting = False
        if self.case is not None:
            self.case.changed()
