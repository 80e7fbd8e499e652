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

    Times are in days from the start of the run; ``NaN`` for what has not happened. What most
    clients never need stands in the class, so that a new client is made quickly.
    """

    id = -1
    channel = -1
    segment = 0
    needs = 0
    referred = started = served = last_contact = nan
    progress_at = 0.0
    worker: Diary | None = None
    state: State = "waiting"
    drifting = False
    case: Case | None = None
    next_step: simpy.Event | None = None
    companions: tuple[tuple[simpy.Process, Any], ...] = ()
    profile: Profile
    process: simpy.Process
    """What moves him on, unless a service `holds` him."""
    holds: PlacementService | None = None
    """The service that holds him without a process, see `Stay`."""
    stay: Stay | None = None

    def __init__(self, cohort: Cohort, place: int) -> None:
        self.cohort = cohort
        self.place = place
        self.made: dict[Draw, int] = {}
        self.visits: dict[int, int] = {}
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
