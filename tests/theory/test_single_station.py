"""Single stations against the formulas of queueing theory.

Every figure must lie within its 99 % Student confidence interval: the tolerance is derived from the
spread over replications, not set. The interval must itself be narrower than a stated part of the
value (3 % unless told), so that the number of replications is known to suffice. Seed 1 throughout.
Each scenario file says how long its warm-up is and why that suffices.
"""

from __future__ import annotations

import numpy as np
import pytest

from simflow.scenario import load
from tests.helpers import agrees, mean, runs
from tests.theory import formulas
from tests.theory.observe import SCENARIOS, Station, inside_at

pytestmark = pytest.mark.statistical


def observed(
    name: str, replications: int, margin: float = 200.0, segments: tuple[int | None, ...] = (None,),
    sets: tuple[tuple[str, str], ...] = (),
) -> list[Station]:  # fmt: skip
    """Replications of a single-station scenario, one `Station` for each segment asked for."""
    loaded = load(SCENARIOS / f"{name}.yaml", sets)
    stations = [Station("desk", margin, segment) for segment in segments]
    for run in runs(loaded, replications):
        for station in stations:
            station.add(run)
    return stations


def test_mm1() -> None:
    (desk,) = observed("mm1", 200)
    agrees(desk.wait, 0.7 / 0.3, what="mean wait")
    agrees(desk.queue, 0.49 / 0.3, what="mean queue")
    agrees(desk.served, 0.7, what="load")
    agrees(desk.delay, 0.7, what="share who wait")


def test_mmc() -> None:
    (desk,) = observed("mmc", 150)
    wait = formulas.mmc_wait(4, 3.2, 1.0)
    agrees(desk.wait, wait, precision=0.06, what="mean wait")
    agrees(desk.queue, 3.2 * wait, precision=0.06, what="mean queue")
    agrees(desk.served, 3.2, what="busy places")
    agrees(desk.delay, formulas.erlang_c(4, 3.2), what="share who wait")


@pytest.mark.parametrize(
    ("cv", "dist"), [(1.5, "lognormal"), (0.5, "gamma"), (2.0, "gamma"), (0.7, "weibull")]
)
def test_mg1(cv: float, dist: str) -> None:
    law = f"{{dist: {dist}, mean: 1 day, cv: {cv}}}"
    (desk,) = observed("mg1", 100, sets=(("services.desk.duration", law),))
    wait = formulas.mg1_wait(0.6, 1.0, cv)
    # The spread of the mean wait grows with the third moment of the service time.
    precision = 0.05 * (1 + cv / 2)
    agrees(desk.wait, wait, precision, what=f"mean wait, {dist}")
    agrees(desk.queue, 0.6 * wait, precision, what=f"mean queue, {dist}")
    agrees(desk.served, 0.6, what=f"load, {dist}")


def test_md1() -> None:
    (desk,) = observed("mg1", 60, sets=(("services.desk.duration", "1 day"),))
    agrees(desk.wait, formulas.mg1_wait(0.6, 1.0, 0.0), precision=0.04, what="mean wait")


def test_mginf() -> None:
    """Occupancy is Poisson: mean and variance both 30 (seen every 100 days)."""
    loaded = load(SCENARIOS / "mginf.yaml")
    means, squares, kept = [], [], []
    for run in runs(loaded, 300):
        inside = inside_at(run.visits, np.arange(run.warm_up, run.end, 100.0))
        means.append(float(inside.mean()))
        squares.append(float(((inside - 30.0) ** 2).mean()))
        kept.append(run.values["occupancy.stay.mean"])
    agrees(mean(means), 30.0, what="mean occupancy at moments")
    agrees(mean(kept), 30.0, what="mean occupancy, the measure")
    agrees(mean(squares), 30.0, precision=0.06, what="variance of occupancy")


def test_erlang_a() -> None:
    (desk,) = observed("erlang_a", 60, margin=60)
    law = formulas.erlang_a(5, 6.0, 1.0, 2.0)
    queue = float((np.maximum(np.arange(len(law)) - 5, 0) * law).sum())
    agrees(desk.queue, queue, what="mean queue")
    agrees(desk.abandon, queue / 2.0 / 6.0, what="share who give up")
    agrees(desk.delay, float(law[5:].sum()), what="share who wait")
    agrees(desk.wait, queue / 6.0, what="mean wait, of all")


@pytest.mark.parametrize(
    "law", ["{dist: exponential, mean: 1 day}", "{dist: lognormal, mean: 1 day, cv: 2}"]
)
def test_loss(law: str) -> None:
    """Erlang's formula holds whatever the distribution of the stay."""
    (desk,) = observed("loss", 80, margin=0, sets=(("services.desk.duration", law),))
    blocked = formulas.erlang_b(5, 4.0)
    agrees(desk.blocked, blocked, what="share turned away")
    agrees(desk.served, 4.0 * (1 - blocked), what="busy places")
    assert desk.wait.mean == 0


def test_batches() -> None:
    (desk,) = observed("batch", 300)
    wait = formulas.batch_wait(0.3, {1: 0.5, 2: 0.3, 5: 0.2}, 1.0)
    agrees(desk.wait, wait, precision=0.04, what="mean wait")
    agrees(desk.queue, 0.63 * wait, precision=0.04, what="mean queue")
    agrees(desk.served, 0.63, what="load")


def test_two_priorities() -> None:
    urgent, usual = observed("priority", 200, segments=(0, 1))
    first, second = formulas.cobham_waits([0.4, 0.5], [0.5, 1.0])
    agrees(urgent.wait, first, what="mean wait, urgent")
    agrees(usual.wait, second, precision=0.04, what="mean wait, usual")
    agrees(urgent.served, 0.2, what="load, urgent")
    agrees(usual.queue, 0.5 * second, precision=0.04, what="mean queue, usual")
