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
    word, (value, range_) = likely_word(chance, lang), _numbers(chance, lang)
    inside = ", ".join(part for part in (value, range_) if part)
    return f"{word} ({inside})" if word else odds(chance, lang)


def odds(chance: Chance, lang: Lang) -> str:
    """The number alone: ``60 % (45–75 %)``."""
    value, range_ = _numbers(chance, lang)
    return f"{value} ({range_})" if range_ else value


def _numbers(chance: Chance, lang: Lang) -> tuple[str, str]:
    """The probability and its range; no range where its ends and it are the same as shown."""
    value, low, high = (sure(p, lang) for p in (chance.value, chance.low, chance.high))
    if low == value == high:
        return value, ""
    ends = (percent(end, lang).removesuffix(f"{NO_BREAK}%") for end in (chance.low, chance.high))
    return value, "–".join(ends) + f"{NO_BREAK}%"


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
