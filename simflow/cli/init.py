"""`simflow init`: a commented scenario to start from."""

from __future__ import annotations

from pathlib import Path

import click

from simflow.errors import OutputError


@click.command("init")
@click.argument("folder", metavar="DIR", default=".")
def command(folder: str) -> None:
    """Write a commented starter scenario into DIR (made when it does not exist)."""
    from simflow.scenario import starter

    path = Path(folder) / "scenario.yaml"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(starter())
    except FileExistsError as error:
        raise OutputError(
            f"{error.filename}: already there, and nothing was overwritten; name another folder"
        ) from None
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror}); name a folder you may write to"
        ) from None
    click.echo(f"{path}: written; now try: simflow run {path}")
