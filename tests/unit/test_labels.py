"""Numbers as people read them."""

from __future__ import annotations

import datetime as dt
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simflow.labels import agreeing, date, decimals, interval, month, number, percent, unit, word


@pytest.mark.parametrize(
    ("value", "places", "en", "fi"),
    [
        (12345.6, 1, "12,345.6", "12\u00a0345,6"),
        (-0.04, 1, "0.0", "0,0"),
        (-1234567, 0, "\u22121,234,567", "\u22121\u00a0234\u00a0567"),
        (0, 0, "0", "0"),
        (nan, 2, "–", "–"),
        (None, 0, "–", "–"),
        (inf, 0, "–", "–"),
    ],
)
def test_numbers(value: float | None, places: int, en: str, fi: str) -> None:
    assert number(value, "en", places) == en
    assert number(value, "fi", places) == fi


@pytest.mark.parametrize(
    ("half_width", "value", "expected"),
    [
        (34.0, 177.2, 0),
        (3.4, 177.2, 0),
        (1.4, 177.2, 1),
        (0.34, 12.345, 1),
        (0.014, 0.5, 3),
        (1e-9, 0.5, 4),
        (0.0, 25.0, 0),
        (nan, 25.0, 0),
        (nan, 0.12345, 3),
        (nan, 12.345, 1),
        (nan, nan, 0),
    ],
)
def test_digits_that_the_uncertainty_supports(
    half_width: float, value: float, expected: int
) -> None:
    assert decimals(half_width, value) == expected


@given(st.floats(1e-3, 1e6))
def test_rounding_hides_little_of_the_uncertainty(half_width: float) -> None:
    assert 0.5 * 10.0 ** -decimals(half_width) <= max(half_width, 0.5)


def test_intervals_dates_and_shares() -> None:
    assert interval(160.2, 181.4) == "160–181"
    assert interval(-1.0, 2.0) == "\u22121 – 2"
    assert interval(nan, 2.0) == "–"
    assert percent(0.125, "fi", 1) == "12,5\u00a0%"
    assert percent(nan) == "–"
    assert date(dt.date(2014, 12, 31)) == "31 Dec 2014"
    assert date(dt.date(2014, 12, 31), "fi") == "31.12.2014"
    assert [month(12), month(1, "fi")] == ["Dec", "tammi"]


def test_words_in_both_languages() -> None:
    assert word("mean", "fi") == "Keskiarvo"
    assert word("some_new_group") == "Some new group"
    assert [unit("share", "fi"), unit("days", "fi"), unit("days")] == ["%", "päivää", "days"]


@pytest.mark.parametrize(
    ("levels", "change", "places", "expected"),
    [
        ((62.5, 53.75), -8.75, 0, 1),  # 62 → 54 would be −8, beside −9
        ((62.5, 67.31), 4.81, 1, 1),
        ((297_787, 259_601), -38_187, -2, -2),
        ((64.4, 64.4), 0.0, 0, 0),
        ((None, 3.0), None, 0, 0),
    ],
)
def test_levels_agree_with_their_difference(
    levels: tuple[float | None, float | None], change: float | None, places: int, expected: int
) -> None:
    assert agreeing(*levels, change, places) == expected
