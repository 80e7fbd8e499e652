"""Measures from rows written by hand: each figure is checked against one worked out on paper."""

from __future__ import annotations

from math import isnan, nan
from typing import Any

import numpy as np
import pytest

from simflow.measures import Recorder, measures_of
from simflow.measures.accumulators import Grid, Survival
from simflow.model import names_of
from simflow.model.log import TABLES, Outcome
from simflow.scenario import Loaded
from tests.helpers import load_tree

TREE: dict[str, Any] = {
    "source": "made up",
    "horizon": {"start": "2014-01-01", "end": "2014-01-31", "warm_up": "10 days"},
    "segments": {"young": {"share": 0.5}, "old": {"share": "rest"}},
    "channels": {"walk_in": {"kind": "rate", "rate": "1 per day", "to": "bed"}},
    "services": {
        "bed": {
            "kind": "placement", "duration": "5 days", "places": 2, "wait_limit": "2 days",
            "patience": {"time": "9 days", "to": "gone"}, "then": {"home": 1},
        },
    },
    "exits": {"home": {"kind": "work"}, "gone": {"kind": "not_started"}},
    "regimes": {"more": {"from": "2014-01-11", "change": {"services": {"bed": {"places": 3}}}}},
}  # fmt: skip
STOCK = 1
DONE, GAVE_UP, ONGOING = Outcome.COMPLETED, Outcome.RENEGED, Outcome.ONGOING
# client, service, visit, requested, started, ended, outcome, worker, segment, channel, alongside
VISITS = [
    (0, 0, 1, -3, 0, 5, DONE, -1, 0, STOCK, 0),  # over before the window
    (1, 0, 1, 4, 8, 15, DONE, -1, 0, 0, 0),  # 5 of its days inside the window
    (2, 0, 1, 11, 12, 20, DONE, -1, 0, 0, 0),  # waited 1
    (3, 0, 1, 12, 16, 30, DONE, -1, 1, 0, 0),  # waited 4
    (4, 0, 1, 13, nan, 19, GAVE_UP, -1, 1, 0, 0),  # censored after 6
    (1, 0, 2, 20, 31, nan, ONGOING, -1, 0, 0, 0),  # waited 11
    (5, 0, 1, 39, nan, nan, ONGOING, -1, 0, 0, 0),  # still waiting, censored after 2
]
# client, channel, segment, needs, referred, started, served, ended, exit, worker, last_contact,
# benefit_days
CLIENTS = [
    (0, STOCK, 0, 0, -9, -9, nan, 5, 0, -1, nan, 0),
    (1, 0, 0, 0, 4, 4, 8, nan, -1, -1, nan, 0),
    (2, 0, 0, 0, 11, 11, 12, 20, 0, -1, nan, 0),
    (3, 0, 1, 0, 12, 12, 16, 30, 0, -1, nan, 0),
    (4, 0, 1, 0, 13, nan, nan, 19, 1, -1, nan, 0),
    (5, 0, 0, 0, 39, 39, nan, nan, -1, -1, nan, 0),
]


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    """A place with two beds."""
    return load_tree(TREE)


def fold(loaded: Loaded, size: int = 100) -> dict[str, float]:
    """The measures of the rows, handed over `size` at a time."""
    recorder = Recorder(loaded.scenario, names_of(loaded.scenario))
    for table, rows in (("visits", VISITS), ("clients", CLIENTS)):
        array = np.array(rows, float)
        for first in range(0, len(array), size):
            recorder.rows(table, array[first : first + size])
    names = [measure.name for measure in measures_of(loaded.scenario)]
    return dict(zip(names, recorder.values().tolist(), strict=True))


EXPECTED = {
    "clients.referred": 4,
    "clients.started": 3,
    "clients.started.young": 2,
    "clients.not_started": 1,
    "clients.not_started.gone": 1,
    "caseload.start": 1,
    "caseload.end": 2,
    "caseload.mean": (31 + 9 + 18 + 2) / 31,
    "caseload.month.2014-01": 2,
    "wait.bed.served_mean": (1 + 4 + 11) / 3,
    # Asked in the window: 1 yes, 2 censored, 4 yes, 6 censored, 11 yes.
    "wait.bed.median": 11,  # S(1) = 4/5, S(4) = 4/5 * 2/3 = 8/15 (above a half), S(11) = 0
    "wait.bed.p90": 11,
    "wait.bed.within": 1 / 5,
    "wait.bed.by.7": 1 - 4 / 5 * 2 / 3,
    "wait.bed.by.14": 1,
    "wait.bed.waiting": (1 + 4 + 6 + 11 + 2) / 31,
    "wait.bed.waiting_end": 1,
    "wait.first_service.served_mean": (1 + 4) / 2,
    "participants.bed": 3,
    "requests.bed": 5,
    "spells.bed": 3,
    "ended.bed": 3,
    "completed.bed": 3,
    "reneged.bed": 1,
    "occupancy.bed.mean": (5 + 8 + 14 + 10) / 31,
    "occupancy.bed.max": 2,
    # Two inside on days 12-14 and 16-19, of which the limit is 2 until day 20: 3 + 4 of 31.
    "occupancy.bed.full": 7 / 31,
    "exits.home": 2,
    "exits.home.old": 1,
    "exits.total": 2,
    "exits.work_or_education": 2,
    # Client 1 came again, as he asked when he was in no bed; client 0 was there at the start.
    "flow.arrival.bed": 5,
    "flow.stock.bed": 1,
    "flow.bed.home": 2,
    "flow.bed.gone": 1,
    "flow.bed.inside": 2,
    "exits.work": 2,
    "relationship.length.mean": (9 + 18) / 2,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_figure(loaded: Loaded, name: str) -> None:
    """Each figure is what the rows say."""
    assert fold(loaded)[name] == pytest.approx(EXPECTED[name])


def test_chunks_do_not_matter(loaded: Loaded) -> None:
    """Rows one at a time give the same bits as all at once."""
    whole = np.array(list(fold(loaded).values()))
    for size in (1, 2, 3):
        assert np.array(list(fold(loaded, size).values())).tobytes() == whole.tobytes()


def test_recorders_at_once_count_apart(loaded: Loaded) -> None:
    """What recorders of a scenario share does not change with what one of them is told."""
    one, other = (Recorder(loaded.scenario, names_of(loaded.scenario)) for _ in range(2))
    assert one.measures is other.measures
    empty = Recorder(loaded.scenario, names_of(loaded.scenario)).values()
    one.rows("visits", np.array(VISITS, float))
    one.rows("clients", np.array(CLIENTS, float))
    np.testing.assert_array_equal(other.values(), empty)
    assert dict(zip([m.name for m in one.measures], one.values(), strict=True))[
        "requests.bed"
    ] == pytest.approx(5)


def test_who_comes_back_has_a_last_step_in_each_relationship(loaded: Loaded) -> None:
    """Visits of both may come before the rows of both, in one chunk or in two."""
    visits = [
        (7, 0, 1, 12, 12, 14, DONE, -1, 0, 0, 0),
        (7, 0, 2, 20, 20, 25, DONE, -1, 0, 0, 0),
    ]
    clients = [
        (7, 0, 0, 0, 12, 12, 12, 14, 0, -1, nan, 0),
        (7, 0, 0, 0, 20, 20, 20, 25, 0, -1, nan, 0),
        (9, 0, 0, 0, 26, nan, nan, 27, 1, -1, nan, 0),  # was in no bed
    ]
    for size in (1, 3):
        recorder = Recorder(loaded.scenario, names_of(loaded.scenario))
        for table, rows in (("visits", visits), ("clients", clients)):
            for first in range(0, len(rows), size):
                recorder.rows(table, np.array(rows[first : first + size], float))
        values = dict(zip([m.name for m in recorder.measures], recorder.values(), strict=True))
        assert values["flow.arrival.bed"] == values["flow.bed.home"] == 2
        assert values["flow.bed.gone"] == 0


def test_numbers_of_clients_far_apart_are_sorted_too(loaded: Loaded) -> None:
    """Numbers that do not fit in 16 bits give the same moves."""
    far = [(100_000 * row[0], *row[1:]) for row in VISITS]
    recorder = Recorder(loaded.scenario, names_of(loaded.scenario))
    recorder.rows("visits", np.array(far, float))
    values = dict(zip([m.name for m in recorder.measures], recorder.values(), strict=True))
    assert values["flow.arrival.bed"] == EXPECTED["flow.arrival.bed"]
    assert values["flow.stock.bed"] == EXPECTED["flow.stock.bed"]


def test_no_rows_is_nothing_not_an_error(loaded: Loaded) -> None:
    """Counts are zero and means undefined."""
    recorder = Recorder(loaded.scenario, names_of(loaded.scenario))
    names = [measure.name for measure in recorder.measures]
    values = dict(zip(names, recorder.values(), strict=True))
    assert values["clients.started"] == values["caseload.end"] == values["exits.total"] == 0
    assert isnan(values["wait.bed.served_mean"])
    assert isnan(values["wait.bed.median"])
    assert isnan(values["wait.bed.within"])


def test_names_are_unique_and_labelled(loaded: Loaded) -> None:
    """A name stands for one measure, said in both languages."""
    measures = measures_of(loaded.scenario)
    assert len({measure.name for measure in measures}) == len(measures)
    assert all(m.label.en and m.label.fi and m.unit for m in measures)


def test_survival_against_kaplan_meier_by_definition() -> None:
    """Histogram quantiles are within a bin of the exact curve, limits exact."""
    rng = np.random.default_rng(3)
    time = rng.gamma(2, 20, 500)
    happened = rng.random(500) < 0.7
    keys = np.zeros(500, np.intp)
    survival = Survival(1, [30.0])
    survival.add(keys, time, happened)
    order = np.argsort(time)
    exact = np.cumprod(1 - happened[order] / np.arange(500, 0, -1))
    curves = survival.curves()
    assert curves.within(0) == pytest.approx(1 - exact[time[order] <= 30][-1], abs=0.002)
    for share in (0.1, 0.5, 0.75):
        at = time[order][np.argmax(exact <= 1 - share)]
        assert curves.quantile(0, share) == pytest.approx(at, rel=0.02)


def test_survival_at_ages_is_the_curve_there() -> None:
    """An age that is a time counts it, one between two bins does not; nothing seen is NaN."""
    survival = Survival(3, [np.inf, 28.0, np.inf])
    times = np.array([7.0, 7.1, 28.0, 28.2, 273.0, 400.0])
    for key in (0, 1):
        happened = np.array([True, True, True, True, True, key == 0])
        survival.add(np.full(6, key, np.intp), times, happened)
    ages = np.array([6.9, 7, 14, 28, 42, 273, 364])
    shares = survival.curves().at(ages)
    for key in (0, 1):
        assert shares[key] * 6 == pytest.approx([0, 1, 2, 3, 4, 5, 5])
    assert np.isnan(shares[2]).all()
    survival.add(np.full(1, 2, np.intp), np.array([20.0]), np.array([False]))
    last = survival.curves().at(ages)[2]
    assert last[:3].tolist() == [0, 0, 0]
    assert np.isnan(last[3:]).all()


def test_late_entry_gives_no_credit_for_time_not_seen() -> None:
    """Lives seen from an age on are at risk from that age only."""
    survival = Survival(1)
    keys = np.zeros(3, np.intp)
    survival.add(keys, np.array([10.0, 50.0, 100.0]), np.array([True, True, True]))
    survival.enter(keys, np.array([0.0, 40.0, 0.0]))
    curves = survival.curves()
    # At 10 two are at risk, at 50 two: S = 1/2, 1/4.
    assert curves.quantile(0, 0.5) == 10
    assert curves.quantile(0, 0.7) == 50
    assert curves.quantile(0, 0.9) == 100


def test_grid_counts_from_start_to_just_before_the_end() -> None:
    """Even and uneven grids agree, at the moments themselves too."""
    points = np.arange(0.5, 10)
    start, stop = np.array([0.5, 1.2, -4.0, 9.9]), np.array([2.5, np.inf, 0.5, np.inf])
    keys = np.zeros(4, np.intp)
    for grid in (Grid(1, points, 1.0), Grid(1, points)):
        grid.add(keys, start, stop)
        assert grid.levels()[0].tolist() == [1, 2, 1, 1, 1, 1, 1, 1, 1, 1]


def test_tables_are_those_folded() -> None:
    """The rows above have the columns of the log."""
    assert {len(row) for row in VISITS} == {len(TABLES["visits"])}
    assert {len(row) for row in CLIENTS} == {len(TABLES["clients"])}
