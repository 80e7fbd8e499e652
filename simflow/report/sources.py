"""Where the numbers come from: every assumption, with its reason and its place in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from simflow.labels import NO_BREAK, Lang, number
from simflow.report.blocks import Block, Paragraph, Table
from simflow.report.titles import title_of
from simflow.report.words import join, say
from simflow.results import SourceRow, View
from simflow.scenario import Scenario
from simflow.scenario.diff import place_in_words
from simflow.scenario.words import key_in_words, value_in_words

_CITED: Final = re.compile(r"thesis ch\. ([\d.]+), l\. ([\d-]+)")
_MOST_VALUES: Final = 12
_OF_MEASURES: Final = ("goals", "targets", "published")
"""Sections whose entries are named by a measure."""


def is_assumption(row: SourceRow) -> bool:
    """Whether a number rests on an assumption, wholly or in part."""
    return "assumption" in row.source.lower()


def assumptions(view: View, lang: Lang) -> tuple[Block, ...]:
    """The assumptions in a table, one row for each reason; then the other sources."""
    assumed = [row for row in view.sources if is_assumption(row)]
    known = [row for row in view.sources if not is_assumption(row)]
    blocks: list[Block] = []
    if assumed:
        blocks += [
            Paragraph(say("assumptions_intro", lang)),
            _table(assumed, "assumptions_caption", "reason", view, lang),
        ]
    else:
        blocks.append(Paragraph(say("assumptions_none", lang)))
    if known:
        blocks.append(_table(known, "others_caption", "source", view, lang))
    return (*blocks, *_alternatives(view, lang))


def _alternatives(view: View, lang: Lang) -> tuple[Block, ...]:
    """The numbers that the alternatives set themselves, in a table with their sources."""
    scenarios = () if view.comparison is None else view.comparison.scenarios[1:]
    rows = [
        (title_of(scenario, lang), *cells)
        for scenario in scenarios
        for cells in _rows(view.own_sources.get(scenario.name, ()), scenario, view, True, lang)
    ]
    if not rows:
        return ()
    heads = ("scenario", "values", "source", "place")
    n = sum(map(len, view.own_sources.values()))
    return (
        Paragraph(say("own_intro", lang)),
        Table(say("own_caption", lang, n=number(n, lang)), tuple(say(key, lang) for key in heads),
              tuple(rows), frozenset(), (2.2, 4, 4, 1.8)),
    )  # fmt: skip


@dataclass(frozen=True)
class _Words:
    """What values are called: the scenario as a tree, for its labels, and labels of measures."""

    tree: Mapping[str, Any]
    measures: Mapping[str, str]


def _table(rows: Sequence[SourceRow], caption: str, head: str, view: View, lang: Lang) -> Table:
    files = sorted({_file(row) for row in rows})
    return Table(
        say(caption, lang, n=number(len(rows), lang), files=", ".join(files)),
        (say("values", lang), say(head, lang), say("place", lang)),
        _rows(rows, view.scenario, view, len(files) > 1, lang),
        frozenset(), (5, 5, 1.3),
    )  # fmt: skip


def _rows(rows: Sequence[SourceRow], scenario: Scenario, view: View, named: bool,
          lang: Lang) -> tuple[tuple[Markup, ...], ...]:  # fmt: skip
    """Values, source and place: a row for each part of the scenario and each source."""
    grouped: dict[tuple[str, str, str], list[SourceRow]] = {}
    for row in rows:
        grouped.setdefault((row.path.split(".")[0], row.source, row.file), []).append(row)
    words = _Words(
        scenario.model_dump(by_alias=True, mode="json"),
        {measure.name: getattr(measure.label, lang) for measure in view.results.measures},
    )
    return tuple(
        (_values(group, words, lang), source_text(source, scenario, lang),
         _place(group, named=named))
        for (_, source, _), group in grouped.items()
    )  # fmt: skip


def _values(rows: Sequence[SourceRow], words: _Words, lang: Lang) -> Markup:
    """``TE-office information session: attends 60 %, books 55 %``: by the part that holds them."""
    parts: dict[str, list[Markup]] = {}
    for row in rows[:_MOST_VALUES]:
        path = tuple(row.path.split("."))
        part, name = _named(path, words, lang)
        value = value_in_words(row.value, words.tree, lang, path[-1])
        parts.setdefault(part, []).append(Markup("{}{}{}").format(name, NO_BREAK, value))
    shown = [
        Markup("<strong>{}:</strong> {}").format(part, join(values)) if part else join(values)
        for part, values in parts.items()
    ]
    if len(rows) > _MOST_VALUES:
        shown.append(say("changed_more", lang, n=number(len(rows) - _MOST_VALUES, lang)))
    return join(shown, "; ")


def _named(path: tuple[str, ...], words: _Words, lang: Lang) -> tuple[str, str]:
    """The part that holds a value, and the value's own name."""
    measure = words.measures.get(".".join(path[1:-1])) if path[0] in _OF_MEASURES else None
    if measure is not None:
        return key_in_words(path[0], lang), measure
    part, whole = (place_in_words(place, words.tree, lang) for place in (path[:-1], path))
    inside = whole.startswith(f"{part}, ")
    return part, whole[len(part) + 2 :] if inside else whole.rpartition(", ")[2]


def _file(row: SourceRow) -> str:
    return row.file.replace("\\", "/").rpartition("/")[2]


def _place(rows: Sequence[SourceRow], *, named: bool) -> Markup:
    """Lines of the file; with its name where the table is of several files."""
    lines = sorted({row.line for row in rows if row.line})
    span = "–".join(str(line) for line in dict.fromkeys((lines[0], lines[-1]))) if lines else ""
    parts = [part for part in (_file(rows[0]) if named or not span else "", span) if part]
    return Markup.escape(" ".join(parts))


def source_text(source: str, scenario: Scenario, lang: Lang) -> Markup:
    """A source in a language: in Finnish as the scenario translates it.

    One that it does not translate is shown as written and marked as English, so that a screen
    reader says it right.
    """
    if lang == "en" or not source:
        return Markup.escape(source)
    if source in scenario.translations:
        return Markup.escape(scenario.translations[source])
    cited = _CITED.fullmatch(source)
    if cited is not None:
        return say("cited", lang, chapter=cited[1], lines=cited[2].replace("-", "–"))
    return Markup('<span lang="en">{}</span>').format(source)
