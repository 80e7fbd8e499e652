"""Figures as a reader sees them, each marked with the exact number it stands for.

``<data value="-3.25" data-scenario="vacancy" data-measure="…" data-stat="mean">−3,3</data>``

so that a test, or a reader with a spreadsheet, can hold every figure on the page against the CSVs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor, isfinite, log10
from typing import Final

from markupsafe import Markup

from simflow.experiment.summary import Figure
from simflow.labels import NO_BREAK, Lang, agreeing, decimals, number, unit

_DATA: Final = Markup(
    '<data value="{value}" data-scenario="{scenario}" data-measure="{measure}"'
    ' data-stat="{stat}">{text}</data>'
)
PAIRED: Final = ("difference_low", "difference_high")
"""Marks of the ends of a paired difference's interval."""
_POINTS: Final[dict[Lang, str]] = {"en": "pp", "fi": "%-yks."}
_MISSING: Final = Markup('<span class="missing">–</span>')


def places_for(half: float, value: float) -> int:
    """Decimals that a half-width supports; negative when tens, hundreds, … are all it supports."""
    if isfinite(half) and half >= 20:
        return -(floor(log10(half)) - 1)
    return decimals(half, value)


def rounded(value: float, lang: Lang, places: int) -> str:
    """A number with `places` decimals, or rounded to tens, hundreds, … when they are negative."""
    return number(round(value, places), lang, max(0, places))


@dataclass(frozen=True, slots=True)
class Scale:
    """How the figures of one row are shown: the same decimals for all, so that they add up.

    Attributes
    ----------
    scenario, measure, unit : str
        What the figures are of.
    places : int
        Decimals, in the unit shown (a share is shown in per cent).
    """

    scenario: str
    measure: str
    unit: str
    places: int
    lang: Lang

    @staticmethod
    def of(scenario: str, measure: str, unit: str, half: float | None, value: float | None,
           lang: Lang) -> Scale:  # fmt: skip
        """The scale that the half-width (of the difference, or of the mean) supports."""
        factor = 100.0 if unit == "share" else 1.0
        # A difference that never varies (of salaries, say) has a width of rounding errors only.
        certain = half is None or half <= 1e-9 * abs(value or 0.0)
        width = float("nan") if certain or half is None else half * factor
        places = places_for(width, 0.0 if value is None else value * factor)
        return Scale(scenario, measure, unit, places, lang)

    def levels(self, base: float | None, other: float | None, change: float | None) -> Scale:
        """The scale of two levels whose difference is shown on this one."""
        factor = 100.0 if self.unit == "share" else 1.0
        first, second, apart = (
            None if value is None else value * factor for value in (base, other, change)
        )
        return replace(self, places=agreeing(first, second, apart, self.places))

    def text(self, value: float, *, signed: bool = False) -> str:
        """The number alone."""
        shown = rounded(value * (100 if self.unit == "share" else 1), self.lang, self.places)
        plus = signed and value > 0 and shown.strip("0.,")
        return f"+{shown}" if plus else shown

    def tagged(self, value: float | None, stat: str, text: str | None = None, *,
               signed: bool = False) -> Markup:  # fmt: skip
        """The number, marked with its exact value; a dash when there is none."""
        if value is None or not isfinite(value):
            return _MISSING
        return _DATA.format(
            value=repr(float(value)), scenario=self.scenario, measure=self.measure, stat=stat,
            text=self.text(value, signed=signed) if text is None else text,
        )  # fmt: skip

    def interval(self, ends: tuple[float | None, float | None] | None,
                 stats: tuple[str, str] = ("ci_low", "ci_high"), *, signed: bool = False,
                 ) -> Markup:  # fmt: skip
        """Both ends of an interval, each marked; a dash when there is none."""
        if ends is None or any(end is None or not isfinite(end) for end in ends):
            return _MISSING
        low, high = (
            self.tagged(end, stat, signed=signed) for end, stat in zip(ends, stats, strict=True)
        )
        gap = Markup("{0}…{0}").format(NO_BREAK) if signed else Markup("–")
        return low + gap + high

    def unit_after(self, *, change: bool = False) -> str:
        """The unit as it follows a figure, after a no-break space; empty when it has none."""
        if self.unit == "share":
            return NO_BREAK + (_POINTS[self.lang] if change else "%")
        if self.unit == "eur":
            return NO_BREAK + "€"
        return NO_BREAK + unit(self.unit, self.lang) if self.unit else ""


def scale_of(figure: Figure, scenario: str, lang: Lang) -> Scale:
    """The scale of one scenario's figure, by the uncertainty of its mean."""
    measure = figure.measure
    return Scale.of(scenario, measure.name, measure.unit, figure.half_width, figure.mean, lang)


def share_of_runs(part: int, whole: int, lang: Lang) -> str:
    """``27 of 30`` or ``27/30``."""
    return {"en": f"{part} of {whole}", "fi": f"{part}/{whole}"}[lang]
