"""Parts of a scenario under overlays: each is read once for the changes that touch it.

A client's overlays are a few of many, and thousands of mixtures occur; yet a service is touched
by only some of them. Reading it once for those is what makes a mixture, and a scenario with
other values, cheap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Final

from simflow.errors import InputError, Problem
from simflow.scenario.merge import Path, at, merged
from simflow.scenario.overlays import ENTRIES, adapter
from simflow.scenario.schema import Scenario

Name = tuple[str, str]
"""An overlay: its section and name, such as ``("needs", "health")``."""
Place = tuple[str, str]
"""A section and the entry of it, such as ``("services", "startti")``; no entry: all of it."""
Key = tuple[str, str, tuple[Name, ...]]
"""A part and the overlays over it."""
Parts = dict[Key, Any]
OVERLAYS = ("regimes", "channels", "segments", "needs")
"""Sections whose entries hold a `change`, in the order in which they are laid over."""
MOST: Final = 4096
"""Mixtures of overlays tried for one part, the smallest first."""
_NUMBER: Final = re.compile(
    r"^\s*[-+]?\d+(?:[ \u00a0\u202f]\d{3})*(?:\.\d+)?(?:[eE][-+]?\d+)?(.*)$"
)


def change_of(tree: Mapping[str, Any], name: Name) -> Mapping[str, Any]:
    """The change that an overlay makes; empty when it makes none."""
    part = tree.get(name[0], {}).get(name[1], {})
    change = part.get("change") if isinstance(part, Mapping) else None
    return change if isinstance(change, Mapping) else {}


def places_in(change: Mapping[str, Any]) -> Iterator[Place]:
    """The parts that a change touches."""
    for section, part in change.items():
        for entry in part if section in ENTRIES else ("",):
            yield section, entry


def value_of(tree: Mapping[str, Any], place: Place, names: Iterable[Name] = ()) -> Any:
    """Plain value of a part with overlays over it."""
    section, entry = place
    value = tree.get(section, {})
    if entry:
        value = value[entry]
    for name in names:
        over = change_of(tree, name)[section]
        over = over[entry] if entry else over
        both = isinstance(value, Mapping) and isinstance(over, Mapping)
        value = merged(value, over) if both else over
    return value


def part_of(parts: Parts, tree: Mapping[str, Any], place: Place, names: tuple[Name, ...]) -> Any:
    """A part with overlays over it, read when first asked for.

    Raises
    ------
    pydantic.ValidationError
        When it is not valid.
    """
    key = (*place, names)
    if key not in parts:
        parts[key] = adapter(place[0]).validate_python(value_of(tree, place, names))
    return parts[key]


def put(base: Scenario, new: Mapping[Place, Any]) -> Scenario:
    """The scenario with some of its parts replaced."""
    update: dict[str, Any] = {}
    for (section, entry), part in new.items():
        if entry:
            update.setdefault(section, dict(getattr(base, section)))[entry] = part
        else:
            update[section] = part
    return base.model_copy(update=update)


def touched_by(path: Path) -> set[Place]:
    """The parts to be read anew when the value at a path changes."""
    section, entry = path[0], path[1] if len(path) > 1 else ""
    places = {(section, entry if section in ENTRIES else "")}
    if section in OVERLAYS and path[2:3] == ("change",) and len(path) > 4:
        places.add((path[3], path[4] if path[3] in ENTRIES else ""))
    return places


def mixtures(names: Sequence[Name]) -> Iterator[tuple[Name, ...]]:
    """Overlays that can meet in one client: of one channel and segment, any needs and dates.

    The smallest mixtures first, at most `MOST` of them.
    """
    tried = 0
    for size in range(1, len(names) + 1):
        for mixture in combinations(names, size):
            kinds = [section for section, _ in mixture]
            if kinds.count("channels") < 2 and kinds.count("segments") < 2:
                tried += 1
                if tried > MOST:
                    return
                yield mixture


def written(tree: Mapping[str, Any], path: Path, number: float) -> Any:
    """A number as the scenario writes the value at a path: with its unit, or whole.

    Raises
    ------
    InputError
        When there is no number at the path.
    """
    dotted = ".".join(path)
    try:
        old = at(tree, path)
    except KeyError:
        raise InputError([Problem("there is no such value", path=dotted)]) from None
    if isinstance(old, int) and not isinstance(old, bool):
        return round(number)
    if isinstance(old, float):
        return float(number)
    found = _NUMBER.match(old) if isinstance(old, str) else None
    if found is None or not found[1].strip():
        message = f'"{old}" is not a number' if isinstance(old, str) else "this is not a number"
        raise InputError([Problem(message, "a path to a number", path=dotted)])
    return f"{float(number)!r} {found[1].strip()}"


def unit_of(tree: Mapping[str, Any], path: Path) -> str:
    """The unit in which the scenario writes the number at a path; empty for a plain number.

    Raises
    ------
    InputError
        When there is no number at the path.
    """
    text = written(tree, path, 0.0)
    return text.partition(" ")[2] if isinstance(text, str) else ""


def number_at(tree: Mapping[str, Any], path: Path) -> float:
    """The number at a path, in the unit in which the scenario writes it.

    Raises
    ------
    InputError
        When there is no number at the path.
    """
    written(tree, path, 0.0)
    value = at(tree, path)
    if not isinstance(value, str):
        return float(value)
    digits = value[: len(value) - len(unit_of(tree, path))]
    return float(re.sub(r"[^\d.eE+-]", "", digits))


def parts_at(tree: Mapping[str, Any], place: Place) -> list[Any]:
    """All that a scenario says of a part: its value, and every change to it with whose it is."""
    section, entry = place
    found: list[Any] = [tree.get(section, {}) if not entry else tree.get(section, {}).get(entry)]
    for overlays in OVERLAYS:
        for name in tree.get(overlays, {}):
            change = change_of(tree, (overlays, name)).get(section)
            if change is not None:
                found.append((overlays, name, change.get(entry) if entry else change))
    return found
