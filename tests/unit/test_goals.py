"""Goals that can be decided by: one purpose, guards over everyone, money apart; and what hangs."""

from __future__ import annotations

from typing import Any

import pytest

from simflow.errors import InputError
from simflow.experiment.lasting import Hanging, hanging
from simflow.scenario import Scenario
from tests.helpers import load_tree
from tests.unit.test_comparison_run import FOLLOWED, ROLES
from tests.unit.test_measures import TREE

BEGUN, RESULT = ROLES
FEWER = {"better": "fewer", "matters": 1}
FIT = TREE | {"horizon": FOLLOWED, "goals": ROLES}


def changed(**roles: dict[str, Any] | None) -> dict[str, Any]:
    """The goals with some more, or without some."""
    goals = ROLES | {name.replace("__", "."): goal for name, goal in roles.items()}
    return {name: goal for name, goal in goals.items() if goal is not None}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"goals": {"wait.bed.served_mean": FEWER}},
            r"goals\.wait\.bed\.served_mean.* is a mean over those served: it falls when fewer",
        ),
        (
            {"key_measures": ["wait.bed.served_mean"]},
            r"key_measures.*wait\.bed\.served_mean\" is a mean over those served",
        ),
        ({"goals": changed(outcome__begun=None)}, "no single purpose: there is none"),
        (
            {"goals": changed(outcome__asked=ROLES[BEGUN])},
            r"no single purpose: found outcome\.begun, outcome\.asked",
        ),
        ({"goals": changed(outcome__without_result=None)}, "no goal guards what must not be"),
        (
            {"goals": changed(caseload__end=FEWER | {"role": "guard"})},
            r"a guard goal has to be an outcome of everyone, and \"caseload\.end\" is none",
        ),
        (
            {"goals": changed(outcome__asked=FEWER | {"role": "money"})},
            r"\"outcome\.asked\" is no money",
        ),
        ({"goals": changed(caseload__end=FEWER)}, "`role` is missing, and other goals have one"),
        ({"horizon": TREE["horizon"]}, r"horizon\.follow_up: `follow_up` is missing"),
    ],
)
def test_goals_that_no_decision_can_rest_on_are_refused(change: dict[str, Any], said: str) -> None:
    load_tree(FIT)
    with pytest.raises(InputError, match=said):
        load_tree(FIT | change)


def test_goals_without_any_role_need_nothing_of_the_kind() -> None:
    assert load_tree(TREE | {"goals": {"caseload.end": FEWER}}).scenario.goals


# ------------------------------------------------------------------------------- lasting effects


def beds(**bed: object) -> Scenario:
    """A scenario with these beds."""
    return load_tree(TREE | {"services": {"bed": TREE["services"]["bed"] | bed}}).scenario


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({}, {}, Hanging()),
        ({"places": 2}, {"places": 3}, Hanging(more=("bed",))),
        ({"places": 2}, {"places": 1}, Hanging(less=("bed",))),
        ({"places": 2}, {"places": 3, "duration": "9 days"}, Hanging(more=("bed",))),
        ({"places": 2, "evidence": "a trial"}, {"places": 3, "evidence": "a trial"}, Hanging()),
        ({"places": 2}, {"places": 3, "evidence": "a trial"}, Hanging()),
        ({"wait_limit": "2 days"}, {"wait_limit": "9 days"}, Hanging()),
    ],
)
def test_what_hangs_on_a_lasting_effect(
    old: dict[str, object], new: dict[str, object], found: Hanging
) -> None:
    assert hanging(beds(**old), beds(**new)) == found


@pytest.mark.parametrize(
    ("found", "undone"),
    [
        (Hanging(), {}),
        (Hanging(less=("bed",)), {"better", "neither"}),
        (Hanging(more=("bed",)), {"worse", "neither"}),
        (Hanging(less=("bed",), more=("spa",)), {"better", "worse", "neither"}),
    ],
)
def test_what_a_lasting_effect_could_undo(found: Hanging, undone: set[str]) -> None:
    """A gain with less of it may be lock-in alone, a loss with more of it too; waits are waits."""
    claims = {"better": (True, False), "worse": (False, True), "neither": (False, False)}
    for measure in ("outcome.begun", "outcome.open_or_education", "outcome.begun_by.young"):
        told = {name for name, claim in claims.items() if found.undoes(measure, *claim)}
        assert told == set(undone), measure
    for measure in ("outcome.assessed", "outcome.without_result", "cost.net"):
        assert not any(found.undoes(measure, *claim) for claim in claims.values())
