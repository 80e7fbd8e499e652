"""`simflow check`: every error of some scenario and calibration files at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from simflow.errors import Problem


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def command(files: tuple[str, ...]) -> None:
    """Check scenario and calibration FILEs and list every error as file:line:column.

    What may be run and is yet doubtful is listed as a note, and leaves a file in order.
    """
    from simflow.cli.common import note_text
    from simflow.errors import InputError

    problems: dict[Problem, None] = {}
    told: dict[Problem, None] = {}
    for file in files:
        try:
            notes = _checked(file)
        except InputError as error:
            problems |= dict.fromkeys(error.problems)
        else:
            click.echo(f"{file}: in order")
            for note in (note for note in notes if note not in told):
                click.echo(note_text(note))
            told |= dict.fromkeys(notes)  # those of a shared parent are said once
    if problems:
        raise InputError(list(problems))


def _checked(file: str) -> list[Problem]:
    """What is doubtful in a file that is in order."""
    from simflow.experiment import check_measures
    from simflow.scenario import load, warnings_of
    from simflow.scenario.document import is_calibration
    from simflow.scenario.yamlfile import read

    if is_calibration(read(Path(file)).tree):
        from simflow.calibrate import read_calibration

        return warnings_of(read_calibration(file).loaded)
    loaded = load(file)
    check_measures(loaded)
    return warnings_of(loaded)
