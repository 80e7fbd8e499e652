"""How clients come: the format of `channels`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from simflow.scenario.values import (
    Count,
    Date,
    Factor,
    Hours,
    Name,
    Part,
    Rate,
    Repeats,
    Schedule,
    Share,
    Shares,
    Text,
)

Month = Literal["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


class ChannelBase(Part):
    """What every channel has."""

    label: Text | None = None
    """Name shown in tables and charts."""
    to: Name
    """The service its clients come to first."""
    open: bool = True
    """Whether the channel works; a regime can open or close it on a date."""
    mix: Shares | None = None
    """Shares of the segments among its clients; those of `segments` when left out."""
    screens: dict[Name, Share] = {}
    """Share of clients with a need that is detected beforehand, and who are then not referred."""
    change: dict[str, Any] = {}
    """Values that are different for this channel's clients (a part of a scenario)."""


class RateChannel(ChannelBase):
    """Clients come at random, one at a time or in batches (a Poisson process)."""

    kind: Literal["rate"]
    rate: Rate
    """Arrivals (batches, if there are batches) per unit of time."""
    months: dict[Month, Factor] = {}
    """Multiplier of the rate in a calendar month; 1 when left out."""
    batch: Annotated[int, Field(ge=1, le=10_000)] | dict[Annotated[int, Field(ge=1)], Share] = 1
    """Clients in one arrival: a number, or sizes with their shares."""


class SessionChannel(ChannelBase):
    """Information sessions: invited, some attend, some of them book. Bursts, silence between."""

    kind: Literal["sessions"]
    when: Schedule
    """Dates of the sessions."""
    invited: Count
    """People invited to one session."""
    attends: Share
    """Share of the invited who attend."""
    books: Share
    """Share of those attending who book a first meeting."""
    staff: Name | None = None
    """Pool whose time a session takes; nobody's when left out."""
    hours: Hours = 0.0
    """Staff time one session takes, with preparation."""


class OutreachChannel(ChannelBase):
    """Workers contact people from a list: every contact costs a worker's time."""

    kind: Literal["outreach"]
    staff: Name
    """Pool whose workers make the contacts."""
    hours_a_week: Hours
    """Worker time set aside for it in a week; less happens when the diaries are full."""
    hours_a_contact: Annotated[Hours, Field(gt=0)]
    """Worker time that one person tried takes, reached or not."""
    reached: Share
    """Share of the people tried who are reached."""
    books: Share
    """Share of those reached who book a first meeting."""


class DatesChannel(ChannelBase):
    """Arrivals replayed from given dates."""

    kind: Literal["dates"]
    file: str | None = None
    """CSV with a column `date` (and optionally `segment`), beside the scenario file."""
    arrivals: list[Date] = []
    """The dates themselves, one for each client; read from `file` when that is given."""
    segments: list[str] = []
    """Segment of each arrival; drawn from the mix when left out."""
    repeats: Repeats | None = None
    """How the last year's arrivals go on in a follow-up that they do not reach."""


Channel = Annotated[
    RateChannel | SessionChannel | OutreachChannel | DatesChannel, Field(discriminator="kind")
]
