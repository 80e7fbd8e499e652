"""`simflow init`: a commented scenario to start from."""

from __future__ import annotations

import click


@click.command("init")
@click.argument("folder", metavar="DIR")
def command(folder: str) -> None:
    """Write a commented starter scenario into DIR (made when it does not exist)."""
    from simflow.scenario import starter

    path = starter(folder)
    click.echo(f"{path}: written; now try: simflow run {path}")
