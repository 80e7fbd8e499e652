"""`simflow run`: simulate a scenario, print the table, save the run folder."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simflow.cli.common import (
    Precision,
    check_excluding,
    folder_for,
    lang_option,
    measure_option,
    most,
    posterior_for,
    posterior_options,
    print_table,
    say_warnings,
    simulation_options,
    words_again,
)
from simflow.cli.guard import Stopped
from simflow.errors import TargetMissed

if TYPE_CHECKING:
    from simflow.cli.table import Row
    from simflow.experiment import Posterior, Results
    from simflow.labels import Lang
    from simflow.results import RunFolder
    from simflow.scenario import Loaded


@click.command("run")
@click.argument("file")
@simulation_options(
    "Replicate until the 95 % CI of each chosen measure is within ± P: 5% of its mean, or 2 in its "
    "own unit."
)
@measure_option("Measure to show, and for --precision to reach; the key ones when left out.")
@click.option("--all", "everything", is_flag=True, help="Show every measure.")
@click.option("--charts", is_flag=True, help="Draw the charts as well.")
@click.option("--keep-log", is_flag=True, help="Save the event log of every replication.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for the results."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
@posterior_options
@lang_option
@click.option("--quiet", is_flag=True, help="No progress, and no word about where results are.")
def command(file: str, **options: Any) -> None:
    """Simulate scenario FILE, print its measures and save them in a folder.

    The same folder given again with --out goes on with a run that was interrupted.
    """
    check_excluding(options)
    from simflow.cli.planned import show_planned
    from simflow.cli.rows import rows_of
    from simflow.cli.split import show_run
    from simflow.experiment import check_measures, resolve_measures, to_json
    from simflow.labels import word
    from simflow.results import RunFolder
    from simflow.scenario import load

    if options["cap"] is not None and options["precision"] is None:
        raise click.UsageError("--cap limits --precision; give --reps, or both of these")
    loaded = load(file, options["sets"])
    say_warnings(loaded, quiet=options["quiet"])
    check_measures(loaded)
    options["measures"] = resolve_measures(loaded, options["measures"])
    path = options["out"] or folder_for(loaded.scenario.name)
    draws = posterior_for(options, [loaded])
    folder = RunFolder(path, loaded, options["seed"], options["keep_log"], draws)
    try:
        results = _simulate(loaded, folder, draws, options)
        folder.finish(results, lambda place: _charts(loaded, results, place, options))
    except KeyboardInterrupt:
        raise Stopped(_interrupted(folder, _again(file, path, options))) from None
    if options["as_json"]:
        click.echo(json.dumps(to_json(results), indent=2, ensure_ascii=False))
    else:
        lang, everything = options["lang"], options["everything"]
        _table(rows_of(results, options["measures"], lang, everything=everything), lang)
        show_run(results, options["measures"], lang)
        if not options["measures"]:
            show_planned(loaded.scenario, results, lang)
    if not options["quiet"]:
        click.echo(word("results_in", options["lang"]).format(path), err=True)
    if results.precision is not None and results.precision.missed:
        raise TargetMissed(_missed(results))


def _simulate(
    loaded: Loaded, folder: RunFolder, draws: Posterior | None, options: dict[str, Any]
) -> Results:
    from simflow.cli.progress import progress
    from simflow.experiment import run
    from simflow.experiment.growth import CAP

    precision = options["precision"]
    with progress(loaded.scenario.name, quiet=options["quiet"]) as on_progress:
        return run(
            loaded,
            replications=options["reps"],
            precision=None if precision is None else precision.size,
            relative=precision is None or precision.relative,
            measures=options["measures"],
            cap=CAP if options["cap"] is None else options["cap"],
            seed=options["seed"],
            jobs=min(options["jobs"], most(options)),
            keep_log=options["keep_log"],
            on_progress=on_progress,
            start_from=folder.done,
            store=folder,
            draws=draws,
        )


def _charts(loaded: Loaded, results: Results, folder: Path, options: dict[str, Any]) -> None:
    """The charts, when they are asked for: drawing takes longer than a short run."""
    if not options["charts"]:
        return
    from simflow.charts import draw_all
    from simflow.results import view_of

    draw_all(view_of(loaded, results), folder / "charts", options["lang"])


def _table(rows: list[Row], lang: Lang) -> None:
    from simflow.cli.table import plain
    from simflow.labels import word

    print_table(lambda width: plain(rows, width, lang), {word(row.group, lang) for row in rows})


def _interrupted(folder: RunFolder, again: str) -> str:
    return (
        f"Interrupted. Finished replications are kept in {folder.partial}; go on from them with\n"
        f"    {again}"
    )


def _missed(results: Results) -> str:
    precision = results.precision
    assert precision is not None and precision.size is not None  # the caller has seen it
    wanted = Precision(precision.size, precision.relative)
    return (
        f"After {results.replications} replications a precision of {wanted} is not reached by "
        f"{', '.join(precision.missed)}; the results are saved. Raise --cap, or ask for a lower "
        "precision."
    )


def _again(file: str, folder: Path, options: dict[str, Any]) -> str:
    """The command that goes on with this run."""
    words = ["simflow", "run", file, *words_again(options)]
    words += [f"--{flag}" for flag in ("charts", "keep-log") if options[flag.replace("-", "_")]]
    return shlex.join([*words, "--lang", options["lang"], "--out", str(folder)])
