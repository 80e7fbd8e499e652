"""Page two: who gains and who loses, group by group; of a run, how many begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simflow.charts.brief.blocks import Bar, Block, draw_blocks
from simflow.charts.brief.leading import leading
from simflow.charts.brief.picture import ends, told
from simflow.charts.chart import Chart, Row
from simflow.charts.segments import WHAT, Cell, cells_of, headline, scale_of, title
from simflow.labels import NO_BREAK, Lang, interval

if TYPE_CHECKING:
    from simflow.results import View


def draw(view: View, lang: Lang, narrow: bool = False) -> Chart | None:
    """The chart, or None when no group is counted."""
    shown, note = leading(view, lang)
    cells = cells_of(view, shown)
    if not cells:
        return None
    blocks = [
        block
        for group in dict.fromkeys(cell.group for cell in cells)
        if (block := _block(view, [c for c in cells if c.group == group], lang)) is not None
    ]
    if not blocks:
        return None
    single = view.comparison is None
    message, below = headline(view, cells, lang), _subtitle(view, lang) + note
    picture = draw_blocks(message, below, blocks, lang, narrow=narrow, signed=not single)
    alt = " ".join(f"{b.title} {b.note}: {', '.join(f'{bar.label} {bar.text}' for bar in b.bars)}."
                   for b in blocks)  # fmt: skip
    rows: tuple[Row, ...] = tuple(
        (block.title, bar.label, bar.mean, bar.low, bar.high)
        for block in blocks
        for bar in block.bars
    )
    columns = {
        "en": ("Group", "Scenario", "Persons", "90 % from", "90 % to"),
        "fi": ("Ryhmä", "Skenaario", "Henkilöitä", "90 % alkaen", "90 % asti"),
    }
    name = "brief-groups-narrow" if narrow else "brief-groups"
    return Chart(name, message, below, alt, picture, columns[lang], rows)


def _block(view: View, cells: list[Cell], lang: Lang) -> Block | None:
    base, *others = cells
    name, shown = title(view, base.group, lang), scale_of(base, lang)
    count = shown.plain(base.figure.mean, 2.0)
    if view.comparison is None:
        return Block(name, "", (_level(base, lang),))
    bars = [
        Bar(cell.run.title, ends(cell.change)[0], cell.change.mean, ends(cell.change)[1],
            told(cell.change, shown))
        for cell in others if cell.change is not None
    ]  # fmt: skip
    now = {"en": "now", "fi": "nyt"}[lang]
    return Block(name, f"({now}{NO_BREAK}{count})", tuple(bars)) if bars else None


def _level(cell: Cell, lang: Lang) -> Bar:
    """A count of a single scenario, and how years vary."""
    mean, shown = cell.figure.mean or 0.0, scale_of(cell, lang)
    low, high = cell.figure.spread or (mean, mean)
    text = shown.plain(mean, 2.0)
    if cell.figure.spread:
        text += f" ({interval(low, high, lang)})"
    return Bar(cell.run.title, low, mean, high, text)


def _subtitle(view: View, lang: Lang) -> str:
    if view.comparison is None:
        return WHAT[lang] + {
            "en": "; line: nine years in ten.", "fi": "; viiva: yhdeksän vuotta kymmenestä.",
        }[lang]  # fmt: skip
    return (
        WHAT[lang]
        + {
            "en": ": change from the present way, with its 90 % range.",
            "fi": ": ero nykytilaan ja sen 90 %:n väli.",
        }[lang]
    )
