"""What charts say of verdicts: they repeat `Comparison.verdicts`, and have no test of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from simflow.charts.amounts import Scale, points, scale, unit_in_table
from simflow.charts.chart import Row
from simflow.charts.data import Run, runs, said
from simflow.charts.style import short
from simflow.experiment import ranked as advised
from simflow.labels import NO_BREAK, Lang, number, percent

if TYPE_CHECKING:
    from simflow.experiment import Difference, Judgement, Verdict
    from simflow.experiment.verdict import Class, GoalClass
    from simflow.results import View

KINDS: Final[dict[Class, dict[Lang, str]]] = {
    "recommended": {"en": "Recommended", "fi": "Suositellaan"},
    "saving": {"en": "Saving without loss", "fi": "Säästö ilman haittaa"},
    "trade_off": {"en": "Trade-off", "fi": "Hyötyä ja haittaa"},
    "loss": {"en": "Loss", "fi": "Haittaa"},
    "unclear": {"en": "Cannot be told yet", "fi": "Ei voi vielä sanoa"},
    "no_difference": {"en": "No difference that matters", "fi": "Ei merkittävää eroa"},
    "circumstance": {"en": "Circumstance, no choice", "fi": "Olosuhde, ei valittavissa"},
    "other_period": {"en": "Another period", "fi": "Eri ajanjakso"},
}
"""Classes of alternatives, in the order in which they are shown."""
GOALS: Final[dict[GoalClass, dict[Lang, str]]] = {
    "better": {"en": "better", "fi": "parempi"},
    "worse": {"en": "worse", "fi": "huonompi"},
    "no_difference": {"en": "no difference that matters", "fi": "ei merkittävää eroa"},
    "not_worse": {"en": "not worse", "fi": "ei huonompi"},
    "unclear": {"en": "cannot be told yet", "fi": "ei voi vielä sanoa"},
}
SIGNS: Final[dict[GoalClass, str]] = {
    "better": "✓", "worse": "✗", "no_difference": "≈", "not_worse": "○", "unclear": "?",
}  # fmt: skip
MOST_WORDS: Final = 10
_MOST: Final = 12
"""Alternatives that a chart of details shows; more lines or rows would not be read."""


@dataclass(frozen=True)
class Alternative:
    """An alternative and what is said of it."""

    title: str
    verdict: Verdict

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """The purpose, the guards, money."""
        return self.verdict.judgements

    def word(self, lang: Lang) -> str:
        """Its class in words."""
        return KINDS[self.verdict.kind][lang]


def ranked(view: View, lang: Lang) -> list[Alternative]:
    """The alternatives that have a verdict, what is advised first, then class by class."""
    comparison = view.comparison
    if comparison is None:
        return []
    titles = {run.results.scenario: run.title for run in runs(view, lang)}
    found = [Alternative(titles[one.name], one) for one in comparison.verdicts]
    order = [one.name for one in advised(comparison.verdicts)]
    kinds = list(KINDS)

    def place(row: Alternative) -> tuple[int, int, float]:
        name = row.verdict.name
        first = order.index(name) if name in order else len(order)
        return first, kinds.index(row.verdict.kind), -row.verdict.primary.benefit.value

    return sorted(found, key=place)


def detailed(view: View, lang: Lang) -> tuple[list[Run], str]:
    """The runs that a chart of details shows, and a line for its subtitle when that is not all.

    The base and, of very many alternatives, those that stand first in the verdict table.
    """
    base, *others = runs(view, lang)
    if len(others) <= _MOST:
        return [base, *others], ""
    order = [row.verdict.name for row in ranked(view, lang)]
    order += [run.results.scenario for run in others if run.results.scenario not in order]
    first, n = set(order[:_MOST]), number(len(others), lang)
    note = {
        "en": f"\nOf {n} alternatives, the first {_MOST} of the verdict table.",
        "fi": f"\n{n} vaihtoehdosta tulostaulukon {_MOST} ensimmäistä.",
    }
    return [base, *(run for run in others if run.results.scenario in first)], note[lang]


def columns(rows: list[Alternative]) -> list[list[Judgement]]:
    """The judgements goal by goal, each over the alternatives."""
    return [list(goal) for goal in zip(*(row.judgements for row in rows), strict=True)]


def label(difference: Difference, lang: Lang) -> str:
    """What a goal measures."""
    return said(difference.measure.label, lang)


def shown_as(view: View, judgements: Sequence[Judgement], lang: Lang) -> Scale:
    """One scale for a goal's mean in the base and all differences from it."""
    measure = judgements[0].difference.measure
    values = [view.results.figure(measure.name).mean]
    return scale(measure, [*values, *(one.difference.mean for one in judgements)], lang)


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
    found = {one.shown for row in rows for one in row.judgements}
    return "   ".join(f"{SIGNS[name]} {GOALS[name][lang]}" for name in SIGNS if name in found)


def once(rows: list[Alternative], lang: Lang) -> str:
    """A sentence where there is a single run of each, of which nothing can be told; else empty."""
    if max(one.difference.n for row in rows for one in row.judgements) > 1:
        return ""
    return {
        "en": "A single run of each: chance cannot be told from effect. ",
        "fi": "Yksi toisto kustakin: sattumaa ei voi erottaa vaikutuksesta. ",
    }[lang]


def odds(judgement: Judgement, lang: Lang) -> str:
    """The probabilities of a benefit and of a harm that matter: ``94 % / 1 %``."""
    benefit, harm = judgement.benefit.value, judgement.harm.value
    return f"{percent(benefit, lang)} / {percent(harm, lang)}"


def headline(rows: list[Alternative], lang: Lang) -> str:
    """What is said of the alternative that stands first, or that nothing is advised."""
    first, n = rows[0], len(rows)
    if first.verdict.recommended or n == 1:
        return titled(first.title, first.word(lang).lower())
    trade = sum(row.verdict.kind == "trade_off" for row in rows)
    lose = sum(row.verdict.kind == "loss" for row in rows)
    said_ = {
        "en": f"Nothing of {n} is recommended; trade-offs {trade}, losses {lose}",
        "fi": f"Mitään ei suositella; hyötyä ja haittaa {trade}/{n}, haittaa {lose}/{n}",
    }
    return said_[lang]


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


_COLUMNS: Final[dict[Lang, tuple[str, ...]]] = {
    "en": ("Scenario", "Verdict", "Goal", "Unit", "Base", "Alternative", "Difference", "95 % from",
           "95 % to", "Benefit, probability", "Benefit from", "Benefit to", "Harm, probability",
           "Harm from", "Harm to", "Matters from", "Goal's class"),
    "fi": ("Skenaario", "Tulos", "Tavoite", "Yksikkö", "Lähtökohta", "Vaihtoehto", "Ero",
           "95 % alkaen", "95 % asti", "Hyödyn todennäköisyys", "Hyöty alkaen", "Hyöty asti",
           "Haitan todennäköisyys", "Haitta alkaen", "Haitta asti", "Merkittävä alkaen",
           "Tavoitteen luokka"),
}  # fmt: skip


def table(rows: list[Alternative], lang: Lang) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """Columns and rows of the data behind both charts: a row for each alternative and goal."""
    return _COLUMNS[lang], tuple(_row(row, one, lang) for row in rows for one in row.judgements)


def _row(row: Alternative, one: Judgement, lang: Lang) -> Row:
    item, benefit, harm = one.difference, one.benefit, one.harm
    return (
        row.title, row.word(lang), label(item, lang), unit_in_table(item.measure, lang), item.base,
        item.alternative, item.mean, *(item.ci or (None, None)), benefit.value, benefit.low,
        benefit.high, harm.value, harm.low, harm.high,
        None if item.goal is None else item.goal.matters, GOALS[one.shown][lang],
    )  # fmt: skip


def sentence(row: Alternative, lang: Lang) -> str:
    """An alternative's verdict in words, for those who do not see the picture."""
    goals = "; ".join(
        f"{label(one.difference, lang)}: {GOALS[one.shown][lang]}" for one in row.judgements
    )
    return f"{row.title}: {row.word(lang).lower()} ({goals})."
