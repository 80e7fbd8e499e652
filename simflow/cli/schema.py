"""`simflow schema`: the JSON Schema of the scenario format."""

from __future__ import annotations

import json

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of the scenario format (for editors and validators)."""
    from simflow.scenario import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
