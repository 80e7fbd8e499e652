"""Changes laid over a scenario: which values they may touch, and the scenario they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from simflow.errors import Problem
from simflow.scenario.channels import Channel
from simflow.scenario.explain import problem_at, problems_of
from simflow.scenario.merge import Path, merged
from simflow.scenario.references import Origins, changes_in
from simflow.scenario.schema import Exit, Need, Scenario, Segment
from simflow.scenario.services import Service
from simflow.scenario.staff import Pool

_WORDS = (
    "simflow",
    "name",
    "title",
    "question",
    "hypothesis",
    "circumstance",
    "published",
    "key_measures",
    "goals",
    "targets",
    "regimes",
)
_NEVER = (
    *_WORDS, "horizon", "calendar", "stock", "costs.benefit.days_a_month", "*.*.change", "*.*.kind",
    "relationship.starts_after", "services.*.wait_limit",
)  # fmt: skip
"""Paths that no change can touch: they hold for the whole run, or are for the reader."""
_SHARED = (
    "staff", "exits", "segments", "casework.staff", "casework.worker",
    *(f"channels.*.{key}" for key in (
        "to", "open", "mix", "rate", "months", "batch", "when", "invited", "attends", "books",
        "staff", "hours", "hours_a_week", "hours_a_contact", "reached", "file", "arrivals",
        "segments",
    )),
    *(f"services.*.{key}" for key in (
        "places", "room", "quota", "calls", "seats", "starts", "sessions", "short", "postpone_by",
        "postpone_at_most", "price", "top_up", "benefit",
    )),
    *(f"costs.{key}" for key in (
        "staff", "benefit.daily_rate", "benefit.brackets",
    )),
    "services.*.search.staff",
)  # fmt: skip
"""Paths shared by all clients: they may change on a date, not from client to client."""
ENTRIES: dict[str, Any] = {
    "services": Service, "channels": Channel, "staff": Pool, "needs": Need, "segments": Segment,
    "exits": Exit,
}  # fmt: skip
"""Sections that hold entries by name, and what an entry is."""


@cache
def adapter(section: str) -> TypeAdapter[Any]:
    """Reader of one entry of a section (one service), or of a section without entries."""
    kind: Any = ENTRIES.get(section) or Scenario.model_fields[section].annotation
    return TypeAdapter(kind)


def check_overlays(tree: Mapping[str, Any], origins: Origins, known: set[Path]) -> list[Problem]:
    """Problems of every change: what it may not touch, and values that are wrong.

    `known` are paths with a problem already told.
    """
    problems: list[Problem] = []
    for prefix, change in changes_in(tree):
        banned = list(_banned(prefix[0], change))
        for path, why in banned:
            problems.append(problem_at((*prefix, *path), why[0], why[1], origins))
        whole = merged(tree, change)
        try:
            Scenario.model_validate(whole)
        except ValidationError as error:
            told = [(*prefix, *path) for path, _ in banned]
            for problem in problems_of(error, whole, origins, prefix):
                path = tuple(problem.path.split("."))
                same = any(
                    path[: len(other)] == other for other in (*known, *told) if other != ("",)
                )
                if not same and path[len(prefix) :] not in known:
                    problems.append(problem)
    return problems


def _banned(kind: str, change: Mapping[str, Any]) -> Iterator[tuple[Path, tuple[str, str]]]:
    whose = {"channels": "channel", "segments": "segment", "needs": "need"}.get(kind, "")
    for pattern in _NEVER:
        for path in _matching(change, tuple(pattern.split("."))):
            yield path, (f"`{'.'.join(path)}` holds for the whole run and cannot change", "")
    shared = (*_SHARED, "needs") if kind == "needs" else _SHARED if whose else ()
    for pattern in shared:
        for path in _matching(change, tuple(pattern.split("."))):
            message = f"`{'.'.join(path)}` is shared by all clients and cannot differ by {whose}"
            yield path, (message, "a probability, duration or route; or a regime, for a date")


def _matching(tree: Any, pattern: Path, done: Path = ()) -> Iterator[Path]:
    if not pattern:
        yield done
    elif isinstance(tree, Mapping):
        for key in tree if pattern[0] == "*" else (pattern[0],):
            if key in tree:
                yield from _matching(tree[key], pattern[1:], (*done, str(key)))
