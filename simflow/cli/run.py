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
from simflow.errors import TargetMissed, UsageError

if TYPE_CHECKING:
    from simflow.cli.session import Order

_PRECISION = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(%?)\s*$")


def _precision(
    context: click.Context, parameter: click.Parameter, text: str | None
) -> tuple[float, bool] | None:
    """Half-width asked for, and whether it is relative to the mean."""
    if text is None:
        return None
    found = _PRECISION.match(text)
    if found is None or float(found[1]) <= 0:
        hint = "; use a decimal point, not a comma" if "," in text else ""
        raise click.BadParameter(
            f'"{text}" is not a precision; write 5% (of the mean) or 2 (in the unit){hint}'
        )
    relative = found[2] == "%"
    return float(found[1]) / (100 if relative else 1), relative


@click.command("run")
@click.argument("file")
@click.option("--reps", type=click.IntRange(1, 1_000_000), help="Number of replications.  [default: 100]")
@click.option(
    "--precision", callback=_precision, metavar="P",
    help="Replicate until the 95 % CI of each chosen measure is within ± P: 5% of its mean, or 2 in its unit.",
)
@click.option(
    "--cap", type=click.IntRange(2, 1_000_000), default=2000, show_default=True,
    help="Most replications that --precision may take.",
)
@click.option(
    "--measure", "measures", multiple=True, metavar="NAME",
    help="Measure to show, and for --precision to reach (repeatable); the key measures when left out.",
)
@click.option("--all", "everything", is_flag=True, help="Show every measure.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed.")
@click.option(
    "--jobs", type=click.IntRange(1, 1024), default=lambda: os.cpu_count() or 1,
    help="Processes at work at the same time.  [default: one a core]",
)
@set_option
@click.option("--keep-log", is_flag=True, help="Save the event log of every replication.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder for the results.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
@lang_option
@click.option("--quiet", is_flag=True, help="No progress, and no word about where results are.")
def command(file: str, **options: Any) -> None:
    """Simulate scenario FILE, print its measures and save them in a folder.

    The same folder given again with --out goes on with a run that was interrupted.
    """  # fmt: skip
    if options["reps"] is not None and options["precision"] is not None:
        raise click.UsageError("--reps and --precision exclude each other; --cap limits --precision")
    if options["as_json"] and options["everything"]:
        raise click.UsageError("--json holds every measure already; leave out --all")
    from simflow.cli.session import Order, simulate
    from simflow.scenario import load

    loaded = load(file, options["sets"])
    order = Order(
        replications=options["reps"] or 100,
        precision=options["precision"],
        cap=options["cap"],
        measures=_chosen(loaded.scenario, options["measures"]),
        seed=options["seed"],
        jobs=options["jobs"],
        keep_log=options["keep_log"],
        folder=options["out"] or _folder(loaded.scenario.name),
        lang=options["lang"],
        quiet=options["quiet"],
        again=_again(file, options),
    )
    outcome = simulate(loaded, order)
    if options["as_json"]:
        click.echo(json.dumps(outcome.as_json(), indent=2, ensure_ascii=False))
    else:
        _table(outcome.rows(options["everything"]), order)
    if not order.quiet:
        click.echo(f"Results are in {order.folder}", err=True)
    if outcome.missed:
        raise TargetMissed(outcome.missed)


def _table(rows: Any, order: Order) -> None:
    from simflow.cli import table

    if sys.stdout.isatty():
        table.styled(rows, order.lang)
    else:
        columns = os.environ.get("COLUMNS", "")
        width = int(columns) if columns.isdecimal() and int(columns) >= 20 else 80
        click.echo(table.plain(rows, width, order.lang))


def _chosen(scenario: Any, names: tuple[str, ...]) -> tuple[str, ...]:
    """The measures asked for, or the key measures, or simply the first few."""
    from difflib import get_close_matches

    from simflow.measures import measures_of

    known = [measure.name for measure in measures_of(scenario)]
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, n=3, cutoff=0.4)
            hint = "did you mean " + " or ".join(close) + "?" if close else ""
            raise UsageError(
                f'--measure: there is no measure "{name}"; {hint or "--json lists them all"}'
            )
    return names or tuple(n for n in scenario.key_measures if n in known) or tuple(known[:8])


def _folder(name: str) -> Path:
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "run"
    return Path("outputs") / f"{plain}-{dt.datetime.now():%Y%m%d-%H%M%S}"


def _again(file: str, options: dict[str, Any]) -> str:
    """The command that goes on with this run, without its --out."""
    words = ["simflow", "run", file]
    if options["precision"] is not None:
        size, relative = options["precision"]
        words += ["--precision", f"{size * 100:g}%" if relative else f"{size:g}"]
        words += ["--cap", str(options["cap"])]
    else:
        words += ["--reps", str(options["reps"] or 100)]
    words += ["--seed", str(options["seed"])]
    for path, value in options["sets"]:
        words += ["--set", f"{path}={value}"]
    words += [word for name in options["measures"] for word in ("--measure", name)]
    words += ["--keep-log"] if options["keep_log"] else []
    return shlex.join(words)
