"""Validation errors in a planner's words: where, what was found, what is expected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from simflow.errors import Problem
from simflow.scenario.casework import Casework
from simflow.scenario.channels import DatesChannel, OutreachChannel, RateChannel, SessionChannel
from simflow.scenario.schema import Scenario
from simflow.scenario.services import (
    AppointmentService,
    CourseService,
    GuidanceService,
    PlacementService,
)
from simflow.scenario.yamlfile import Origin

_MODELS: dict[str, type[BaseModel]] = {
    "rate": RateChannel, "sessions": SessionChannel, "outreach": OutreachChannel,
    "dates": DatesChannel, "placement": PlacementService, "appointment": AppointmentService,
    "course": CourseService, "guidance": GuidanceService, "casework": Casework,
}  # fmt: skip
_MESSAGES = {
    "missing": "is missing",
    "model_type": "expected a mapping with lines of its own",
    "model_attributes_type": "expected a mapping with lines of its own",
    "dict_type": "expected a mapping with lines of its own",
    "list_type": "expected a list",
    "string_type": "expected a text",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "int_type": "expected a whole number",
    "float_type": "expected a number",
}
_LIMITS = {
    "less than or equal to": "at most",
    "greater than or equal to": "at least",
    "greater than": "more than",
}
_CHANNELS = ("rate", "sessions", "outreach", "dates")
_SERVICES = ("placement", "appointment", "course", "guidance")


def near(found: str, known: Iterable[str]) -> str:
    """What may have been meant, or all there is to choose from when that is short."""
    names = list(dict.fromkeys(known))
    close = get_close_matches(found, names, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}"?'
    return "one of: " + ", ".join(names) if 0 < len(names) <= 30 else ""


def problem_at(
    path: tuple[str, ...],
    message: str,
    expected: str,
    origins: Mapping[tuple[str, ...], Origin],
    remedy: str = "",
) -> Problem:
    """A problem with the place of the value, or of the nearest part that holds it."""
    for length in range(len(path), -1, -1):
        origin = origins.get(path[:length])
        if origin is not None:
            file = origin.file if origin.line else ""  # a value of the command line has no place
            place = (file, origin.line, origin.column)
            return Problem(message, expected, remedy, *place, ".".join(path))
    return Problem(message, expected, remedy, path=".".join(path))


def problems_of(
    error: ValidationError,
    tree: Mapping[str, Any],
    origins: Mapping[tuple[str, ...], Origin],
    prefix: tuple[str, ...] = (),
    inside: tuple[str, ...] = (),
    model: type[BaseModel] = Scenario,
) -> list[Problem]:
    """One problem for each error, at its place in the file.

    `prefix` is where an overlay stands, `inside` the part of the tree that alone was validated,
    `model` the format of the file.
    """
    found: dict[tuple[str, ...], Problem] = {}
    for details in error.errors(include_url=False):
        path = _path((*inside, *details["loc"]), tree, details["type"] == "missing")
        if path not in found:
            message, expected = _words(details, path, tree, model)
            remedy = expected if expected.startswith("did you mean") else ""
            expected = "" if remedy else expected
            found[path] = problem_at((*prefix, *path), message, expected, origins, remedy)
    return list(found.values())


def _path(loc: tuple[int | str, ...], tree: Any, missing: bool) -> tuple[str, ...]:
    """The location without the marks that pydantic adds for unions and kinds."""
    path: list[str] = []
    for rank, part in enumerate(loc):
        text = str(part)
        if rank == 2 and loc[0] in ("services", "channels") and text in _MODELS:
            continue
        if isinstance(tree, Mapping) and text in tree:
            tree = tree[text]
        elif isinstance(tree, list) and isinstance(part, int) and part < len(tree):
            tree = tree[part]
        elif not (missing and rank == len(loc) - 1):
            continue
        path.append(text)
    return tuple(path)


def _words(
    details: ErrorDetails, path: tuple[str, ...], tree: Any, model: type[BaseModel]
) -> tuple[str, str]:
    kind, given = details["type"], details.get("input")
    if kind == "extra_forbidden":
        return f'unknown key "{path[-1]}"', near(path[-1], fields_at(path[:-1], tree, model))
    if kind == "missing":
        return f"`{path[-1]}` is missing", ""
    if kind == "union_tag_not_found":
        known = _CHANNELS if path[0] == "channels" else _SERVICES
        return "`kind` is missing", "one of: " + ", ".join(known)
    if kind == "union_tag_invalid":
        tag, tags = str(details["ctx"]["tag"]), str(details["ctx"]["expected_tags"])
        return f'unknown kind "{tag}"', near(tag, tags.replace("'", "").split(", "))
    whole = kind == "value_error" and isinstance(given, Mapping | list)
    found = "" if whole else _found(given)
    if kind in ("literal_error", "enum"):
        names = re.findall(r"'([^']+)'", str(details["ctx"]["expected"]))
        return found, near(str(given), names)
    if kind == "string_pattern_mismatch" and str(details["ctx"]["pattern"]).startswith("^[a-z]"):
        return found, "a name of small letters, digits and underscores that begins with a letter"
    if kind == "string_pattern_mismatch":
        return found, "two capital letters, such as FI"
    message = details["msg"].removeprefix("Value error, ")
    message = _MESSAGES.get(kind, message).replace("Input should be ", "expected ")
    for words, short in _LIMITS.items():
        message = message.replace(words, short)
    before, _, expected = message.partition("expected ")
    if expected:
        words = before.strip(" ;,")
        return "; ".join(part for part in (found, words) if part), expected
    return "; ".join(part for part in (found, message) if part), ""


def _found(given: object) -> str:
    if given is None:
        return "nothing is given"
    if isinstance(given, Mapping | list):
        return "found a mapping" if isinstance(given, Mapping) else "found a list"
    large = isinstance(given, float | int) and abs(given) > 1e9
    return f'found "{given}"' + (", a number too large to mean anything here" if large else "")


def fields_at(path: tuple[str, ...], tree: Any, whole: type[BaseModel] = Scenario) -> list[str]:
    """Keys that the format knows at a path, as far as they can be told."""
    model: Any = whole
    for part in path:
        tree = tree.get(part) if isinstance(tree, Mapping) else None
        fields = getattr(model, "model_fields", None)
        if fields is not None:
            names = {info.alias or name: info.annotation for name, info in fields.items()}
            model = names.get(part)
        kind = tree.get("kind") if isinstance(tree, Mapping) else None
        if isinstance(kind, str) and kind in _MODELS:
            model = _MODELS[kind]
        elif not hasattr(model, "model_fields"):
            model = next(iter(_models_in(model)), model)
    fields = getattr(model, "model_fields", {})
    return [info.alias or name for name, info in fields.items()]


def _models_in(annotation: Any) -> list[Any]:
    """Models named in an annotation such as ``Search | None`` or ``dict[Name, Pool]``."""
    if hasattr(annotation, "model_fields"):
        return [annotation]
    return [m for part in getattr(annotation, "__args__", ()) for m in _models_in(part)]
