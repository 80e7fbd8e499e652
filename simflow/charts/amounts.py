"""Amounts as charts say them: the unit a reader knows, and no digit that is not sure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, isfinite

from simflow.labels import NO_BREAK, Lang, decimals, number, unit
from simflow.measures import Measure

_THOUSANDS_FROM = 20_000.0
"""Euros from which sums are said in thousands."""
_PLUS_MINUS = f"±{NO_BREAK}"


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
