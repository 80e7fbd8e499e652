"""Every number says where it is from, itself or through a part that holds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simflow.errors import Problem
from simflow.scenario.explain import problem_at
from simflow.scenario.yamlfile import Origin

_FREE = {
    "simflow", "name", "title", "question", "hypothesis", "key_measures", "extends", "translations",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One number of a scenario and where it is from.

    Attributes
    ----------
    path : str
        Dotted path of the value.
    value : str
        As written.
    source : str
        A document, a law, or ``assumption: why``.
    file : str
        The file that holds it (``--set`` for one of the command line).
    line : int
        One-based line; 0 when there is none.
    """

    path: str
    value: str
    source: str
    file: str
    line: int


def source_rows(
    tree: Mapping[str, Any], origins: Mapping[tuple[str, ...], Origin]
) -> tuple[SourceRow, ...]:
    """A row for every number of a scenario, in the order of the file."""
    rows = []
    for path, value in _numbers(tree, ()):
        origin = _origin(path, origins)
        if path[0] not in _FREE:
            file, line = str(origin.file), origin.line
            rows.append(SourceRow(".".join(path), str(value), origin.source, file, line))
    return tuple(rows)


def check_sources(
    tree: Mapping[str, Any], origins: Mapping[tuple[str, ...], Origin]
) -> list[Problem]:
    """One problem for each topmost part in which no number has a source."""
    numbers = {
        path: bool(_origin(path, origins).source)
        for path, _ in _numbers(tree, ())
        if path[0] not in _FREE
    }
    tops: dict[tuple[str, ...], None] = {}
    for path in (path for path, sourced in numbers.items() if not sourced):
        tops[_topmost(path, numbers)] = None
    return [
        problem_at(
            top,
            "has no source",
            "`source:` on it or on a part that holds it: a document, a law, or `assumption: why`",
            origins,
        )
        for top in tops
    ]


def _numbers(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _numbers(inner, (*path, str(key)))
    elif isinstance(value, list):
        for rank, inner in enumerate(value):
            yield from _numbers(inner, (*path, str(rank)))
    elif not isinstance(value, bool) and _is_number(value):
        yield path, value


def _is_number(value: object) -> bool:
    if isinstance(value, int | float):
        return True
    # A date is a decision rather than an estimate: it needs no source of its own.
    return isinstance(value, str) and value[:1].isdigit() and value[4:5] != "-"


def _origin(path: tuple[str, ...], origins: Mapping[tuple[str, ...], Origin]) -> Origin:
    for length in range(len(path), -1, -1):
        if path[:length] in origins:
            return origins[path[:length]]
    return Origin("")


def _topmost(path: tuple[str, ...], numbers: Mapping[tuple[str, ...], bool]) -> tuple[str, ...]:
    for length in range(1, len(path)):
        inside = (sourced for other, sourced in numbers.items() if other[:length] == path[:length])
        if not any(inside):
            return path[:length]
    return path
