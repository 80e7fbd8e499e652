"""Changes that are right one by one, and wrong when a client has several of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, islice
from typing import Any

from pydantic import ValidationError

from simflow.errors import Problem
from simflow.scenario.explain import problems_of
from simflow.scenario.merge import Path, merged, nest
from simflow.scenario.overlays import ENTRIES, adapter
from simflow.scenario.references import Origins, changes_in

_MOST = 4096
"""Combinations tried for one part, the smallest first."""
_Change = tuple[Path, Mapping[str, Any]]


def check_together(tree: Mapping[str, Any], origins: Origins) -> list[Problem]:
    """At most one problem for each part that several changes touch: their smallest bad mixture."""
    touching: dict[Path, list[_Change]] = defaultdict(list)
    for change in changes_in(tree):
        for section, part in change[1].items():
            for name in part if section in ENTRIES else ("",):
                touching[(section, name) if name else (section,)].append(change)
    found = (_first(tree, place, changes, origins) for place, changes in touching.items())
    return [problem for problem in found if problem is not None]


def _first(
    tree: Mapping[str, Any], place: Path, changes: list[_Change], origins: Origins
) -> Problem | None:
    section, *entry = place
    for mixture in islice(_mixtures(changes), _MOST):
        whole: Mapping[str, Any] = {section: tree.get(section, {})}
        for _, change in mixture:
            part = change[section]
            whole = merged(whole, {section: {entry[0]: part[entry[0]]} if entry else part})
        value = whole[section][entry[0]] if entry else whole[section]
        try:
            adapter(section).validate_python(value)
        except ValidationError as error:
            prefix = mixture[-1][0]
            names = " and ".join(".".join(path[:-1]) for path, _ in mixture)
            problem = problems_of(error, nest(place, value), origins, prefix, place)[0]
            return replace(problem, message=f"{names} together: {problem.message}")
    return None


def _mixtures(changes: list[_Change]) -> Iterator[tuple[_Change, ...]]:
    """Changes that can meet in one client: of one channel, one segment, any needs and dates."""
    for size in range(2, len(changes) + 1):
        for mixture in combinations(changes, size):
            kinds = [path[0] for path, _ in mixture]
            if kinds.count("channels") < 2 and kinds.count("segments") < 2:
                yield mixture
