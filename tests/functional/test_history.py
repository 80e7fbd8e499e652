"""Rules that look back: what was done before, a year's quota, calls; and who stands in."""

from __future__ import annotations

import numpy as np
import pytest

from simflow.errors import InputError
from simflow.model.log import Outcome
from tests.functional.city import Tree, city
from tests.helpers import Run, load_tree, run


def test_a_course_is_not_repeated() -> None:
    made = run(load_tree(city(
        services__course__repeat=False, staff__team__workers__worker__count=3)))  # fmt: skip
    courses = made.visits_to("course")
    assert len(courses) > 30
    assert np.unique(courses["client"], return_counts=True)[1].max() == 1
    again = run(load_tree(city(staff__team__workers__worker__count=3))).visits_to("course")
    assert np.unique(again["client"], return_counts=True)[1].max() > 1, "the rule was idle"


def test_single_stays_and_their_sum_keep_to_the_limits() -> None:
    made = run(load_tree(city(
        services__trial__at_most="90 days", services__trial__max_length="50 days",
        services__trial__then={"trial": 0.98, "left": "rest"},
        staff__team__workers__worker__count=3,
        services__trial__places=None)))  # fmt: skip
    trials = made.visits_to("trial")
    stop = np.where(np.isnan(trials["ended"]), made.end, trials["ended"])
    stays = stop - trials["started"]
    total = np.bincount(trials["client"].astype(int), stays)
    assert stays.max() <= 50 + 1e-9 and abs(stays.max() - 50) < 1e-9
    assert total.max() <= 90 + 1e-9 and abs(total.max() - 90) < 1e-9
    finished = made.clients.where(made.clients["exit"] == made.names.exits.index("left"))
    assert len(finished) > 20, "the rule closes the placement, so no service is left"


def test_a_quota_starts_anew_each_year() -> None:
    made = run(load_tree(city(
        services__trial__quota=7, horizon__end="2015-12-31", services__trial__places=None,
        staff__team__workers__worker__count=3)))  # fmt: skip
    started = made.visits_to("trial")["started"]
    started = started[~np.isnan(started)]
    assert (started < 365).sum() == 7 and (started >= 365).sum() == 7


def test_calls_give_places_on_their_dates_only() -> None:
    made = run(load_tree(city(
        services__trial__calls={"when": {"dates": ["2014-04-01", "2014-07-01"]}, "posts": 5},
        services__trial__places=None, services__trial__then={"left": 1.0},
        staff__team__workers__worker__count=3)))  # fmt: skip
    started = made.visits_to("trial")["started"]
    started = started[~np.isnan(started)]
    assert sorted(np.floor(started)) == [90.0] * 5 + [181.0] * 5


def test_unused_posts_of_a_call_lapse() -> None:
    """A call when nobody waits gives nothing to those who come later, refusals or not."""
    tree = city(services__trial__calls={"when": {"dates": ["2014-01-01"]}, "posts": 5},
                services__trial__places=None, staff__team__workers__worker__count=3)  # fmt: skip
    made = run(load_tree(tree))
    assert np.isnan(made.visits_to("trial")["started"]).all()


def test_a_refused_post_lapses_with_its_call() -> None:
    """It is offered to all who wait that day, and to nobody who comes later."""
    made = run(load_tree(city(
        services__trial__calls={"when": {"dates": ["2014-04-01"]}, "posts": 3},
        services__trial__places=None, services__trial__refusal={"share": 1.0, "to": "left"},
        staff__team__workers__worker__count=3)))  # fmt: skip
    trials = made.visits_to("trial")
    refused = trials["ended"][trials["outcome"] == Outcome.REFUSED]
    assert len(refused) > 10 and (np.floor(refused) == 90).all()
    assert np.isnan(trials["started"]).all()
    waiting = trials.where(trials["outcome"] == Outcome.ONGOING)
    assert len(waiting) > 10 and waiting["requested"].min() > 90


def _starts(made: Run, begin: float, end: float) -> int:
    started = made.visits_to("trial")["started"]
    return int(((started >= begin) & (started < end)).sum())


def test_a_quota_that_comes_later_counts_what_the_year_had() -> None:
    """Starts before the date are of the same year's quota, also where no limit held before."""

    def made(quota: int) -> Run:
        later = {"from": "2014-04-01", "change": {"services": {"trial": {"quota": quota}}}}
        return run(load_tree(city(
            regimes={"later": later}, services__trial__places=None, horizon__end="2015-12-31",
            staff__team__workers__worker__count=3)))  # fmt: skip

    free = made(10_000)
    before = _starts(free, 0, 90)
    assert before > 20
    tight = made(before + 7)
    assert _starts(tight, 0, 90) == before
    assert _starts(tight, 90, 365) == 7
    assert _starts(tight, 365, 730) == before + 7
    assert _starts(made(before - 5), 90, 365) == 0


def test_calls_that_come_later_are_held() -> None:
    calls = {"when": {"dates": ["2014-04-01", "2014-07-01"]}, "posts": 5}
    later = {"from": "2014-06-01", "change": {"services": {"trial": {"calls": calls}}}}
    made = run(load_tree(city(
        regimes={"later": later}, services__trial__places=None,
        services__trial__then={"left": 1.0}, staff__team__workers__worker__count=3)))  # fmt: skip
    started = made.visits_to("trial")["started"]
    assert sorted(np.floor(started[started >= 151])) == [181.0] * 5
    assert (started < 151).sum() > 30


def _with_own_worker(leave: str) -> Tree:
    """Two workers, one of them on leave from April; a second meeting is with the first's holder."""
    tree = city(services__meeting__then={"talk": 1.0}, services__meeting__no_show=0)
    tree["services"]["talk"] = {
        "kind": "appointment", "staff": "team", "length": "1 hour", "own_worker": True,
        "notice": "21 days", "then": {"left": "rest"},
    }  # fmt: skip
    away = [{"from": "2014-04-01", "until": leave, "reason": "leave"}]
    tree["staff"]["team"]["workers"] = {"worker": {}, "other": {"away": away}}
    return tree


def test_a_colleague_stands_in_on_long_leave_only() -> None:
    """Who waits for a worker away for months is met by another; a week is waited for."""
    for leave, waits in (("2014-07-31", False), ("2014-04-08", True)):
        made = run(load_tree(_with_own_worker(leave)))
        first, talks = made.visits_to("meeting"), made.visits_to("talk")
        own = dict(zip(first["client"], first["worker"], strict=True))
        mine = np.array([own[client] for client in talks["client"]])
        due = talks["requested"] + 21
        gone = (mine == 1) & (due >= 90) & (due < 97) & (talks["outcome"] == Outcome.COMPLETED)
        assert gone.any()
        assert ((talks["worker"][gone] == 1) == waits).all()
        if not waits:
            assert (talks["started"] - due)[gone].max() < 14
    elsewhere = (mine == 1) & (due < 80) & (talks["outcome"] == Outcome.COMPLETED)
    assert (talks["worker"][elsewhere] == 1).all(), "while at work, the own worker holds them"


def test_an_exit_may_not_be_called_as_the_sum_of_several() -> None:
    """`exits.work` would be one of them and all of them; alone of its kind it is both."""
    alone = load_tree(city(exits__work={"kind": "work"}))
    assert run(alone).values["exits.work"] == 0
    for name, kind in (("work", "other"), ("total", "other"), ("work", "work")):
        tree = city(exits__job={"kind": "work"})
        tree["exits"][name] = {"kind": kind}
        with pytest.raises(InputError, match=name):
            load_tree(tree)


def test_who_is_in_a_service_at_the_start_has_not_declined_its_companion() -> None:
    stock = {"clients": 30, "since": "100 days", "elapsed": "20 days", "inside": {"trial": 1.0}}
    made = run(load_tree(city(
        stock={**stock, "source": "assumption"}, services__trial__places=None, channels={},
        services__trial__duration="60 days",
        services__trial__companion={"service": "club", "accepts": 0.1, "after": "30 days",
                                    "declined": "left"},
        services__club={"kind": "placement", "duration": "5 days",
                        "then": {"left": 1.0}})))  # fmt: skip
    begun = made.visits_to("club")["started"]
    assert len(begun) == 30 and np.allclose(begun, 10.0), "it starts when it is due"
