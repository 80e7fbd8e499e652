"""What the verdict table and the forest plot share: goals, the order of scenarios, the signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from simflow.charts.amounts import Scale, points, scale, unit_in_table
from simflow.charts.chart import Row
from simflow.charts.data import Run, runs, said
from simflow.charts.style import short
from simflow.experiment.decision import Standing, standings
from simflow.experiment.decision import ranked as choices
from simflow.labels import NO_BREAK, Lang, number, word

if TYPE_CHECKING:
    from simflow.experiment import Difference
    from simflow.results import View

SIGNS: Final = {
    "better": "✓", "worse": "✗", "negligible": "≈", "too_close": "?", "same": "=", "undefined": "–",
}  # fmt: skip
MOST_WORDS: Final = 10
_MOST: Final = 12
"""Alternatives that a chart of details shows; more lines or rows would not be read."""
_CHEAPER: Final[dict[Lang, str]] = {
    "en": "cheaper, no loss that matters",
    "fi": "halvempi ilman merkittävää haittaa",
}
_PRICE: Final[dict[Lang, tuple[str, str]]] = {
    "en": ("costs more", "costs less"),
    "fi": ("maksaa enemmän", "maksaa vähemmän"),
}


@dataclass(frozen=True)
class Alternative:
    """An alternative, its differences from the base, one for each goal, and where it stands."""

    title: str
    differences: tuple[Difference, ...]
    standing: Standing

    def count(self, verdict: str) -> int:
        """Goals with this verdict."""
        return sum(difference.verdict == verdict for difference in self.differences)

    def results(self, verdict: str) -> int:
        """Goals with this verdict, those about money left out."""
        return sum(difference.verdict == verdict for difference in self.standing.results)


def ranked(view: View, lang: Lang) -> list[Alternative]:
    """The alternatives, those to choose first; none without a comparison or goals."""
    comparison = view.comparison
    if comparison is None or not comparison.names:
        return []
    found = [
        Alternative(run.title, tuple(comparison.difference(run.results.scenario, name)
                             for name in comparison.names), standing)
        for run, standing in zip(runs(view, lang)[1:], standings(comparison), strict=True)
    ]  # fmt: skip
    order = [standing.name for standing in choices(tuple(row.standing for row in found))]

    def place(row: Alternative) -> tuple[int, int, int]:
        better, name = row.results("better"), row.standing.name
        chosen = order.index(name) if name in order else len(order)
        return chosen, row.results("worse") - better, -better

    return sorted(found, key=place)


def detailed(view: View, lang: Lang) -> tuple[list[Run], str]:
    """The runs that a chart of details shows, and a line for its subtitle when that is not all.

    The base and, of very many alternatives, those that stand first in the verdict table.
    """
    base, *others = runs(view, lang)
    if len(others) <= _MOST:
        return [base, *others], ""
    order = [row.standing.name for row in ranked(view, lang)]
    first = set((order or [run.results.scenario for run in others])[:_MOST])
    n = number(len(others), lang)
    note = {
        "en": f"\nOf {n} alternatives, the first {_MOST} of the verdict table.",
        "fi": f"\n{n} vaihtoehdosta tulostaulukon {_MOST} ensimmäistä.",
    }
    return [base, *(run for run in others if run.results.scenario in first)], note[lang]


def reading(difference: Difference) -> str:
    """The verdict; `negligible` for what is too close because there is nothing that matters."""
    close = difference.verdict == "too_close"
    return "negligible" if close and difference.negligible else difference.verdict


def label(difference: Difference, lang: Lang) -> str:
    """What a goal measures."""
    return said(difference.measure.label, lang)


def shown_as(view: View, differences: Sequence[Difference], lang: Lang) -> Scale:
    """One scale for a goal's mean in the base and all differences from it."""
    measure = differences[0].measure
    values = [view.results.figure(measure.name).mean, *(item.mean for item in differences)]
    return scale(measure, values, lang)


def terms(difference: Difference, shown: Scale) -> tuple[str, ...]:
    """Which way the goal is better, and how much matters."""
    goal, unit = difference.goal, points(difference.measure, shown)
    if goal is None:
        return (unit,)
    way = {
        "more": {"en": "↑ more is better", "fi": "↑ enemmän on parempi"},
        "fewer": {"en": "↓ less is better", "fi": "↓ vähemmän on parempi"},
    }[goal.better][shown.lang]
    matters = {"en": "matters from", "fi": "merkittävä ero"}[shown.lang]
    return way, f"{unit}; {matters}{NO_BREAK}{shown.plain(goal.matters)}"


def key(rows: list[Alternative], lang: Lang) -> str:
    """The signs and what they mean; only those that occur."""
    found = {reading(difference) for row in rows for difference in row.differences}
    return "   ".join(f"{SIGNS[name]} {word(name, lang)}" for name in SIGNS if name in found)


def pairs(rows: list[Alternative]) -> int:
    """Most replications that any difference rests on."""
    return max(difference.n for row in rows for difference in row.differences)


def headline(rows: list[Alternative], lang: Lang) -> str:
    """Which alternative is to be chosen, on how many goals it is better, and at what price."""
    best = rows[0]
    if best.standing.kind == "cheaper":
        return titled(best.title, _CHEAPER[lang])
    if best.standing.kind != "better":
        return _no_winner(rows, lang)
    better, n = best.results("better"), len(best.standing.results)
    gains = {"en": f"{better}/{n} goals better", "fi": f"{better}/{n} tavoitetta paranee"}[lang]
    cost = best.standing.cost
    if cost is not None and cost.clear_of_zero and cost.mean is not None:
        gains += f", {_PRICE[lang][cost.mean < 0]}"
    return titled(best.title, gains)


def _no_winner(rows: list[Alternative], lang: Lang) -> str:
    lose, n = sum(row.results("worse") > 0 for row in rows), len(rows)
    if pairs(rows) < 2:
        words = "One run each: no verdict is possible", "Yksi toisto kustakin: tulosta ei voi sanoa"
    elif lose:
        words = (
            f"No alternative beats the base; {lose} of {n} do worse",
            f"Mikään ei ole lähtökohtaa parempi; {lose}/{n} on huonompi",
        )
    elif any(row.count("better") + row.count("worse") for row in rows):
        words = (
            "No alternative is clearly better than the base",
            "Mikään vaihtoehto ei ole selvästi lähtökohtaa parempi",
        )
    else:
        words = (
            "No alternative differs clearly from the base",
            "Mikään vaihtoehto ei eroa selvästi lähtökohdasta",
        )
    return words[lang == "fi"]


def headline_clear(rows: list[Alternative], lang: Lang) -> str:
    """How many of all differences are clear."""
    if pairs(rows) < 2:
        return _no_winner(rows, lang)
    better, worse = (sum(row.count(verdict) for row in rows) for verdict in ("better", "worse"))
    n = len(rows) * len(rows[0].differences)
    return {
        "en": f"Of {n} differences, {better} clearly better, {worse} clearly worse",
        "fi": f"{n} erosta {better} on selvästi parempaan suuntaan, {worse} huonompaan",
    }[lang]


def titled(title: str, message: str) -> str:
    """A headline about a scenario; its title is cut where the headline would be too long."""
    return f"{brief(title, MOST_WORDS - len(message.split(' ')), 48)}: {message}"


def brief(title: str, words: int, most: int = 36) -> str:
    """The title in at most so many words and characters, cut where it is longer."""
    split = title.split()
    kept = " ".join(split[:words])
    if len(split) > words:
        kept = kept.rstrip(",;:") + "…"
    return short(kept, most)


def mid(text: str) -> str:
    """A label within a sentence: a small letter first, but for abbreviations."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def table(rows: list[Alternative], lang: Lang) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """Columns and rows of the data behind both charts: a row for each alternative and goal."""
    columns: dict[Lang, tuple[str, ...]] = {
        "en": ("Scenario", "Measure", "Unit", "Base", "Alternative", "Difference", "95 % from",
               "95 % to", "Half-width", "p (Holm)", "Pairs", "Matters from", "Verdict"),
        "fi": ("Skenaario", "Mittari", "Yksikkö", "Lähtökohta", "Vaihtoehto", "Ero",
               "95 % alkaen", "95 % asti", "Virhemarginaali", "p (Holm)", "Pareja",
               "Merkittävä alkaen", "Tulos"),
    }  # fmt: skip
    return columns[lang], tuple(
        (row.title, label(item, lang), unit_in_table(item.measure, lang), item.base,
         item.alternative, item.mean, *(item.ci or (None, None)), item.half_width, item.p_holm,
         float(item.n), None if item.goal is None else item.goal.matters, word(reading(item), lang))
        for row in rows
        for item in row.differences
    )  # fmt: skip


def sentence(row: Alternative, lang: Lang) -> str:
    """An alternative's clear verdicts in words, for those who do not see the picture."""
    parts = []
    for verdict in ("better", "worse"):
        found = [label(item, lang) for item in row.differences if item.verdict == verdict]
        if found:
            parts.append(f"{word(verdict, lang)} ({'; '.join(found)})")
    none = {"en": "no clear difference", "fi": "ei selvää eroa"}[lang]
    return f"{row.title}: {', '.join(parts) or none}."
