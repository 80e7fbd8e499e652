"""`simflow compare`: a base and its alternatives on the same random streams."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

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
    say_warnings,
    simulation_options,
    use_own_posterior,
    words_again,
)
from simflow.cli.guard import Stopped
from simflow.errors import InputError, TargetMissed, UsageError

if TYPE_CHECKING:
    from simflow.experiment import Comparison, Posterior
    from simflow.results import ComparisonFolder
    from simflow.scenario import Loaded

_FORMATS = ("json", "csv", "markdown")


@click.command("compare")
@click.argument("base")
@click.argument("alternatives", nargs=-1, required=True, metavar="ALT...")
@simulation_options(
    "Replicate until the 95 % CI of each difference is within ± P: 2 in the measure's unit, 5% of "
    "the base's mean, or `matters`, each goal's smallest difference that matters.",
    matters=True,
)
@measure_option("Measure to show, and for --precision to reach; the goals when left out.")
@click.option("--all", "everything", is_flag=True, help="Show every measure.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for the results."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV instead of the table.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print a Markdown table instead.")
@click.option(
    "--excel",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write an Excel workbook (.xlsx) as well.",
)
@click.option("--charts", is_flag=True, help="Draw the charts as files as well.")
@click.option("--report", is_flag=True, help="Write the report page as well.")
@click.option("--pdf", is_flag=True, help="Write the report as PDF as well.")
@posterior_options
@click.option("--point", is_flag=True, help="Use the file's own numbers and no posterior.")
@lang_option
@click.option("--quiet", is_flag=True, help="No progress, and no word about where results are.")
def command(base: str, alternatives: tuple[str, ...], **options: Any) -> None:
    """Compare scenario BASE with each ALT, on the same random streams.

    The base's goals say what is the purpose, what must not be harmed for it, and how large a
    difference must be to matter. Each ALT is simulated until its verdict is clear, with the base's
    posterior where it has one. The same folder given again with --out goes on with a comparison
    that was interrupted.
    """
    check_excluding(options)
    if sum(options[f"as_{form}"] for form in _FORMATS) > 1:
        raise click.UsageError("--json, --csv and --markdown exclude each other")
    _check_excel(options["excel"])
    from simflow.experiment import check_request, distinct, resolve_measures
    from simflow.labels import word
    from simflow.results import ComparisonFolder

    start, *others = _load([base, *_expanded(alternatives)], options["sets"])
    kept, left_out = distinct(start, others)
    for note in left_out:
        _say(note.text.fi if options["lang"] == "fi" else note.text.en, options)
    say_warnings([start, *kept], quiet=options["quiet"])
    options["measures"] = resolve_measures(start, options["measures"])
    check_request(start, kept, options["measures"], _size(options["precision"]), options["cap"])
    use_own_posterior(options, start)
    path = options["out"] or folder_for(f"compare-{start.scenario.name}")
    draws = posterior_for(options, (start, *kept))
    folder = ComparisonFolder(path, (start, *kept), options["seed"], draws)
    try:
        comparison = _simulate(start, kept, folder, draws, options)
        folder.finish(comparison, lambda place: _pictures(start, comparison, place, options))
    except KeyboardInterrupt:
        again = _again(base, alternatives, path, options)
        raise Stopped(
            f"Interrupted. Finished replications are kept in {folder.partial}; go on from them "
            f"with\n    {again}"
        ) from None
    _show(comparison, options)
    _say(word("results_in", options["lang"]).format(path), options)
    if options["report"] or options["pdf"]:
        _say(word("report_in", options["lang"]).format(path / "report.html"), options)
    _workbook(comparison, options)
    if comparison.precision is not None and comparison.precision.pairs:
        raise TargetMissed(_missed(comparison))


def _size(wanted: Precision | None) -> float | Literal["matters"] | None:
    return None if wanted is None else wanted.size or "matters"


def _say(text: str, options: dict[str, Any]) -> None:
    if not options["quiet"]:
        click.echo(text, err=True)


def _check_excel(file: Path | None) -> None:
    """Refuse a workbook that cannot be written, before anything is simulated."""
    if file is None:
        return
    if file.suffix.lower() != ".xlsx":
        raise UsageError(f"{file}: an Excel workbook's name ends in .xlsx")
    if not file.parent.is_dir():
        raise UsageError(f"{file}: there is no folder {file.parent}; make it, or choose another")


def _expanded(names: Sequence[str]) -> list[str]:
    """Names of files; a pattern that the shell has left as it was is looked up."""
    found: list[str] = []
    for name in names:
        matches = sorted(glob(name)) if "*" in name and not Path(name).exists() else []
        found += matches or [name]
    return found


def _load(files: Sequence[str], sets: list[tuple[str, str]]) -> list[Loaded]:
    """Read every file; all that is wrong with any is said at once."""
    from simflow.experiment import check_measures
    from simflow.scenario import load

    loaded, problems = [], []
    for file in files:
        try:
            loaded.append(load(file, sets))
            check_measures(loaded[-1])
        except InputError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise InputError(problems)
    return loaded


def _simulate(
    base: Loaded,
    others: Sequence[Loaded],
    folder: ComparisonFolder,
    draws: Posterior | None,
    options: dict[str, Any],
) -> Comparison:
    from simflow.cli.progress import progress
    from simflow.experiment import compare

    wanted: Precision | None = options["precision"]
    with progress(base.scenario.name, quiet=options["quiet"]) as on_progress:
        return compare(
            base,
            others,
            replications=options["reps"],
            precision=_size(wanted),
            relative=wanted is not None and wanted.relative,
            measures=options["measures"],
            cap=options["cap"],
            seed=options["seed"],
            jobs=min(options["jobs"], most(options) * (1 + len(others))),
            on_progress=on_progress,
            done=folder.done,
            stores=folder.stores,
            draws=draws,
        )


def _pictures(base: Loaded, comparison: Comparison, folder: Path, options: dict[str, Any]) -> None:
    """Charts and the report, when they are asked for."""
    if not (options["charts"] or options["report"] or options["pdf"]):
        return
    from simflow.results import view_of

    view = view_of(base, comparison.base, comparison, folder=folder)
    if options["charts"]:
        from simflow.charts import draw_all

        draw_all(view, folder / "charts", options["lang"])
    if options["report"] or options["pdf"]:
        from simflow.report import write

        write(view, folder, options["lang"], options["pdf"])


def _show(comparison: Comparison, options: dict[str, Any]) -> None:
    """Print the differences in the form asked for."""
    from simflow.results.exports import csv_text, rows_of, shown_names, to_json

    lang = options["lang"]
    names = shown_names(comparison, options["measures"], everything=options["everything"])
    if options["as_json"]:
        click.echo(json.dumps(to_json(comparison, names), indent=2, ensure_ascii=False))
    elif options["as_csv"]:
        click.echo(csv_text(comparison, rows_of(comparison, names)), nl=False)
    else:
        from simflow.cli import differences
        from simflow.cli.split import show_comparison

        if options["as_markdown"]:
            click.echo(differences.markdown(comparison, names, lang))
        else:
            differences.show(comparison, names, lang)
            show_comparison(comparison, names, lang)


def _workbook(comparison: Comparison, options: dict[str, Any]) -> None:
    """Write the Excel workbook; what is printed and saved already stays when it cannot be."""
    if options["excel"] is None:
        return
    from simflow.results.excel import write_excel
    from simflow.results.exports import shown_names

    names = shown_names(comparison, options["measures"], everything=options["everything"])
    write_excel(options["excel"], comparison, names, options["lang"])


def _missed(comparison: Comparison) -> str:
    precision = comparison.precision
    assert precision is not None  # the caller has seen it
    wanted = Precision(precision.size, precision.relative)
    short: dict[str, list[str]] = {}
    for alternative, name in precision.pairs:
        short.setdefault(name, []).append(alternative)
    lines = "".join(f"\n    {name}: {', '.join(found)}" for name, found in short.items())
    return (
        f"After {comparison.replications} replications a precision of {wanted} is not reached by"
        f"{lines}\nThe results are saved. Raise --cap, or ask for a lower precision."
    )


def _again(base: str, alternatives: Sequence[str], folder: Path, options: dict[str, Any]) -> str:
    """The command that goes on with this comparison."""
    words = ["simflow", "compare", base, *alternatives, *words_again(options)]
    words += ["--excel", str(options["excel"])] if options["excel"] is not None else []
    flags = {"everything": "all", "charts": "charts", "report": "report", "pdf": "pdf"}
    flags |= {f"as_{form}": form for form in _FORMATS}
    words += [f"--{flag}" for option, flag in flags.items() if options[option]]
    return shlex.join([*words, "--lang", options["lang"], "--out", str(folder)])
