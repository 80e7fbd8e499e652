"""The own worker's contact with clients and what it changes: the format of `casework`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from simflow.scenario.values import Duration, Factor, Hours, Name, Part, Rate, Share, Text

State = Literal["guidance", "waiting", "service", "drifting"]


class Risk(Part):
    """Something that can happen at any moment, the more (or less) likely the better the support.

    Support is 1 when contacts keep to `contact_interval` and falls towards 0 as they stretch: it
    is that interval divided by the actual time between contacts. The rate in force lies between
    `unsupported` and `supported` in proportion to it.
    """

    label: Text | None = None
    """Name shown in tables."""
    supported: Rate
    """Rate under full support."""
    unsupported: Rate
    """Rate without any support."""
    during: Annotated[list[State], Field(min_length=1)] = ["guidance"]
    """States in which it can happen: in guidance, waiting for a service, in a service, drifting."""
    leads_to: str
    """`next_step` (guidance ends, the next service is chosen), `drift` (the client stops being
    reachable), `recover` (drifting ends), or the name of an exit."""


class Stagnation(Part):
    """Contact thins further when a case does not move."""

    after: Duration
    """Time since the last progress from which contact thins."""
    growth: Factor
    """By how much the interval grows for each month after that (0.25 = a quarter a month)."""
    at_most: Annotated[float, Field(ge=1, le=100)] = 4.0
    """Largest factor by which this stretches the interval."""


class Review(Part):
    """A rule for stalled cases."""

    after: Duration
    """Time since the last progress at which the case is reviewed (again and again)."""
    hours: Hours = 0.0
    """Worker time of a review."""
    closes: Share
    """Share of the reviews that end the relationship; the others lead to a next step."""
    to: Name
    """The exit of those closed."""


class TimeLimit(Part):
    """The relationship ends after a time."""

    after: Duration
    """Longest relationship."""
    to: Name
    """The exit."""


class Casework(Part):
    """Contacts by the client's own worker over the whole relationship."""

    staff: Name
    """Pool of the clients' own workers."""
    worker: Literal["assessor", "least_loaded"] = "assessor"
    """Who becomes the own worker: the one who held the first meeting (if in the pool), or the one
    with the fewest clients for his working time."""
    contact_interval: Annotated[Duration, Field(gt=0)]
    """Time between contacts under full support."""
    contact_length: Hours
    """Worker time of one contact."""
    contact_missed: Share = 0.0
    """Share of contacts in which the client is not reached: the time is spent, no support given."""
    in_touch_for: Duration | None = None
    """How long a contact, a meeting or a service keeps a client in touch; the outcomes count the
    days beyond it."""
    caseload_reference: Annotated[float, Field(gt=0, le=10_000)]
    """Open clients per full-time worker up to which contacts keep to the interval."""
    caseload_effect: Annotated[float, Field(ge=0, le=10)] = 1.0
    """How the interval stretches above it: (caseload / reference) to this power."""
    stagnation: Stagnation | None = None
    """Thinning of contact with time since progress."""
    risks: dict[Name, Risk] = {}
    """What can happen at any moment."""
    review: Review | None = None
    """Rule for stalled cases."""
    time_limit: TimeLimit | None = None
    """Longest relationship."""
