"""`simflow diff`: what differs between two scenarios, in words."""

from __future__ import annotations

import click


@click.command("diff")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
def command(first: str, second: str) -> None:
    """Say what scenario B changes compared with scenario A."""
    from simflow.scenario import diff, load

    click.echo(diff(load(first), load(second)))
