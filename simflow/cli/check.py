"""`simflow check`: every error of some scenario files at once."""

from __future__ import annotations

import click


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def command(files: tuple[str, ...]) -> None:
    """Check scenario FILEs and list every error as file:line:column."""
    from simflow.errors import InputError, Problem
    from simflow.experiment import check_measures
    from simflow.scenario import load

    problems: list[Problem] = []
    for file in files:
        try:
            check_measures(load(file))
        except InputError as error:
            problems += error.problems
        else:
            click.echo(f"{file}: in order")
    if problems:
        raise InputError(problems)
