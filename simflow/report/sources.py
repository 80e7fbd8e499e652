"""Where the numbers come from: every assumption, with its reason and its place in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup

from simflow.labels import NO_BREAK, Lang, number
from simflow.report.blocks import Block, Paragraph, Table
from simflow.report.words import join, say
from simflow.results import SourceRow

_FI: Final[tuple[tuple[str, str], ...]] = (
    (r"\bthesis\b", "opinnäytetyö"),
    (r"\bch\. ", "luku "),
    (r"\bl\. ", "r. "),
    (r"\blaw: ", "laki: "),
    (r"\bstatistic: ", "tilasto: "),
    (r"\bassumption: ", "oletus: "),
)
"""The set words of a source; the reason after them stays in the language of the file."""
_MOST_VALUES: Final = 12


def is_assumption(row: SourceRow) -> bool:
    """Whether a number rests on an assumption, wholly or in part."""
    return "assumption" in row.source.lower()


def assumptions(rows: Sequence[SourceRow], lang: Lang) -> tuple[Block, ...]:
    """The assumptions in a table, one row for each reason; then the other sources."""
    assumed = [row for row in rows if is_assumption(row)]
    known = [row for row in rows if not is_assumption(row)]
    blocks: list[Block] = []
    if assumed:
        blocks += [
            Paragraph(say("assumptions_intro", lang)),
            _table(assumed, "assumptions_caption", "reason", lang),
        ]
    else:
        blocks.append(Paragraph(say("assumptions_none", lang)))
    if known:
        blocks.append(_table(known, "others_caption", "source", lang))
    return tuple(blocks)


def _table(rows: Sequence[SourceRow], caption: str, head: str, lang: Lang) -> Table:
    grouped: dict[tuple[str, str, str], list[SourceRow]] = {}
    for row in rows:
        grouped.setdefault((row.path.split(".")[0], row.source, row.file), []).append(row)
    return Table(
        say(caption, lang, n=number(len(rows), lang)),
        (say("values", lang), say(head, lang), say("place", lang)),
        tuple(
            (_values(group, lang), source_text(source, lang), _place(group))
            for (_, source, _), group in grouped.items()
        ),
        frozenset(), (4, 5, 2),
    )  # fmt: skip


def _values(rows: Sequence[SourceRow], lang: Lang) -> Markup:
    """``channels.te_info: attends 60 %, books 55 %``: values by the part that holds them."""
    parts: dict[str, list[Markup]] = {}
    for row in rows[:_MOST_VALUES]:
        part, _, name = row.path.rpartition(".")
        value = Markup("<code>{}</code>{}{}").format(name, NO_BREAK, value_text(row.value, lang))
        parts.setdefault(part, []).append(value)
    shown = [
        Markup("<code>{}</code>: {}").format(part, join(values)) for part, values in parts.items()
    ]
    if len(rows) > _MOST_VALUES:
        shown.append(say("changed_more", lang, n=number(len(rows) - _MOST_VALUES, lang)))
    return join(shown, "; ")


def _place(rows: Sequence[SourceRow]) -> Markup:
    file = rows[0].file.replace("\\", "/").rsplit("/", 1)[-1]
    lines = sorted({int(row.line) for row in rows if row.line})
    if not lines:
        return Markup.escape(file)
    span = str(lines[0]) if len(lines) == 1 else f"{lines[0]}–{lines[-1]}"
    return Markup("<code>{}:{}</code>").format(file, span)


def source_text(source: str, lang: Lang) -> Markup:
    """A source as written; in Finnish with its set words translated, and the rest marked English.

    The scenario file is written in one language; a page in another must say so to screen readers.
    """
    if lang == "en":
        return Markup.escape(source)
    text = source
    for pattern, word in _FI:
        text = re.sub(pattern, word, text)
    head, colon, reason = text.partition(": ")
    if not colon:
        return Markup.escape(text)
    return Markup('{}: <span lang="en">{}</span>').format(head, reason)


_UNITS_FI: Final[Mapping[str, str]] = {
    "weeks": "viikkoa", "week": "viikko", "days": "päivää", "day": "päivä",
    "months": "kuukautta", "month": "kuukausi", "years": "vuotta", "year": "vuosi",
    "hours": "tuntia", "hour": "tunti", "min": "min", "fte": "htv",
    "per year": "vuodessa", "per month": "kuukaudessa", "per week": "viikossa",
    "per day": "päivässä", "a year": "vuodessa", "a month": "kuukaudessa",
    "a week": "viikossa", "a day": "päivässä", "true": "kyllä", "false": "ei", "rest": "loput",
    "eur": "€",
}  # fmt: skip
_WORD: Final = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, _UNITS_FI), key=len, reverse=True)) + r")\b"
)
_POINT: Final = re.compile(r"(?<=\d)\.(?=\d)")


def value_text(value: str, lang: Lang) -> Markup:
    """A value as written; in Finnish with Finnish units and a decimal comma."""
    if lang == "fi" and len(value) < 40:
        value = _WORD.sub(lambda found: _UNITS_FI[found[1]], _POINT.sub(",", value))
    return Markup.escape(value)
