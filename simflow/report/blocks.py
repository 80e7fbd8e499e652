"""The parts of a report, the same for the page and the PDF; every text is safe HTML already."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from markupsafe import Markup

from simflow.labels import Lang

if TYPE_CHECKING:
    from simflow.charts.chart import Chart

_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `lead` for the one sentence that must be read, `small` for a note."""

    text: Markup
    lead: bool = False
    small: bool = False

    kind = "paragraph"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    items: tuple[Markup, ...]

    kind = "bullets"


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a short name and a text."""

    pairs: tuple[tuple[Markup, Markup], ...]

    kind = "facts"


@dataclass(frozen=True, slots=True)
class Table:
    """A table. The first column names the row; `numeric` columns are set flush right.

    Attributes
    ----------
    widths : tuple of float
        Relative widths of the columns on paper; equal when empty.
    """

    caption: Markup
    head: tuple[Markup, ...]
    rows: tuple[tuple[Markup, ...], ...]
    numeric: frozenset[int] = frozenset()
    widths: tuple[float, ...] = ()

    kind = "table"


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, drawn, with the table of the numbers behind it.

    Attributes
    ----------
    data : Table or None
        None where the table stands elsewhere.
    narrow : Chart or None
        The same, drawn for a telephone.
    """

    chart: Chart
    data: Table | None
    narrow: Chart | None = None

    kind = "picture"


Side = tuple[Markup, tuple[Markup, ...]]
"""A heading and its sentences."""


@dataclass(frozen=True, slots=True)
class Twofold:
    """Two lists of sentences side by side: what is lost, and what is gained."""

    left: Side
    right: Side

    kind = "twofold"


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks under a heading of their own: a scenario's card, a section of the method."""

    anchor: str
    title: Markup
    blocks: tuple[Block, ...]
    card: bool = False

    kind = "group"


Block = Paragraph | Bullets | Facts | Table | Picture | Twofold | Group


@dataclass(frozen=True, slots=True)
class Document:
    """A report: a title, and its sections, each a `Group`.

    Attributes
    ----------
    sections : tuple of Group
        All there is; of a report with a brief, the annex.
    brief : tuple of Group
        The two pages that a steering group reads; empty where there are none.
    """

    lang: Lang
    title: Markup
    subtitle: Markup
    sections: tuple[Group, ...]
    colophon: Markup
    brief: tuple[Group, ...] = ()


def plain(text: Markup) -> str:
    """The text without its tags, for paper; spaces are kept as they are, no-break ones too."""
    return unescape(_TAG.sub("", text))


def pictures(blocks: Sequence[Block]) -> Iterator[Picture]:
    """Every picture among the blocks, in order."""
    for block in blocks:
        if isinstance(block, Picture):
            yield block
        elif isinstance(block, Group):
            yield from pictures(block.blocks)
