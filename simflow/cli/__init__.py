"""The command line: one short function per command, and one place where errors become words."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches

import click

from simflow import __version__
from simflow.cli.guard import exit_code

_COMMANDS = {
    "init": "Write a commented scenario to start from.",
    "check": "Check scenario files; every error at once.",
    "show": "Show each value of a scenario with its origin.",
    "measures": "List the measures of a scenario by name and label.",
    "diff": "Say in words what differs between two scenarios.",
    "run": "Simulate a scenario and save the results.",
    "compare": "Compare scenarios with a base, on the same random streams.",
    "calibrate": "Fit a scenario to published figures; a posterior that forecasts carry.",
    "report": "Write the steering group's page and PDF of a saved run or comparison.",
    "schema": "Print the JSON Schema of the scenario format.",
}


class _Commands(click.Group):
    """Loads a command's module only when that command is called, so that --help is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module = importlib.import_module(f"simflow.cli.{name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            close = get_close_matches(args[0], _COMMANDS, n=1)
            hint = f'did you mean "{close[0]}"?' if close else "one of: " + ", ".join(_COMMANDS)
            raise click.UsageError(f'There is no command "{args[0]}"; {hint}', ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a reader who has had enough is no error, as it is to click."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise click.exceptions.Exit(0) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="simflow")
def group() -> None:
    """Simulate a city's services for the long-term unemployed, client by client.

    Start with: simflow run scenarios/espoo-2014.yaml
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    try:
        result = group.main(args=arguments, prog_name="simflow", standalone_mode=False)
        sys.stdout.flush()
        code = result if isinstance(result, int) else 0
    except BaseException as error:
        code = exit_code(error)
    if not _flushes():
        # Python would otherwise complain about the closed stdout while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _flushes() -> bool:
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        return False
    return True
