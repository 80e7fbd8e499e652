"""`simflow show`: resolved values with their origin."""

from __future__ import annotations

import click

from simflow.cli.common import set_option


@click.command("show")
@click.argument("file")
@set_option
def command(file: str, sets: list[tuple[str, str]]) -> None:
    """Show each value of scenario FILE with where it comes from."""
    from simflow.scenario import load, show

    click.echo(show(load(file, sets)))
