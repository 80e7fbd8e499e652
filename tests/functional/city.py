"""A small city to try things on."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from simflow.model.log import Outcome
from tests.helpers import Run

Tree = dict[str, Any]


def city(**changes: Any) -> Tree:
    """A meeting with staff, then a placement or a course, then out; dotted paths change values."""
    tree: Tree = {
        "name": "city", "source": "made up for a test",
        "horizon": {"start": "2014-01-01", "end": "2014-12-31"},
        "channels": {"walk_in": {"kind": "rate", "to": "meeting", "rate": "1 per day"}},
        "staff": {"team": {"workers": {"worker": {"count": 1}}, "hours_a_week": "20 hours"}},
        "services": {
            "meeting": {"kind": "appointment", "staff": "team", "length": "2 hours",
                        "no_show": 0.2, "rebook": 1, "rebook_after": "2 days", "lost": "lost",
                        "then": {"trial": 0.5, "course": 0.3, "left": "rest"}},
            "trial": {"kind": "placement", "places": 20, "then": {"trial": 0.3, "left": "rest"},
                      "duration": {"dist": "gamma", "mean": "60 days", "cv": 0.5}},
            "course": {"kind": "course", "starts": {"every": "20 days"}, "length": "15 days",
                       "seats": {"min": 2, "max": 10}, "then": {"course": 0.5, "trial": "rest"}},
        },
        "exits": {"left": {"kind": "other"}, "lost": {"kind": "not_started"}},
        "relationship": {"no_service_left": "left"},
    }  # fmt: skip
    for dotted, value in changes.items():
        *path, last = dotted.split("__")
        part = tree
        for name in path:
            part = part.setdefault(name, {})
        part[last] = value
    return json.loads(json.dumps(tree))  # type: ignore[no-any-return]


def waited(made: Run, service: str = "meeting") -> float:
    """Mean time from asking to starting, or to the end of the run for those who still wait."""
    visits = made.visits_to(service)
    visits = visits.where(visits["outcome"] != Outcome.MISSED)
    stop = np.where(np.isnan(visits["ended"]), made.end, visits["ended"])
    begun = np.where(np.isnan(visits["started"]), stop, visits["started"])
    return float((begun - visits["requested"]).mean())
