"""Taking away is never advised, and adding is never a loss without a reason that is on a list.

The rules are held on whole comparisons, with point values, where a verdict takes few replications:
over a posterior nothing is advised before two hundred draws, which would make the rules easy.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from simflow.experiment import Verdict, compare
from simflow.scenario import Loaded, load
from simflow.scenario.merge import merged
from tests.helpers import load_tree
from tests.unit.test_follow_up import GOALS
from tests.unit.test_outcomes import CITY

BASELINE = Path(__file__).parents[2] / "scenarios" / "espoo-2014.yaml"
SEED = 1311
FEW = 16
"""Replications: a difference of what matters is then beyond doubt for most goals."""
Sets = list[tuple[str, str]]


def leaves(pool: str, worker: str, date: str) -> Sets:
    return [(f"staff.{pool}.workers.{worker}.until", date)]


LESS: dict[str, Sets] = {
    "guidance worker leaves in January": leaves("assessment", "worker_a", "2014-01-15"),
    "guidance worker leaves in March": leaves("assessment", "worker_a", "2014-03-01"),
    "guidance worker leaves in September": leaves("assessment", "worker_b", "2014-09-01"),
    "both guidance workers leave in March": (
        leaves("assessment", "worker_a", "2014-03-01")
        + leaves("assessment", "worker_b", "2014-03-01")
    ),
    "placement worker leaves in January": leaves("placement", "worker_c", "2014-01-15"),
    "placement worker leaves in May": leaves("placement", "worker_d", "2014-05-15"),
    "placement worker leaves in September": leaves("placement", "worker_d", "2014-09-01"),
    "nurse leaves in February": leaves("nurse", "nurse_a", "2014-02-01"),
    "nurse leaves in May": leaves("nurse", "nurse_a", "2014-05-01"),
    "nurse leaves in October": leaves("nurse", "nurse_a", "2014-10-01"),
    "half a post": [("staff.assessment.workers.worker_a", "{fte: 0.5 fte}")],
    "no job coaching": [("services.job_coaching.open", "false")],
    "no Startti": [("services.startti.open", "false")],
    "no ICT coaching": [("services.ict.open", "false")],
    "two Startti courses fewer": [("services.startti.starts.dates", "[2014-02-03, 2014-09-01]")],
    "half the seats": [("services.startti.seats.max", "10")],
    "few city posts": [("services.subsidised_city.quota", "20")],
    "fewer sessions": [("channels.te_info.when.dates", "[2014-01-15, 2014-05-14, 2014-09-10]")],
    "fewer invited": [("channels.te_info.invited", "30")],
    "stalled cases closed": [
        ("casework.review", "{after: 6 months, closes: 100 %, to: no_service, source: assumption}")
    ],
    "everyone closed after nine months": [
        ("casework.time_limit", "{after: 9 months, to: no_service, source: assumption}")
    ],
    "turned away at the door": [
        ("channels.te_info.screens", "{low_motivation: 80 %, life_situation: 80 %, health: 50 %}")
    ],
    "self-booking not answered": [("channels.self_booking.open", "false")],
    "social work not answered": [("channels.asw_personal.open", "false")],
    "contacts half as often": [("casework.contact_interval", "10 weeks")],
}  # fmt: skip
MORE: dict[str, Sets] = {
    "one more in guidance": [("staff.assessment.workers.new_colleague", "{}")],
    "one more in placement": [("staff.placement.workers.new_colleague", "{}")],
    "more of the nurse": [("staff.nurse.workers.nurse_a.fte", "0.4 fte")],
    "more city posts": [("services.subsidised_city.quota", "90")],
    "contacts more often": [("casework.contact_interval", "4 weeks")],
}
RATIONED = {"contacts more often"}
"""May harm a goal: hours given to contacts are not there for assessments."""


@cache
def base() -> Loaded:
    return load(BASELINE)


@cache
def verdict(change: str) -> Verdict:
    alternative = load(BASELINE, [("name", change), *(LESS | MORE)[change]])
    (found,) = compare(base(), [alternative], replications=FEW, seed=SEED).verdicts
    return found


@pytest.mark.slow
@pytest.mark.parametrize("change", LESS)
def test_taking_away_is_never_advised(change: str) -> None:
    found = verdict(change)
    assert not found.recommended, f"{change}: {found.kind}"
    assert found.kind in ("loss", "trade_off", "unclear", "no_difference")
    assert found.primary.shown != "better"


@pytest.mark.slow
@pytest.mark.parametrize("change", MORE)
def test_adding_is_never_a_loss_without_a_reason(change: str) -> None:
    found = verdict(change)
    assert found.kind != "loss" or change in RATIONED
    assert not found.primary.worse or not found.primary.told


@pytest.mark.slow
def test_when_everyone_leaves_waiting_is_worse() -> None:
    """The mean wait of those served fell here, and was called better."""
    found = verdict("both guidance workers leave in March")
    assert found.kind == "loss"
    shown = {one.difference.measure.name: one.shown for one in found.judgements}
    for name in ("begun", "assessed", "first_service", "out_of_touch", "without_result"):
        assert shown[f"outcome.{name}"] == "worse", name


@pytest.mark.slow
def test_closing_job_coaching_is_no_gain() -> None:
    """Its ends in work rose, as declining it is an exit to a job; beginnings do not."""
    found = verdict("no job coaching")
    assert found.kind == "loss" and "job_coaching" in found.hanging.less


@pytest.mark.slow
def test_closing_stalled_cases_is_no_gain() -> None:
    found = verdict("stalled cases closed")
    shown = {one.difference.measure.name: one.shown for one in found.judgements}
    assert shown["outcome.without_result"] == "worse"
    assert shown["outcome.out_of_touch"] in ("worse", "unclear")


@pytest.mark.slow
def test_three_in_guidance_one_in_placement_is_not_recommended() -> None:
    alternative = load(BASELINE.parent / "split-3-1.yaml")
    (found,) = compare(base(), [alternative], replications=FEW, seed=SEED).verdicts
    assert not found.recommended
    assert found.primary.difference.mean is not None and found.primary.difference.mean < 0


def test_the_same_scenario_makes_no_difference() -> None:
    """A copy has equal outcomes, person by person."""
    city = load_tree(merged(CITY, {"goals": GOALS}))
    copy = load_tree(merged(CITY, {"goals": GOALS, "name": "copy"}))
    comparison = compare(city, [copy], replications=6)
    (found,) = comparison.verdicts
    assert found.kind == "no_difference"
    assert (comparison.outcomes["copy"][:, :, 0] == comparison.outcomes["copy"][:, :, 1]).all()


@pytest.mark.parametrize(
    "change",
    [
        {"channels": {"door": {"open": False}}},
        {"staff": {"team": {"workers": {"anna": {"until": "2014-02-01"}}}}},
        {"services": {"meeting": {"then": {"job": 0, "gone": 1}}}},
        {"services": {"meeting": {"then": {"gone": 0.5, "job": 0.5}}}},
    ],
)
def test_small_cities_turned_away(change: dict[str, Any]) -> None:
    city = load_tree(merged(CITY, {"goals": GOALS}))
    worse = load_tree(merged(merged(CITY, {"goals": GOALS, "name": "worse"}), change))
    (found,) = compare(city, [worse], replications=8).verdicts
    assert not found.recommended and found.primary.worse


def test_how_much_comes_from_people_asked_in_one_only() -> None:
    """Closing a door loses exactly those who came by it."""
    city = load_tree(merged(CITY, {"goals": GOALS}))
    shut = load_tree(merged(CITY, {
        "goals": GOALS, "name": "shut", "channels": {"door": {"open": False}},
    }))  # fmt: skip
    comparison = compare(city, [shut], replications=4)
    begun = comparison.difference("shut", "outcome.begun")
    assert begun.alternative == 0 and begun.mean is not None and begun.mean < -20
    assert begun.asked_in_one == begun.mean
