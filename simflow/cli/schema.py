"""`simflow schema`: the JSON Schema of the scenario format."""

from __future__ import annotations

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of the scenario format (for editors and validators)."""
    from simflow.scenario.jsonschema import text

    click.echo(text(), nl=False)
