"""What `check` says of a follow-up and of goals with roles."""

from __future__ import annotations

from typing import Any

import pytest

from simflow.errors import InputError
from simflow.model.calendar import dates_of, workdays
from simflow.scenario.merge import merged
from tests.helpers import load_tree, run
from tests.unit.test_outcomes import CITY

GOALS = {
    "outcome.begun": {"role": "primary", "better": "more", "matters": 5},
    "outcome.assessed": {"role": "guard", "better": "more", "matters": "5 %"},
}


def problems(change: dict[str, Any]) -> str:
    with pytest.raises(InputError) as found:
        load_tree(merged(CITY, change))
    return "\n".join(f"{p.path}: {p.message} {p.expected}" for p in found.value.problems)


def course(**starts: Any) -> dict[str, Any]:
    return {"services": {"group": {
        "kind": "course", "starts": starts, "seats": {"max": 8}, "length": "14 days",
        "then": {"gone": 1},
    }}}  # fmt: skip


def test_lists_of_dates_must_reach_the_follow_up_or_say_how_they_repeat() -> None:
    text = problems(course(dates=["2014-03-03", "2014-09-01"]))
    assert "services.group.starts: ends on 2014-09-01" in text
    assert "2015-12-31" in text and "repeats: yearly" in text
    load_tree(merged(CITY, course(dates=["2014-03-03", "2014-09-01"], repeats="never")))
    load_tree(merged(CITY, course(dates=["2014-03-03", "2014-12-01", "2015-06-01", "2015-11-02"])))
    load_tree(merged(CITY, course(every="30 days")))
    away = {"from": "2014-02-01", "until": "2014-03-01"}
    absent = {"staff": {"team": {"workers": {"anna": {"away": [away]}}}}}
    assert "away.0: ends on 2014-03-01" in problems(absent)
    both = problems(course(dates=["2014-03-03", "2015-09-01"], repeats="yearly"))
    assert "lies in the follow-up already" in both


def test_dates_repeat_52_weeks_later() -> None:
    loaded = load_tree(merged(CITY, course(dates=["2014-01-01", "2014-03-03"], repeats="yearly")))
    scenario = loaded.scenario
    found = dates_of(scenario.services["group"].starts, scenario, workdays(scenario))  # type: ignore[union-attr]
    assert [str(date) for date in found] == ["2014-01-01", "2014-03-03", "2015-03-02", "2015-12-30"]


def test_an_absence_repeats_when_it_says_so() -> None:
    def meetings(repeats: str) -> int:
        away = {"from": "2014-06-01", "until": "2014-12-31", "repeats": repeats}
        change = {"staff": {"team": {"workers": {"anna": {"away": [away]}}}}}
        made = run(load_tree(merged(CITY, change)), followed=True)
        return int((made.visits_to("meeting")["started"] > 365 + 150).sum())

    assert meetings("yearly") < meetings("never")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"goals": {"outcome.assessed": {"role": "money"}}}, "no goal guards"),
        ({"goals": {"outcome.begun": {"role": "guard"}}}, "no single purpose"),
        ({"goals": {"outcome.assessed": {"role": "primary"}}}, "no single purpose"),
        ({"goals": {"cost.net": {"role": "guard", "better": "fewer", "matters": 1}}},
         "has to be an outcome of everyone"),
        ({"goals": {"outcome.asked": {"role": "money", "better": "fewer", "matters": 1}}},
         "is no money"),
        ({"goals": {"outcome.asked": {"better": "fewer", "matters": 1}}}, "`role` is missing"),
        ({"goals": {"exits.work": {"role": "guard", "better": "more", "matters": 1}}},
         "has to be an outcome of everyone"),
        ({"horizon": {"follow_up": "0 days"}}, "`follow_up` is missing"),
        ({"key_measures": ["wait.meeting.served_mean"]}, "mean over those served"),
        ({"goals": {"wait.meeting.served_mean": {"better": "fewer", "matters": 1}}},
         "mean over those served"),
    ],
)  # fmt: skip
def test_goals_a_recommendation_cannot_rest_on(change: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as found:
        load_tree(merged(merged(CITY, {"goals": GOALS}), change))
    assert said in "\n".join(problem.message for problem in found.value.problems)


def test_goals_with_roles_are_read() -> None:
    goals = load_tree(merged(CITY, {"goals": GOALS})).scenario.goals
    assert goals["outcome.assessed"].matters == 0.05
    assert goals["outcome.begun"].role == "primary"


@pytest.mark.parametrize("rule", ["review", "time_limit"])
@pytest.mark.parametrize("kind", ["work", "education", "transfer"])
def test_closing_cases_leads_to_no_job_or_service(rule: str, kind: str) -> None:
    """Closed into such an exit, they would count as having begun it, or as gone elsewhere."""
    closing = {"after": "90 days", "to": "away"} | ({"closes": 1} if rule == "review" else {})
    casework = {
        "staff": "team", "contact_interval": "30 days", "contact_length": "1 hours",
        "caseload_reference": 50, rule: closing,
    }  # fmt: skip
    text = problems({"casework": casework, "exits": {"away": {"kind": kind}}})
    assert f"casework.{rule}.to" in text and f"kind {kind}" in text
