"""The table of a comparison: for each alternative, what differs from the base and the verdict."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from simflow.cli.common import print_table
from simflow.cli.table import Groups, given, grid, shown_block
from simflow.experiment import Comparison, Difference
from simflow.labels import NO_BREAK, Lang, agreeing, decimals, number, unit, word
from simflow.results.words import explanations, label_of, verdict_words

_LEFT = (0, 5)


def heads(lang: Lang) -> tuple[str, ...]:
    """Heads of the columns."""
    names = [word(key, lang) for key in ("measure", "base", "alternative", "difference")]
    ends = [word(key, lang) for key in ("matters", "verdict")]
    return (*names[:3], f"{names[3]} ({word('ci', lang)})", *ends)


def cells(difference: Difference, lang: Lang) -> tuple[str, ...]:
    """One difference as text, with the digits that its interval supports.

    Returns
    -------
    tuple of str
        Measure and unit, base, alternative, difference with its interval, smallest difference
        that matters, verdict.
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
    label = d.measure.label.fi if lang == "fi" else d.measure.label.en
    named = f"{label}, {unit(d.measure.unit, lang)}"
    finer = agreeing(base, other, mean, places)
    levels = (number(value, lang, finer) for value in (base, other))
    matters = "" if d.goal is None else given(d.goal.matters * scale, lang)
    return (named, *levels, change, matters, verdict_words(d, lang))


def signed(value: float | None, lang: Lang, places: int) -> str:
    """A difference with its sign: ``+1.2``, ``−0.3``, ``0``."""
    text = number(value, lang, places)
    return f"+{text}" if value is not None and value > 0 and text.strip("0.,") else text


def plain(comparison: Comparison, names: Sequence[str], width: int, lang: Lang) -> str:
    """The table as plain text no wider than `width`, with a heading for each alternative."""
    groups = []
    for results in comparison.alternatives:
        found = [comparison.difference(results.scenario, name) for name in names]
        title = label_of(comparison, results.scenario, lang)
        groups.append((title, [cells(difference, lang) for difference in found]))
    notes = [
        line
        for text in explanations(comparison, names, lang)
        for line in textwrap.wrap(text, width)
    ]
    lines = grid(heads(lang), groups, width, _LEFT) or _stacked(groups, width, lang)
    return "\n".join([*lines, "", *notes])


def show(comparison: Comparison, names: Sequence[str], lang: Lang) -> None:
    """Print the table."""
    titles = {label_of(comparison, r.scenario, lang) for r in comparison.alternatives}
    print_table(lambda width: plain(comparison, names, width, lang), titles)


def markdown(comparison: Comparison, names: Sequence[str], lang: Lang) -> str:
    """The table as Markdown, a heading and a table for each alternative."""
    lines: list[str] = []
    for results in comparison.alternatives:
        title = label_of(comparison, results.scenario, lang)
        lines += [f"### {_escaped(title)}", "", _row(heads(lang)), "|---|--:|--:|--:|--:|---|"]
        found = (comparison.difference(results.scenario, name) for name in names)
        lines += [*(_row(cells(difference, lang)) for difference in found), ""]
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
        for label, base, other, change, matters, said in rows:
            parts = [f"{base} → {other}:", change]
            if matters:
                parts[-1] += ","
                parts += [f"{word('matters', lang).lower()} {matters}:", said]
            lines += shown_block(label, parts, width)
    return lines
