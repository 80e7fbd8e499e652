"""Names a letter or two from another in the same place: a part added where one was to be changed.

A scenario lays values over others by their names, so `workera: {fte: 0.5 fte}` where the other
file says `worker_a` would silently hire somebody.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from simflow.errors import Problem
from simflow.scenario.explain import problem_at
from simflow.scenario.merge import Path, at, merged
from simflow.scenario.references import Origins, changes_in, find

_MOST: Final = 2
"""Letters by which a slip differs, and never half of the name."""
_INSIDE: Final = ("staff.*.workers", "casework.risks")
_PLACES: Final = (
    "services", "channels", "exits", "staff", "segments", "needs", "regimes", *_INSIDE,
)  # fmt: skip
"""Mappings to which a planner adds names of their own (other names must be among these)."""
_COUNTED: Final = re.compile(r"\d+|(?<=_)[a-z]$")
_LAST_NUMBER: Final = re.compile(r"_?\d+$")


@lru_cache(maxsize=65536)
def distance(a: str, b: str) -> int:
    """Letters to add, take away or replace to make one text the other (Levenshtein)."""
    row = list(range(len(b) + 1))
    for rank, letter in enumerate(a, 1):
        before, row = row, [rank]
        for place, other in enumerate(b):
            row.append(min(before[place] + (letter != other), before[place + 1] + 1, row[-1] + 1))
    return row[-1]


def alike(a: str, b: str) -> bool:
    """Whether one name may be a slip for the other.

    Names that are counted on (`worker_a` and `worker_b`, `group` and `group_2`) are not, nor those
    with another first letter (`done` and `gone`), which few slips change.
    """
    most = min(_MOST, (min(len(a), len(b)) - 1) // 2)
    if a[:1] != b[:1] or abs(len(a) - len(b)) > most or distance(a, b) > most:
        return False
    counted = _COUNTED.sub("#", a) == _COUNTED.sub("#", b)
    return not (counted or _LAST_NUMBER.sub("", a) == b or _LAST_NUMBER.sub("", b) == a)


def check_new_names(
    before: Mapping[str, Any], after: Mapping[str, Any], origins: Origins
) -> list[Problem]:
    """A problem for each name that `after` adds to `before` and that looks like one of its own."""
    return list(_new(before, after, _PLACES, (), origins))


def check_new_in_changes(tree: Mapping[str, Any], origins: Origins) -> list[Problem]:
    """The same for every change of a regime, segment ...; other parts cannot be added there."""
    return [
        problem
        for prefix, change in changes_in(tree)
        for problem in _new(tree, merged(tree, change), _INSIDE, prefix, origins)
    ]


def beside(tree: Mapping[str, Any], origins: Origins) -> Iterator[Problem]:
    """A doubt for each name that looks like one before it in the same place."""
    for path, names in _mappings(tree, _PLACES):
        for rank, name in enumerate(names):
            for other in (other for other in names[:rank] if alike(name, other)):
                message = f'very like "{other}" in the same place: two of them, or a slip?'
                remedy = "if they are one, write its name the same way everywhere"
                yield problem_at((*path, name), message, "", origins, remedy)


def _new(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    places: Collection[str],
    prefix: Path,
    origins: Origins,
) -> Iterator[Problem]:
    for path, names in _mappings(after, places):
        known = [name for name in names if name in _at(before, path)]
        for name in (name for name in names if name not in known):
            like = min(known, key=lambda other: distance(name, other), default=None)
            if like is not None and alike(name, like):
                yield _problem((*prefix, *path, name), like, origins)


def _problem(path: Path, like: str, origins: Origins) -> Problem:
    message = f'a new name, very like "{like}" in the same place'
    remedy = (
        f'write "{like}" if that one is meant; another one needs a name that differs more, '
        f"or a number ({like}_2)"
    )
    return problem_at(path, message, "", origins, remedy)


def _mappings(tree: Mapping[str, Any], places: Collection[str]) -> Iterator[tuple[Path, list[str]]]:
    for place in places:
        for path, found in find(tree, tuple(place.split("."))):
            if isinstance(found, Mapping):
                yield path, [str(name) for name in found]


def _at(tree: Mapping[str, Any], path: Path) -> Collection[str]:
    try:
        found = at(tree, path)
    except KeyError:
        return ()
    return found if isinstance(found, Mapping) else ()
