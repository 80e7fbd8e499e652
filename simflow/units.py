"""Values with their unit, as a planner writes them, turned into the model's days, hours and shares.

Inside the program a time is a number of calendar days, work is a number of hours, a share lies
between 0 and 1, a rate is a number per day. A number without its unit is refused wherever a
unit matters: "6" could be days or weeks, and a wrong guess would look like an answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from math import log1p
from typing import Final

DAYS_PER_MONTH: Final = 365.25 / 12
DAYS: Final[dict[str, float]] = {
    "min": 1 / 1440,
    "hour": 1 / 24,
    "day": 1.0,
    "week": 7.0,
    "month": DAYS_PER_MONTH,
    "year": 365.25,
}
"""Length of each unit of time in calendar days."""
LONGEST: Final = 1000 * DAYS["year"]
"""Longest length of time accepted, in days; anything longer is a slip."""
MOST: Final = 1e9
"""Largest number accepted with a unit."""

_HOURS: Final = {"min": 1 / 60, "hour": 1.0}
_ALIASES: Final = {
    "minute": "min",
    "h": "hour",
    "d": "day",
    "wk": "week",
    "mo": "month",
    "y": "year",
}
_QUANTITY: Final = re.compile(r"^\s*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(%|[a-zA-Z]*)\s*$")
_MONEY: Final = re.compile(
    r"^\s*([-+]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:\.\d+)?|[-+]?\d+(?:\.\d+)?)\s*"
    r"(?:eur|euros?|€)(?:\s*(?:per|an|a|/)\s*([a-zA-Z]+))?\s*$",
    re.IGNORECASE,
)
_RATE: Final = re.compile(
    r"^\s*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?\s*%?)\s*(?:per|a|/)\s*([a-zA-Z]+)\s*$"
)

_DAYS_A_WEEK: Final = re.compile(
    r"^\s*(\d+(?:\.\d+)?)\s*(?:days?|d)\s*(?:per|a|/)\s*(?:week|wk)\s*$", re.IGNORECASE
)
_FULL_WEEK: Final = 5.0
"""Days a week of a full-time worker."""
_FTES: Final = '"0.8 fte", "80 %" or "4 days a week"'


def _number_and_unit(text: object, example: str) -> tuple[float, str]:
    if isinstance(text, bool) or not isinstance(text, (str, int, float)):
        raise ValueError(f"not a value with a unit; expected one like {example}")
    if not isinstance(text, str):
        raise ValueError(f"a bare number has no unit; expected one like {example}")
    return _quantity(text, example)


@lru_cache(maxsize=4096)  # as for rates
def _quantity(text: str, example: str) -> tuple[float, str]:
    found = _QUANTITY.match(text)
    if found is None:
        hint = "; use a decimal point, not a comma" if re.match(r"^\s*\d+,\d", text) else ""
        raise ValueError(f"not a value with a unit; expected one like {example}{hint}")
    number, unit = float(found[1]), found[2]
    _finite(number)
    if not unit:
        raise ValueError(f"a bare number has no unit; expected one like {example}")
    return number, _singular(unit)


def _finite(number: float) -> None:
    if not abs(number) <= MOST:
        raise ValueError(f"a number too large to mean anything here; expected at most {MOST:g}")


def _singular(unit: str) -> str:
    lower = unit.lower()
    if lower not in _ALIASES and len(lower) > 1:
        lower = lower.removesuffix("s")
    return _ALIASES.get(lower, lower)


def duration(text: object) -> float:
    """Calendar days in a length of time such as ``"6 weeks"``; months are 365.25/12 days.

    Raises
    ------
    ValueError
        For a bare number, an unknown unit or a negative length.
    """
    if isinstance(text, str) and text.strip() == "0":
        return 0.0
    number, unit = _number_and_unit(text, '"6 weeks"')
    if unit not in DAYS:
        raise ValueError(f'unknown unit "{unit}" of time; expected {", ".join(DAYS)}')
    if number < 0:
        raise ValueError("a length of time cannot be negative")
    if number * DAYS[unit] > LONGEST:
        raise ValueError("longer than 1000 years; expected a length of time within a run")
    return number * DAYS[unit]


def hours(text: object) -> float:
    """Hours of work in ``"45 min"`` or ``"2 hours"``.

    Raises
    ------
    ValueError
        For a bare number, another unit or a negative amount.
    """
    number, unit = _number_and_unit(text, '"45 min" or "2 hours"')
    if unit not in _HOURS:
        raise ValueError(f'unknown unit "{unit}" of work; expected min or hours')
    if number < 0:
        raise ValueError("an amount of work cannot be negative")
    return number * _HOURS[unit]


def fte(text: object) -> float:
    """Full-time equivalents in ``"0.8 fte"``, ``"80 %"`` or ``"4 days a week"`` (of five).

    Raises
    ------
    ValueError
        For a bare number, another unit, a negative amount, or more days than a week has.
    """
    days = _DAYS_A_WEEK.match(text) if isinstance(text, str) else None
    if days is not None:
        if float(days[1]) > DAYS["week"]:
            raise ValueError(f"a week has seven days; expected {_FTES}")
        return float(days[1]) / _FULL_WEEK
    number, unit = _number_and_unit(text, _FTES)
    if unit not in ("fte", "htv", "%"):
        raise ValueError(f'unknown unit "{unit}" of staffing; expected {_FTES}')
    if number < 0:
        raise ValueError("staffing cannot be negative")
    return number / 100 if unit == "%" else number


def share(text: object) -> float:
    """A share between 0 and 1 from ``0.15`` or ``"15 %"``.

    Raises
    ------
    ValueError
        When it is not a number or lies outside 0 to 1.
    """
    if isinstance(text, str):
        number, unit = _number_and_unit(text, '0.15 or "15 %"')
        if unit != "%":
            raise ValueError('expected a share like 0.15 or "15 %"')
        number /= 100
    elif isinstance(text, bool) or not isinstance(text, (int, float)):
        raise ValueError('expected a share like 0.15 or "15 %"')
    else:
        number = float(text)
    if not 0 <= number <= 1:
        raise ValueError(f"a share lies between 0 and 1, this is {number:g}")
    return number


def rate(text: object) -> float:
    """Events per day in ``"20 per year"`` or ``"4 % a month"``.

    A percentage is the share lost per unit of time, so ``"4 % a month"`` is the hazard
    -ln(1 - 0.04) a month.

    Raises
    ------
    ValueError
        When it does not have that form, or the number is negative (or 100 % or more).
    """
    return _rate(text if isinstance(text, str) else "")


@lru_cache(maxsize=4096)  # a scenario is read part by part under many overlays
def _rate(text: str) -> float:
    found = _RATE.match(text)
    if found is None:
        raise ValueError('not a rate; expected one like "20 per year" or "4 % a month"')
    number, unit = found[1].strip(), _singular(found[2])
    if unit not in DAYS:
        raise ValueError(f'unknown unit "{unit}" of time in a rate; expected {", ".join(DAYS)}')
    if number.endswith("%"):
        part = float(number[:-1]) / 100
        if not 0 <= part < 1:
            raise ValueError("a percentage in a rate lies between 0 and 100")
        return -log1p(-part) / DAYS[unit]
    if float(number) < 0:
        raise ValueError("a rate cannot be negative")
    _finite(float(number))
    return float(number) / DAYS[unit]


def money(text: object, per: Collection[str]) -> tuple[float, str]:
    """Euros, and what they pay for, in ``"32.66 eur a day"`` or ``"12 000 €/course"``.

    Parameters
    ----------
    text : object
        The value as written.
    per : collection of str
        What the price can be of, such as ``("hour",)``.

    Raises
    ------
    ValueError
        For a bare number, another currency, a negative price, or a price of something else.
    """
    example = " or ".join(f'"{_EXAMPLES[unit]}"' for unit in per)
    if not isinstance(text, str) or re.fullmatch(r"[-+]?[\d. ]+", text.strip()):
        raise ValueError(f"a bare number is no price; expected one like {example}")
    found = _MONEY.match(text)
    if found is None:
        hint = "; use a decimal point, not a comma" if re.match(r"^\s*-?\d[\d ]*,\d", text) else ""
        raise ValueError(f"not a price; expected one like {example}{hint}")
    amount, unit = float(re.sub(r"[ \u00a0\u202f]", "", found[1])), _singular(found[2] or "")
    if unit not in per:
        what = f'a price of "{unit}"' if unit else "a price without what it pays for"
        raise ValueError(f"{what}; expected one like {example}")
    if amount < 0:
        raise ValueError("a price cannot be negative")
    _finite(amount)
    return amount, unit


_EXAMPLES: Final = {
    "hour": "45 eur an hour",
    "day": "32.66 eur a day",
    "week": "90 eur a week",
    "month": "500 eur a month",
    "start": "300 eur a start",
    "seat": "900 eur a seat",
    "course": "12 000 eur a course",
}


def hourly(text: object) -> float:
    """Euros an hour in ``"45 eur an hour"``; see `money`."""
    return money(text, ("hour",))[0]


def paid_day(text: object) -> float:
    """Euros for a day that is paid, in ``"32.66 eur a day"``; see `money`."""
    return money(text, ("day",))[0]


def daily(text: object) -> float:
    """Euros a calendar day in ``"500 eur a month"`` (also a day or a week); see `money`."""
    amount, unit = money(text, ("month", "week", "day"))
    return amount / DAYS[unit]
