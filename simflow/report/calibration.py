"""The page of a calibration, in the style of the report: what fits, and what was learnt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from simflow import __version__
from simflow.calibrate import tell
from simflow.calibrate.words import say as told
from simflow.charts.calibration import calibration_charts
from simflow.labels import Lang, number
from simflow.report.blocks import Block, Bullets, Document, Group, Paragraph, Picture, Table
from simflow.report.page import data_of
from simflow.report.words import say

if TYPE_CHECKING:
    from simflow.calibrate import Outcome
    from simflow.calibrate.schema import Prior, Split


def write_page(outcome: Outcome, folder: str | Path, lang: Lang) -> Path:
    """Write ``report.html`` into a folder.

    Raises
    ------
    OutputError
        When the folder cannot be written to.
    """
    from simflow.report import put
    from simflow.report.html import render

    return put(Path(folder) / "report.html", render(document(outcome, lang)).encode())


def document(outcome: Outcome, lang: Lang) -> Document:
    """The page of a calibration.

    Parameters
    ----------
    outcome : Outcome
        What came of it.
    lang : {"en", "fi"}
        Language of every word.
    """
    file = outcome.calibration.file
    name = file.title.fi if file.title and lang == "fi" else file.title.en if file.title else ""
    pictures = tuple(
        Picture(chart, data_of(chart, lang)) for chart in calibration_charts(outcome, lang)
    )
    sections = (
        _section("verdict", [*_verdict(outcome, lang), _targets(outcome, lang)], lang),
        _section("charts", pictures, lang),
        _own("taught", _unknowns(outcome, lang), lang),
        _own("unseen", _unseen(outcome, lang), lang),
        *([_own("forecasts", _forecasts(outcome, lang), lang)] if outcome.forecasts else []),
        _own("beliefs", [_priors(outcome, lang)], lang),
    )
    runs = number(outcome.settings.runs, lang)
    return Document(
        lang,
        Markup.escape(name or file.name),
        Markup.escape(told("subtitle", lang, runs)),
        sections,
        say("made_by", lang, version=__version__, seed=outcome.settings.seed, name=file.name,
            hash=outcome.calibration.loaded.hash[:12]),
    )  # fmt: skip


def _section(name: str, blocks: tuple[Block, ...] | list[Block], lang: Lang) -> Group:
    return Group(f"part-{name}", say(f"section_{name}", lang), tuple(blocks))


def _own(name: str, blocks: list[Block], lang: Lang) -> Group:
    return Group(f"part-{name}", Markup.escape(told(name, lang)), tuple(blocks))


def _verdict(outcome: Outcome, lang: Lang) -> list[Block]:
    first, *rest = (Markup.escape(text) for text in tell.sentences(outcome, lang))
    return [Paragraph(first, lead=True), Bullets(tuple(rest))]


def _table(title: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> Table:
    return Table(
        Markup.escape(title),
        tuple(Markup.escape(text) for text in heads),
        tuple(tuple(Markup.escape(text) for text in row) for row in rows),
        frozenset(range(1, len(heads))),
    )


def _heads(lang: Lang, *keys: str) -> tuple[str, ...]:
    return tuple(told(key, lang) for key in keys)


def _targets(outcome: Outcome, lang: Lang) -> Table:
    heads = _heads(lang, "target", "published", "prior", "posterior", "z", "fits")
    return _table(told("targets", lang), heads, tell.targets(outcome, lang))


def _unknowns(outcome: Outcome, lang: Lang) -> list[Block]:
    heads = _heads(lang, "unknown", "prior", "posterior", "learnt")
    table = _table(told("unknowns", lang), heads, tell.unknowns(outcome, lang))
    note = Paragraph(Markup.escape(told("legend", lang)), small=True)
    single = Paragraph(Markup.escape(told("single", lang)), small=True)
    found = tuple(Markup.escape(text) for text in tell.ties(outcome, lang))
    return [table, note, single, *([Bullets(found)] if found else [])]


def _unseen(outcome: Outcome, lang: Lang) -> list[Block]:
    heads = _heads(lang, "target", "published", "posterior", "fits")
    found: list[Block] = [
        _table(told(key, lang), heads, tell.left(lines, outcome, lang))
        for key, lines in (("left_out", outcome.left_out), ("held_out", outcome.held_out))
        if lines
    ]
    return found or [Paragraph(Markup.escape(told("none", lang)))]


def _forecasts(outcome: Outcome, lang: Lang) -> list[Block]:
    heads = _heads(lang, "forecast_figure", "planned", "foreseen", "chance", "not_known")
    note = Paragraph(Markup.escape(tell.forecast_note(outcome, lang)))
    tables = [
        _table(tell.title(one, lang), heads, tell.forecast(one, lang)) for one in outcome.forecasts
    ]
    return [note, *tables]


def _priors(outcome: Outcome, lang: Lang) -> Table:
    """Every prior with its reason and source, in Finnish where the file has them so."""
    calibration = outcome.calibration
    rows: list[tuple[str, ...]] = []
    sections: tuple[tuple[str, Mapping[str, Prior | Split]], ...] = (
        ("priors", calibration.file.priors),
        ("splits", calibration.file.splits),
    )
    for section, parts in sections:
        for name, part in parts.items():
            label = part.label
            shown = name if label is None else label.fi if lang == "fi" else label.en
            why, source = part.why, calibration.source(section, name)
            if lang == "fi":
                words = calibration.file.translations
                why, source = words.get(why, why), words.get(source, source)
            rows.append((shown, part.path, why, source))
    heads = _heads(lang, "number", "path", "why", "source")
    table = _table(told("beliefs", lang), heads, rows)
    return Table(table.caption, table.head, table.rows)
