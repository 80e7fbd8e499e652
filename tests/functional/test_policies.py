"""Policy scenarios: each is a small, sourced change that does what its hypothesis says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from _pytest.mark import ParameterSet
from numpy.typing import NDArray

from simflow import experiment
from simflow.experiment import Results, half_width
from simflow.report.sources import source_text
from simflow.scenario import Loaded, load
from simflow.scenario.sources import source_rows
from simflow.scenario.yamlfile import read

FOLDER = Path(__file__).parents[2] / "scenarios"
BASE = "espoo-2014"
SEED = 2014
QUICK = 12
"""Replications up to which a claim is tested in the quick run."""

# What a scenario does against the file that it extends: the mean of the paired differences over
# their standard deviation, in 24 replications with another seed than the tests' own, or in 150
# where 24 gave one or less. Its sign is what the hypothesis says; its size tells how many
# replications show it.
CLAIMS: dict[str, dict[str, float]] = {
    "vacancy-3-months": {"wait.assessment.served_mean": 1.7, "caseload.per_worker.assessment": 14},
    "vacancy-6-months": {"wait.assessment.served_mean": 3.6, "exits.work": -2.7},
    "vacancy-placement-6-months": {"wait.work_trial.served_mean": 1.5,
                                   "wait.third_sector_post.served_mean": 1.3},
    "one-more-worker": {"wait.assessment.served_mean": -4.3, "completed.guidance": 5.1},
    "one-fewer-worker": {"wait.assessment.served_mean": 9.1, "contact.since_last.mean": 4.8},
    "split-3-1": {"wait.assessment.served_mean": -4.4, "wait.work_trial.served_mean": 1.9,
                  "contact.since_last.mean": -1.8},
    "split-1-3": {"wait.assessment.served_mean": 9.1, "staff.placement.hours": -4.8},
    "pooled": {"wait.assessment.served_mean": -4.7, "caseload.per_worker.assessment": -18},
    "sessions-fortnightly": {"wait.assessment.p90": -1.5},
    "sessions-quarterly": {"wait.assessment.served_mean": 6.0},
    "sessions-voluntary": {"clients.started": -4.4, "channels.te_info.attended": -21},
    "reminders": {"no_shows.assessment": -4.5, "staff.assessment.hours": -3.8},
    "screening": {"clients.not_started": -4.1, "clients.started": -4.2},
    "outreach": {"clients.started": 5.0, "wait.assessment.served_mean": 1.5},
    "joint-meetings": {"clients.started": 4.6},
    "review-6-months": {"caseload.end": -3.3, "contact.since_last.mean": -1.8},
    "time-limit": {"caseload.end": -6.9, "exits.work": -3.6, "contact.since_last.mean": -1.9},
    "rehabilitative-2015-rule": {"caseload.end": 1.9, "exits.rehabilitative_work_typ": -2.3},
    "rehabilitative-12": {"participants.rehabilitative_work": 2.1,
                          "wait.rehabilitative_work.served_mean": 1.4},
    "rehabilitative-20": {"participants.rehabilitative_work": 1.6,
                          "wait.rehabilitative_work.served_mean": -1.5},
    "rehabilitative-40": {"participants.rehabilitative_work": 1.3,
                          "wait.rehabilitative_work.served_mean": -1.4},
    "city-posts-quarterly-calls": {"wait.subsidised_city.served_mean": 1.5,
                                   "staff.placement.hours": -7.3,
                                   "occupancy.subsidised_city.mean": -1.0},
    "city-posts-few": {"participants.job_coaching": -3.0, "caseload.end": 0.68},
    "third-sector-posts": {"exits.third_sector_job": 2.9, "caseload.end": -2.6},
    "company-posts": {"participants.subsidised_company": 2.5, "staff.placement.hours": 1.8,
                      "participants.startti": -2.1},
    "startti-more": {"courses.startti.cancelled": 1.9, "wait.startti.served_mean": -0.7},
    "startti-small-minimum": {"courses.startti.cancelled": -1.7, "wait.startti.served_mean": -0.87},
    "more-small-groups": {"participants.small_group": 1.7, "staff.assessment.hours": 1.2},
    "low-threshold-group": {"clients.not_started": -3.0, "caseload.end": 0.72},
    "finnish-teaching": {"clients.not_started.not_started_language": -2.4, "caseload.end": 1.7,
                         "participants.work_trial": 0.44},
    "nurse-more": {"participants.nurse": 3.6, "participants.work_ability_assessment": 1.3},
    "nurse-none": {"participants.work_ability_assessment": -2.3, "exits.health_exit": -0.97,
                   "wait.first_service.served_mean": 2.4},
    "highly-educated": {"exits.open_market.highly_educated": 1.4, "participants.work_trial": -0.96},
    "municipal-share-2015": {"cost.benefit": 10.0, "cost.benefit_avoided": 9.4},
    "unemployment-20": {"wait.assessment.served_mean": 2.4, "caseload.end": 3.8},
    "unemployment-40": {"wait.assessment.served_mean": 5.6, "caseload.end": 5.4,
                        "contact.since_last.mean": 1.0},
    "permanent-service": {"caseload.end": 4.3, "contact.since_last.mean": 2.9,
                          "exits.work_or_education": 3.4},
    "trial-ends": {"exits.trial_end": 13, "clients.started": -6.8},
    "espoo-2015-plan": {"caseload.per_worker.assessment": 12,
                        "participants.subsidised_company": 2.8},
}  # fmt: skip
LONG = {"permanent-service"}
"""Scenarios of several years, which are slow whatever they claim."""
_runs: dict[str, Results] = {}


def replications(effect: float) -> int:
    """Replications in which a difference is 5.2 standard errors from zero, at least five.

    The interval's half-width is then about half of the difference, so that chance hides the
    direction about once in a thousand seeds.
    """
    return max(5, ceil((5.2 / effect) ** 2))


def test_every_file_is_tested_and_listed() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == {BASE, *CLAIMS}
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in CLAIMS if f"`{name}`" not in listed] == []


@pytest.mark.parametrize("name", CLAIMS)
def test_states_its_question_and_little_else(name: str) -> None:
    path = FOLDER / f"{name}.yaml"
    own, scenario = read(path).tree, loaded(name).scenario
    assert {"extends", "title", "question", "hypothesis"} <= set(own)
    assert _ancestor(name) == BASE
    for text in (scenario.title, scenario.question, scenario.hypothesis):
        assert text is not None and text.en and text.fi and text.en != text.fi
    for key in ("title", "question", "hypothesis"):
        assert set(own[key]) == {"en", "fi"}, key
    said, _, _ = path.read_text(encoding="utf-8").partition("\ntranslations:")
    assert len(said.splitlines()) <= 95


@pytest.mark.parametrize("name", (BASE, *CLAIMS))
def test_its_sources_are_in_finnish_too(name: str) -> None:
    mine, scenario = loaded(name), loaded(name).scenario
    rows = source_rows(mine.tree, mine.origins)
    told = {row.source: source_text(row.source, scenario, "fi") for row in rows}
    assert [source for source, text in told.items() if 'lang="en"' in text] == []


def test_what_nobody_chooses_is_a_circumstance() -> None:
    found = {name for name in CLAIMS if loaded(name).scenario.circumstance}
    assert found == {name for name in CLAIMS if name.startswith(("vacancy", "unemployment"))} | {
        "municipal-share-2015"
    }


def cases() -> Iterator[ParameterSet]:
    """A quick and a slow case of each scenario that has claims for it."""
    for name, claims in CLAIMS.items():
        slow = {m for m, effect in claims.items() if name in LONG or replications(effect) > QUICK}
        if quick := set(claims) - slow:
            yield pytest.param(name, quick, id=name)
        if slow:
            yield pytest.param(name, slow, id=f"{name}-slow", marks=pytest.mark.slow)


@pytest.mark.parametrize(("name", "measures"), cases())
def test_does_what_it_says(name: str, measures: set[str]) -> None:
    for measure in sorted(measures):
        effect = CLAIMS[name][measure]
        count = replications(effect)
        paired = differences(name, measure, count)
        mean, half = float(paired.mean()), half_width(paired)
        print(f"{name}: {measure} {mean:+.4g} ± {half:.2g} (95 %, {count} replications)")
        assert paired.any(), f"{measure} is the same in every replication"
        assert np.sign(effect) * mean > half, f"{measure}: {mean:+.4g} ± {half:.2g}"


def differences(name: str, measure: str, count: int) -> NDArray[np.float64]:
    """Paired differences to the file that the scenario extends.

    A measure that the other file does not have, such as a service's participants, is taken as
    zero there. Replications without a value, such as a wait for which nobody asked, are left out.
    """
    ours, theirs = results(name, count), results(_parent(name), count)
    known = measure in {one.name for one in theirs.measures}
    other = theirs.column(measure)[:count] if known else 0.0
    paired = ours.column(measure)[:count] - other
    return np.asarray(paired[np.isfinite(paired)])


def results(name: str, count: int) -> Results:
    """At least so many replications of a file, kept for the next test."""
    before = _runs.get(name)
    if before is None or before.replications < count:
        count = max(count, QUICK) if name == BASE else count
        _runs[name] = experiment.run(loaded(name), replications=count, seed=SEED, start_from=before)
    return _runs[name]


@cache
def loaded(name: str) -> Loaded:
    """A file that is in order; anything wrong with it is an error here."""
    return load(FOLDER / f"{name}.yaml")


@cache
def _parent(name: str) -> str:
    return Path(read(FOLDER / f"{name}.yaml").tree["extends"]).stem


def _ancestor(name: str) -> str:
    return name if name == BASE else _ancestor(_parent(name))
