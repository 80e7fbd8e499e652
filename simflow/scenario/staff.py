"""Who works, when and at what: the format of `staff` and `calendar`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from simflow.scenario.channels import Month
from simflow.scenario.values import (
    Count,
    Date,
    Duration,
    Factor,
    Fte,
    Hours,
    Name,
    Part,
    Repeats,
    Share,
    Text,
)

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Period(Part):
    """From one date to another, both included."""

    from_: Annotated[Date, Field(alias="from")]
    """First day."""
    until: Date
    """Last day."""
    reason: str = ""
    """Why, for the reader."""
    repeats: Repeats | None = None
    """Whether it comes again in the follow-up."""


class Calendar(Part):
    """Which days are worked."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    """Country whose public holidays are not worked, e.g. FI; none when left out."""
    working_days: list[Weekday] = ["mon", "tue", "wed", "thu", "fri"]
    """Days of the week that are worked."""
    closed: list[Period] = []
    """Periods in which nothing is staffed."""


class Worker(Part):
    """One worker, or `count` alike."""

    fte: Fte = 1.0
    """Working time as a part of full time."""
    count: Count = 1
    """How many workers are alike."""
    from_: Annotated[Date | None, Field(alias="from")] = None
    """First day in the post; from the start when left out."""
    until: Date | None = None
    """Last day in the post; to the end when left out."""
    away: list[Period] = []
    """Vacancies, leaves and absences."""
    ramp: Duration = 0.0
    """Onboarding: working time grows evenly from none to full over this time from the first day."""


class Pool(Part):
    """Workers who share the same kinds of work."""

    label: Text | None = None
    """Name shown in tables and charts."""
    workers: dict[Name, Worker]
    """The workers by name."""
    hours_a_week: Annotated[Hours, Field(gt=0, le=168)] = 36.25
    """Hours a week of one full-time equivalent."""
    client_work: Share = 1.0
    """Part of the hours that client work can use; the rest goes to other duties."""
    months: dict[Month, Factor] = {}
    """Multiplier of the hours in a calendar month, such as July's holidays; 1 when left out."""
    skills: dict[Name, Share] = {}
    """The kinds of work the pool does, best first, each with the largest part of a worker's week
    it may take; any work, without limit, when left out. Kinds of work are named after the services,
    channels (`outreach` work is named after its channel) and `contact` (casework)."""
