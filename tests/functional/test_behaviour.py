"""Extremes, monotone answers, common random numbers, history's rules and dates of change."""

from __future__ import annotations

import itertools
import json
from typing import Any

import numpy as np

from simflow.model.log import Outcome
from tests.helpers import Run, load_tree, mean, run, runs

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


# Extremes


def test_no_referrals_nothing_happens() -> None:
    made = run(load_tree(city(channels__walk_in__rate="0 per day")))
    assert len(made.clients) == len(made.visits) == len(made.table("work")) == 0
    assert (made.table("available")["hours"] >= 0).all()
    counts = [value for name, value in made.values.items() if name.startswith("clients.")]
    assert counts and not np.nansum(counts)


def test_no_staff_everyone_waits_and_the_run_ends() -> None:
    made = run(load_tree(city(staff__team__workers__worker__count=0)))
    visits = made.visits
    assert len(made.clients) > 300
    assert (visits["service"] == made.names.services.index("meeting")).all()
    assert (visits["outcome"] == Outcome.ONGOING).all()
    assert np.isnan(visits["started"]).all() and np.isnan(made.clients["ended"]).all()
    assert not len(made.table("work"))
    assert made.values["wait.meeting.waiting_end"] == len(visits)


def test_workers_without_hours_are_as_good_as_none() -> None:
    made = run(load_tree(city(staff__team__client_work=0)))
    assert (made.visits["outcome"] == Outcome.ONGOING).all()


def test_nobody_misses_a_meeting() -> None:
    made = run(load_tree(city(services__meeting__no_show=0)))
    assert not np.isin(made.visits["outcome"], [Outcome.MISSED, Outcome.LOST]).any()


def test_everybody_misses_every_meeting() -> None:
    made = run(load_tree(city(services__meeting__no_show=1)))
    assert np.isnan(made.visits["started"]).all()
    gone = made.clients.where(made.clients["exit"] >= 0)
    assert len(gone) and (gone["exit"] == made.names.exits.index("lost")).all()
    lost = made.visits.where(made.visits["outcome"] == Outcome.LOST)
    missed = made.visits.where(made.visits["outcome"] == Outcome.MISSED)
    assert len(lost) == len(gone)
    assert np.isin(lost["client"], missed["client"]).all(), "lost at the second missed one only"


def test_no_places_nobody_gets_in() -> None:
    made = run(load_tree(city(services__trial__places=0)))
    assert np.isnan(made.visits_to("trial")["started"]).all()


# Monotone


def test_more_workers_never_lengthen_waits() -> None:
    """Paired over 30 replications: the 99 % interval of each difference is not above zero."""
    waits = [
        np.array([waited(made) for made in runs(load_tree(city(
            staff__team__workers__worker__count=count)), 30)])
        for count in (1, 2, 3)
    ]  # fmt: skip
    for fewer, more in itertools.pairwise(waits):
        difference = mean(more - fewer)
        print("wait with one more worker:", difference)
        assert difference.mean - difference.half_width() <= 0
    assert waits[2].mean() < waits[0].mean()


def test_more_places_never_lengthen_waits() -> None:
    few, many = (
        np.array([waited(made, "trial") for made in runs(load_tree(city(
            services__trial__places=places, staff__team__workers__worker__count=2)), 30)])
        for places in (10, 14)
    )  # fmt: skip
    difference = mean(many - few)
    assert difference.mean + difference.half_width() < 0


# Common random numbers


def _by_visit(made: Run, service: str) -> dict[tuple[int, int], float]:
    visits = made.visits_to(service)
    done = visits.where(visits["outcome"] == Outcome.COMPLETED)
    return {
        (int(client), int(visit)): float(ended - started)
        for client, visit, started, ended in zip(
            done["client"], done["visit"], done["started"], done["ended"], strict=True
        )
    }


def test_one_more_worker_shifts_no_other_draw() -> None:
    """Same arrivals, same people, same lengths of stay and same routes, to the last bit."""
    one = run(load_tree(city()))
    two = run(load_tree(city(staff__team__workers__worker__count=2)))
    for column in ("client", "referred", "channel", "segment", "needs"):
        a, b = (made.clients.rows[np.argsort(made.clients["client"])] for made in (one, two))
        rank = ("client", "channel", "segment", "needs", "referred").index(column)
        np.testing.assert_array_equal(a[:, rank], b[:, rank])
    few, many = _by_visit(one, "trial"), _by_visit(two, "trial")
    both = few.keys() & many.keys()
    assert len(both) > 50
    for key in both:
        assert abs(few[key] - many[key]) < 1e-9, key
    # What follows the first visit to the placement: the same for everyone who finished it in both.
    for client, visit in both:
        if (client, visit + 1) in few.keys() & many.keys():
            assert abs(few[client, visit + 1] - many[client, visit + 1]) < 1e-9


def test_a_service_more_shifts_no_draw() -> None:
    """A new service, unused, and a new channel leave the old clients' stays as they were."""
    plain = run(load_tree(city()))
    more = city()
    more["services"] = {
        "new": {"kind": "placement", "duration": "5 days", "then": {"left": "rest"}}
    } | more["services"]
    more["channels"] = {
        "other": {"kind": "rate", "to": "new", "rate": "3 per day"}
    } | more["channels"]  # fmt: skip
    changed = run(load_tree(more))
    rank = changed.names.channels.index("walk_in")
    came = changed.clients.where(changed.clients["channel"] == rank)["referred"]
    np.testing.assert_array_equal(np.sort(came), np.sort(plain.clients["referred"]))
    lengths = [sorted(_by_visit(made, "trial").values()) for made in (plain, changed)]
    np.testing.assert_allclose(lengths[0], lengths[1], atol=1e-9)


def test_pairing_cuts_the_variance_of_a_difference() -> None:
    """The same replications for both scenarios, against different ones for each."""
    near = [
        np.array([waited(made, "trial") for made in runs(load_tree(city(
            services__trial__places=places, staff__team__workers__worker__count=2)), 120)])
        for places in (18, 20)
    ]  # fmt: skip
    paired = np.var(near[1][:60] - near[0][:60], ddof=1)
    unpaired = np.var(near[1][60:] - near[0][:60], ddof=1)
    print(f"variance of the difference: unpaired {unpaired:.4g}, paired {paired:.4g}, "
          f"ratio {unpaired / paired:.1f}")  # fmt: skip
    assert unpaired > 3 * paired


# History


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


# Dates


def test_a_regime_changes_values_on_its_date() -> None:
    later = {
        "from": "2014-07-01",
        "change": {
            "services": {"meeting": {"no_show": 1.0}},
            "channels": {"walk_in": {"rate": "3 per day"}},
        },
    }
    made = run(load_tree(city(
        regimes={"later": later}, services__meeting__no_show=0.0,
        staff__team__workers__worker__count=4)))  # fmt: skip
    change = 181.0
    visits = made.visits_to("meeting")
    missed = np.isin(visits["outcome"], [Outcome.MISSED, Outcome.LOST])
    assert missed.any() and visits["ended"][missed].min() >= change
    started = visits["started"][~np.isnan(visits["started"])]
    assert len(started) and started.max() < change
    came = made.clients["referred"]
    before, after = (came < change).sum(), (came >= change).sum()
    assert 120 < before < 250 and 450 < after < 660


def test_a_regime_ends() -> None:
    shut = {"from": "2014-03-01", "until": "2014-04-30",
            "change": {"channels": {"walk_in": {"open": False}}}}  # fmt: skip
    came = run(load_tree(city(regimes={"shut": shut}))).clients["referred"]
    assert not ((came >= 59) & (came < 120)).any()
    assert (came < 59).any() and ((came >= 120) & (came < 150)).any()


def test_the_service_closes_on_its_last_day() -> None:
    made = run(load_tree(city(horizon__closes="2014-09-30", horizon__closing_exit="left")))
    assert not np.isnan(made.clients["ended"]).any()
    assert made.clients["ended"].max() <= 273 + 1e-9
    assert made.clients["referred"].max() < 273
