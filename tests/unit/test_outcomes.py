"""Outcomes of everyone who was asked, on people made by hand and against loops over a log."""

from __future__ import annotations

from math import inf, isnan
from pathlib import Path

import numpy as np
import pytest

from simflow.measures import Recorder, outcome_measures
from simflow.measures.outcomes import Followed
from simflow.measures.persons import Persons
from simflow.model import Keeper, names_of, simulate
from simflow.model.log import Answer, Outcome
from simflow.scenario import load
from tests.helpers import Run, load_tree, run

BASELINE = Path(__file__).parents[2] / "scenarios" / "espoo-2014.yaml"
CITY = {
    "name": "city", "source": "made up",
    "horizon": {"start": "2014-01-01", "end": "2014-12-31", "follow_up": "12 months"},
    "channels": {"door": {"kind": "rate", "rate": "1 per week", "to": "meeting"}},
    "staff": {"team": {"workers": {"anna": {}}}},
    "services": {
        "meeting": {"kind": "appointment", "staff": "team", "length": "1 hours",
                    "wait_limit": "28 days", "then": {"job": 1}},
        "job": {"kind": "placement", "duration": "30 days", "begins": "subsidised_work",
                "then": {"open": 1}},
    },
    "exits": {"open": {"kind": "work"}, "gone": {}},
    "relationship": {"starts_after": "meeting", "first_service_within": "90 days"},
}  # fmt: skip
LOADED = load_tree(CITY)
NAMES = names_of(LOADED.scenario)
NOTHING = np.zeros(0, np.intp), np.zeros(0), np.zeros(0), np.zeros(0)


def people(*rows: dict[str, float]) -> Followed:
    """People by hand: number, asked; and what happened, infinite when left out."""

    def column(name: str, default: float = inf) -> np.ndarray:
        return np.array([row.get(name, default) for row in rows], float)

    persons = Persons(
        key=np.array([row["number"] for row in rows], np.int64),
        asked=column("asked"),
        there=column("there", 0.0) > 0,
        client=column("client", 1.0) > 0,
        segment=np.zeros(len(rows), np.intp),
        begun=np.column_stack([column("open"), column("subsidised"), column("education")]),
        assessed=column("assessed"),
        served=column("served"),
        closed=column("closed"),
        touch=NOTHING,
    )
    return Followed(persons, NAMES, LOADED.scenario)


def compared(base: Followed, other: Followed) -> dict[str, tuple[float, float, float]]:
    names = [measure.name for measure in outcome_measures(LOADED.scenario)]
    return dict(zip(names, map(tuple, base.compared(other)), strict=True))


def test_one_date_for_both() -> None:
    """The earlier of two referrals counts in both: being asked later gives no later deadline."""
    early = people({"number": 1, "asked": 10, "subsidised": 300})
    late = people({"number": 1, "asked": 100, "subsidised": 380})
    assert compared(early, late)["outcome.begun"] == (1, 0, 0)
    assert compared(late, early)["outcome.begun"] == (0, 1, 0)
    assert compared(late, late)["outcome.begun"] == (1, 1, 0)


def test_asked_in_one_only() -> None:
    """They count in the other as not assessed and without outcome; how much is told."""
    base = people({"number": 1, "asked": 5, "assessed": 12}, {"number": 2, "asked": 7, "open": 90})
    other = people({"number": 1, "asked": 5, "assessed": 12})
    found = compared(base, other)
    assert found["outcome.asked"] == (2, 1, -1)
    assert found["outcome.begun"] == (1, 0, -1)
    assert found["outcome.assessed"] == (0.5, 0.5, 0)
    assert found["outcome.without_result"][:2] == (0, 1), "not asked, though a client of the base"


def test_leaving_for_work_is_being_served_and_other_ends_are_not() -> None:
    rows = [
        {"number": 1, "asked": 0, "open": 20},
        {"number": 2, "asked": 0, "closed": 20},
        {"number": 3, "asked": 0},
        {"number": 4, "asked": 0, "assessed": 28},
        {"number": 5, "asked": 0, "assessed": 29},
    ]
    found = compared(people(*rows), people(*rows))
    assert found["outcome.assessed"][0] == pytest.approx(2 / 5)
    assert found["outcome.without_result"][0] == 2, "closed, and still waiting a year later"
    waits = (20 + 84 + 84 + 28 + 29) / 5
    assert found["outcome.wait_assessment"][0] == pytest.approx(waits)


def test_parts_are_of_who_began_what_first() -> None:
    rows = [
        {"number": 1, "asked": 0, "subsidised": 50, "open": 200},
        {"number": 2, "asked": 0, "education": 30},
        {"number": 3, "asked": 0, "subsidised": 364.9},
        {"number": 4, "asked": 0, "subsidised": 365.0},
    ]
    found = {name: value[0] for name, value in compared(people(*rows), people(*rows)).items()}
    assert found["outcome.begun"] == 3
    assert found["outcome.begun.subsidised_work"] == 2
    assert found["outcome.begun.education"] == 1
    assert found["outcome.begun.open_work"] == 0
    assert found["outcome.open_or_education"] == 2


def test_people_asked_after_the_period_are_not_counted() -> None:
    one = people({"number": 1, "asked": 364.9}, {"number": 2, "asked": 365.0, "open": 370})
    assert compared(one, one)["outcome.asked"][:2] == (1, 1)


@pytest.fixture(scope="module")
def espoo() -> Run:
    return run(load(BASELINE), followed=True)


def test_outcomes_of_a_log_person_by_person(espoo: Run) -> None:
    """The vectorised fold agrees with plain loops over the rows."""
    scenario, names, end = espoo.loaded.scenario, espoo.names, 365.0
    asked = {int(r[3]): r[2] for r in espoo.table("people").rows if r[3] >= 0}
    begun: dict[int, float] = {}
    for row in range(len(espoo.visits)):
        one = {c: espoo.visits[c][row] for c in ("client", "service", "started", "channel")}
        begins = scenario.services[names.services[int(one["service"])]].begins
        if begins and one["started"] > 0:
            client = int(one["client"])
            begun[client] = min(begun.get(client, inf), one["started"])
    screened = (espoo.table("people")["answer"] == Answer.SCREENED).sum()
    assert screened > 0
    for row in range(len(espoo.clients)):
        exit_ = int(espoo.clients["exit"][row])
        if exit_ >= 0 and scenario.exits[names.exits[exit_]].kind in ("work", "education"):
            client = int(espoo.clients["client"][row])
            begun[client] = min(begun.get(client, inf), espoo.clients["ended"][row])
    expected = sum(
        begun.get(client, inf) < since + 365 for client, since in asked.items() if since < end
    )
    held = espoo.visits.where(
        (espoo.visits["service"] == names.services.index("assessment"))
        & (espoo.visits["outcome"] == Outcome.COMPLETED)
    )
    met = {int(c): s for c, s in zip(held["client"], held["started"], strict=True)}
    people_ = espoo.table("people")
    new = [r for r in people_.rows if r[2] < end and r[0] != len(names.channels) - 1]
    limit = scenario.services["assessment"].wait_limit
    assert limit is not None
    seen = sum(
        min(met.get(int(r[3]), inf), begun.get(int(r[3]), inf)) <= r[2] + limit
        for r in new if r[3] >= 0
    )  # fmt: skip
    recorder = Recorder(scenario, names)
    for table, chunks in espoo.keeper.chunks.items():
        for chunk in chunks:
            recorder.rows(table, chunk)
    values = dict(zip([m.name for m in recorder.measures], recorder.values(), strict=True))
    assert values["outcome.begun"] == expected
    assert values["outcome.assessed"] == pytest.approx(seen / len(new))
    assert values["outcome.asked"] == sum(r[2] < end for r in people_.rows)
    parts = sum(values[f"outcome.begun.{k}"] for k in ("open_work", "subsidised_work", "education"))
    assert parts == values["outcome.begun"]
    groups = sum(values[f"outcome.begun_by.{name}"] for name in scenario.segments)
    assert groups == values["outcome.begun"]


def test_days_out_of_touch_day_by_day(espoo: Run) -> None:
    """Days out of touch of each person, counted hour by hour from contacts and visits."""
    recorder = Recorder(espoo.loaded.scenario, espoo.names)
    for table, chunks in espoo.keeper.chunks.items():
        for chunk in chunks:
            recorder.rows(table, chunk)
    recorder.values()
    followed = recorder.followed
    assert followed is not None
    casework = espoo.loaded.scenario.casework
    assert casework is not None and casework.in_touch_for is not None
    lasts, persons = casework.in_touch_for, followed.persons
    people_ = espoo.table("people")
    guidance = espoo.names.services.index("guidance")
    rng = np.random.default_rng(1)
    rows = rng.choice(np.flatnonzero(persons.client), 25, replace=False)
    key = (people_["channel"].astype(np.int64) << 32) + people_["number"].astype(np.int64)
    for row in rows:
        client = people_["client"][np.flatnonzero(key == persons.key[row])[0]]
        times = np.arange(persons.asked[row], persons.asked[row] + 365, 1 / 24)
        inside = np.zeros(len(times), bool)
        for c, _, at in espoo.table("contacts").rows:
            inside |= (c == client) & (times >= at) & (times < at + lasts)
        mine = espoo.visits.where(espoo.visits["client"] == client)
        for start, stop, service in zip(mine["started"], mine["ended"], mine["service"],
                                        strict=True):  # fmt: skip
            if not isnan(start) and service != guidance:
                until = 730.0 if isnan(stop) else stop
                inside |= (times >= start) & (times < until + lasts)
        one = np.array([row])
        since = persons.asked[one]
        touched = persons.in_touch(one, since, since + 365)
        assert touched[0] == pytest.approx(inside.sum() / 24, abs=0.3)


def test_figures_of_the_year_do_not_know_the_follow_up() -> None:
    """Cut at the year's end, the log of a followed run is that of one that ended then."""
    loaded = load(BASELINE)
    names = names_of(loaded.scenario)
    values = []
    for followed in (True, False):
        recorder = Recorder(loaded.scenario, names)
        simulate(loaded, 1, 3, recorder, followed=followed)
        found = zip(recorder.measures, recorder.values(), strict=True)
        values.append({m.name: v for m, v in found if not m.name.startswith("outcome.")})
    assert values[0] == pytest.approx(values[1], rel=1e-9, nan_ok=True)


def test_the_follow_up_keeps_what_the_period_had() -> None:
    """Rows of the period are the same bytes with and without the follow-up."""
    loaded = load(BASELINE)
    logs = []
    for followed in (True, False):
        keeper = Keeper()
        simulate(loaded, 1, 0, keeper, followed=followed)
        logs.append(keeper.table("people"))
    assert logs[0][: len(logs[1])].tobytes() == logs[1].tobytes()
    assert len(logs[0]) > len(logs[1])
