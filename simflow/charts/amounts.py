"""Amounts as charts say them: the unit a reader knows, and no digit that is not sure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, isfinite
from typing import TYPE_CHECKING, Final

from simflow.labels import NO_BREAK, Lang, decimals, interval, number, unit
from simflow.measures import Measure

if TYPE_CHECKING:
    from simflow.experiment import Figure

_THOUSANDS_FROM = 20_000.0
"""Euros from which sums are said in thousands."""
_PLUS_MINUS = f"±{NO_BREAK}"
_BELOW_ZERO: Final = ("cost.net",)
"""The only levels that may be below zero: more is saved than spent."""
_ONE_FI: Final = {
    "clients": "asiakas", "persons": "henkilö", "visits": "käynti", "spells": "jakso",
    "days": "päivä", "hours": "tunti", "months": "kuukausi", "places": "paikka",
    "seats": "paikka", "courses": "kurssi", "sessions": "tilaisuus", "meetings": "tapaaminen",
    "contacts": "yhteydenotto",
}  # fmt: skip


@dataclass(frozen=True)
class Scale:
    """How a measure's values are shown.

    Attributes
    ----------
    factor : float
        A value times this is the number shown.
    unit : str
        Unit of the number shown.
    lang : {"en", "fi"}
        Language of the numbers.
    """

    factor: float
    unit: str
    lang: Lang

    def plain(self, value: float | None, half: float = inf) -> str:
        """A value, with the decimals that its half-width supports."""
        shown = None if value is None else value * self.factor
        places = decimals(half * self.factor, shown or 0.0)
        return number(shown, self.lang, places if isfinite(half) else min(places, 1))

    def signed(self, value: float | None, half: float = inf) -> str:
        """A difference, with its sign; a zero has none."""
        text = self.plain(value, half)
        return f"+{text}" if value is not None and value > 0 and text.strip("0.,") else text

    def margin(self, half: float) -> str:
        """A half-width, ``± 4.5``."""
        return _PLUS_MINUS + self.plain(half, half)

    def told(self, figure: Figure) -> str:
        """A mean with its half-width; with its interval where that ends at a bound."""
        half = half_of(figure.ci)
        text, ends = self.plain(figure.mean, half), interval_of(figure)
        if ends is None:
            return text
        if ends == figure.ci:
            return f"{text} {self.margin(half)}"
        low, high = (end * self.factor for end in ends)
        return f"{text} ({interval(low, high, self.lang, decimals(half * self.factor))})"


def scale(measure: Measure, values: Iterable[float | None], lang: Lang) -> Scale:
    """How to show values of a measure: shares as percentages, large sums in thousands.

    Parameters
    ----------
    measure : Measure
        Gives the unit.
    values : iterable of float or None
        The values that will be shown together.
    lang : {"en", "fi"}
        Language of the numbers.
    """
    if measure.unit == "share":
        return Scale(100.0, "%", lang)
    if measure.unit == "eur":
        largest = max((abs(value) for value in values if value is not None), default=0.0)
        if largest >= _THOUSANDS_FROM:
            word = {"en": "thousand", "fi": "tuhatta"}[lang]
            return Scale(1e-3, f"{word}{NO_BREAK}€", lang)
        return Scale(1.0, "€", lang)
    return Scale(1.0, unit(measure.unit, lang), lang)


def half_of(ci: tuple[float, float] | None) -> float:
    """Half the width of an interval; infinite when there is none."""
    return inf if ci is None else (ci[1] - ci[0]) / 2


def interval_of(figure: Figure) -> tuple[float, float] | None:
    """The 95 % interval of a level's mean, within what the measure can be.

    Counts and times are never below zero, shares between 0 and 1. Differences are not levels:
    their intervals stay as they are.
    """
    if figure.ci is None or figure.measure.name in _BELOW_ZERO:
        return figure.ci
    top = 1.0 if figure.measure.unit == "share" else inf
    low, high = figure.ci
    return min(max(low, 0.0), top), min(high, top)


def counted(n: float, of: str, lang: Lang) -> str:
    """A whole number with its unit: ``1 day``, ``2 days``; ``1 päivä``, ``2 päivää``.

    Parameters
    ----------
    n : float
        Rounded to a whole number.
    of : str
        A measure's unit, such as ``days``; of a ``share``, the number is a percentage already.
    lang : {"en", "fi"}
        Language of the words.
    """
    text = number(n, lang)
    if text != "1" or of not in _ONE_FI:
        return f"{text}{NO_BREAK if of == 'share' else ' '}{unit(of, lang)}"
    return f"1 {_ONE_FI[of] if lang == 'fi' else of.removesuffix('s')}"


def between(low: float, high: float, lang: Lang, of: str = "") -> str:
    """Two ends as ``160–181``, or one number where they read the same; with a unit when given."""
    if number(low) == number(high):
        return counted(low, of, lang) if of else number(low, lang)
    ends = interval(low, high, lang)
    return f"{ends}{NO_BREAK if of == 'share' else ' '}{unit(of, lang)}" if of else ends


def amount(measure: Measure, shown: Scale, value: float | None, half: float = inf) -> str:
    """A value of a measure with its unit; of one, in the singular."""
    text = shown.plain(value, half)
    if text == "1" and measure.unit in _ONE_FI:
        return counted(1, measure.unit, shown.lang)
    return f"{text} {shown.unit}"


def points(measure: Measure, shown: Scale) -> str:
    """Unit of a difference: of shares, percentage points."""
    if measure.unit != "share":
        return shown.unit
    return {"en": "%-points", "fi": "%-yks."}[shown.lang]


def unit_in_table(measure: Measure, lang: Lang) -> str:
    """Unit of the plain values in a chart's table, where a share stays between 0 and 1."""
    if measure.unit == "share":
        return {"en": "share", "fi": "osuus"}[lang]
    return unit(measure.unit, lang)
