"""`simflow measures`: the names of a scenario's measures, to look up or to give to --measure."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from simflow.cli.common import lang_option
from simflow.labels import LANGUAGES, Lang, unit

if TYPE_CHECKING:
    from simflow.measures import Measure

_DEFAULT: Final = Path("scenarios/espoo-2014.yaml")
_SUFFIXES: Final = (".yaml", ".yml")
_GAP: Final = "  "
_LEAST: Final = 24
"""Fewest columns for a label; with fewer it goes below the name."""
_ENDLESS: Final = 10_000
"""Columns where there is no terminal: one line a measure, so that `grep` can work with it."""


@click.command("measures")
@click.argument("words", nargs=-1, metavar="[FILE] [PATTERN]")
@lang_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of columns.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV instead of columns.")
def command(words: tuple[str, ...], lang: Lang, as_json: bool, as_csv: bool) -> None:
    """List the measures of scenario FILE: name, unit and label.

    PATTERN is a part of a name or label, or a pattern of them such as "wait.*". FILE is
    scenarios/espoo-2014.yaml when left out.
    """
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    file, pattern = _file_and_pattern(words)
    found = _found(file, pattern)
    rows = [(m.name, m.unit, m.label[LANGUAGES.index(lang)]) for m in found]
    if as_json:
        keys = ("name", "unit", "label")
        listed = [dict(zip(keys, row, strict=True)) for row in rows]
        click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
    elif as_csv:
        click.echo(_csv(rows), nl=False)
    else:
        width = shutil.get_terminal_size((_ENDLESS, 24)).columns
        shown = [(name, unit(of, lang), label) for name, of, label in rows]
        click.echo("\n".join(columns(shown, width)))


def _file_and_pattern(words: Sequence[str]) -> tuple[Path, str]:
    """What was given: a first word that is a file, or ends like one, is FILE."""
    if len(words) > 2:
        raise click.UsageError("at most a FILE and a PATTERN; put a pattern with spaces in quotes")
    named = len(words) == 2 or (
        len(words) == 1 and (Path(words[0]).is_file() or words[0].endswith(_SUFFIXES))
    )
    if not named and not _DEFAULT.is_file():
        raise click.UsageError(
            f"there is no {_DEFAULT} here; name a scenario file: simflow measures FILE [PATTERN]"
        )
    file, rest = (Path(words[0]), words[1:]) if named else (_DEFAULT, words)
    return file, rest[0] if rest else ""


def _found(file: Path, pattern: str) -> list[Measure]:
    from simflow.errors import InputError
    from simflow.experiment.names import matching, unknown
    from simflow.measures import measures_of
    from simflow.scenario import load

    measures = measures_of(load(file).scenario)
    found = matching(measures, pattern)
    if not found:
        raise InputError([replace(unknown(measures, pattern), file=str(file), path="")])
    return found


def _csv(rows: Sequence[tuple[str, ...]]) -> str:
    import csv
    import io

    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("name", "unit", "label"), *rows])
    return text.getvalue()


def columns(rows: Sequence[tuple[str, str, str]], width: int) -> list[str]:
    """Lines of names, units and labels; names are never broken, so that they can be copied."""
    first, second = (max(len(row[i]) for row in rows) for i in (0, 1))
    left = first + second + 2 * len(_GAP)
    lines = []
    for name, of, label in rows:
        if width - left < _LEAST:
            lines += [name, *textwrap.wrap(f"{label} ({of})", max(width, 20), initial_indent=_GAP,
                                           subsequent_indent=_GAP)]  # fmt: skip
        else:
            start, *more = textwrap.wrap(label, width - left) or [""]
            lines.append(f"{name:{first}}{_GAP}{of:{second}}{_GAP}{start}".rstrip())
            lines += [" " * left + line for line in more]
    return lines
