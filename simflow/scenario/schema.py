"""The whole scenario: one frozen, validated description of a city's services and their clients."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from simflow.scenario.casework import Casework
from simflow.scenario.channels import Channel
from simflow.scenario.costs import Costs, Decide, Goal, Support, Target
from simflow.scenario.services import Beginning, Service
from simflow.scenario.staff import Calendar, Pool
from simflow.scenario.values import (
    Count,
    DailyPrice,
    Date,
    Distribution,
    Duration,
    Name,
    Part,
    Share,
    ShareOrRest,
    Shares,
    Text,
)


class Horizon(Part):
    """The time that is simulated and reported."""

    start: Date
    """First day reported."""
    end: Date
    """Last day reported (included)."""
    warm_up: Duration = 0.0
    """Time simulated before the start and left out of the report, for a run that starts empty."""
    closes: Date | None = None
    """Last day of the service: clients still in it leave it then."""
    closing_exit: Name | None = None
    """The exit of those clients."""
    follow_up: Duration = 0.0
    """Time simulated after the end, in whole days, so that the outcome of everyone who came within
    the period is seen. Rules and intake go on; who comes later competes, and is not counted."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise ValueError(
                f"the horizon ends on {self.end}, before it starts on {self.start}; "
                f"expected an end after {self.start}"
            )
        if self.end == self.start:  # one day by the letter; a slip by those who write it
            raise ValueError(f"the horizon has no length; expected an end after {self.start}")
        if (self.end - self.start).days > 366 * 1000:
            raise ValueError("the horizon is longer than 1 000 years")
        if self.follow_up and self.followed_days < 1:
            raise ValueError("the follow-up is shorter than a day; expected 12 months, or none")
        return self

    @property
    def days(self) -> float:
        """Days from the first moment simulated (warm-up included) to the end of the last day."""
        return self.warm_up + (self.end - self.start).days + 1

    @property
    def followed_days(self) -> int:
        """Whole days of the follow-up."""
        return round(self.follow_up)

    @property
    def all_days(self) -> float:
        """Days from the first moment simulated to the end of the follow-up."""
        return self.days + self.followed_days

    @property
    def last(self) -> dt.date:
        """The last day simulated: of the follow-up, when there is one."""
        return self.end + dt.timedelta(days=self.followed_days)

    def at(self, date: dt.date) -> float:
        """Simulated time, in days, of the first moment of `date`."""
        return self.warm_up + (date - self.start).days


class Relationship(Part):
    """When a client counts as started, and what happens when nothing fits."""

    starts_after: Name | None = None
    """Service whose completion starts the relationship; arrival starts it when left out."""
    no_service_left: Name | None = None
    """Exit of a client for whom every next step is closed."""
    first_service_within: Duration | None = None
    """Time from the referral within which the city wants to begin a client's first service; the
    outcomes tell the share within it."""


class Segment(Part):
    """A group of clients; each client belongs to one."""

    label: Text | None = None
    """Name shown in tables and charts."""
    share: ShareOrRest
    """Share of all clients."""
    change: dict[str, Any] = {}
    """Values that are different for this segment (a part of a scenario)."""


class Need(Part):
    """Something a client may have, whatever the segment: a health concern, weak Finnish."""

    label: Text | None = None
    """Name shown in tables and charts."""
    share: Share
    """Share of clients who have it; can differ by segment and channel."""
    change: dict[str, Any] = {}
    """Values that are different for clients with it (a part of a scenario)."""


class Return(Part):
    """Coming back after having left."""

    share: Share
    """Share of those who leave by this exit."""
    after: Distribution
    """Time away."""
    to: Name
    """The service they come back to."""


class Exit(Part):
    """A way to leave."""

    label: Text | None = None
    """Name shown in tables and charts."""
    kind: Literal["work", "education", "transfer", "other", "not_started"] = "other"
    """What the exit counts as; `not_started` for those who never become clients."""
    begins: Beginning | None = None
    """What begins with it, in the outcomes: open work after an exit of kind `work` and education
    after one of kind `education` when left out; state it for a subsidised job."""
    returns: Return | None = None
    """Coming back later."""
    benefit: Support | None = None
    """Labour market subsidy afterwards; none after work and education, else the city's share."""
    top_up: DailyPrice | None = None
    """What the city adds to the wage subsidy of the job it leads to."""
    top_up_for: Duration = 0.0
    """Length of that job."""


class Stock(Part):
    """Clients already there when the run starts."""

    clients: Count
    """How many."""
    mix: Shares | None = None
    """Shares of the segments among them; those of `segments` when left out."""
    since: Distribution
    """How long ago their relationship had started."""
    inside: Shares
    """Where they are: shares of services they are in, or (`waiting_for`) wait for."""
    waiting_for: list[Name] = []
    """Services of `inside` for which they are waiting, rather than in them."""
    elapsed: Distribution
    """How long they have been there (never longer than the relationship)."""


class Regime(Part):
    """Values that hold from a date on (until another date)."""

    from_: Annotated[Date, Field(alias="from")]
    """First day."""
    until: Date | None = None
    """Last day; to the end when left out."""
    change: dict[str, Any]
    """The values (a part of a scenario)."""


class Published(Part):
    """A published figure to stand beside a measure."""

    value: Annotated[float, Field(ge=0, le=1e9)]
    """The figure."""
    reading: str = ""
    """How it is to be read."""


class Scenario(Part):
    """A scenario file."""

    simflow: Literal[1] = 1
    """Version of this format."""
    name: Annotated[str, Field(min_length=1, max_length=80)]
    """Short name; the file's name when left out."""
    title: Text | None = None
    """One line for tables and charts."""
    question: Text | None = None
    """The question the scenario answers."""
    hypothesis: Text | None = None
    """What is expected, and why."""
    circumstance: bool = False
    """Something that happens (a vacancy, rising unemployment) and nobody chooses: it is compared,
    but never recommended."""
    horizon: Horizon
    """Time simulated."""
    calendar: Calendar = Calendar()
    """Days worked."""
    segments: Annotated[dict[Name, Segment], Field(min_length=1)] = {"all": Segment(share=1.0)}
    """Groups of clients."""
    needs: dict[Name, Need] = {}
    """What clients may have besides."""
    channels: dict[Name, Channel] = {}
    """How clients come."""
    staff: dict[Name, Pool] = {}
    """Who works."""
    services: Annotated[dict[Name, Service], Field(min_length=1)]
    """What clients go through."""
    casework: Casework | None = None
    """Contact by the own worker."""
    exits: Annotated[dict[Name, Exit], Field(min_length=1)]
    """How clients leave."""
    relationship: Relationship = Relationship()
    """When a client counts as started."""
    stock: Stock | None = None
    """Clients there at the start."""
    regimes: dict[Name, Regime] = {}
    """Values that change on a date."""
    published: dict[str, Published] = {}
    """Published figures by measure."""
    costs: Costs | None = None
    """What things cost the city."""
    goals: dict[str, Goal] = {}
    """Measures by which scenarios are judged, each with its role and the smallest difference that
    matters."""
    decide: Decide = Decide()
    """How sure a verdict has to be."""
    posterior: str | None = None
    """File of draws that `simflow calibrate` has fitted, beside this file: `compare` uses it."""
    targets: dict[str, Target] = {}
    """Planned figures by measure."""
    key_measures: list[str] = []
    """Measures shown first, and to which `--precision` applies."""
    translations: dict[str, str] = {}
    """Sources in Finnish, by their text, for the Finnish report."""
