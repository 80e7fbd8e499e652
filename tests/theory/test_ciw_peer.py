"""The canonical network by simflow, by Ciw, and by an independent compiled program.

Ciw is run here; the compiled program's figures (40 000 replications) are quoted. All 23 figures
are compared at once, so each interval is Bonferroni-corrected to 99 % over all of them.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simflow.scenario import load
from tests.helpers import Estimate, Run, mean, ratio, runs
from tests.theory.observe import SCENARIOS, entered, mean_inside, mean_waiting
from tests.theory.peer import EXITS, HORIZON, STATIONS, Figures, ciw_replication

pytestmark = pytest.mark.statistical

SIMFLOW, CIW = 240, 80
"""Replications: enough for half-widths of a few per cent on most figures; Ciw is the slower."""

# Figure: value and half of its 95 % interval. Where none was published for a count, half a unit
# in the last digit given stands for it.
REFERENCE = {
    "arrived": (1240.8, 0.2),
    "exits.not_started": (371.7, 0.05),
    "exits.education": (45.05, 0.005),
    "exits.open_market": (363.0, 0.05),
    "exits.other": (390.6, 0.05),
    "wait.assess": (1.048, 0.001),
    "wait.coaching": (0.260, 0.0005),
    "wait.work_trial": (0.328, 0.003),
    "wait.subsidy": (14.40, 0.09),
    "wait.rehab": (2.826, 0.025),
    "wait.case_mgmt": (0.034, 0.0005),
    "queue.assess": (0.357, 0.0005),
    "queue.subsidy": (2.116, 0.013),
    "queue.rehab": (0.234, 0.0005),
    "busy.work_trial": (19.76, 0.005),
    "busy.subsidy": (23.97, 0.005),
    "busy.rehab": (13.45, 0.005),
}


def simflow_figures(run: Run) -> Figures:
    """The same figures from simflow's log."""
    reached = run.clients["exit"]
    waited, served, queue, busy = {}, {}, {}, {}
    for name in STATIONS:
        visits = run.visits_to(name)
        begun = visits.where(~np.isnan(visits["started"]))
        waited[name] = float((entered(begun, run.end) - begun["requested"]).sum())
        served[name] = len(begun)
        queue[name] = mean_waiting(run, visits)
        busy[name] = mean_inside(run, visits)
    exits = {name: int((reached == run.names.exits.index(name)).sum()) for name in EXITS}
    return Figures(len(run.clients), exits, waited, served, queue, busy)


def estimates(figures: list[Figures]) -> dict[str, Estimate]:
    """Every figure over the replications, with its standard error."""
    found = {"arrived": mean([float(f.arrived) for f in figures])}
    for name in EXITS:
        found[f"exits.{name}"] = mean([float(f.exits[name]) for f in figures])
    for name in STATIONS:
        waited = [f.waited[name] for f in figures]
        found[f"wait.{name}"] = ratio(waited, [float(f.served[name]) for f in figures])
        found[f"queue.{name}"] = mean([f.queue[name] for f in figures])
        found[f"busy.{name}"] = mean([f.busy[name] for f in figures])
    return found


@pytest.fixture(scope="module")
def ours() -> dict[str, Estimate]:
    loaded = load(SCENARIOS / "canonical.yaml")
    assert loaded.scenario.horizon.days == HORIZON
    return estimates([simflow_figures(run) for run in runs(loaded, SIMFLOW)])


def compare(pairs: dict[str, tuple[Estimate, float, float, float]]) -> None:
    """Assert that differences are within their Bonferroni-corrected 99 % intervals."""
    level = 1 - 0.01 / len(pairs) / 2
    wrong = []
    for name, (our, other, error, freedom) in pairs.items():
        spread = float(np.hypot(our.error, error))
        allowed = float(stats.t.ppf(level, freedom)) * spread
        line = f"{name}: simflow {our.mean:.5g}, other {other:.5g}, allowed ± {allowed:.2g}"
        print(line)
        if abs(our.mean - other) > allowed:
            wrong.append(line)
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_against_ciw(ours: dict[str, Estimate]) -> None:
    """Waits, occupancies and exits differ by no more than chance between two programs."""
    theirs = estimates([ciw_replication(seed) for seed in range(CIW)])
    # The smaller sample's degrees of freedom: a little wider than Welch's, on the safe side.
    compare(
        {name: (our, theirs[name].mean, theirs[name].error, CIW - 1) for name, our in ours.items()}
    )


def test_against_compiled_reference(ours: dict[str, Estimate]) -> None:
    """The independent C++ program's figures, errors combined."""
    compare(
        {
            name: (ours[name], value, half / 1.96, SIMFLOW - 1)
            for name, (value, half) in REFERENCE.items()
        }
    )


def test_measures_say_the_same() -> None:
    """Registered measures agree with what this test reads from the rows."""
    loaded = load(SCENARIOS / "canonical.yaml")
    for run in runs(loaded, 2):
        figures = simflow_figures(run)
        for name in STATIONS:
            assert run.values[f"occupancy.{name}.mean"] == pytest.approx(figures.busy[name])
        for name in EXITS[1:]:
            assert run.values[f"exits.{name}"] == figures.exits[name]
        assert run.values["clients.not_started.not_started"] == figures.exits["not_started"]
