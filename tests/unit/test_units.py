"""Values with their unit."""

from __future__ import annotations

from math import exp, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simflow import units

NUMBERS = st.integers(0, 10_000) | st.floats(0, 10_000, allow_nan=False).map(lambda x: round(x, 4))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("6 weeks", 42),
        ("1 week", 7),
        ("90 days", 90),
        ("1 d", 1),
        ("36 hours", 1.5),
        ("1 year", 365.25),
        ("12 months", 365.25),
        ("0", 0),
        ("1440 min", 1),
    ],
)
def test_duration(text: str, days: float) -> None:
    assert units.duration(text) == pytest.approx(days, rel=1e-12)


@given(number=NUMBERS, unit=st.sampled_from(sorted(units.DAYS)), gap=st.sampled_from(["", " "]))
def test_duration_is_number_times_unit(number: float, unit: str, gap: str) -> None:
    length = number * units.DAYS[unit]
    for name in (unit, unit + "s", unit.upper()):
        text = f"{number}{gap}{name}"
        if length > units.LONGEST:
            with pytest.raises(ValueError, match="1000 years"):
                units.duration(text)
        else:
            assert units.duration(text) == length


@given(NUMBERS)
def test_minutes_and_hours_agree(number: float) -> None:
    assert isclose(units.hours(f"{number} min") * 60, units.hours(f"{number} hours"), rel_tol=1e-9)


PRICES = {
    "32.66 eur a day": (32.66, "day"),
    "45 eur an hour": (45, "hour"),
    "45 €/h": (45, "hour"),
    "900 euros per seat": (900, "seat"),
    "12 000 eur a course": (12000, "course"),
    "1\u00a0234\u00a0567.5 € a course": (1234567.5, "course"),
    "0 eur a month": (0, "month"),
}


@pytest.mark.parametrize("text", PRICES)
def test_price(text: str) -> None:
    assert units.money(text, ("hour", "day", "month", "seat", "course")) == PRICES[text]


NO_PRICES = {
    "900": "bare number",
    "12 000": "bare number",
    "900 eur": "without what it pays for",
    "900 usd a day": "not a price",
    "12,5 eur a day": "decimal point, not a comma",
    "12 00 eur a day": "not a price",
    "-5 eur a day": "cannot be negative",
    "5 eur a week": 'a price of "week"',
    "5000000000 eur a day": "too large",
}


@pytest.mark.parametrize("text", NO_PRICES)
def test_no_price(text: str) -> None:
    with pytest.raises(ValueError, match=NO_PRICES[text]):
        units.money(text, ("day",))


@pytest.mark.parametrize("given", [900, 3.5, True, None, []])
def test_bare_numbers_are_no_price(given: object) -> None:
    with pytest.raises(ValueError, match="bare number"):
        units.hourly(given)


def test_price_over_time_is_by_calendar_day() -> None:
    assert units.daily("700 eur a week") == 100
    assert units.daily("365.25 eur a month") == pytest.approx(12)


@given(st.floats(0, 1))
def test_share_is_itself(value: float) -> None:
    assert units.share(value) == value


@given(st.integers(0, 100))
def test_share_in_per_cent(value: int) -> None:
    assert units.share(f"{value} %") == units.share(f"{value}%") == value / 100


@given(st.floats(0, 99.9).map(lambda x: round(x, 3)))
def test_percentage_rate_is_the_share_lost(value: float) -> None:
    rate = units.rate(f"{value} % a month")
    assert 1 - exp(-rate * units.DAYS_PER_MONTH) == pytest.approx(value / 100, abs=1e-12)


@pytest.mark.parametrize("text", ["20 per year", "20 a year", "20/year", "20 / years"])
def test_rate(text: str) -> None:
    assert units.rate(text) == 20 / 365.25


def test_fte() -> None:
    assert units.fte("0.8 fte") == units.fte("0.8 htv") == 0.8
    assert units.fte("80 %") == units.fte("80%") == units.fte("4 days a week") == 0.8
    assert units.fte("1 day a week") == units.fte("1 d/wk") == 0.2
    assert units.fte("2.5 days per week") == units.fte("50 %") == 0.5
    assert units.fte("0 %") == 0


@pytest.mark.parametrize(
    ("read", "text", "words"),
    [
        (units.duration, 6, "a bare number has no unit"),
        (units.duration, "6", "a bare number has no unit"),
        (units.duration, "1,5 weeks", "decimal point"),
        (units.duration, "6 wekks", 'unknown unit "wekk"'),
        (units.duration, "-6 weeks", "negative"),
        (units.duration, "6 fte", "unknown unit"),
        (units.duration, True, "not a value with a unit"),
        (units.duration, None, "not a value with a unit"),
        (units.duration, "1e400 weeks", "too large"),
        (units.hours, "2 weeks", "unknown unit"),
        (units.hours, "-1 hour", "negative"),
        (units.fte, "0.8", "bare number"),
        (units.fte, "0.8", '"0.8 fte", "80 %" or "4 days a week"'),
        (units.fte, "0.8 hours", 'unknown unit.*"0.8 fte", "80 %" or "4 days a week"'),
        (units.fte, "1 day", '"4 days a week"'),
        (units.fte, "8 days a week", "seven days"),
        (units.fte, "2,5 days a week", "decimal point"),
        (units.fte, "-50 %", "negative"),
        (units.fte, "-1 fte", "negative"),
        (units.share, 1.1, "between 0 and 1"),
        (units.share, "101 %", "between 0 and 1"),
        (units.share, "-1 %", "between 0 and 1"),
        (units.share, "0,5", "decimal point"),
        (units.share, "5 weeks", "expected a share"),
        (units.share, True, "expected a share"),
        (units.share, float("nan"), "between 0 and 1"),
        (units.rate, "20", "not a rate"),
        (units.rate, 20, "not a rate"),
        (units.rate, "-20 per year", "negative"),
        (units.rate, "100 % a month", "between 0 and 100"),
        (units.rate, "20 per yaer", 'unknown unit "yaer"'),
    ],
)
def test_refused(read: object, text: object, words: str) -> None:
    assert callable(read)
    with pytest.raises(ValueError, match=words):
        read(text)
