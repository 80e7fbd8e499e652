"""Numbers and the few words that tables and charts say, in English and Finnish.

Finnish groups thousands by a no-break space and has a decimal comma (``12 345,6``); both
languages use a true minus sign and a no-break space before ``%``.
"""

from __future__ import annotations

import datetime as dt
from math import floor, isfinite, log10
from typing import Final, Literal

Lang = Literal["en", "fi"]
LANGUAGES: Final[tuple[Lang, ...]] = ("en", "fi")

NO_BREAK: Final = "\u00a0"
_MINUS: Final = "\u2212"
_DASH: Final = "\u2013"
_MOST_DECIMALS: Final = 4


def decimals(half_width: float, value: float = 0.0) -> int:
    """Number of decimals that an uncertainty supports.

    The last digit shown is the half-width's first one, or its second when the first is a 1, so
    that rounding never hides more than about a tenth of the uncertainty's size.

    Parameters
    ----------
    half_width : float
        Half the width of the confidence interval, in the unit shown. When it is zero or not a
        number (one replication, or no variation), `value` gives three significant digits.
    value : float
        The value itself.
    """
    if isfinite(half_width) and half_width > 0:
        exponent = floor(log10(half_width))
        first_is_one = half_width / 10.0**exponent < 2
        return min(_MOST_DECIMALS, max(0, -exponent + int(first_is_one)))
    if not isfinite(value) or value == round(value):
        return 0
    return min(_MOST_DECIMALS, max(0, 2 - floor(log10(abs(value)))))


def agreeing(base: float | None, other: float | None, change: float | None, places: int) -> int:
    """Decimals for two levels whose difference is shown with `places` decimals.

    One more where the rounded levels would differ by something else than the rounded change:
    ``62.5 → 53.8: −9``, as ``62 → 54: −9`` looks like a mistake.
    """
    if base is None or other is None or change is None:
        return places
    apart = round(other, places) - round(base, places)
    return places + (abs(apart - round(change, places)) > 10.0**-places / 2)


def number(value: float | None, lang: Lang = "en", places: int = 0) -> str:
    """A number for reading: ``12,345.6`` in English, ``12 345,6`` in Finnish, – when undefined.

    Parameters
    ----------
    value : float or None
        NaN and None give an en dash: there is no such value.
    lang : {"en", "fi"}
        Language of the separators.
    places : int
        Decimals shown.
    """
    if value is None or not isfinite(value):
        return _DASH
    text = f"{value:,.{places}f}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")  # no minus zero
    text = text.replace("-", _MINUS)
    if lang == "fi":
        text = text.replace(",", NO_BREAK).replace(".", ",")
    return text


def interval(low: float, high: float, lang: Lang = "en", places: int = 0) -> str:
    """Two ends of an interval, ``160–181``; spaced when an end is negative."""
    ends = number(low, lang, places), number(high, lang, places)
    if _DASH in ends:
        return _DASH
    gap = f" {_DASH} " if _MINUS in ends[0] + ends[1] else _DASH
    return gap.join(ends)


def percent(share: float | None, lang: Lang = "en", places: int = 0) -> str:
    """A share as a percentage: ``12 %``, with a no-break space; – when undefined."""
    text = number(None if share is None else share * 100, lang, places)
    return text if text == _DASH else f"{text}{NO_BREAK}%"


_MONTHS: Final[dict[Lang, tuple[str, ...]]] = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "fi": (
        "tammi", "helmi", "maalis", "huhti", "touko", "kesä",
        "heinä", "elo", "syys", "loka", "marras", "joulu",
    ),
}  # fmt: skip


def month(number_of_month: int, lang: Lang = "en") -> str:
    """Short name of a month, 1 = January."""
    return _MONTHS[lang][number_of_month - 1]


def date(day: dt.date, lang: Lang = "en") -> str:
    """A date for reading: ``31 Dec 2014`` or ``31.12.2014``."""
    if lang == "fi":
        return f"{day.day}.{day.month}.{day.year}"
    return f"{day.day} {_MONTHS['en'][day.month - 1]} {day.year}"


_WORDS: Final[dict[str, tuple[str, str]]] = {
    "measure": ("Measure", "Mittari"),
    "unit": ("Unit", "Yksikkö"),
    "mean": ("Mean", "Keskiarvo"),
    "ci": ("95 % CI", "95 %:n lv"),
    "spread": ("5–95 %", "5–95 %"),
    "published": ("Published", "Julkaistu"),
    "key": ("Key measures", "Päämittarit"),
    "clients": ("Clients", "Asiakkaat"),
    "caseload": ("Caseload", "Asiakasmäärä"),
    "wait": ("Waiting", "Odotus"),
    "contact": ("Contact", "Yhteydenpito"),
    "participants": ("Participants", "Osallistujat"),
    "requests": ("Asked for", "Kysyntä"),
    "ended": ("Ended spells", "Päättyneet jaksot"),
    "completed": ("Completed", "Loppuun asti käydyt"),
    "dropouts": ("Left early", "Keskeyttäneet"),
    "reneged": ("Gave up waiting", "Odotuksesta luopuneet"),
    "not_found": ("No place found", "Paikkaa ei löytynyt"),
    "spells": ("Spells", "Jaksot"),
    "channels": ("Referral channels", "Ohjauskanavat"),
    "seats": ("Seats on courses", "Kurssipaikat"),
    "courses": ("Courses", "Kurssit"),
    "occupancy": ("Occupancy", "Käyttöaste"),
    "exits": ("Exits", "Päättyneet asiakkuudet"),
    "relationship": ("Relationships", "Asiakkuudet"),
    "no_shows": ("Missed meetings", "Väliin jääneet tapaamiset"),
    "sessions": ("Information sessions", "Infotilaisuudet"),
    "staff": ("Staff", "Henkilöstö"),
    "cost": ("Costs", "Kustannukset"),
    "flow": ("Moves", "Siirtymät"),
    "base": ("Base", "Lähtökohta"),
    "alternative": ("Alternative", "Vaihtoehto"),
    "difference": ("Difference", "Ero"),
    "matters": ("Matters from", "Merkittävä alkaen"),
    "verdict": ("Verdict", "Tulos"),
    "replications": ("Replications", "Toistoja"),
    "seed": ("Seed", "Siemenluku"),
    "planned": ("Planned", "Suunniteltu"),
    "reached": ("Reached", "Toteutuu"),
    "benefit": ("Benefit", "Hyöty"),
    "harm": ("Harm", "Haitta"),
    "outcome": ("Outcomes", "Tulokset asiakkaille"),
    "goal_better": ("better", "parempi"),
    "goal_worse": ("worse", "huonompi"),
    "goal_no_difference": ("no difference that matters", "ei merkittävää eroa"),
    "goal_not_worse": ("not worse", "ei huonompi"),
    "goal_unclear": ("cannot be told yet", "ei voi vielä sanoa"),
    "class_recommended": ("recommended", "suositellaan"),
    "class_saving": ("a saving, and nothing lost", "säästö ilman menetyksiä"),
    "class_trade_off": ("a trade-off", "vaihtokauppa"),
    "class_loss": ("a loss", "menetys"),
    "class_no_difference": ("no difference that matters", "ei merkittävää eroa"),
    "class_unclear": ("cannot be told yet", "ei voi vielä sanoa"),
    "class_circumstance": ("a circumstance, not a choice", "olosuhde, ei valinta"),
    "class_other_period": ("another period, not compared", "toinen ajanjakso, ei verrata"),
    "tells_runs": ("more runs would tell", "lisätoistot kertoisivat"),
    "tells_lasting_effect": (
        "it hangs on a lasting effect of the service that nobody has shown",
        "se riippuu palvelun pysyvästä vaikutuksesta, josta ei ole näyttöä",
    ),
    "tells_numbers": (
        "better known numbers of the model would tell",
        "mallin lukujen tarkempi tunteminen kertoisi",
    ),
    "legend": (
        "95 % CI: uncertainty of the mean. 5–95 %: how single years vary.",
        "95 %:n lv: keskiarvon luottamusväli. 5–95 %: yksittäisten vuosien vaihtelu.",
    ),
    "results_in": ("Results are in {}", "Tulokset ovat kansiossa {}"),
    "report_in": ("The report is {}", "Raportti on {}"),
    "posterior_in": ("The posterior is {}", "Sovitettu jakauma on {}"),
    "legend_once": (
        "One replication: it shows neither how sure the mean is nor how years vary. Ask for more "
        "with --reps.",
        "Yksi toisto: siitä ei näe, kuinka varma keskiarvo on eikä kuinka vuodet vaihtelevat. "
        "Pyydä lisää: --reps.",
    ),
}
_UNITS_FI: Final[dict[str, str]] = {
    "clients": "asiakasta",
    "persons": "henkilöä",
    "visits": "käyntiä",
    "spells": "jaksoa",
    "days": "päivää",
    "hours": "tuntia",
    "months": "kuukautta",
    "places": "paikkaa",
    "seats": "paikkaa",
    "courses": "kurssia",
    "sessions": "tilaisuutta",
    "meetings": "tapaamista",
    "contacts": "yhteydenottoa",
    "clients/worker": "as./työntekijä",
    "clients per worker": "as./työntekijä",
}


def word(key: str, lang: Lang = "en") -> str:
    """The word for `key`; the key itself, readable, when there is none."""
    if key in _WORDS:
        return _WORDS[key][LANGUAGES.index(lang)]
    return key.replace("_", " ").capitalize()


def unit(name: str, lang: Lang = "en") -> str:
    """A measure's unit as tables say it; a share is shown as a percentage."""
    if name in ("share", "eur"):
        return "%" if name == "share" else "€"
    return _UNITS_FI.get(name, name) if lang == "fi" else name
