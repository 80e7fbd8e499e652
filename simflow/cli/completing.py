"""What the shell offers at the tab key for options that name parts of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from simflow.scenario import Loaded


def measure_names(
    context: click.Context, parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Names of the measures of the scenario on the command line, with their labels."""
    loaded = _loaded(context)
    if loaded is None:
        return []
    from simflow.measures import measures_of

    found = (measure for measure in measures_of(loaded.scenario) if measure.name.startswith(begun))
    return [CompletionItem(measure.name, help=measure.label.en) for measure in found]


def value_paths(
    context: click.Context, parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Dotted paths of the values of the scenario on the command line, with what they are now."""
    loaded = _loaded(context)
    if loaded is None or "=" in begun:
        return []
    from simflow.scenario import show

    rows = (row for row in show(loaded) if row.path.startswith(begun))
    return [CompletionItem(f"{row.path}=", help=row.written) for row in rows]


def _loaded(context: click.Context) -> Loaded | None:
    """The first scenario named so far; None when there is none, or it cannot be read."""
    from simflow.errors import SimflowError
    from simflow.scenario import load

    # An option still without its value leaves the arguments unread: the file comes first in them.
    file = next(iter(context.args), None)
    try:
        return load(file) if file else None
    except (SimflowError, OSError):
        return None  # the command itself will say what is wrong
