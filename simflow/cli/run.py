"""`simflow run`: simulate a scenario, print the table, save the run folder."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simflow.cli.common import lang_option, set_option
from simflow.cli.guard import Stopped
from simflow.errors import TargetMissed

if TYPE_CHECKING:
    from simflow.experiment import Results
    from simflow.labels import Lang
    from simflow.results import RunFolder
    from simflow.scenario import Loaded

_PRECISION = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*%\s*$")


def _precision(
    context: click.Context, parameter: click.Parameter, text: str | None
) -> float | None:
    """Largest half-width, as a part of the mean."""
    if text is None:
        return None
    found = _PRECISION.match(text)
    if found is None or not 0 < float(found[1]) < 100:
        hint = "; use a decimal point, not a comma" if "," in text else ""
        raise click.BadParameter(f'"{text}" is not a precision; write one like 5%{hint}')
    return float(found[1]) / 100


@click.command("run")
@click.argument("file")
@click.option(
    "--reps", type=click.IntRange(1, 1_000_000), help="Number of replications.  [default: 100]"
)
@click.option(
    "--precision",
    callback=_precision,
    metavar="P",
    help="Replicate until the 95 % CI of each chosen measure is within ± P of its mean, e.g. 5%.",
)
@click.option(
    "--cap",
    type=click.IntRange(10, 1_000_000),
    default=1000,
    show_default=True,
    help="Most replications that --precision may take.",
)
@click.option(
    "--measure",
    "measures",
    multiple=True,
    metavar="NAME",
    help="Measure to show, and for --precision to reach (repeatable).  [default: key ones]",
)
@click.option("--all", "everything", is_flag=True, help="Show every measure.")
@click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 1024),
    default=lambda: os.cpu_count() or 1,
    help="Processes at work at the same time.  [default: one a core]",
)
@set_option
@click.option("--keep-log", is_flag=True, help="Save the event log of every replication.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for the results."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
@lang_option
@click.option("--quiet", is_flag=True, help="No progress, and no word about where results are.")
def command(file: str, **options: Any) -> None:
    """Simulate scenario FILE, print its measures and save them in a folder.

    The same folder given again with --out goes on with a run that was interrupted.
    """
    if options["reps"] is not None and options["precision"] is not None:
        raise click.UsageError(
            "--reps and --precision exclude each other; --cap limits --precision"
        )
    from simflow.cli.rows import rows_of
    from simflow.experiment import check_measures, to_json
    from simflow.results import RunFolder
    from simflow.scenario import load

    loaded = load(file, options["sets"])
    check_measures(loaded, options["measures"])
    path = options["out"] or _folder(loaded.scenario.name)
    folder = RunFolder(path, loaded, options["seed"], options["keep_log"])
    try:
        results = _simulate(loaded, folder, options)
        folder.finish(results, lambda place: _charts(loaded, results, place, options["lang"]))
    except KeyboardInterrupt:
        raise Stopped(_interrupted(folder, _again(file, path, options))) from None
    if options["as_json"]:
        click.echo(json.dumps(to_json(results), indent=2, ensure_ascii=False))
    else:
        lang, everything = options["lang"], options["everything"]
        _table(rows_of(results, options["measures"], lang, everything=everything), lang)
    if not options["quiet"]:
        click.echo(f"Results are in {path}", err=True)
    if results.precision is not None and results.precision.missed:
        raise TargetMissed(_missed(results))


def _simulate(loaded: Loaded, folder: RunFolder, options: dict[str, Any]) -> Results:
    from simflow.cli.progress import progress
    from simflow.experiment import run

    most = options["cap"] if options["precision"] is not None else options["reps"] or 100
    with progress(loaded.scenario.name, quiet=options["quiet"]) as on_progress:
        return run(
            loaded,
            replications=options["reps"],
            precision=options["precision"],
            measures=options["measures"],
            cap=options["cap"],
            seed=options["seed"],
            jobs=min(options["jobs"], most),
            keep_log=options["keep_log"],
            on_progress=on_progress,
            start_from=folder.done,
            store=folder,
        )


def _charts(loaded: Loaded, results: Results, folder: Path, lang: Lang) -> None:
    from simflow.charts import draw_all
    from simflow.results import view_of

    draw_all(view_of(loaded, results), folder / "charts", lang)


def _table(rows: list[Any], lang: Lang) -> None:
    from simflow.cli import table

    if sys.stdout.isatty():
        table.styled(rows, lang)
    else:
        columns = os.environ.get("COLUMNS", "")
        width = int(columns) if columns.isdecimal() and int(columns) >= 20 else 80
        click.echo(table.plain(rows, width, lang))


def _folder(name: str) -> Path:
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "run"
    return Path("outputs") / f"{plain}-{dt.datetime.now():%Y%m%d-%H%M%S}"


def _interrupted(folder: RunFolder, again: str) -> str:
    return (
        f"Interrupted. Finished replications are kept in {folder.partial}; go on from them with\n"
        f"    {again}"
    )


def _missed(results: Results) -> str:
    precision = results.precision
    assert precision is not None  # the caller has seen it
    return (
        f"After {results.replications} replications a precision of "
        f"{precision.relative:.3g} of the mean is not reached by {', '.join(precision.missed)}; "
        "the results are saved. Raise --cap, or ask for a lower precision."
    )


def _again(file: str, folder: Path, options: dict[str, Any]) -> str:
    """The command that goes on with this run."""
    words = ["simflow", "run", file, "--seed", str(options["seed"])]
    if options["precision"] is not None:
        words += ["--precision", f"{options['precision'] * 100:g}%", "--cap", str(options["cap"])]
    else:
        words += ["--reps", str(options["reps"] or 100)]
    words += [word for path, value in options["sets"] for word in ("--set", f"{path}={value}")]
    words += [word for name in options["measures"] for word in ("--measure", name)]
    words += ["--keep-log"] if options["keep_log"] else []
    return shlex.join([*words, "--out", str(folder)])
