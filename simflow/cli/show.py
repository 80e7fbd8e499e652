"""`simflow show`: resolved values with their origin."""

from __future__ import annotations

import click

from simflow.cli.common import set_option


@click.command("show")
@click.argument("file")
@set_option
def command(file: str, sets: list[tuple[str, str]]) -> None:
    """Show each value of scenario FILE: as written = as used  [file:line; source]."""
    from simflow.scenario import load, show

    for row in show(load(file, sets)):
        # One line a value, so that `grep` and spreadsheets can work with it.
        value = row.written if row.resolved == row.written else f"{row.written} = {row.resolved}"
        origin = f"{row.origin}; {row.source}" if row.source else row.origin
        click.echo(f"{row.path}: {value}  [{origin}]")
