"""The table that splits the spread of a run or a comparison into chance and what is not known."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Final

from simflow.cli.common import print_table
from simflow.cli.table import Groups, grid, shown_block
from simflow.experiment import Comparison, Results, spread
from simflow.experiment.split import enough
from simflow.experiment.spread import Spread
from simflow.labels import Lang, decimals, number, percent, unit, word
from simflow.results.words import label_of

_WORDS: Final[dict[Lang, tuple[str, ...]]] = {
    "en": ("Standard deviation", "Not known", "Chance", "Not known, of variance"),
    "fi": ("Keskihajonta", "Luvuista", "Sattumasta", "Luvuista, osuus"),
}
_NOTE: Final[dict[Lang, str]] = {
    "en": "How single years vary: because numbers of the model are not known for sure, and by "
    "chance. The variance is the sum of the two (law of total variance); what is not known is "
    "the part that the drawn numbers explain linearly.",
    "fi": "Yksittäiset vuodet vaihtelevat, koska mallin lukuja ei tunneta varmasti ja koska "
    "sattuma vaikuttaa. Varianssi on näiden osien summa (kokonaisvarianssin laki); luvuista tulee "
    "se osa, jonka arvotut luvut selittävät lineaarisesti.",
}
_NOTE_CHANGE: Final[dict[Lang, str]] = {
    "en": "How differences of single years vary. Replications of one draw of the posterior differ "
    "by chance alone; how the draws differ beyond that is what is not known.",
    "fi": "Miten yksittäisten vuosien erot vaihtelevat. Saman poiminnan toistot eroavat vain "
    "sattumalta; se, miten poiminnat eroavat sen lisäksi, tulee luvuista, joita ei tunneta.",
}
_FEW: Final[dict[Lang, str]] = {
    "en": "Too few replications to tell chance from what is not known: give at least {}.",
    "fi": "Toistoja on liian vähän, jotta sattuman voisi erottaa lukujen epävarmuudesta: "
    "anna ainakin {}.",
}
Rows = list[tuple[str, ...]]


def show_run(results: Results, names: Sequence[str], lang: Lang) -> None:
    """Print the split of some measures of a run; nothing without draws of a posterior."""
    if results.draws is not None:
        few = _FEW[lang].format(number(enough(results.draws), lang))
        _show([("", _rows(spread.of_run(results, names), lang))], few, _NOTE[lang], lang)


def show_comparison(comparison: Comparison, names: Sequence[str], lang: Lang) -> None:
    """Print the split of the differences; nothing without draws of a posterior."""
    if comparison.base.draws is None:
        return
    groups = [
        (
            label_of(comparison, one.scenario, lang),
            _rows(spread.of_differences(comparison, one, names), lang),
        )
        for one in comparison.alternatives
    ]
    few = _FEW[lang].format(number(2 * comparison.each, lang))
    _show(groups, few, _NOTE_CHANGE[lang], lang)


def _rows(found: Sequence[Spread], lang: Lang) -> Rows:
    rows: Rows = []
    for one in found:
        measure = one.measure
        scale = 100.0 if measure.unit == "share" else 1.0
        places = decimals(one.total * scale / 10)
        label = measure.label.fi if lang == "fi" else measure.label.en
        rows.append((
            f"{label}, {unit(measure.unit, lang)}",
            *(number(part * scale, lang, places) for part in (one.total, one.unknown, one.chance)),
            percent(one.share, lang),
        ))  # fmt: skip
    return rows


def _stacked(row: tuple[str, ...], width: int, lang: Lang) -> list[str]:
    pairs = zip(_WORDS[lang], row[1:], strict=True)
    return shown_block(row[0], [f"{head.lower()} {text}" for head, text in pairs], width)


def _show(groups: Groups, few: str, note: str, lang: Lang) -> None:
    heads = (word("measure", lang), *_WORDS[lang])

    def plain(width: int) -> str:
        if not any(rows for _, rows in groups):
            return "\n".join(["", *textwrap.wrap(few, width)])
        lines = grid(heads, groups, width, (0,))
        if lines is None:
            lines = [
                line for _, rows in groups for row in rows for line in _stacked(row, width, lang)
            ]
        return "\n".join(["", *lines, "", *textwrap.wrap(note, width)])

    print_table(plain, {title for title, _ in groups})
