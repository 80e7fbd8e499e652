"""`simflow calibrate`: fit a scenario to published figures, and say how far to trust the fit."""

from __future__ import annotations

import os
import shlex
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simflow.cli.common import folder_for, lang_option, print_table
from simflow.cli.guard import Stopped
from simflow.errors import OutputError, TargetMissed

if TYPE_CHECKING:
    from simflow.calibrate.outcome import Outcome, Settings
    from simflow.labels import Lang


@click.command("calibrate")
@click.argument("file")
@click.option(
    "--runs", type=click.IntRange(50, 10_000_000), help="Runs of the table.  [default: 10000]"
)
@click.option("--quick", is_flag=True, help="2000 runs: for trying out, not for decisions.")
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 1024),
    default=lambda: os.cpu_count() or 1,
    help="Processes at work at the same time.  [default: one a core]",
)
@click.option(
    "--method",
    type=click.Choice(["abc", "npe"]),
    default="abc",
    show_default=True,
    help="Regression ABC, or a neural posterior as a cross-check (needs simflow[calibration]).",
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for the results."
)
@click.option("--force", is_flag=True, help="Use a table of another scenario all the same.")
@lang_option
@click.option("--quiet", is_flag=True, help="No progress, and no word about where results are.")
def command(file: str, **options: Any) -> None:
    """Fit a scenario to published figures, as calibration FILE says.

    The same folder given again with --out goes on with a calibration that was interrupted.
    """
    if options["runs"] is not None and options["quick"]:
        raise click.UsageError("--runs and --quick exclude each other")
    from simflow.calibrate import calibrate, read_calibration, write
    from simflow.calibrate.outcome import QUICK, RUNS, Settings
    from simflow.calibrate.words import say
    from simflow.labels import word

    calibration = read_calibration(file)
    runs = options["runs"] or (QUICK if options["quick"] else RUNS)
    folder = options["out"] or folder_for(f"calibrate-{calibration.file.name}")
    _refuse_other(folder)
    settings = Settings(
        runs, options["seed"], min(options["jobs"], runs), options["force"], options["method"]
    )
    try:
        outcome = calibrate(calibration, folder, settings, _stages(options))
    except KeyboardInterrupt:
        raise Stopped(_interrupted(file, folder, settings)) from None
    posterior = write(folder, outcome)
    _page(outcome, folder, options["lang"])
    _show(outcome, options["lang"])
    if not options["quiet"]:
        lang = options["lang"]
        seconds = (f"{say(name, lang)} {time:.0f} s" for name, time in outcome.seconds.items())
        click.echo("; ".join(seconds) + ".", err=True)
        for key, place in (("results_in", folder), ("posterior_in", posterior)):
            click.echo(word(key, lang).format(place), err=True)
    if outcome.missed:
        raise TargetMissed(_missed(outcome))


def _page(outcome: Outcome, folder: Path, lang: Lang) -> None:
    from simflow.charts.calibration import draw_calibration
    from simflow.report.calibration import write_page

    draw_calibration(outcome, folder / "charts", lang)
    write_page(outcome, folder, lang)


def _refuse_other(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / "table").is_dir():
        raise OutputError(f"{folder}: holds something else; choose another folder with --out")


def _stages(options: dict[str, Any]) -> Any:
    """Gives, for the name of a stage, a context manager that shows its progress."""
    from simflow.calibrate.words import say
    from simflow.cli.progress import progress

    @contextmanager
    def stage(name: str) -> Iterator[Callable[[int, int], None]]:
        with progress(say(name, options["lang"]), quiet=options["quiet"]) as moved:
            yield moved

    return stage


def _show(outcome: Outcome, lang: Lang) -> None:
    from simflow.calibrate import tell
    from simflow.calibrate.words import say
    from simflow.cli.table import grid, shown_block

    def heads(*keys: str) -> tuple[str, ...]:
        return tuple(say(key, lang) for key in keys)

    first = heads("target", "published", "prior", "posterior", "z", "fits")
    second = heads("unknown", "prior", "posterior", "learnt")
    third = heads("forecast_figure", "planned", "foreseen", "chance", "not_known")
    parts = (
        (say("targets", lang), first, tell.targets(outcome, lang)),
        (say("unknowns", lang), second, tell.unknowns(outcome, lang)),
        *((tell.title(one, lang), third, tell.forecast(one, lang)) for one in outcome.forecasts),
    )

    def plain(width: int) -> str:
        lines: list[str] = []
        for title, head, rows in parts:
            table = grid(head, [(title, rows)], width, (0,))
            if table is None:
                blocks = (shown_block(row[0], _named(head, row), width) for row in rows)
                table = [title, *(line for block in blocks for line in block)]
            lines += [*table, ""]
        said = [say("legend", lang), *tell.sentences(outcome, lang), *tell.ties(outcome, lang)]
        said += [tell.forecast_note(outcome, lang)] if outcome.forecasts else []
        lines += [line for text in said for line in textwrap.wrap(text, width)]
        return "\n".join(lines)

    print_table(plain, {title for title, *_ in parts})


def _named(head: tuple[str, ...], row: tuple[str, ...]) -> list[str]:
    """Cells of a row that stand without their heads, each with its own."""
    return [f"{name.lower()} {text}" for name, text in zip(head[1:], row[1:], strict=True)]


def _interrupted(file: str, folder: Path, settings: Settings) -> str:
    words = ["simflow", "calibrate", file, "--runs", str(settings.runs), "--seed",
             str(settings.seed), "--method", settings.method, "--out", str(folder)]  # fmt: skip
    words += ["--force"] if settings.force else []
    return (
        f"Interrupted. Finished runs are kept in {folder}; go on from them with\n"
        f"    {shlex.join(words)}"
    )


def _missed(outcome: Outcome) -> str:
    return (
        f"{', '.join(outcome.missed)}: outside the 90 % interval of what the posterior predicts, "
        "and the file gives no reason (`outside:`). The results are saved."
    )
