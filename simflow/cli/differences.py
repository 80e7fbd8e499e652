"""The table of a comparison: for each alternative, what differs from the base and the verdict."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from simflow.cli.common import print_table
from simflow.cli.table import Groups, given, grid, shown_block
from simflow.experiment import Comparison, Difference, Judgement
from simflow.experiment.chances import Chance
from simflow.labels import (
    NO_BREAK,
    Lang,
    agreeing,
    decimals,
    interval,
    number,
    percent,
    unit,
    word,
)
from simflow.results.exports import judgement_of
from simflow.results.words import class_words, explanations, label_of, verdict_words

_LEFT = (0, 6)


def heads(lang: Lang) -> tuple[str, ...]:
    """Heads of the columns."""
    names = [word(key, lang) for key in ("measure", "base", "alternative", "difference")]
    ends = [word(key, lang) for key in ("benefit", "harm", "verdict")]
    return (*names[:3], f"{names[3]} ({word('ci', lang)})", *ends)


def cells(difference: Difference, judgement: Judgement | None, lang: Lang) -> tuple[str, ...]:
    """One difference as text, with the digits that its interval supports.

    Returns
    -------
    tuple of str
        Measure, its unit and what matters; base, alternative, difference with its interval;
        probabilities of a benefit and of a harm that matter, and the class of a goal.
    """
    d = difference
    scale = 100.0 if d.measure.unit == "share" else 1.0
    base, other, mean = (
        None if value is None else value * scale for value in (d.base, d.alternative, d.mean)
    )
    half = float("nan") if d.half_width is None else d.half_width * scale
    places = max(decimals(half, mean or 0.0), 0 if half > 0 else decimals(half, base or 0.0))
    change = signed(mean, lang, places)
    if d.ci is not None:
        ends = (signed(end * scale, lang, places) for end in d.ci)
        change += f" ({f'{NO_BREAK}…{NO_BREAK}'.join(ends)})"
    finer = agreeing(base, other, mean, places)
    levels = (number(value, lang, finer) for value in (base, other))
    chances = ("", "") if judgement is None else (
        _chance(judgement.benefit, lang), _chance(judgement.harm, lang))  # fmt: skip
    return (_named(d, scale, lang), *levels, change, *chances, verdict_words(judgement, lang))


def _named(d: Difference, scale: float, lang: Lang) -> str:
    """A measure and its unit, and of a goal from where a difference matters."""
    label = d.measure.label.fi if lang == "fi" else d.measure.label.en
    named = f"{label}, {unit(d.measure.unit, lang)}"
    if d.goal is None:
        return named
    matters = given(d.goal.matters * scale, lang)
    return f"{named} ({word('matters', lang).lower()}{NO_BREAK}{matters})"


def _chance(chance: Chance, lang: Lang) -> str:
    """A probability with its range: ``94 % (89–97)``."""
    ends = interval(chance.low * 100, chance.high * 100, lang)
    return f"{percent(chance.value, lang)} ({ends})"


def signed(value: float | None, lang: Lang, places: int) -> str:
    """A difference with its sign: ``+1.2``, ``−0.3``, ``0``."""
    text = number(value, lang, places)
    return f"+{text}" if value is not None and value > 0 and text.strip("0.,") else text


def plain(comparison: Comparison, names: Sequence[str], width: int, lang: Lang) -> str:
    """The table as plain text no wider than `width`, with a heading for each alternative."""
    groups = []
    for results in comparison.alternatives:
        rows = _rows(comparison, results.scenario, names, lang)
        groups.append((_titled(comparison, results.scenario, lang), rows))
    notes = [
        line
        for text in explanations(comparison, names, lang)
        for line in textwrap.wrap(text, width)
    ]
    lines = grid(heads(lang), groups, width, _LEFT) or _stacked(groups, width, lang)
    return "\n".join([*lines, "", *notes])


def _titled(comparison: Comparison, alternative: str, lang: Lang) -> str:
    """An alternative's title and, when it is judged, its class."""
    title, told = (
        label_of(comparison, alternative, lang),
        class_words(comparison, alternative, lang),
    )
    return f"{title}: {told}" if told else title


def _rows(
    comparison: Comparison, alternative: str, names: Sequence[str], lang: Lang
) -> list[tuple[str, ...]]:
    found = (comparison.difference(alternative, name) for name in names)
    return [cells(d, judgement_of(comparison, alternative, d), lang) for d in found]


def show(comparison: Comparison, names: Sequence[str], lang: Lang) -> None:
    """Print the table."""
    titles = {_titled(comparison, r.scenario, lang) for r in comparison.alternatives}
    print_table(lambda width: plain(comparison, names, width, lang), titles)


def markdown(comparison: Comparison, names: Sequence[str], lang: Lang) -> str:
    """The table as Markdown, a heading and a table for each alternative."""
    lines: list[str] = []
    for results in comparison.alternatives:
        title = _titled(comparison, results.scenario, lang)
        lines += [f"### {_escaped(title)}", "", _row(heads(lang)), "|---|--:|--:|--:|--:|--:|---|"]
        lines += [*map(_row, _rows(comparison, results.scenario, names, lang)), ""]
    notes = map(_escaped, explanations(comparison, names, lang))
    return "\n".join([*lines, "\n\n".join(notes)])


def _row(texts: Sequence[str]) -> str:
    return f"| {' | '.join(map(_escaped, texts))} |"


def _escaped(text: str) -> str:
    """A text that Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]<>|#&])", r"\\\1", " ".join(text.split("\n")))


def _stacked(groups: Groups, width: int, lang: Lang) -> list[str]:
    lines: list[str] = []
    for title, rows in groups:
        lines += ["", *textwrap.wrap(title, width)] if lines else textwrap.wrap(title, width)
        for label, base, other, change, benefit, harm, said in rows:
            parts = [f"{base} → {other}:", change]
            if benefit:
                parts[-1] += ";"
                parts += [f"{word('benefit', lang).lower()} {benefit},",
                          f"{word('harm', lang).lower()} {harm}:", said]  # fmt: skip
            lines += shown_block(label, parts, width)
    return lines
