"""What several commands share: the `--set` and `--lang` options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from simflow.labels import LANGUAGES


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
        help='Replace a value, e.g. casework.contact_interval="6 weeks" (repeatable).',
    )(function)


def lang_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--lang en|fi``."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default="en",
        show_default=True,
        help="Language of tables and charts.",
    )(function)
