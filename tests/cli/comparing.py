"""What tests of `simflow compare` share: small scenarios, and the form of what is printed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tests.cli.conftest import MINI

FIGURE = {"type": ["number", "null"]}
PAIR = {"type": ["array", "null"], "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
GOALS = """\
goals:
  outcome.begun: {role: primary, better: more, matters: 3}
  outcome.without_result: {role: guard, better: fewer, matters: 3}
"""
NO_ROLES = """\
goals:
  exits.done: {better: more, matters: 3}
  caseload.end: {better: fewer, matters: 1}
"""
JUDGED = (
    MINI.replace("2014-12-31}", "2014-12-31, follow_up: 30 days}").replace(
        "    places: 2", "    places: 2\n    evidence: made up"
    )
    + GOALS
)
MORE = """\
extends: mini.yaml
title: {en: "=2+2 places", fi: "=2+2 paikkaa"}
source: "assumption: a decision, for tests"
services: {desk: {places: 4}}
"""
SLOW = """\
extends: mini.yaml
source: "assumption: a decision, for tests"
services: {desk: {duration: {mean: 9 days}}}
"""
NOBODY = """\
extends: mini.yaml
source: "assumption: a decision, for tests"
channels: {door: {rate: 0 per year}}
"""
CHANCE = {
    "type": ["object", "null"],
    "required": ["value", "low", "high"],
    "additionalProperties": False,
    "properties": {
        name: {"type": "number", "minimum": 0, "maximum": 1} for name in ("value", "low", "high")
    },
}
MEASURE = {
    "type": "object",
    "required": ["base", "alternative", "difference", "ci", "n", "class", "B", "H"],
    "additionalProperties": False,
    "properties": {
        "unit": {"type": "string"},
        "base": FIGURE,
        "alternative": FIGURE,
        "difference": FIGURE,
        "ci": PAIR,
        "n": {"type": "integer"},
        "asked_in_one": FIGURE,
        "variance_ratio": FIGURE,
        "role": {"enum": ["primary", "guard", "money", None]},
        "better": {"enum": ["more", "fewer", None]},
        "matters": FIGURE,
        "class": {"enum": ["better", "worse", "no_difference", "not_worse", "unclear", None]},
        "B": CHANCE,
        "H": CHANCE,
        "expected_loss": FIGURE,
    },
}
CLASSES = ("recommended", "saving", "trade_off", "loss", "no_difference", "unclear", "circumstance",
           "other_period", None)  # fmt: skip
ALTERNATIVE = {
    "type": "object",
    "required": ["class", "recommended", "reason", "replications", "draws", "measures"],
    "additionalProperties": False,
    "properties": {
        "class": {"enum": list(CLASSES)},
        "recommended": {"type": "boolean"},
        "reason": {"enum": ["runs", "lasting_effect", "numbers", None]},
        "replications": {"type": "integer"},
        "draws": {"type": ["integer", "null"]},
        "measures": {"type": "object", "minProperties": 1, "additionalProperties": MEASURE},
    },
}
PRINTED = {
    "type": "object",
    "required": ["base", "seed", "replications", "numbers", "replications_a_draw", "cap",
                 "precision", "recommended", "notes", "alternatives"],
    "additionalProperties": False,
    "properties": {
        "base": {"type": "string"},
        "seed": {"type": "integer"},
        "replications": {"type": "integer"},
        "numbers": {"enum": ["point", "posterior"]},
        "replications_a_draw": {"type": "integer"},
        "cap": {"type": ["integer", "null"]},
        "precision": {"type": ["object", "null"]},
        "recommended": {"type": "array", "items": {"type": "string"}},
        "notes": {"type": "array", "items": {"type": "string"}},
        "alternatives": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": ALTERNATIVE,
        },
    },
}  # fmt: skip


def rows(text: str) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(text)))


def write_files(place: Path) -> Path:
    """Write a base with goals and two alternatives into a folder."""
    for name, text in (("mini", JUDGED), ("more", MORE), ("slow", SLOW)):
        (place / f"{name}.yaml").write_text(text, encoding="utf-8")
    return place
