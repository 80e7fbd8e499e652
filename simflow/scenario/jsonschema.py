"""The JSON Schema of scenario files, by which editors complete and check them."""

from __future__ import annotations

import json
from typing import Any

from simflow.scenario.schema import Scenario

_COMMON: dict[str, Any] = {
    "source": {"type": "string", "description": "Where the numbers here are from."},
    "note": {"type": "string", "description": "What else is to be said of them."},
    "range": {
        "type": "array",
        "description": "Lowest and highest plausible value.",
        "minItems": 2,
        "maxItems": 2,
    },
}
_NOTES = {key: {"$ref": f"#/definitions/{key}"} for key in ("source", "note")}
_RANGE = {"range": {"$ref": "#/definitions/range"}}
_LEAF = {"string", "number", "integer", "boolean"}


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 7) of a scenario file, with sources, notes and `extends`.

    A file that extends another need not have the parts that every scenario needs, so none is
    required at the top: whether the whole is complete is said by ``simflow check``.
    """
    schema = Scenario.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    definitions = schema.pop("$defs")
    schema = _noted(schema)
    schema.pop("required", None)
    schema["properties"]["extends"] = {
        "type": "string",
        "description": "Scenario file to which this one is laid over, seen from this one's folder.",
    }
    schema["definitions"] = _COMMON | {n: _definition(part) for n, part in definitions.items()}
    return {"$schema": "http://json-schema.org/draft-07/schema#", **schema}


def text() -> str:
    """The schema as the file ``scenario.schema.json`` has it."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def _definition(part: dict[str, Any]) -> dict[str, Any]:
    noted = _noted(part)
    # A child scenario may give only what it changes, in any part of the file.
    noted.pop("required", None)
    if part.get("title") == "Text":
        return {"anyOf": [{"type": "string"}, noted]}
    if part.get("title") == "Distribution":
        return {"anyOf": [noted, *_with_source({"type": "string"})["anyOf"]]}
    return noted


def _noted(part: dict[str, Any]) -> dict[str, Any]:
    """An object that also takes a source and a note, each value of it with its own or without."""
    if part.get("type") != "object":
        return part
    result = {key: value for key, value in part.items() if key not in ("discriminator", "title")}
    properties = part.get("properties", {})
    if part.get("title") != "Published":  # whose `value` is a field of its own
        needed = part.get("required", ())
        properties = {
            name: _value(value) if name in needed else _or_none(_value(value))
            for name, value in properties.items()
        }
    result["properties"] = properties | _NOTES
    if isinstance(part.get("patternProperties"), dict):
        result["patternProperties"] = {
            pattern: _or_none(_value(value)) for pattern, value in part["patternProperties"].items()
        }
        result["additionalProperties"] = False
        _spare_notes(result)
    if isinstance(part.get("additionalProperties"), dict):
        result["additionalProperties"] = _or_none(_value(part["additionalProperties"]))
    if "enum" in part.get("propertyNames", {}):
        result["propertyNames"] = {"enum": [*part["propertyNames"]["enum"], *_NOTES]}
    return result


def _or_none(part: dict[str, Any]) -> dict[str, Any]:
    """What a child scenario may also take away, by a null."""
    choices = part.get("anyOf")
    if choices is None:
        words = {key: part[key] for key in ("description", "default") if key in part}
        plain = {key: value for key, value in part.items() if key not in words}
        return words | {"anyOf": [plain, {"type": "null"}]}
    if {"type": "null"} in choices:
        return part
    return part | {"anyOf": [*choices, {"type": "null"}]}


def _spare_notes(part: dict[str, Any]) -> None:
    """Keep the notes from being taken for entries of a mapping that is keyed by name."""
    part["patternProperties"] = {
        f"^(?!(source|note)$){pattern.removeprefix('^')}": value
        for pattern, value in part["patternProperties"].items()
    }


def _value(part: dict[str, Any]) -> dict[str, Any]:
    """A value of the format, also with its source where it is a single value."""
    part = {key: value for key, value in part.items() if key != "discriminator"}
    for word in ("anyOf", "oneOf"):
        if word in part:
            # Branches of a choice by `kind` overlap once nothing is required: any may hold.
            choices = [_value(choice) for choice in part.pop(word)]
            return part | {"anyOf": choices}
    if part.get("type") == "object":
        return _noted(part)
    if part.get("type") in _LEAF or "const" in part or "enum" in part:
        return _with_source(part)
    if part.get("type") == "array":
        return part | {"items": _value(part["items"])} if "items" in part else part
    return part


def _with_source(part: dict[str, Any]) -> dict[str, Any]:
    words = {key: part[key] for key in ("description", "default") if key in part}
    plain = {key: value for key, value in part.items() if key not in words and key != "title"}
    wrapped = {
        "type": "object",
        "properties": {"value": plain, **_NOTES, **_RANGE},
        "required": ["value"],
        "additionalProperties": False,
    }
    return words | {"anyOf": [plain, wrapped]}
