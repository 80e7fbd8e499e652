"""No open case is forgotten: each has an alarm for what comes next."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from simflow.model import Keeper
from simflow.model.casework import CONTACT
from simflow.model.plan import Plan
from simflow.model.world import World
from tests.functional.city import city
from tests.helpers import load_tree


def test_every_open_case_waits_for_what_comes_next() -> None:
    """Between any two events its alarm is set, unless nothing comes in the run, and is up to date.

    A meeting leaves that to the move after it, and after a companion's evaluation there is none.
    """
    loaded = load_tree(city(
        relationship={"no_service_left": "left", "starts_after": "meeting"},
        services__meeting__then={"trial": 1.0},
        services__trial__companion={"service": "club", "accepts": 1.0},
        services__club={"kind": "placement", "duration": "5 days", "evaluation": "talk",
                        "then": {"back": 1.0}},
        services__talk={"kind": "appointment", "staff": "team", "length": "1 hour", "lost": "left",
                        "then": {"left": 1.0}},
        casework={"staff": "team", "contact_interval": "20 days", "contact_length": "30 min",
                  "caseload_reference": 50, "risks": {}},
    ))  # fmt: skip
    world = World(Plan(loaded), 1, 0, Keeper())
    looked = 0

    def watch() -> Generator[simpy.Event, Any, None]:
        nonlocal looked
        while True:
            yield world.env.timeout(1.3719)
            for client in world.inside.values():
                case = client.case
                if case is not None:
                    looked += 1
                    assert case._alarm.callbacks is not None or case._when > world.end
                    assert case._what != CONTACT or case._when == case._due

    world.env.process(watch())
    world.run()
    assert looked > 1_000
