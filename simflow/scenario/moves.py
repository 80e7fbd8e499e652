"""The steps between which clients can move: from where they come to where they go.

The graph holds every move that the scenario or any change to it allows; some may never happen.
A change says what differs, so the parts of the scenario and of the changes are read alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from simflow import units
from simflow.scenario.references import BACK
from simflow.scenario.schema import Scenario

ARRIVAL: Final = "arrival"
"""Where those come from who are referred (again)."""
STOCK: Final = "stock"
"""Where those come from who are there at the start."""
INSIDE: Final = "inside"
"""Where those go who are there at the end."""

Moves = dict[str, dict[str, None]]
"""Targets by step, in the order found."""
_TARGETS: Final = (
    ("patience", "to"), ("dropout", "to"), ("refusal", "to"), ("search", "not_found"),
    ("full",), ("lost",), ("companion", "declined"),
)  # fmt: skip


def moves_of(scenario: Scenario) -> Moves:
    """Every move that can happen between two steps that clients can reach."""
    changed = (scenario.regimes, scenario.channels, scenario.segments, scenario.needs)
    parts = [scenario, *(part.change for section in changed for part in section.values())]
    ways: dict[str, dict[str, None]] = defaultdict(dict)
    for part in parts:
        for name, service in _entries(part, "services"):
            ways[name] |= dict.fromkeys(_targets(service))
    _evaluations(parts, ways)
    anywhere = dict.fromkeys(_anywhere(parts, scenario, ways))
    for name in scenario.services:
        ways[name] |= anywhere | {INSIDE: None}
        ways[name].pop(BACK, None)
    ways[ARRIVAL] = dict.fromkeys(_first(parts))
    ways[STOCK] = dict.fromkeys(_stock(scenario))
    return _reached(scenario, ways)


def returning(scenario: Scenario) -> frozenset[str]:
    """Exits from which clients may come back, in the scenario or once a regime is in force."""
    parts = [scenario, *(regime.change for regime in scenario.regimes.values())]
    return frozenset(
        name for part in parts for name, exit_ in _entries(part, "exits") if _get(exit_, "returns")
    )


def _get(part: Any, *path: str) -> Any:
    """The value at a path of a part of the scenario, or of a change; None when there is none."""
    for key in path:
        part = part.get(key) if isinstance(part, Mapping) else getattr(part, key, None)
    return part


def _entries(part: Any, section: str) -> Iterator[tuple[str, Any]]:
    entries = _get(part, section)
    return iter(entries.items() if isinstance(entries, Mapping) else ())


def _targets(service: Any) -> Iterator[str]:
    for name, share in (_get(service, "then") or {}).items():
        if share == "rest" or units.share(share) > 0:
            yield name
    found = (_get(service, *path) for path in _TARGETS)
    yield from (name for name in found if name)


def _evaluations(parts: list[Any], ways: Mapping[str, dict[str, None]]) -> None:
    """A service is followed by its evaluation, and that by the service's next step."""
    for part in parts:
        for name, service in _entries(part, "services"):
            meeting = _get(service, "evaluation")
            if meeting:
                ways[meeting].update(ways[name])
                ways[name][meeting] = None


def _anywhere(parts: list[Any], scenario: Scenario, ways: Moves) -> Iterator[str]:
    """Exits that can be taken from any step."""
    for part in parts:
        for _, risk in _entries(_get(part, "casework"), "risks"):
            if _get(risk, "leads_to") in scenario.exits:
                yield _get(risk, "leads_to")
        for path in (("casework", "review", "to"), ("casework", "time_limit", "to"),
                     ("relationship", "no_service_left")):  # fmt: skip
            if _get(part, *path):
                yield _get(part, *path)
        for _, service in _entries(part, "services"):
            companion = _get(service, "companion", "service")
            if companion:
                yield from (name for name in ways[companion] if name in scenario.exits)
    if scenario.horizon.closing_exit:
        yield scenario.horizon.closing_exit


def _first(parts: list[Any]) -> Iterator[str]:
    for part in parts:
        for _, channel in _entries(part, "channels"):
            if _get(channel, "to"):
                yield _get(channel, "to")
        for _, exit_ in _entries(part, "exits"):
            if _get(exit_, "returns", "to"):
                yield _get(exit_, "returns", "to")


def _stock(scenario: Scenario) -> Iterator[str]:
    if scenario.stock is not None:
        yield from scenario.stock.inside
    if scenario.horizon.warm_up:
        yield from scenario.services


def _reached(scenario: Scenario, ways: Moves) -> Moves:
    reached = {ARRIVAL, *(scenario.stock.inside if scenario.stock else ())}
    while True:
        more = {to for name in reached for to in ways.get(name, {})} - reached
        if not more:
            break
        reached |= more
    order = (ARRIVAL, STOCK, *scenario.services)
    return {
        name: {to: None for to in ways[name] if to in reached or to == INSIDE}
        for name in order
        if name in reached or name == STOCK
    }
