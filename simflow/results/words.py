"""What a comparison says in words, in English and Finnish."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from simflow.experiment import Comparison, Judgement
from simflow.labels import Lang, number, word
from simflow.scenario.goals import OUTCOMES


def label_of(comparison: Comparison, scenario: str, lang: Lang) -> str:
    """A scenario's title in a language; its name when it has none."""
    title = next(s.title for s in comparison.scenarios if s.name == scenario)
    return scenario if title is None else (title.fi if lang == "fi" else title.en) or scenario


def verdict_words(judgement: Judgement | None, lang: Lang) -> str:
    """The class of a goal in words; empty for what is not judged."""
    return "" if judgement is None else word(f"goal_{judgement.shown}", lang)


def class_words(comparison: Comparison, alternative: str, lang: Lang) -> str:
    """The class of an alternative in words; empty when it is not judged."""
    verdict = comparison.verdict(alternative)
    if verdict is None:
        return ""
    told = word(f"class_{verdict.kind}", lang)
    return f"{told}: {word(f'tells_{verdict.reason}', lang)}" if verdict.reason else told


def explanations(comparison: Comparison, names: Sequence[str], lang: Lang) -> list[str]:
    """What the columns mean, and what a reader must know of this comparison."""
    found = [_numbers(comparison, lang)]
    judged = any(name in comparison.goals for name in names)
    if comparison.outcomes and any(name.startswith(OUTCOMES) for name in names):
        found.append(_POPULATION[lang])
    if comparison.replications > 1 and judged:
        found.append(_NO_ROLES[lang] if not comparison.has_roles else _RULE[lang])
    return found + [note.text.fi if lang == "fi" else note.text.en for note in comparison.notes]


def _numbers(comparison: Comparison, lang: Lang) -> str:
    """How many replications there are, of what numbers, and what a difference is."""
    if comparison.replications == 1:
        return _ONCE[lang]
    counts = sorted({one.replications for one in comparison.alternatives})
    n = " – ".join(number(count, lang) for count in dict.fromkeys((counts[0], counts[-1])))
    each = {"en": "the file's own numbers", "fi": "tiedoston omat luvut"}[lang]
    if not comparison.point:
        draws = number(comparison.replications // comparison.each, lang)
        each = {
            "en": f"at most {draws} draws of the posterior, {comparison.each} replications each",
            "fi": f"enintään {draws} poimintaa sovitetusta jakaumasta, kustakin "
            f"{comparison.each} toistoa",
        }[lang]
    return {
        "en": f"{n} replications of {each}; the same random streams in every scenario. Difference: "
        "alternative less base, with its 95 % confidence interval.",
        "fi": f"{n} toistoa, {each}; samat satunnaisluvut joka skenaariossa. Ero: vaihtoehto "
        "miinus lähtökohta, ja sen 95 %:n luottamusväli.",
    }[lang]


_POPULATION: Final[dict[Lang, str]] = {
    "en": "Outcomes, and shares among them, are of everyone invited, contacted or asking in either "
    "of the two scenarios, or there at the start; so the base's own differ from one alternative to "
    "the next.",
    "fi": "Tulokset ja niiden osuudet koskevat kaikkia, jotka jommassakummassa skenaariossa "
    "kutsuttiin, joita tavoiteltiin tai jotka hakeutuivat itse tai olivat asiakkaina alussa; siksi "
    "lähtökohdan omat luvut vaihtelevat vaihtoehdosta toiseen.",
}
_ONCE: Final[dict[Lang, str]] = {
    "en": "One replication: a difference, but no confidence interval and no verdict. Ask for more "
    "with --reps.",
    "fi": "Yksi toisto: ero, mutta ei luottamusväliä eikä tulosta. Pyydä lisää: --reps.",
}
_RULE: Final[dict[Lang, str]] = {
    "en": "Benefit and harm: the probability of a difference that matters in either direction, "
    "with its 90 % range. Better (worse): the benefit (the harm) is likely for sure; not worse: "
    "the harm is very unlikely for sure.",
    "fi": "Hyöty ja haitta: merkittävän eron todennäköisyys kumpaankin suuntaan, ja sen 90 %:n "
    "väli. Parempi (huonompi): hyöty (haitta) on varmasti todennäköinen; ei huonompi: haitta on "
    "varmasti erittäin epätodennäköinen.",
}
_NO_ROLES: Final[dict[Lang, str]] = {
    "en": "The goals of the base have no roles (primary, guard, money), so nothing is recommended: "
    "give each a role in its file.",
    "fi": "Lähtökohdan tavoitteilla ei ole rooleja (primary, guard, money), joten mitään ei "
    "suositella: anna kullekin rooli tiedostossa.",
}
