"""A comparison as an Excel workbook: numbers as numbers, texts never as formulas."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from simflow.errors import OutputError
from simflow.experiment import Comparison, Difference, Judgement
from simflow.experiment.cells import FORMULA
from simflow.labels import Lang, decimals, unit, word
from simflow.results.exports import judgement_of, rows_of
from simflow.results.words import explanations, label_of, verdict_words

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Characters that a workbook cannot hold."""
_WIDEST: Final = 60

_HEADS: Final[dict[Lang, tuple[str, ...]]] = {
    "en": (
        "Alternative", "Measure", "Unit", "Base, mean", "Alternative, mean", "Difference",
        "95 % CI, low", "95 % CI, high", "Verdict", "Better", "Smallest difference that matters",
        "Benefit", "Benefit, low", "Benefit, high", "Harm", "Harm, low", "Harm, high",
        "Expected loss", "Pairs", "Name of the measure",
    ),
    "fi": (
        "Vaihtoehto", "Mittari", "Yksikkö", "Lähtökohta, keskiarvo", "Vaihtoehto, keskiarvo",
        "Ero", "95 %:n lv, alaraja", "95 %:n lv, yläraja", "Tulos", "Parempi",
        "Pienin merkittävä ero", "Hyöty", "Hyöty, alaraja", "Hyöty, yläraja", "Haitta",
        "Haitta, alaraja", "Haitta, yläraja", "Odotettu menetys", "Pareja", "Mittarin nimi",
    ),
}  # fmt: skip
_SHEETS: Final[dict[Lang, tuple[str, ...]]] = {
    "en": ("Goals", "All measures", "Changes", "About"),
    "fi": ("Tavoitteet", "Kaikki mittarit", "Muutokset", "Tietoja"),
}
_CHANGE_HEADS: Final[dict[Lang, tuple[str, ...]]] = {
    "en": ("Alternative", "Change", "Value", "Base", "Alternative, value", "Written in"),
    "fi": ("Vaihtoehto", "Muutos", "Arvo", "Lähtökohta", "Vaihtoehdon arvo", "Kirjoitettu"),
}
_WAYS: Final[dict[Lang, dict[str, str]]] = {
    "en": {"more": "more", "fewer": "less"},
    "fi": {"more": "enemmän", "fewer": "vähemmän"},
}


def write_excel(path: Path, comparison: Comparison, names: Sequence[str], lang: Lang) -> None:
    """Write the workbook; a file of that name is replaced, once the new one is whole.

    Parameters
    ----------
    path : Path
        The file, ``….xlsx``.
    names : sequence of str
        Measures of the first sheet.
    lang : {"en", "fi"}
        Language of heads, labels and verdicts.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    first, every, changes, about = _SHEETS[lang]
    for title, chosen in ((first, names), (every, None)):
        _differences(book.create_sheet(title), comparison, rows_of(comparison, chosen), lang)
    _fill(book.create_sheet(changes), _CHANGE_HEADS[lang], _changes(comparison, lang))
    _fill(book.create_sheet(about), (word("base", lang), label_of(comparison,
          comparison.base.scenario, lang)), _about(comparison, names, lang))  # fmt: skip
    temporary = path.with_name(f".{path.name}.partial")
    try:
        book.save(temporary)
        os.replace(temporary, path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error}); close it if it is open in "
            "Excel, or choose another file with --excel"
        ) from error


def _differences(
    sheet: Worksheet, comparison: Comparison, rows: Sequence[tuple[str, Difference]], lang: Lang
) -> None:
    titles = {r.scenario: label_of(comparison, r.scenario, lang) for r in comparison.alternatives}
    judged = ((titles[name], d, judgement_of(comparison, name, d)) for name, d in rows)
    _fill(sheet, _HEADS[lang], (_cells(*row, lang) for row in judged))
    for row, (_, difference) in enumerate(rows, start=2):
        for column, form in _formats(difference).items():
            sheet.cell(row, column).number_format = form


def _cells(title: str, d: Difference, one: Judgement | None, lang: Lang) -> tuple[Any, ...]:
    low, high = d.ci or (None, None)
    way = None if d.goal is None else _WAYS[lang][d.goal.better]
    matters = None if d.goal is None else d.goal.matters
    label = d.measure.label.fi if lang == "fi" else d.measure.label.en
    return (
        title, label, unit(d.measure.unit, lang), d.base, d.alternative, d.mean, low, high,
        verdict_words(one, lang), way, matters, *_chances(one), d.n, d.measure.name,
    )  # fmt: skip


def _chances(one: Judgement | None) -> tuple[float | None, ...]:
    if one is None:
        return (None,) * 7
    ends = [end for chance in (one.benefit, one.harm) for end in
            (chance.value, chance.low, chance.high)]  # fmt: skip
    return (*ends, one.chances.loss)


def _formats(d: Difference) -> dict[int, str]:
    """Number formats by column: the digits that the interval supports; shares as percentages.

    Excel shows them with the separators of its own language.
    """
    percent = d.measure.unit == "share"
    half = float("nan") if d.half_width is None else d.half_width
    places = decimals(half * (100 if percent else 1), d.mean or 0.0)
    plain = "#,##0" + ("." + "0" * places if places else "") + ("%" if percent else "")
    signed = f"+{plain};-{plain};{plain}"
    levels, differences = dict.fromkeys((4, 5), plain), dict.fromkeys((6, 7, 8), signed)
    matters = {11: "0.##%" if percent else "General", 18: plain}
    return levels | differences | matters | dict.fromkeys(range(12, 18), "0%")


def _changes(comparison: Comparison, lang: Lang) -> Iterable[tuple[Any, ...]]:
    for results, changes in zip(comparison.alternatives, comparison.changes, strict=True):
        title = label_of(comparison, results.scenario, lang)
        for change in changes:
            sentence = change.sentence.fi if lang == "fi" else change.sentence.en
            yield (title, sentence, change.path, change.old, change.new, change.origin)


def _about(comparison: Comparison, names: Sequence[str], lang: Lang) -> Iterable[tuple[Any, ...]]:
    yield (word("replications", lang), comparison.replications)
    yield (word("seed", lang), comparison.base.seed)
    for text in explanations(comparison, names, lang):
        yield (None, text)


def _fill(sheet: Worksheet, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Heads in bold, frozen, with filters; then the rows; columns as wide as what they hold."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    widths = [0] * len(heads)
    for row, values in enumerate((heads, *rows), start=1):
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row, column)
            if isinstance(value, str):
                text = _CONTROL.sub(" ", value)
                cell.value, cell.data_type = text, "s"  # never a formula
                cell.quotePrefix = text.startswith(FORMULA)
                widths[column - 1] = max(widths[column - 1], len(text))
            elif value is not None:
                cell.value = value
                widths[column - 1] = max(widths[column - 1], 9)
            if row == 1:
                cell.font = Font(bold=True)
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width + 2, _WIDEST)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions
