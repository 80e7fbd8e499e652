"""What a planner writes, read into one frozen, validated scenario."""

from __future__ import annotations

from simflow.scenario.loaded import Loaded, load
from simflow.scenario.schema import Scenario
from simflow.scenario.yamlfile import Origin

__all__ = ["Loaded", "Origin", "Scenario", "load"]
