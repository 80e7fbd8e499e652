"""Costs from rows written by hand: each figure is checked against one worked out on paper."""

from __future__ import annotations

from math import inf, isnan, nan
from typing import Any

import numpy as np
import pytest

from simflow.measures import Recorder, measures_of
from simflow.model import names_of
from simflow.model.log import Outcome
from simflow.scenario.merge import merged
from simflow.units import DAYS_PER_MONTH
from tests.helpers import load_tree

TREE: dict[str, Any] = {
    "source": "made up",
    "horizon": {"start": "2014-01-01", "end": "2014-04-10"},  # 100 days
    "channels": {"walk_in": {"kind": "rate", "rate": "1 per day", "to": "trial"}},
    "staff": {"team": {"workers": {"anna": {}}}, "other": {"workers": {"bea": {}}}},
    "services": {
        "trial": {"kind": "placement", "duration": "20 days", "then": {"job": 1},
                  "benefit": "promoting", "price": "2 eur a day"},
        "job": {"kind": "placement", "duration": "20 days", "then": {"gone": 1},
                "benefit": "none", "top_up": "70 eur a week", "price": "500 eur a start"},
        "class": {"kind": "course", "starts": {"every": "30 days"}, "length": "10 days",
                  "seats": {"max": 10}, "price": "100 eur a seat", "then": {"gone": 1}},
        "group": {"kind": "course", "starts": {"every": "30 days"}, "length": "10 days",
                  "seats": {"max": 10}, "price": "1 000 eur a course", "then": {"gone": 1}},
    },
    "exits": {"work": {"kind": "work", "top_up": "5 eur a day", "top_up_for": "30 days"},
              "school": {"kind": "education"}, "gone": {}, "no": {"kind": "not_started"}},
    "costs": {
        "staff": {"team": "40 eur an hour"},
        "benefit": {"days_at_start": "490 days", "daily_rate": "30 eur a day",
                    "days_a_month": DAYS_PER_MONTH,  # a paid day each day: easy on paper
                    "brackets": [{"from": 500, "share": "50 %"}, {"from": 520, "share": 1}]},
    },
}  # fmt: skip
TRIAL, JOB, CLASS, GROUP = range(4)
WORK, SCHOOL, GONE, NO = range(4)
DONE = Outcome.COMPLETED
Rows = list[tuple[float, ...]]


def visit(
    client: int, service: int, start: float, stop: float, aside: int = 0
) -> tuple[float, ...]:
    """A row of `visits` without waiting; `nan` for one that goes on."""
    outcome = DONE if stop == stop else Outcome.ONGOING
    return (client, service, 1, start, start, stop, outcome, -1, 0, 0, aside)


def client(
    number: int, came: float, ended: float = nan, exit_: int = -1, days: float = 490
) -> tuple[float, ...]:
    """A row of `clients` who starts on arrival."""
    started = nan if exit_ == NO else came
    return (number, 0, 0, 0, came, started, nan, ended, exit_, -1, nan, days)


def costs(tables: dict[str, Rows], change: dict[str, Any] | None = None) -> dict[str, float]:
    """The costs of some rows, by name without `cost.`."""
    loaded = load_tree(merged(TREE, change or {}))
    recorder = Recorder(loaded.scenario, names_of(loaded.scenario))
    for table, rows in tables.items():
        recorder.rows(table, np.array(rows, float))
    values = zip(measures_of(loaded.scenario), recorder.values().tolist(), strict=True)
    return {m.name[5:]: value for m, value in values if m.name.startswith("cost.")}


def benefit(visits: Rows, clients: Rows, change: dict[str, Any] | None = None) -> float:
    """The city's share of the subsidy."""
    tables = {"visits": visits} if visits else {}
    return costs({**tables, "clients": clients}, change)["benefit"]


BENEFIT = {
    # 490 paid at day 0: days 10-30 cost half of 30 euros, those after all of it.
    "no service": ([], [client(0, 0)], 20 * 15 + 70 * 30),
    "not yet 500 days": ([], [client(0, 0, days=0)], 0),
    "long over it": ([], [client(0, 60, days=900)], 40 * 30),
    "leaves without work: goes on": ([], [client(0, 0, 50, GONE)], 20 * 15 + 70 * 30),
    "never starts: goes on": ([], [client(0, 0, 50, NO)], 20 * 15 + 70 * 30),
    "work ends it": ([], [client(0, 0, 50, WORK)], 20 * 15 + 20 * 30),
    "education ends it": ([], [client(0, 0, 20, SCHOOL)], 10 * 15),
    "promoting: paid by the state, counted": (
        [visit(0, TRIAL, 0, 40)], [client(0, 0)], 60 * 30),
    "promoting over a bracket": (
        [visit(0, TRIAL, 20, 40)], [client(0, 0)], 10 * 15 + 60 * 30),
    "a job stops the count": (
        [visit(0, JOB, 0, 40)], [client(0, 0)], 20 * 15 + 30 * 30),
    "a job goes on": ([visit(0, JOB, 30, nan)], [client(0, 0)], 20 * 15),
    "trial after a job": (
        [visit(0, JOB, 15, 35), visit(0, TRIAL, 35, 45)], [client(0, 0)],
        5 * 15 + 5 * 15 + 50 * 30),
    "alongside changes nothing": (
        [visit(0, JOB, 0, 40, aside=1)], [client(0, 0)], 20 * 15 + 70 * 30),
    "another's job changes nothing": (
        [visit(1, JOB, 0, nan)], [client(0, 0), client(1, 0)], 20 * 15 + 70 * 30),
    "there before the window": ([], [client(0, -20)], 10 * 15 + 90 * 30),
}  # fmt: skip


@pytest.mark.parametrize("name", BENEFIT)
def test_share_of_the_subsidy(name: str) -> None:
    """Days on subsidy by bracket; services, jobs and exits do as documented."""
    visits, clients, euros = BENEFIT[name]
    assert benefit(visits, clients) == pytest.approx(euros)


def test_avoided_is_what_no_service_and_no_exit_would_have_cost() -> None:
    """Less what it does cost."""
    rows = {"visits": [visit(0, TRIAL, 0, 40)], "clients": [client(0, 0, 60, WORK)]}
    found = costs(rows)
    assert found["benefit"] == pytest.approx(20 * 30)
    assert found["benefit_avoided"] == pytest.approx(20 * 15 + 70 * 30 - 20 * 30)
    assert found["net"] == pytest.approx(found["services"] - found["benefit_avoided"])


def test_subsidy_by_the_rule_on_the_date() -> None:
    """A regime changes rate and brackets; the paid days go on."""
    change = {"costs": {"benefit": {
        "daily_rate": "40 eur a day", "brackets": [{"from": 300, "share": "50 %"}]}}}  # fmt: skip
    regimes = {"regimes": {"new": {"from": "2014-01-21", "until": "2014-02-09", "change": change}}}
    assert benefit([], [client(0, 0)], regimes) == pytest.approx(10 * 15 + 20 * 20 + 60 * 30)


def test_service_may_change_its_support_on_a_date() -> None:
    """Only the days after it are of the new support."""
    change = {"services": {"job": {"benefit": "co_funded"}}}
    regimes = {"regimes": {"new": {"from": "2014-01-11", "change": change}}}
    # Ten days without subsidy, then 490 paid at day 10.
    assert benefit([visit(0, JOB, 0, 50)], [client(0, 0)], regimes) == pytest.approx(
        20 * 15 + 60 * 30
    )


RETURNS = {"exits": {"gone": {"returns": {"share": 1, "after": "10 days", "to": "trial"}}}}


@pytest.mark.parametrize("whole", [True, False])
def test_who_comes_back_goes_on_from_his_count(whole: bool) -> None:
    """Once, whatever the log knows when he leaves; no more than one who never left."""
    visits = [visit(0, TRIAL, 0, 10), visit(0, JOB, 30, 50)]
    first, second = client(0, 0, 20, GONE), client(0, 30, days=0)
    loaded = load_tree(merged(TREE, RETURNS))
    recorder = Recorder(loaded.scenario, names_of(loaded.scenario))
    chunks = [(visits, [first, second])] if whole else [(visits[:1], [first]),
                                                        (visits[1:], [second])]  # fmt: skip
    for some, others in chunks:
        recorder.rows("visits", np.array(some, float))
        recorder.rows("clients", np.array(others, float))
    values = dict(zip((m.name for m in recorder.measures), recorder.values(), strict=True))
    assert values["cost.benefit"] == pytest.approx(20 * 15 + 50 * 30)
    alone = 20 * 15 + 70 * 30
    assert values["cost.benefit_avoided"] == pytest.approx(alone - 20 * 15 - 50 * 30)


def test_who_does_not_come_back_goes_on_alone() -> None:
    """An exit from which one can return is like another."""
    assert benefit([], [client(0, 0, 50, GONE)], RETURNS) == pytest.approx(20 * 15 + 70 * 30)


def test_who_left_in_the_warm_up_is_no_client_of_the_window() -> None:
    """He cost before it, not in it."""
    warm = {"horizon": {"warm_up": "50 days"}}
    assert benefit([], [client(0, 0, 40, GONE), client(1, 0)], warm) == pytest.approx(100 * 30)


def test_services() -> None:
    """Days, starts, seats, courses, top-ups and hours by their prices."""
    found = costs(
        {
            "visits": [visit(0, TRIAL, 0, 40), visit(0, JOB, 40, 61), visit(1, TRIAL, 90, nan)],
            "clients": [client(0, 0, 80, WORK), client(1, 90)],
            "courses": [(CLASS, 0, 0, 4, 10), (CLASS, 30, nan, 0, 10), (GROUP, 30, 37, 2, 10)],
            # January has 31 days, of which all are inside; February's hours, too.
            "available": [(0, 0, 100), (0, 31, 50), (1, 0, 70)],
        }
    )
    assert found["places"] == pytest.approx(40 * 2 + 500 + 10 * 2)
    assert found["courses"] == pytest.approx(10 * 100 + 1000)
    assert found["subsidy"] == pytest.approx(21 * 10 + 20 * 5)  # the job it led to: days 80-100
    assert found["staff"] == pytest.approx(150 * 40)  # the other pool has no price
    services = sum(found[part] for part in ("places", "courses", "subsidy", "staff"))
    assert found["services"] == pytest.approx(services)
    assert found["total"] == pytest.approx(services + found["benefit"])
    assert found["per_started"] == pytest.approx(found["total"] / 2)
    assert found["per_work_or_education"] == pytest.approx(found["total"])


def test_prices_of_the_date() -> None:
    """A price that a regime changes holds from its date."""
    change = {"costs": {"staff": {"team": "50 eur an hour", "other": "10 eur an hour"}},
              "services": {"trial": {"price": "3 eur a day"},
                           "class": {"price": None}}}  # fmt: skip
    regimes = {"regimes": {"new": {"from": "2014-02-01", "change": change}}}
    found = costs(
        {
            "visits": [visit(0, TRIAL, 0, 41)],
            "courses": [(CLASS, 0, 0, 4, 10), (CLASS, 40, 40, 2, 10)],
            "available": [(0, 0, 100), (0, 31, 50), (1, 31, 70)],
        },
        regimes,
    )
    assert found["staff"] == pytest.approx(100 * 40 + 50 * 50 + 70 * 10)
    assert found["places"] == pytest.approx(31 * 2 + 10 * 3)
    assert found["courses"] == pytest.approx(10 * 100)


def test_nobody_is_no_cost_per_client() -> None:
    """Sums are zero, ratios undefined."""
    found = costs({})
    assert found["total"] == found["benefit"] == found["net"] == 0
    assert isnan(found["per_started"])
    assert isnan(found["per_work_or_education"])


def test_only_what_has_a_price_is_a_measure() -> None:
    """A scenario without prices has no costs, one with a price has that one."""
    bare = {name: part for name, part in TREE.items() if name != "costs"}
    bare |= {"services": {"trial": {"kind": "placement", "duration": "20 days",
                                    "then": {"gone": 1}}}, "exits": {"gone": {}}}  # fmt: skip
    assert not any(m.name.startswith("cost.") for m in measures_of(load_tree(bare).scenario))
    priced = merged(bare, {"services": {"trial": {"price": "2 eur a day"}}})
    names = [m.name for m in measures_of(load_tree(priced).scenario) if m.name[:5] == "cost."]
    assert names == [
        "cost.places", "cost.services", "cost.total", "cost.per_started",
        "cost.per_work_or_education",
    ]  # fmt: skip


def test_infinite_stays_are_cut_at_the_end() -> None:
    """Rows of those still inside make no infinite cost."""
    found = costs({"visits": [visit(0, TRIAL, 0, nan)], "clients": [client(0, 0)]})
    assert all(abs(value) < inf for value in found.values() if not isnan(value))
