"""What clients go through: the format of `services`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from simflow.scenario.costs import ServicePrice, Support
from simflow.scenario.values import (
    Count,
    DailyPrice,
    Distribution,
    Duration,
    Hours,
    Name,
    Part,
    Schedule,
    Share,
    Shares,
    Text,
)

Beginning = Literal["open_work", "subsidised_work", "education"]
"""What a client can begin that the service is for."""


class Dropout(Part):
    """Ending before the end, at a moment evenly spread over the stay."""

    share: Share
    """Share of those who start."""
    to: Name
    """Where they go: a service or an exit."""


class Refusal(Part):
    """A place is offered and not taken, by the client or by the employer."""

    share: Share
    """Share of the offers."""
    to: Name
    """Where the client goes then."""


class Patience(Part):
    """How long clients wait before they give up."""

    time: Distribution
    """Time until they give up."""
    to: Name
    """Where they go then."""


class Companion(Part):
    """Another service offered during this one, at the same time."""

    service: Name
    """The service offered."""
    accepts: Share
    """Share of clients who take it."""
    declined: Name | None = None
    """Where those go at once who do not take it; they simply stay when left out."""
    after: Duration = 0.0
    """Time from the start of this service to the offer's start."""


class ServiceBase(Part):
    """What every service has."""

    label: Text | None = None
    """Name shown in tables and charts."""
    then: Shares = {}
    """Where clients go next: shares of services and exits. A target closed to a client by a rule
    gives its share to the others in proportion."""
    evaluation: Name | None = None
    """Appointment service held after this one, before the next step is chosen."""
    open: bool = True
    """Whether it takes clients; a segment, need or regime can open or close it."""
    repeat: bool = True
    """Whether a client may take it again after having finished or left it."""
    at_most: Duration | None = None
    """Longest total time one client may spend in it over all visits."""
    progress: bool = True
    """Whether starting it counts as progress for casework."""
    patience: Patience | None = None
    """Giving up while waiting for it; nobody gives up when left out."""
    dropout: Dropout | None = None
    """Leaving it early."""
    companion: Companion | None = None
    """Another service offered during it."""
    wait_limit: Duration | None = None
    """Waiting time the city wants to keep to; reported as the share within it, and restricted mean
    waits count longer ones, and those never served, as three times as long."""
    price: ServicePrice | None = None
    """What the city pays for it, own staff's hours apart."""
    top_up: DailyPrice | None = None
    """What the city adds to the state's wage subsidy while a client is inside."""
    begins: Beginning | None = None
    """What a client begins by starting it, in the outcomes: a subsidised job, for example."""
    benefit: Support = "co_funded"
    """Labour market subsidy while a client is inside (waiting for it, he is as outside it)."""


class Search(Part):
    """Finding a fitting place before waiting for it."""

    time: Distribution
    """Shortest time it takes; longer when the staff's diaries are full."""
    staff: Name | None = None
    """Pool that searches."""
    hours: Hours = 0.0
    """Staff time one search takes."""
    success: Share = 1.0
    """Share of the searches that find a place."""
    not_found: Name | None = None
    """Where the client goes when none is found."""


class Calls(Part):
    """Places are given only on certain dates."""

    when: Schedule
    """Dates of the calls."""
    posts: Count
    """Places given on one date; unused ones lapse."""


class PlacementService(ServiceBase):
    """A stay: a place (if places are limited) is held for a time. Waits in order when full."""

    kind: Literal["placement"]
    duration: Distribution
    """Length of the stay."""
    places: Count | None = None
    """How many can be in at the same time; unlimited when left out."""
    room: Count | None = None
    """How many can wait; unlimited when left out."""
    full: Name | None = None
    """Where clients go who find the waiting room full."""
    priority: Annotated[int, Field(ge=0, le=99)] = 0
    """Rank in the queue, smallest first; set it per segment, need or channel."""
    quota: Count | None = None
    """Starts allowed in one calendar year; unlimited when left out."""
    calls: Calls | None = None
    """Places are given only on these dates."""
    search: Search | None = None
    """Finding a fitting place first."""
    refusal: Refusal | None = None
    """Offers that are not taken."""
    max_length: Duration | None = None
    """Longest single stay, such as with one employer."""
    evidence: str | None = None
    """Evidence that its lasting effect is in the numbers of this file; without it, `compare` does
    not tell whether more or less of the service is good or bad."""


class AppointmentService(ServiceBase):
    """A meeting booked into the first free slot of a worker's diary."""

    kind: Literal["appointment"]
    staff: Name
    """Pool whose diaries are used."""
    length: Annotated[Hours, Field(gt=0)]
    """Staff time of one meeting."""
    notice: Duration = 0.0
    """Shortest time from booking to meeting."""
    own_worker: bool = False
    """Whether the client's own worker holds it, if he has one in the pool."""
    no_show: Share = 0.0
    """Share of meetings to which the client does not come (the time is lost)."""
    rebook: Count = 0
    """How many times a missed meeting is booked again."""
    rebook_after: Duration = 0.0
    """Time from a missed meeting to the new booking."""
    lost: Name | None = None
    """Where clients go who have missed the last meeting they were given."""


class Seats(Part):
    """Seats of one course."""

    min: Count = 1
    """Fewest participants with which a course is held."""
    max: Count
    """Most participants."""


class Sessions(Part):
    """The course's meetings that own staff hold."""

    count: Annotated[Count, Field(ge=1)]
    """Number of meetings, evenly spread over the course."""
    staff: Name
    """Pool that holds them."""
    hours: Hours
    """Staff time of one meeting, with preparation."""


class CourseService(ServiceBase):
    """A group that starts on dates, with a smallest and a largest size."""

    kind: Literal["course"]
    starts: Schedule
    """Dates on which a course is planned to start."""
    seats: Seats
    """Smallest and largest size."""
    length: Duration
    """From its first to its last day."""
    short: Literal["cancel", "postpone"] = "cancel"
    """What happens when too few have signed up."""
    postpone_by: Duration = 14.0
    """By how much it is postponed."""
    postpone_at_most: Count = 1
    """How many times, before it is cancelled."""
    sessions: Sessions | None = None
    """Meetings held by own staff; bought from outside when left out."""
    evidence: str | None = None
    """Evidence that its lasting effect is in the numbers of this file; without it, `compare` does
    not tell whether more or less of the service is good or bad."""


class GuidanceService(ServiceBase):
    """Between services: the client is in contact with the worker until the next step is found.

    It has no length of its own: it ends by one of the risks of `casework`.
    """

    kind: Literal["guidance"]


Service = Annotated[
    PlacementService | AppointmentService | CourseService | GuidanceService,
    Field(discriminator="kind"),
]
