"""The 2014 baseline against the figures published of that year, and its own book-keeping."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from math import isnan, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simflow.experiment import read_posterior
from simflow.measures import Recorder, measures_of
from simflow.model import Keeper, names_of, simulate
from simflow.model.log import TABLES, Names
from simflow.scenario import Loaded, load
from simflow.scenario.parts import number_at
from simflow.scenario.sources import source_rows
from simflow.scenario.values import complete

ROOT = Path(__file__).parents[2]
BASELINE = ROOT / "scenarios" / "espoo-2014.yaml"
POSTERIOR = ROOT / "calibration" / "espoo-2014.posterior.csv"
INVITED = "channels.te_info.invited"
SEED = 2014
REPLICATIONS = 40
NORMAL_95 = 1.96
PUBLISHED = (
    "clients.started", "caseload.end", "participants.work_trial", "participants.subsidised_city",
    "participants.third_sector_post", "participants.subsidised_company", "exits.open_market",
    "exits.education", "exits.rehabilitative_work_typ", "participants.small_group",
    "participants.startti", "participants.ict", "participants.job_coaching", "ended.job_coaching",
)  # fmt: skip


@cache
def baseline() -> Loaded:
    return load(BASELINE)


@cache
def replications() -> tuple[tuple[dict[str, float], Keeper], ...]:
    """Measures and log of each replication."""
    loaded, found = baseline(), []
    names = names_of(loaded.scenario)
    order = [measure.name for measure in measures_of(loaded.scenario)]
    for number in range(REPLICATIONS):
        recorder, log = Recorder(loaded.scenario, names), Keeper()
        simulate(loaded, SEED, number, _Both(recorder, log), followed=False)
        found.append((dict(zip(order, recorder.values().tolist(), strict=True)), log))
    return tuple(found)


class _Both:
    """A sink that hands its rows to several."""

    def __init__(self, *sinks: Any) -> None:
        self._sinks = sinks

    def rows(self, table: str, array: Any, /) -> None:
        for sink in self._sinks:
            sink.rows(table, array)


def column(log: Keeper, table: str, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    return log.table(table)[:, TABLES[table].index(name)]


def test_every_figure_the_thesis_gives_is_in_the_scenario() -> None:
    assert set(baseline().scenario.published) == set(PUBLISHED)


def test_calibrated_numbers_are_one_draw_of_the_posterior() -> None:
    """To three digits, or to a whole number where the scenario writes one; and no others are."""
    posterior, tree = read_posterior(POSTERIOR), baseline().tree
    posterior.check(baseline())
    numbers = np.array([number_at(tree, tuple(path.split("."))) for path in posterior.paths])
    whole = np.array([path in ("stock.clients", INVITED) for path in posterior.paths])
    digits = np.where(whole, 0, 2 - np.floor(np.log10(posterior.values)))
    off = np.abs(posterior.values - numbers) * 10.0**digits
    assert (off < 0.5001).all(axis=1).sum() >= 1
    sources = {row.path: row.source for row in source_rows(tree, baseline().origins)}
    fitted = {path for path, source in sources.items() if source.startswith("calibrated")}
    assert fitted == set(posterior.paths)


@pytest.mark.parametrize("measure", PUBLISHED)
def test_published_figure_lies_within_the_spread(measure: str) -> None:
    """The published year is one draw from the process that the model describes.

    Its figure must lie within the central 95 % of the replications, widened by the noise of the
    figure itself. The figure counts independent events, so its standard deviation is at most the
    square root of itself (Poisson), and 1.96 of them cover 95 % of its draws. Figure and
    replications are independent, so the two half-widths h and p combine as sqrt(h² + p²).
    """
    figure = baseline().scenario.published[measure].value
    values = [found[measure] for found, _ in replications()]
    low, middle, high = np.percentile(values, [2.5, 50, 97.5])
    noise = NORMAL_95 * sqrt(figure)
    assert middle - sqrt((middle - low) ** 2 + noise**2) <= figure
    assert figure <= middle + sqrt((high - middle) ** 2 + noise**2)


@pytest.mark.parametrize("measure", PUBLISHED)
def test_mean_lies_near_the_published_figure(measure: str) -> None:
    """The draw that fits best: the mean within 10 %, or within 2 standard deviations (Poisson)."""
    figure = baseline().scenario.published[measure].value
    mean = np.mean([found[measure] for found, _ in replications()])
    assert abs(mean - figure) <= max(0.1 * figure, 2 * sqrt(figure))


def test_clients_balance() -> None:
    """Stock and starts are exits and those still open, in every replication (an identity)."""
    scenario = baseline().scenario
    assert scenario.stock is not None
    stock, names = scenario.stock.clients, names_of(scenario)
    for found, log in replications():
        started = ~np.isnan(column(log, "clients", "started"))
        left = ~np.isnan(column(log, "clients", "ended"))
        assert found["clients.started"] == started.sum() - stock
        assert found["caseload.end"] == (started & ~left).sum()
        assert stock + found["clients.started"] == (started & left).sum() + found["caseload.end"]
        exits = column(log, "clients", "exit")[started]
        for name in ("open_market", "education", "rehabilitative_work_typ"):
            assert found[f"exits.{name}"] == (exits == names.exits.index(name)).sum()


def test_who_is_not_started_leaves_by_such_an_exit() -> None:
    scenario = baseline().scenario
    kinds = [exit_.kind for exit_ in scenario.exits.values()]
    for _, log in replications():
        rows = zip(column(log, "clients", "started"), column(log, "clients", "exit"), strict=True)
        for started, reached in rows:
            if reached >= 0:
                assert isnan(started) == (kinds[int(reached)] == "not_started")


def test_participants_are_persons() -> None:
    """`participants` counts each person once, whatever visit it was that began."""
    names = names_of(baseline().scenario)
    for found, log in replications():
        visits = log.table("visits")
        begun = visits[~np.isnan(visits[:, 4])]
        for rank, service in enumerate(names.services):
            persons = len(np.unique(begun[begun[:, 1] == rank, 0]))
            ended_before = begun[(begun[:, 1] == rank) & (begun[:, 5] <= 0), 0]
            assert persons - len(ended_before) <= found[f"participants.{service}"] <= persons


def test_third_sector_jobs_are_its_posts() -> None:
    """Starting such a job ends the relationship: a day later, or at once by something else."""
    names = names_of(baseline().scenario)
    post = names.services.index("third_sector_post")
    job = names.exits.index("third_sector_job")
    for _, log in replications():
        visits, clients = log.table("visits"), log.table("clients")
        posts = set(visits[(visits[:, 1] == post) & ~np.isnan(visits[:, 4]), 0])
        jobs = set(clients[clients[:, 8] == job, 0])
        assert jobs <= posts
        assert len(posts - jobs) <= 2


def test_limits_of_2014_hold() -> None:
    """Seats of courses, and six months of work trial with one employer, twelve in all."""
    scenario = baseline().scenario
    names: Names = names_of(scenario)
    trial = names.services.index("work_trial")
    for _, log in replications():
        courses = log.table("courses")
        assert (courses[:, 3] <= courses[:, 4]).all()
        visits = log.table("visits")
        inside = visits[(visits[:, 1] == trial) & ~np.isnan(visits[:, 4])]
        stay = np.where(np.isnan(inside[:, 5]), scenario.horizon.days, inside[:, 5]) - inside[:, 4]
        spell_limit, total_limit = 6 * 365.25 / 12, 365.25
        assert (stay <= spell_limit + 1e-6).all()
        totals = np.bincount(inside[:, 0].astype(int), weights=stay)
        assert totals.max(initial=0.0) <= total_limit + 1e-6


def test_shares_hold_for_every_combination_of_needs() -> None:
    """Needs change shares one over the other: together they must still leave a rest."""
    loaded = baseline()
    needs = tuple(loaded.scenario.needs)
    for segment in loaded.scenario.segments:
        for size in range(len(needs) + 1):
            for some in combinations(needs, size):
                resolved = loaded.resolve(segment=segment, needs=some)
                for service in resolved.services.values():
                    if service.then:
                        complete(service.then)


def test_paths_that_planners_set_exist() -> None:
    tree = baseline().tree
    assert tree["casework"]["contact_interval"]
    assert tree["channels"]["te_info"]["attends"]
