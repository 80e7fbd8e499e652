"""The kinds of value a scenario holds, each read from text with its unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

from simflow import units


class Part(BaseModel):
    """A part of a scenario: unknown keys are refused, nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def _text(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


def _share_or_rest(value: object) -> float | str:
    return "rest" if value == "rest" else units.share(value)


def _count(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("expected a whole number such as 12")
    return value


def _date(value: object) -> object:
    if isinstance(value, dt.datetime) or not isinstance(value, (str, dt.date)):
        raise ValueError("expected a date like 2014-08-31")
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise ValueError("expected a date like 2014-08-31") from None
    return value


_NUMBER = r"^[0-9]+(\.[0-9]+)?"
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""Name of a part: small letters, digits and underscores, so that dotted paths are plain."""
Duration = Annotated[
    float, BeforeValidator(units.duration), _text(_NUMBER + r" ?[a-z]+$", "6 weeks")
]
"""Length of time; days inside the program."""
Hours = Annotated[float, BeforeValidator(units.hours), _text(_NUMBER + r" ?[a-z]+$", "45 min")]
"""Amount of work; hours inside the program."""
_FTE = r" ?(fte|htv|%|(days?|d) ?(per|a|/) ?(week|wk))$"
Fte = Annotated[float, BeforeValidator(units.fte), _text(_NUMBER + _FTE, "0.8 fte")]
"""Staffing in full-time equivalents."""
_PRICE = r"^[0-9 ]+(\.[0-9]+)? ?(eur|euros?|€) ?(a|an|per|/) ?"
HourPrice = Annotated[
    float, BeforeValidator(units.hourly), _text(_PRICE + "hour$", "45 eur an hour")
]
"""Euros for an hour of work."""
PaidDay = Annotated[
    float, BeforeValidator(units.paid_day), _text(_PRICE + "day$", "32.66 eur a day")
]
"""Euros for a day that is paid."""
DailyPrice = Annotated[
    float, BeforeValidator(units.daily), _text(_PRICE + "(day|week|month)$", "500 eur a month")
]
"""Euros over time; euros a calendar day inside the program."""
_SHARE_SCHEMA: dict[str, Any] = {
    "anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "pattern": "%$"}]
}
Share = Annotated[float, BeforeValidator(units.share), WithJsonSchema(_SHARE_SCHEMA)]
"""Share between 0 and 1, or a percentage."""
ShareOrRest = Annotated[
    float | Literal["rest"],
    BeforeValidator(_share_or_rest),
    WithJsonSchema({"anyOf": [*_SHARE_SCHEMA["anyOf"], {"const": "rest"}]}),
]
"""Share, or `rest`: what the other shares leave over."""
Rate = Annotated[float, BeforeValidator(units.rate), _text(r"(per|a|/)", "4 % a month")]
"""Events per unit of time; per day inside the program."""
Count = Annotated[int, BeforeValidator(_count), Field(ge=0, le=1_000_000)]
"""Whole number, zero or more."""
Factor = Annotated[float, Field(ge=0, le=1000)]
"""Plain multiplier, zero or more."""
Date = Annotated[
    dt.date,
    BeforeValidator(_date),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2014-08-31"]}),
]


def complete(shares: Mapping[str, float | Literal["rest"]]) -> dict[str, float]:
    """Shares with `rest` replaced by what the others leave over.

    Raises
    ------
    ValueError
        When two are `rest`, or the shares do not sum to one.
    """
    given = {name: value for name, value in shares.items() if value != "rest"}
    total = sum(float(value) for value in given.values())
    rest = [name for name, value in shares.items() if value == "rest"]
    if len(rest) > 1:
        raise ValueError(f"only one share can be the rest, here are {len(rest)}: {', '.join(rest)}")
    if not rest and abs(total - 1) > 1e-6:
        raise ValueError(f"the shares sum to {total:g}, expected 1 (write one of them as: rest)")
    if total > 1 + 1e-6:
        raise ValueError(f"the shares sum to {total:g}, more than 1")
    return {
        name: max(0.0, 1 - total) if value == "rest" else float(value)
        for name, value in shares.items()
    }


def _summing(shares: dict[str, float | Literal["rest"]]) -> dict[str, float | Literal["rest"]]:
    if shares:
        complete(shares)
    return shares


Shares = Annotated[dict[str, ShareOrRest], AfterValidator(_summing)]
"""Shares by name; they sum to one, and at most one of them is `rest`."""


class Text(Part):
    """A text in English and Finnish."""

    en: str
    """In English."""
    fi: str
    """In Finnish."""

    @model_validator(mode="before")
    @classmethod
    def _one_for_both(cls, value: object) -> object:
        return {"en": value, "fi": value} if isinstance(value, str) else value


class Distribution(Part):
    """A length of time (or, for a batch, a number) that varies from client to client.

    Written as one value (`90 days`: always that), or as a mapping with `dist`. `mean` with `cv`
    (standard deviation divided by mean) describes gamma, lognormal and weibull; `shape` may stand
    for `cv` in gamma and weibull. `min` and `max` truncate properly: the law within the limits is
    the conditional one, never values piled up at a limit.
    """

    dist: Literal[
        "fixed",
        "exponential",
        "gamma",
        "lognormal",
        "weibull",
        "triangular",
        "uniform",
        "empirical",
    ]
    """Family of the distribution."""
    mean: Duration | None = None
    """Mean before truncation."""
    cv: Annotated[float, Field(gt=0, le=20)] | None = None
    """Standard deviation divided by the mean, before truncation."""
    shape: Annotated[float, Field(gt=0, le=1000)] | None = None
    """Shape parameter of gamma or weibull, in place of `cv`."""
    value: Duration | None = None
    """The value of `fixed`."""
    low: Duration | None = None
    """Lower end of triangular or uniform."""
    mode: Duration | None = None
    """Peak of triangular."""
    high: Duration | None = None
    """Upper end of triangular or uniform."""
    values: list[Duration] | None = None
    """Observed values of `empirical`, each as likely as its weight."""
    weights: list[Factor] | None = None
    """Weights of `values`; equal when left out."""
    min: Duration | None = None
    """Nothing below this."""
    max: Duration | None = None
    """Nothing above this."""

    @model_validator(mode="before")
    @classmethod
    def _one_value(cls, value: object) -> object:
        return value if isinstance(value, dict | cls) else {"dist": "fixed", "value": value}

    @model_validator(mode="after")
    def _parameters(self) -> Self:
        wanted = _PARAMETERS[self.dist]
        given = {name for name in _ALL_PARAMETERS if getattr(self, name) is not None}
        if not any(given == set(choice.split()) for choice in wanted):
            takes = " or ".join(choice.replace(" ", " + ") for choice in wanted)
            found = ", ".join(sorted(given)) or "nothing"
            raise ValueError(f"{self.dist} does not take {found}; expected {takes}")
        if self.mean is not None and self.mean <= 0:
            raise ValueError("the mean must be above zero")
        low, mode, high = self.low, self.mode, self.high
        if (
            low is not None
            and high is not None
            and not low <= (low if mode is None else mode) <= high
        ):
            raise ValueError("expected low ≤ mode ≤ high")
        if low is not None and low == high:
            raise ValueError("low and high are equal; write the one value instead")
        if self.values is not None and not self.values:
            raise ValueError("an empirical distribution needs at least one value")
        if self.weights is not None and (
            len(self.weights) != len(self.values or []) or not sum(self.weights) > 0
        ):
            raise ValueError("expected one weight for each value, not all zero")
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise ValueError("expected min below max")
        return self


_PARAMETERS = {
    "fixed": ("value",),
    "exponential": ("mean",),
    "gamma": ("mean cv", "mean shape"),
    "lognormal": ("mean cv",),
    "weibull": ("mean cv", "mean shape"),
    "triangular": ("low mode high",),
    "uniform": ("low high",),
    "empirical": ("values", "values weights"),
}
_ALL_PARAMETERS = ("mean", "cv", "shape", "value", "low", "mode", "high", "values", "weights")


Repeats = Literal["yearly", "never"]
"""How dates go on in the follow-up: the same weeks a year (52 weeks) later, or not at all."""


class Schedule(Part):
    """Dates on which something happens: listed, or at a regular interval."""

    dates: list[Date] = []
    """The dates themselves."""
    first: Date | None = None
    """First date of a regular series; the start of the run when left out."""
    every: Duration | None = None
    """Interval of a regular series."""
    until: Date | None = None
    """Last possible date of a regular series."""
    skip_closed: bool = True
    """Whether a date on which everything is closed moves to the next working day."""
    repeats: Repeats | None = None
    """How the last year's dates go on in a follow-up that they do not reach."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.dates) == (self.every is not None):
            raise ValueError("expected either dates or every (with first)")
        if self.every is not None and self.every < 1 / 24:
            raise ValueError("the interval must be at least an hour")
        return self
