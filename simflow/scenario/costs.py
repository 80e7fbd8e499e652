"""What things cost the city, what it aims at, and how scenarios are judged.

Prices are euros with what they pay for: ``45 eur an hour``, ``12 000 eur a course``. What a
service costs stands with the service (`price`, `top_up`), what holds for all of them here.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from simflow import units
from simflow.scenario.values import Count, Distribution, HourPrice, Name, PaidDay, Part, Share

Support = Literal["co_funded", "promoting", "none"]
"""Labour market subsidy at a time: the city pays its share, the state pays all of it (an
employment-promoting service: the days are paid and count), or nothing is paid (a job)."""
_PER = ("course", "seat", "start", "day", "week", "month")


class Price(Part):
    """A price of a service, as text."""

    amount: float
    """Euros."""
    per: Literal["course", "seat", "start", "day"]
    """What is paid for: a course held, a seat of a course held (filled or not), a client who
    starts, a calendar day of a client inside."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if isinstance(value, cls):
            return value
        amount, unit = units.money(value, _PER)
        if unit in units.DAYS:
            return {"amount": amount / units.DAYS[unit], "per": "day"}
        return {"amount": amount, "per": unit}


ServicePrice = Annotated[
    Price,
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "(course|seat|start|day|week|month)$",
            "examples": ["12 000 eur a course", "900 eur a seat", "40 eur a day"],
        }
    ),
]
"""Price of a service: of a course held, a seat, a start, or time inside."""


class Bracket(Part):
    """The share of the subsidy that the city pays from a number of paid days on."""

    from_: Annotated[Count, Field(alias="from")]
    """Paid days from which the share holds, to the next bracket's."""
    share: Share
    """The city's share."""


class Benefit(Part):
    """Labour market subsidy, and the share of it that the city pays."""

    days_at_start: Distribution
    """Paid days (not calendar days) of a client when he is referred."""
    daily_rate: PaidDay
    """Subsidy of a paid day."""
    days_a_month: Annotated[float, Field(gt=0, le=31)] = 21.5
    """Paid days in a month: five a week, 21.5 a month by the decree's divisor."""
    brackets: list[Bracket]
    """The city's share by paid days; none before the first."""

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        days = [bracket.from_ for bracket in self.brackets]
        if days != sorted(set(days)):
            found = ", ".join(map(str, days))
            raise ValueError(f"the brackets begin at {found} days; expected ascending days")
        return self


class Costs(Part):
    """Unit prices that no single service has."""

    staff: dict[Name, HourPrice] = {}
    """Price of an hour of each pool; work of other pools is left out of the costs."""
    benefit: Benefit | None = None
    """Labour market subsidy; its costs are left out when it is."""


_AMOUNT: dict[str, object] = {
    "anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": "%$"}]
}


def _points(value: object) -> object:
    """A difference of shares, when written as one; else the number itself."""
    return units.share(value) if isinstance(value, str) and "%" in value else value


Role = Literal["primary", "guard", "money"]


class Goal(Part):
    """A measure by which scenarios are judged."""

    role: Role | None = None
    """`primary`, the purpose of the service (one of them); `guard`, what must not be harmed; or
    `money`, which stands beside. Without roles there are differences and no recommendation."""
    better: Literal["more", "fewer"]
    """Which way is better."""
    matters: Annotated[
        float, BeforeValidator(_points), WithJsonSchema(_AMOUNT),
        Field(ge=0, le=1e9),
    ]  # fmt: skip
    """Smallest difference that matters, in the measure's unit (of a share: 5 %, or 0.05)."""


class Decide(Part):
    """How sure a verdict has to be: limits for the probabilities that an alternative benefits, or
    harms, a goal by at least what matters."""

    likely: Annotated[Share, Field(gt=0.5, lt=1)] = 0.66
    """*Better* (*worse*) when the benefit (the harm) is at least so probable, for sure."""
    unlikely: Annotated[Share, Field(gt=0, lt=0.5)] = 0.10
    """*Not worse* when the harm is at most so probable, for sure."""
    trade_off: Annotated[Share, Field(gt=0, lt=1)] = 0.33
    """A harm that may be so probable makes a gain elsewhere a trade-off."""
    draws: Annotated[Count, Field(ge=8)] = 200
    """Fewest draws of a posterior, with two replications each, on which an alternative is
    recommended or found to make no difference that matters."""


class Target(Part):
    """A planned figure: reached or not."""

    at_least: Annotated[float, Field(ge=0, le=1e9)] | None = None
    """Reached from this figure up."""
    at_most: Annotated[float, Field(ge=0, le=1e9)] | None = None
    """Reached up to this figure."""
    reading: str = ""
    """How it is to be read."""

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("expected either at_least or at_most")
        return self
