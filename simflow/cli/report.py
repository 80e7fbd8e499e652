"""`simflow report`: the page, and the PDF, of a run or a comparison that is already saved."""

from __future__ import annotations

from pathlib import Path

import click

from simflow.cli.common import lang_option
from simflow.labels import Lang


@click.command("report")
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--pdf", is_flag=True, help="Write a PDF as well.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the report.  [default: RUN itself]",
)
@lang_option
@click.option("--quiet", is_flag=True, help="Do not say where the report is.")
def command(folder: Path, pdf: bool, out: Path | None, lang: Lang, quiet: bool) -> None:
    """Write the steering group's page of RUN, the folder of a run or a comparison.

    One file, report.html, that needs no network and no JavaScript.
    """
    from simflow.report import write
    from simflow.results import read_any

    written = write(read_any(folder), folder if out is None else out, lang, pdf)
    if not quiet:
        for path in written:
            click.echo(path)
