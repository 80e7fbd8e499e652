"""Every value of a scenario, as written and as understood, with where it comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from simflow import units
from simflow.scenario.costs import Price
from simflow.scenario.loaded import Loaded
from simflow.scenario.merge import Path
from simflow.scenario.schema import Scenario
from simflow.scenario.values import Distribution
from simflow.scenario.yamlfile import Origin

_UNITS: Final[dict[Any, str]] = {
    units.duration: "days",
    units.hours: "hours",
    units.fte: "fte",
    units.rate: "per day",
    units.share: "%",
    units.hourly: "eur an hour",
    units.paid_day: "eur a day",
    units.daily: "eur a day",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One value.

    Attributes
    ----------
    path : str
        Dotted path, as `--set` takes it.
    written : str
        As in the file.
    resolved : str
        As the model takes it, with its unit.
    origin : str
        ``file:line``, or ``--set``.
    source : str
        Where the number is from.
    """

    path: str
    written: str
    resolved: str
    origin: str
    source: str


def show(loaded: Loaded) -> list[Row]:
    """A row for every value, in the order of the file."""
    rows = []
    for path, value in leaves(loaded.tree):
        origin = origin_of(loaded.origins, path)
        place = f"{origin.file}:{origin.line}" if origin.line else origin.file
        rows.append(
            Row(".".join(path), written(value), _resolved(loaded, path), place, origin.source)
        )
    return rows


def leaves(tree: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is not itself a mapping, with its path; lists are one value."""
    if isinstance(tree, Mapping) and tree:
        for key, value in tree.items():
            yield from leaves(value, (*path, str(key)))
    elif path:
        yield path, tree


def written(value: Any) -> str:
    """A value as a file has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(written(item) for item in value) + "]"
    if isinstance(value, Mapping):
        inside = ", ".join(f"{key}: {written(item)}" for key, item in value.items())
        return "{" + inside + "}"
    return "" if value is None else str(value)


def origin_of(origins: Mapping[Path, Origin], path: Path) -> Origin:
    """Origin of a value, or of the nearest part that holds it."""
    for length in range(len(path), -1, -1):
        if path[:length] in origins:
            return origins[path[:length]]
    return Origin("")


def _resolved(loaded: Loaded, path: Path) -> str:
    if len(path) > 3 and path[2] == "change":
        name = path[1]
        scenario = {
            "regimes": lambda: loaded.resolve(regimes=(name,)),
            "channels": lambda: loaded.resolve(channel=name),
            "segments": lambda: loaded.resolve(segment=name),
            "needs": lambda: loaded.resolve(needs=(name,)),
        }[path[0]]()
        return _value_at(scenario, path[3:])
    return _value_at(loaded.scenario, path)


def _value_at(scenario: Scenario, path: Path) -> str:
    value: Any = scenario
    unit = ""
    for part in path:
        if isinstance(value, BaseModel):
            fields = {info.alias or name: name for name, info in type(value).model_fields.items()}
            if part not in fields:
                return ""
            unit = _unit(type(value).model_fields[fields[part]])
            value = getattr(value, fields[part])
        elif isinstance(value, Mapping):
            value = value.get(part, value.get(int(part)) if part.isdigit() else None)
        else:
            return ""
    return _text(value, unit)


def _text(value: Any, unit: str) -> str:
    if isinstance(value, Distribution):
        return f"{value.value:g} days" if value.value is not None else value.dist
    if isinstance(value, Price):
        return f"{value.amount:.6g} eur a {value.per}"
    if isinstance(value, list):
        return "[" + ", ".join(_text(item, unit) for item in value) + "]"
    if isinstance(value, BaseModel):
        shown = value.model_dump(exclude_defaults=True, by_alias=True, mode="json")
        return str(shown.get("en", "")) if set(shown) == {"en", "fi"} else written(shown)
    if isinstance(value, bool) or value is None or isinstance(value, dt.date):
        return written(value)
    if isinstance(value, float):
        return f"{value * 100:.6g} %" if unit == "%" else f"{value:.6g} {unit}".strip()
    return written(value)


def _unit(field: FieldInfo) -> str:
    found = (_unit_in(part) for part in (*field.metadata, field.annotation))
    return next((unit for unit in found if unit), "")


def _unit_in(part: Any) -> str:
    if isinstance(part, BeforeValidator):
        name = getattr(part.func, "__name__", "")
        return "%" if name == "_share_or_rest" else _UNITS.get(part.func, "")
    found = (_unit_in(inner) for inner in (*get_args(part), *getattr(part, "__metadata__", ())))
    return next((unit for unit in found if unit), "")
