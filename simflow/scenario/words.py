"""Keys and values of a scenario in words, in English and Finnish."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from simflow.labels import LANGUAGES, NO_BREAK, Lang, date, month
from simflow.scenario.merge import Path, at

_FI: Final[dict[str, str]] = {
    "begins": "mitä alkaa", "decide": "päätössääntö", "draws": "poimintoja vähintään",
    "evidence": "näyttö vaikutuksesta", "first_service_within": "ensimmäinen palvelu viimeistään",
    "follow_up": "seuranta", "in_touch_for": "yhteys kestää", "likely": "todennäköinen",
    "posterior": "sovitettu jakauma", "repeats": "toistuu", "role": "rooli",
    "trade_off": "vaihtokauppa", "unlikely": "epätodennäköinen",
    "accepts": "suostuu", "after": "viive", "amount": "määrä", "arrivals": "tulopäivät",
    "at_least": "vähintään", "at_most": "enintään", "attends": "saapuu", "away": "poissa",
    "batch": "tulijoita kerralla", "benefit": "työmarkkinatuki", "better": "parempi suunta",
    "books": "varaa ajan", "brackets": "kunnan osuus maksettujen päivien mukaan",
    "calendar": "kalenteri", "calls": "haut", "caseload_effect": "asiakasmäärän vaikutus",
    "caseload_reference": "viitteellinen asiakasmäärä", "casework": "palveluohjaus",
    "change": "muutos", "channels": "kanavat", "circumstance": "olosuhde",
    "client_work": "asiakastyön osuus",
    "clients": "asiakkaita", "closed": "suljettu", "closes": "päättäminen",
    "closing_exit": "päättymistapa lopussa", "companion": "rinnakkainen palvelu",
    "contact": "yhteydenpito", "contact_interval": "yhteydenpidon väli",
    "contact_length": "yhteydenoton kesto", "contact_missed": "tavoittamatta jäävät",
    "costs": "kustannukset", "count": "lukumäärä", "country": "maa", "cv": "vaihtelukerroin",
    "daily_rate": "tuki päivältä", "dates": "päivät", "days_a_month": "maksupäiviä kuukaudessa",
    "days_at_start": "maksetut päivät alussa", "declined": "kieltäytyvät", "dist": "jakauma",
    "dropout": "keskeyttäminen", "duration": "kesto", "during": "milloin",
    "elapsed": "kulunut aika", "end": "loppu", "evaluation": "arviointi", "every": "väli",
    "exits": "päättymistavat", "file": "tiedosto", "first": "ensimmäinen", "from": "alkaen",
    "fte": "työaika", "full": "jonon ollessa täynnä", "goals": "arviointiperusteet",
    "growth": "kasvu", "high": "suurin", "horizon": "jakso", "hours": "työaika",
    "hours_a_contact": "työaika yhteydenottoon", "hours_a_week": "työaika viikossa",
    "hypothesis": "oletus", "inside": "missä", "invited": "kutsuttuja",
    "key_measures": "päämittarit", "kind": "laji", "label": "nimi", "leads_to": "johtaa",
    "length": "kesto", "lost": "viimeisenkin ajan väliin jättäneet", "low": "pienin",
    "matters": "merkitsevä ero", "max": "enintään", "max_length": "enimmäiskesto",
    "mean": "keskiarvo", "min": "vähintään", "mix": "asiakasryhmien osuudet",
    "mode": "yleisin", "months": "kuukausikerroin", "name": "nimi", "needs": "tarpeet",
    "no_service_left": "kun palvelua ei ole jäljellä", "no_show": "saapumatta jää",
    "not_found": "jos paikkaa ei löydy", "notice": "aika varauksesta", "open": "avoinna",
    "own_worker": "oma työntekijä pitää", "patience": "odottamisesta luopuminen",
    "per": "mistä", "places": "paikkoja", "postpone_at_most": "siirtoja enintään",
    "postpone_by": "siirto", "posts": "paikkoja haussa", "price": "hinta",
    "priority": "etusija", "progress": "edistää asiaa", "published": "julkaistut luvut",
    "question": "kysymys", "quota": "aloituksia vuodessa", "ramp": "perehdytys",
    "rate": "tulijoita", "reached": "tavoitetaan", "reading": "tulkinta",
    "reason": "syy", "rebook": "uusia varauksia", "rebook_after": "uuden varauksen viive",
    "refusal": "kieltäytyminen", "regimes": "muutokset", "relationship": "asiakkuus",
    "repeat": "voi käydä uudelleen", "returns": "paluu", "review": "tilanteen tarkistus",
    "risks": "riskit", "room": "jonopaikkoja", "screens": "seulotaan", "search": "paikan etsintä",
    "seats": "ryhmän koko", "segments": "asiakasryhmät", "service": "palvelu",
    "services": "palvelut", "sessions": "tapaamiset", "shape": "muoto", "share": "osuus",
    "short": "jos ilmoittautuneita on liian vähän", "simflow": "muoto",
    "since": "asiakkuuden alusta", "skills": "tehtävät", "skip_closed": "siirtyy työpäivään",
    "staff": "henkilöstö", "stagnation": "pysähtyminen", "start": "alku",
    "starts": "alkamisajat", "starts_after": "alkaa palvelun jälkeen", "stock": "alkutilanne",
    "success": "onnistuu", "supported": "tuettuna", "targets": "suunnitellut luvut",
    "then": "seuraava askel", "time": "aika", "time_limit": "aikaraja", "title": "otsikko",
    "to": "minne", "translations": "käännökset", "top_up": "kuntalisä",
    "top_up_for": "kuntalisän kesto",
    "unsupported": "ilman tukea", "until": "viimeinen päivä", "value": "arvo",
    "values": "arvot", "wait_limit": "odotusajan raja", "waiting_for": "jonossa",
    "warm_up": "alkujakso", "weights": "painot", "when": "ajankohdat", "worker": "työntekijä",
    "workers": "työntekijät", "working_days": "työpäivät",
}  # fmt: skip
_EN: Final = {
    "then": "next step", "benefit": "labour market subsidy", "top_up": "wage top-up",
    "top_up_for": "length of the wage top-up", "mix": "shares of segments",
    "brackets": "the city's share by paid days", "days_at_start": "paid days at the start",
}  # fmt: skip
_VALUES: Final[dict[str, tuple[str, str]]] = {
    "rest": ("the rest", "loput"), "back": ("back", "takaisin"), "co_funded": (
        "the city's share", "kunnan osuus"), "promoting": ("paid by the state", "valtio maksaa"),
    "none": ("none", "ei"), "cancel": ("cancelled", "perutaan"), "postpone": (
        "postponed", "siirretään"), "next_step": ("next step", "seuraava askel"),
    "drift": ("drifts away", "etääntyy"), "recover": ("back in contact", "palaa yhteyteen"),
    "assessor": ("who met him first", "ensimmäisen tapaamisen pitänyt"), "least_loaded": (
        "the one with the fewest clients", "se, jolla on vähiten asiakkaita"),
    "guidance": ("guidance", "ohjauksessa"), "waiting": ("waiting", "jonossa"),
    "drifting": ("drifting", "etääntyneenä"), "more": ("more", "enemmän"),
    "fewer": ("fewer", "vähemmän"), "fixed": ("fixed", "vakio"), "exponential": (
        "exponential", "eksponentti"), "uniform": ("uniform", "tasainen"),
    "triangular": ("triangular", "kolmio"), "empirical": ("empirical", "havaittu"),
}  # fmt: skip
_UNITS_FI: Final = {
    "min": ("min", "min"), "hour": ("tunti", "tuntia"), "day": ("päivä", "päivää"),
    "week": ("viikko", "viikkoa"), "month": ("kuukausi", "kuukautta"), "year": ("vuosi", "vuotta"),
    "fte": ("htv", "htv"), "%": ("%", "%"), "": ("", ""), "eur": ("€", "€"),
}  # fmt: skip
_PER_FI: Final = {
    "hour": "tunnissa", "day": "päivässä", "week": "viikossa", "month": "kuukaudessa",
    "year": "vuodessa",
}  # fmt: skip
_PRICED_FI: Final = {
    "hour": "tunti", "day": "päivä", "week": "viikko", "month": "kuukausi", "course": "kurssi",
    "seat": "paikka", "start": "aloittanut",
}  # fmt: skip
_QUANTITY: Final = re.compile(
    r"^([-+]?\d+(?:[ \u00a0\u202f]\d{3})*(?:\.\d+)?)\s*(%|€|[a-z]*)"
    r"(?:\s*(?:per|an|a|/)\s*([a-z]+))?$"
)
_DATE: Final = re.compile(r"^\d{4}-\d\d-\d\d$")
_LABELLED: Final = ("services", "exits", "segments", "needs", "channels", "staff", "casework.risks")
_MONTHS: Final = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
_WORKERS_FI: Final = (("worker", "työntekijä"), ("nurse", "terveydenhoitaja"))
_MOST_DATES: Final = 3
_NOT_SET: Final = ("not set", "ei asetettu")


def key_in_words(key: str, lang: Lang) -> str:
    """A key of the format: ``wait limit`` or ``odotusajan raja``."""
    words = _EN if lang == "en" else _FI
    return words.get(key, key.replace("_", " "))


def label_of(tree: Any, name: str, lang: Lang, first: str = "services") -> str | None:
    """Label of the service, exit, pool or other part of that name; None when it has none.

    Parameters
    ----------
    tree : mapping
        The scenario as written.
    name : str
        The name.
    lang : {"en", "fi"}
        Language.
    first : str
        Section looked into first, as a pool may have the name of a service.
    """
    for section in (first, *_LABELLED):
        label = label_at(tree, (*section.split("."), name), lang)
        if label is not None:
            return label
    return None


def label_at(tree: Any, path: Path, lang: Lang) -> str | None:
    """Label of the part at a path; None when it has none."""
    try:
        label = at(tree, path)["label"]
    except (KeyError, TypeError, IndexError):
        return None
    return str(label[lang] if isinstance(label, Mapping) else label)


def value_in_words(value: Any, tree: Any, lang: Lang, key: str = "") -> str:
    """A value for a reader: with labels for names, and in Finnish with Finnish units.

    Parameters
    ----------
    value : Any
        As written in the scenario.
    tree : mapping
        The scenario, for the labels.
    lang : {"en", "fi"}
        Language.
    key : str
        Key of the value.
    """
    place = LANGUAGES.index(lang)
    if value is None:
        return _NOT_SET[place]
    if isinstance(value, bool):
        return (("no", "ei"), ("yes", "kyllä"))[value][place]
    if isinstance(value, Mapping):
        return _mapping(value, tree, lang)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _several(value, tree, lang)
    text = str(value)
    if isinstance(value, dt.date) or _DATE.match(text):
        return date(dt.date.fromisoformat(text[:10]), lang)
    if not isinstance(value, str) or text[:1].isdigit() or text[:1] in "-+":
        return _quantity(text) if lang == "fi" else text
    label = label_of(tree, text, lang, "staff" if key == "staff" else "services")
    return label or _VALUES.get(text, (text, text))[place]


def name_in_words(tree: Any, name: str, lang: Lang, section: str) -> str:
    """The name of an entry of a mapping in words: a month, a part's label or the name itself."""
    if section == "months" and name in _MONTHS:
        return month(_MONTHS.index(name) + 1, lang)
    words = label_of(tree, name, lang, section) or key_in_words(name, lang)
    for en, fi in _WORKERS_FI if section == "workers" and lang == "fi" else ():
        words = words.replace(en, fi)  # workers have names such as `worker_a`, and no label
    return words


def _several(values: Sequence[Any], tree: Any, lang: Lang) -> str:
    texts = [value_in_words(value, tree, lang) for value in values]
    if len(values) > _MOST_DATES and all(_DATE.match(str(value)) for value in values):
        count = f"{len(values)} {'dates' if lang == 'en' else 'päivää'}"
        ends = [value_in_words(end, tree, lang) for end in (min(values), max(values))]
        return f"{count}, {ends[0]} – {ends[1]}"
    return ", ".join(texts) or ("none", "ei mitään")[LANGUAGES.index(lang)]


def _mapping(value: Mapping[str, Any], tree: Any, lang: Lang) -> str:
    if set(value) == {"from", "share"}:
        share, days = (value_in_words(value[key], tree, lang) for key in ("share", "from"))
        return f"{share} from {days} days" if lang == "en" else f"{share} {days} päivästä"
    if "from" in value and "until" in value:
        ends = (value_in_words(value[end], tree, lang) for end in ("from", "until"))
        return " – ".join(ends)
    pairs = ((key_in_words(key, lang), value_in_words(item, tree, lang, key))
             for key, item in value.items())  # fmt: skip
    return ", ".join(f"{key}: {item}" for key, item in pairs)


def _quantity(text: str) -> str:
    """``4 % a month`` in Finnish; the text itself where it is no quantity."""
    found = _QUANTITY.match(text)
    if found is None:
        return text
    number, unit, per = found[1], found[2].replace("€", "eur"), found[3] or ""
    unit, per = (word if len(word) < 2 else word.removesuffix("s") for word in (unit, per))
    unit = {"h": "hour", "d": "day", "euro": "eur"}.get(unit, unit)
    if unit not in _UNITS_FI:
        return text
    number = re.sub(r"[ \u00a0\u202f]", NO_BREAK, number).replace(".", ",")
    name = _UNITS_FI[unit][found[1] != "1"]
    words = f"{number}{NO_BREAK}{name}" if name else number
    if not per:
        return words
    return (
        f"{words}/{_PRICED_FI.get(per, per)}"
        if unit == "eur"
        else f"{words} {_PER_FI.get(per, per)}"
    )
