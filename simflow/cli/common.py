"""What several commands share: options, how a precision is written, how output is shown."""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from simflow.cli.completing import measure_names, value_paths
from simflow.labels import LANGUAGES

if TYPE_CHECKING:
    from simflow.errors import Problem
    from simflow.experiment import Posterior
    from simflow.scenario import Loaded

_PRECISION = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(%?)\s*$")
MATTERS: Final = "matters"


class Precision(NamedTuple):
    """A precision as the command line gives it; `size` None stands for what matters of each."""

    size: float | None
    relative: bool

    def __str__(self) -> str:
        if self.size is None:
            return MATTERS
        return f"{self.size * 100:.12g}%" if self.relative else f"{self.size:.12g}"


def _precision(
    matters: bool, context: click.Context, parameter: click.Parameter, text: str | None
) -> Precision | None:
    """Largest half-width: ``5%`` of the mean, or ``2`` in the measure's unit."""
    if text is None:
        return None
    if matters and text.strip() == MATTERS:
        return Precision(None, False)
    found = _PRECISION.match(text)
    size = 0.0 if found is None else float(found[1])
    relative = found is not None and bool(found[2])
    if size <= 0 or (relative and size >= 100):
        hint = "; use a decimal point, not a comma" if "," in text else ""
        words = f', or "{MATTERS}"' if matters else ""
        raise click.BadParameter(
            f'"{text}" is not a precision; write one like 5% (of the mean) or 2 (in the '
            f"measure's unit){words}{hint}"
        )
    return Precision(size / 100 if relative else size, relative)


def simulation_options(
    precision: str, *, matters: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add --reps, --precision, --cap, --seed, --jobs and --set.

    Parameters
    ----------
    precision : str
        What --precision means to the command.
    matters : bool
        Whether it may be "matters" too.
    """
    number = click.IntRange(1, 1_000_000)
    options = (
        click.option(
            "--reps",
            "--replications",
            "reps",
            type=number,
            help="Number of replications.  [default: 100"
            + ("; where goals have roles, as many as verdicts take]" if matters else "]"),
        ),
        click.option(
            "--precision", callback=partial(_precision, matters), metavar="P", help=precision
        ),
        click.option(
            "--cap",
            type=click.IntRange(10, 1_000_000),
            help="Most replications, where they stop by themselves.  [default: 1000; 800 for "
            "verdicts]",
        ),
        click.option(
            "--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help="Seed."
        ),
        click.option(
            "--jobs",
            type=click.IntRange(1, 1024),
            default=lambda: os.cpu_count() or 1,
            help="Processes at work at the same time.  [default: one a core]",
        ),
        set_option,
    )

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return add


def _named(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    """Refuse the next option where a file should be: click would take it for the file."""
    if path is not None and str(path).startswith("--"):
        raise click.BadParameter(f'a file has to come before "{path}"')
    return path


def posterior_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--posterior FILE`` and ``--force``."""
    function = click.option(
        "--force", is_flag=True, help="Use a posterior of another scenario all the same."
    )(function)
    return click.option(
        "--posterior",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        callback=_named,
        help="Posterior of `simflow calibrate`: each replication takes one of its draws.",
    )(function)


def posterior_for(options: dict[str, Any], scenarios: Sequence[Loaded]) -> Posterior | None:
    """The posterior that `posterior_options` name, once it is found to fit the scenarios.

    Draws that make no valid scenario of one of them are left out for all.

    Raises
    ------
    UsageError
        When it is no posterior, or of another scenario and not forced.
    """
    if options["posterior"] is None:
        if options["force"]:
            raise click.UsageError("--force goes with a posterior; none is used here")
        return None
    from simflow.experiment import read_posterior

    posterior = read_posterior(options["posterior"])
    for loaded in scenarios:
        posterior.check(loaded, force=options["force"])
    return posterior.usable(scenarios, most(options))


def use_own_posterior(options: dict[str, Any], base: Loaded) -> None:
    """Name the posterior of a comparison's base, unless one, or point values, are asked for.

    Raises
    ------
    click.UsageError
        When both are.
    """
    if options["point"]:
        if options["posterior"] is not None:
            raise click.UsageError("--posterior and --point exclude each other")
    elif options["posterior"] is None and base.scenario.posterior is not None:
        file = Path(base.origins[("posterior",)].file)
        options["posterior"] = file.parent / base.scenario.posterior


def check_excluding(options: dict[str, Any]) -> None:
    """Refuse --reps with --precision or --cap.

    Raises
    ------
    click.UsageError
        When both are given.
    """
    if options["reps"] is not None and options["precision"] is not None:
        raise click.UsageError(
            "--reps and --precision exclude each other; --cap limits --precision"
        )
    if options["reps"] is not None and options["cap"] is not None:
        raise click.UsageError("--reps and --cap exclude each other; --reps says how many")


def most(options: dict[str, Any]) -> int:
    """Most replications that these options may take."""
    number: int | None = options["reps"] or options["cap"]
    return number or 1000


def words_again(options: dict[str, Any]) -> list[str]:
    """The options of `simulation_options`, as words of a command that goes on."""
    words = ["--seed", str(options["seed"])]
    if options["precision"] is not None:
        words += ["--precision", str(options["precision"])]
    words += [f"--{name}={options[name]}" for name in ("reps", "cap") if options[name]]
    words += [word for path, value in options["sets"] for word in ("--set", f"{path}={value}")]
    if options["posterior"] is not None:
        words += ["--posterior", str(options["posterior"]), *["--force"] * options["force"]]
    words += ["--point"] * options.get("point", False)
    return words + [word for name in options["measures"] for word in ("--measure", name)]


def folder_for(name: str) -> Path:
    """A folder in ``outputs`` by a name and the time."""
    from simflow.results.files import folder_name

    return Path("outputs") / f"{folder_name(name)}-{dt.datetime.now():%Y%m%d-%H%M%S}"


def _pairs(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> list[tuple[str, str]]:
    pairs = []
    for text in values:
        path, equals, value = text.partition("=")
        if not equals or not path.strip() or not value.strip():
            raise click.BadParameter(
                f'"{text}" is not path=value, such as casework.contact_interval="6 weeks"'
            )
        pairs.append((path.strip(), value.strip()))
    return pairs


def set_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--set path=value`` (repeatable), given on as a list of pairs `sets`."""
    return click.option(
        "--set",
        "sets",
        multiple=True,
        callback=_pairs,
        metavar="PATH=VALUE",
        shell_complete=value_paths,
        help='Replace a value, e.g. casework.contact_interval="6 weeks" (repeatable).',
    )(function)


def measure_option(words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add ``--measure`` (repeatable), given on as texts `measures`.

    `simflow.experiment.names.resolve_measures` makes names of them.

    Parameters
    ----------
    words : str
        What the measures are for.
    """
    return click.option(
        "--measure",
        "measures",
        multiple=True,
        metavar="NAME",
        shell_complete=measure_names,
        help=f"{words} A name, a pattern such as 'wait.*', or a label (repeatable).",
    )


def lang_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--lang en|fi``."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default="en",
        show_default=True,
        help="Language of tables and charts.",
    )(function)


def say_warnings(loaded: Loaded | Sequence[Loaded], *, quiet: bool = False) -> None:
    """Say on stderr what is doubtful in scenarios that are in order, once each.

    Parameters
    ----------
    loaded : Loaded or sequence of Loaded
        The scenarios.
    quiet : bool
        Say nothing.
    """
    from simflow.scenario import Loaded, warnings_of

    scenarios = () if quiet else (loaded,) if isinstance(loaded, Loaded) else loaded
    for note in dict.fromkeys(note for one in scenarios for note in warnings_of(one)):
        click.echo(note_text(note), err=True)


def note_text(note: Problem) -> str:
    """A warning as ``file:line:column: note: path: what is doubtful``."""
    place = f"{note.file}:{note.line}:{note.column}: " if note.line else ""
    return f"{place}note: {replace(note, file='', line=0)}"


def print_table(plain: Callable[[int], str], strong: Collection[str]) -> None:
    """Print a table: styled on a terminal, plain and 80 columns wide (or COLUMNS) elsewhere.

    Parameters
    ----------
    plain : callable
        Gives the table for a number of columns.
    strong : collection of str
        Lines set in bold on a terminal.
    """
    if sys.stdout.isatty():
        from simflow.cli.table import styled, terminal_width

        styled(plain(terminal_width()), strong)
    else:
        columns = os.environ.get("COLUMNS", "")
        click.echo(plain(int(columns) if columns.isdecimal() and int(columns) >= 20 else 80))
