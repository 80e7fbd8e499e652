"""How probable something is, in words: the IPCC's, always beside the number.

Mastrandrea et al. (2010), Guidance note for lead authors of the IPCC Fifth Assessment Report on
consistent treatment of uncertainties. A word is said only where the whole range lies within its
band.
"""

from __future__ import annotations

from typing import Final

from simflow.experiment.chances import Chance
from simflow.labels import NO_BREAK, Lang, percent

_BANDS: Final[tuple[tuple[float, float, dict[Lang, str]], ...]] = (
    (0.90, 1.0, {"en": "very likely", "fi": "erittäin todennäköistä"}),
    (0.66, 1.0, {"en": "likely", "fi": "todennäköistä"}),
    (0.0, 0.10, {"en": "very unlikely", "fi": "erittäin epätodennäköistä"}),
    (0.0, 0.33, {"en": "unlikely", "fi": "epätodennäköistä"}),
    (0.33, 0.66, {"en": "about as likely as not", "fi": "yhtä todennäköistä kuin ei"}),
)
"""The narrowest first."""


def likely(chance: Chance, lang: Lang) -> str:
    """``very likely (94 %, 89–97 %)``, or ``60 % (45–75 %)`` where no word fits the whole range."""
    word, value = likely_word(chance, lang), sure(chance.value, lang)
    ends = sure(chance.low, lang), sure(chance.high, lang)
    if ends[0] == ends[1] == value:
        return f"{word} ({value})" if word else value
    range_ = f"{ends[0].removesuffix(f'{NO_BREAK}%')}–{ends[1]}"
    return f"{word} ({value}, {range_})" if word else f"{value} ({range_})"


def likely_word(chance: Chance, lang: Lang) -> str:
    """The word alone; empty where the range lies in no single band."""
    for low, high, words in _BANDS:
        if chance.low >= low and chance.high <= high:
            return words[lang]
    return ""


def sure(value: float, lang: Lang) -> str:
    """A probability in per cent; never certain, as no estimate is."""
    if value > 0.99:
        return {"en": "over", "fi": "yli"}[lang] + f" {percent(0.99, lang)}"
    if value < 0.01:
        return {"en": "under", "fi": "alle"}[lang] + f" {percent(0.01, lang)}"
    return percent(value, lang)
