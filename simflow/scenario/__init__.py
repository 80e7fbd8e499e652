"""What a planner writes, read into one frozen, validated scenario."""

from __future__ import annotations

from simflow.scenario.diff import Difference, diff
from simflow.scenario.doubts import warnings_of
from simflow.scenario.jsonschema import json_schema
from simflow.scenario.loaded import Loaded, load
from simflow.scenario.schema import Scenario
from simflow.scenario.show import Row, show
from simflow.scenario.starter import starter
from simflow.scenario.yamlfile import Origin

__all__ = [
    "Difference",
    "Loaded",
    "Origin",
    "Row",
    "Scenario",
    "diff",
    "json_schema",
    "load",
    "show",
    "starter",
    "warnings_of",
]
