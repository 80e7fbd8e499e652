"""Goals that a recommendation can rest on: one purpose, guards over everyone, money apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from simflow.scenario.merge import Path
from simflow.scenario.schema import Scenario

Finding = tuple[Path, str, str]
OUTCOMES: Final = "outcome."
"""Beginning of names of measures over everyone who was asked."""
_MONEY: Final = "cost."
SERVED: Final = ".served_mean"
"""End of names of means over those served: they fall when fewer are served."""


def check_goals(scenario: Scenario) -> Iterator[Finding]:
    """What is wrong with the goals and their roles, and with key measures."""
    roles = {name: goal.role for name, goal in scenario.goals.items()}
    for name in (*roles, *scenario.key_measures):
        if name.endswith(SERVED):
            where = "goals" if name in roles else "key_measures"
            message = f'"{name}" is a mean over those served: it falls when fewer are served'
            yield (where, name) if where == "goals" else (where,), message, _INSTEAD
    if not any(roles.values()):
        return
    for name, role in roles.items():
        yield from _role(name, role)
    primaries = [name for name, role in roles.items() if role == "primary"]
    if len(primaries) != 1:
        found = f"found {', '.join(primaries)}" if primaries else "there is none"
        expected = "one goal with `role: primary`, the purpose of the service"
        yield ("goals",), f"the goals have no single purpose: {found}", expected
    if "guard" not in roles.values():
        expected = "at least one goal with `role: guard`, such as outcome.assessed"
        yield ("goals",), "no goal guards what must not be harmed", expected
    horizon = scenario.horizon
    if not horizon.followed_days:
        message = "`follow_up` is missing, and goals with roles are outcomes that need one"
        yield ("horizon", "follow_up"), message, "how long people are followed, such as 12 months"


def check_closing(scenario: Scenario) -> Iterator[Finding]:
    """A rule that closes cases leads to no job, course or other service: it would look like one."""
    casework = scenario.casework
    rules = {} if casework is None else {
        "review": casework.review, "time_limit": casework.time_limit}  # fmt: skip
    for name, rule in rules.items():
        kind = scenario.exits[rule.to].kind if rule is not None else "other"
        if rule is not None and kind != "other":
            message = f'closing cases leads to "{rule.to}", an exit of kind {kind}'
            expected = "an exit of kind other: whoever is closed has found nothing by it"
            yield ("casework", name, "to"), message, expected


_INSTEAD: Final = "an outcome of everyone, such as outcome.assessed, or the share served in time"


def _role(name: str, role: str | None) -> Iterator[Finding]:
    path = ("goals", name)
    if role is None:
        yield path, "`role` is missing, and other goals have one", "primary, guard or money"
    elif role == "money" and not name.startswith(_MONEY):
        yield path, f'"{name}" is no money', "a measure of costs, such as cost.net"
    elif role != "money" and not name.startswith(OUTCOMES):
        message = f'a {role} goal has to be an outcome of everyone, and "{name}" is none'
        yield path, message, f"a measure whose name begins with {OUTCOMES}"
