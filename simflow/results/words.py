"""What a comparison says in words, in English and Finnish."""

from __future__ import annotations

from collections.abc import Sequence

from simflow.experiment import Comparison, Difference
from simflow.labels import Lang, number, word


def label_of(comparison: Comparison, scenario: str, lang: Lang) -> str:
    """A scenario's title in a language; its name when it has none."""
    title = next(s.title for s in comparison.scenarios if s.name == scenario)
    return scenario if title is None else (title.fi if lang == "fi" else title.en) or scenario


def verdict_words(difference: Difference, lang: Lang) -> str:
    """The verdict in words; empty for a measure that is no goal."""
    if difference.verdict == "undefined" and difference.goal is None:
        return ""
    if difference.verdict == "too_close" and difference.negligible:
        return word("negligible", lang)
    return word(difference.verdict, lang)


def explanations(comparison: Comparison, names: Sequence[str], lang: Lang) -> list[str]:
    """What the columns mean, and what a reader must know of this comparison."""
    n = number(comparison.replications, lang)
    found = [{
        "en": f"{n} replications, the same random streams in every scenario. Difference: "
        "alternative less base, with its 95 % confidence interval.",
        "fi": f"{n} toistoa, samat satunnaisluvut joka skenaariossa. Ero: vaihtoehto miinus "
        "lähtökohta, ja sen 95 %:n luottamusväli.",
    }[lang]]  # fmt: skip
    if comparison.replications == 1:
        found[0] = {
            "en": "One replication: a difference, but no confidence interval and no verdict. Ask "
            "for more with --reps.",
            "fi": "Yksi toisto: ero, mutta ei luottamusväliä eikä tulosta. Pyydä lisää: --reps.",
        }[lang]
    elif any(name in comparison.goals for name in names):
        found.append({
            "en": "Better or worse: the difference is larger than what matters, beyond doubt for "
            "all goals and alternatives together (Holm, 5 %).",
            "fi": "Parempi tai huonompi: ero on varmasti suurempi kuin pienin merkittävä ero, kun "
            "kaikki tavoitteet ja vaihtoehdot otetaan yhdessä huomioon (Holm, 5 %).",
        }[lang])  # fmt: skip
    return found + [note.text.fi if lang == "fi" else note.text.en for note in comparison.notes]
