"""Networks and rates that change, against theory; the baseline against Little's law."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, stats

from simflow.scenario import load
from tests.helpers import Run, agrees, mean, run, runs
from tests.theory import formulas
from tests.theory.observe import SCENARIOS, Station, entered, inside_at, mean_inside, mean_waiting

pytestmark = pytest.mark.statistical
BASELINE = Path(__file__).parents[2] / "scenarios" / "espoo-2014.yaml"


def test_jackson() -> None:
    """Each station of a Jackson network is as if alone, and all are independent (Jackson 1957)."""
    routing = np.array([[0, 0.6, 0], [0.4, 0, 0.3], [0, 0.5, 0]])
    flows = np.linalg.solve(np.eye(3) - routing.T, [0.8, 0.2, 0.0])
    stations = [Station(name, 200.0) for name in ("first", "second", "third")]
    alone: list[float] = []
    for replication in runs(load(SCENARIOS / "jackson.yaml"), 150):
        for station in stations:
            station.add(replication)
        times = np.arange(replication.warm_up, replication.end, 5.0)
        served = [inside_at(replication.visits_to(station.service), times) for station in stations]
        alone.append(float(np.all([count == 0 for count in served], axis=0).mean()))
    empty = 1.0
    for station, flow, servers, service in zip(
        stations, flows, (2, 1, 3), (1.0, 0.5, 2.5), strict=True
    ):
        wait = formulas.mmc_wait(servers, flow, service)
        agrees(station.wait, wait, precision=0.12, what=f"mean wait, {station.service}")
        agrees(station.served, flow * service, what=f"mean served, {station.service}")
        agrees(station.queue, flow * wait, precision=0.12, what=f"mean queue, {station.service}")
        empty *= float(formulas.mmc_law(servers, flow * service, 0)[0])
    agrees(
        mean(alone), empty, precision=0.06, what="share of time with all empty (the product form)"
    )


def _rate(day: float) -> float:
    date = np.datetime64("2014-01-01") + int(day)
    month = int(str(date)[5:7])
    factor = {1: 0.5, 3: 2.0, 7: 0.0, 8: 1.5, 12: 0.25}.get(month, 1.0)
    return factor * (3.0 if date >= np.datetime64("2015-07-15") else 2.0)


def test_time_varying_rate() -> None:
    """M(t)/G/∞: the mean on a date, its Poisson variance, and the arrivals of each month."""
    rates = np.array([_rate(day) for day in range(730)])
    stay = stats.gamma(4, scale=10.0)
    left = np.array([integrate.quad(stay.sf, age, age + 1)[0] for age in range(731)])
    moments = np.array([31, 90, 181, 212, 243, 334, 365, 550, 577, 640, 730])
    expected = np.array([float(rates[:t] @ left[:t][::-1]) for t in moments])
    seen, arrivals = [], []
    # At 25 clients inside, 3 % of the mean is 2.6 standard errors at 300 replications on average.
    for replication in runs(load(SCENARIOS / "varying.yaml"), 360):
        seen.append(inside_at(replication.visits, moments - 1e-9))
        arrivals.append(np.histogram(replication.visits["requested"], [0, *moments])[0])
    for number, moment in enumerate(moments):
        inside = np.array([row[number] for row in seen], float)
        agrees(mean(inside), expected[number], what=f"mean inside on day {moment}")
        spread = mean((inside - expected[number]) ** 2)
        agrees(spread, expected[number], precision=0.3, what=f"variance on day {moment}")
        came = np.array([row[number] for row in arrivals], float)
        due = float(rates[:moment].sum() - rates[: moments[number - 1] if number else 0].sum())
        if due:
            agrees(mean(came), due, precision=0.06, what=f"arrivals to day {moment}")
        else:
            assert came.sum() == 0


def _path_average(begin: np.ndarray, finish: np.ndarray, low: float, high: float) -> float:
    """Time average of a count, by walking its steps: no waiting time is used."""
    moments = np.concatenate([np.clip(begin, low, high), np.clip(finish, low, high)])
    steps = np.concatenate([np.ones(len(begin)), -np.ones(len(finish))])
    order = np.argsort(moments, kind="stable")
    widths = np.diff(np.append(moments[order], high))
    return float((np.cumsum(steps[order]) * widths).sum() / (high - low))


@pytest.fixture(scope="module")
def baseline() -> Run:
    return run(load(BASELINE), seed=1)


def test_littles_law_on_the_baseline(baseline: Run) -> None:
    """L = λW on every service, waiting and inside: exact, since rows are cut at the window."""
    low, high = baseline.warm_up, baseline.end
    for service in baseline.names.services:
        visits = baseline.visits_to(service)
        ended = np.where(np.isnan(visits["ended"]), high, visits["ended"])
        begun = ~np.isnan(visits["started"])
        waiting = _path_average(visits["requested"], entered(visits, high), low, high)
        inside = _path_average(visits["started"][begun], ended[begun], low, high)
        # λW, as a sum of everybody's time inside the window over its length
        assert mean_waiting(baseline, visits) == pytest.approx(waiting, rel=1e-9, abs=1e-9)
        assert mean_inside(baseline, visits) == pytest.approx(inside, rel=1e-9, abs=1e-9)


def test_occupancy_measures_are_littles_law(baseline: Run) -> None:
    """The measures' own occupancy, folded from chunks, equals that of the rows."""
    compared = 0
    for service in baseline.names.services:
        measure = f"occupancy.{service}.mean"
        if measure in baseline.values:
            visits = baseline.visits_to(service)
            assert baseline.values[measure] == pytest.approx(
                mean_inside(baseline, visits), rel=1e-6
            )
            compared += 1
    assert compared > 0
