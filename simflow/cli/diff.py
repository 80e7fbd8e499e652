"""`simflow diff`: what differs between two scenarios, in words."""

from __future__ import annotations

import click

from simflow.cli.common import lang_option
from simflow.labels import Lang


@click.command("diff")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@lang_option
def command(first: str, second: str, lang: Lang) -> None:
    """Say what scenario B changes compared with scenario A."""
    from simflow.scenario import diff, load

    differences = diff(load(first), load(second), lang)
    for difference in differences:
        click.echo(f"{difference.sentence}  [{difference.origin}]")
    if not differences:
        click.echo({"en": "The same values throughout.", "fi": "Kaikki arvot ovat samat."}[lang])
