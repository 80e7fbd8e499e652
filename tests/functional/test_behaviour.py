"""Extremes, monotone answers and dates of change."""

from __future__ import annotations

import itertools

import numpy as np

from simflow.model.log import Outcome
from tests.functional.city import city, waited
from tests.helpers import load_tree, mean, run, runs

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


def test_a_regime_lets_clients_come_back() -> None:
    """Those who leave from its date on, and no longer once it ends."""
    back = {"share": 1.0, "to": "meeting", "after": {"dist": "fixed", "value": "5 days"}}
    lenient = {"from": "2014-04-01", "until": "2014-08-31",
               "change": {"exits": {"left": {"returns": back}}}}  # fmt: skip
    made = run(load_tree(city(regimes={"lenient": lenient})))
    first, last = 90.0, 243.0
    rows = made.clients
    left = rows["ended"][rows["exit"] == 0]
    again = [rows["referred"][rows["client"] == one] for one in np.unique(rows["client"])]
    came_back = np.concatenate([np.sort(times)[1:] for times in again])
    within = (left >= first) & (left < last)
    assert within.sum() > 20
    assert len(came_back) == within.sum()
    assert came_back.min() >= first + 5 and came_back.max() < last + 5


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


def test_a_run_of_two_days() -> None:
    """The end is included."""
    made = run(load_tree(city(horizon__end="2014-01-02", channels__walk_in__rate="20 per day")))
    assert made.end == 2.0 and len(made.clients) > 5
    assert made.clients["referred"].max() <= 2.0
    assert np.isfinite(made.values["caseload.mean"])
