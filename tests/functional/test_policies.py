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
from simflow.scenario import Loaded, load
from simflow.scenario.yamlfile import read

FOLDER = Path(__file__).parents[2] / "scenarios"
BASE = "espoo-2014"
SEED = 2014
QUICK = 12
"""Replications up to which a claim is tested in the quick run."""

# What a scenario does against the file that it extends: the mean of the paired differences over
# their standard deviation, in 24 replications with another seed than the tests' own. Its sign is
# what the hypothesis says; its size tells how many replications show it.
CLAIMS: dict[str, dict[str, float]] = {
    "vacancy-3-months": {"wait.assessment.mean": 2.1, "contact.since_last.mean": 0.7},
    "vacancy-6-months": {"wait.assessment.mean": 2.9, "exits.work": -2.9},
    "vacancy-placement-6-months": {"wait.work_trial.mean": 1.5, "wait.third_sector_post.mean": 1.4},
    "one-more-worker": {"wait.assessment.mean": -4.0, "completed.guidance": 4.3},
    "one-fewer-worker": {"wait.assessment.mean": 3.5, "contact.since_last.mean": 5.2},
    "split-3-1": {"wait.assessment.mean": -3.8, "wait.work_trial.mean": 2.2,
                  "contact.since_last.mean": -2.0},
    "split-1-3": {"wait.assessment.mean": 3.5, "staff.placement.hours": -6.9},
    "pooled": {"wait.assessment.mean": -4.0, "caseload.per_worker.assessment": -19},
    "sessions-fortnightly": {"wait.assessment.p90": -2.7},
    "sessions-quarterly": {"wait.assessment.mean": 4.2},
    "sessions-voluntary": {"clients.started": -4.6, "channels.te_info.attended": -11},
    "reminders": {"no_shows.assessment": -3.6, "staff.assessment.hours": -2.7},
    "screening": {"clients.not_started": -3.8, "clients.started": -3.2},
    "outreach": {"clients.started": 4.6, "contact.since_last.mean": 1.0},
    "joint-meetings": {"clients.started": 4.5},
    "review-6-months": {"caseload.end": -3.3, "contact.since_last.mean": -2.4},
    "time-limit": {"caseload.end": -7.4, "exits.work": -2.4, "contact.since_last.mean": -2.4},
    "rehabilitative-2015-rule": {"caseload.end": 3.1, "exits.rehabilitative_work_typ": -3.9},
    "rehabilitative-12": {"participants.rehabilitative_work": 4.0,
                          "wait.rehabilitative_work.mean": 1.6},
    "rehabilitative-20": {"participants.rehabilitative_work": 2.2,
                          "wait.rehabilitative_work.mean": -1.7},
    "rehabilitative-40": {"participants.rehabilitative_work": 1.8,
                          "wait.rehabilitative_work.mean": -1.6},
    "city-posts-quarterly-calls": {"wait.subsidised_city.mean": 2.0, "staff.placement.hours": -11,
                                   "occupancy.subsidised_city.mean": -1.4},
    "city-posts-few": {"participants.job_coaching": -4.2, "caseload.end": 1.2},
    "third-sector-posts": {"exits.third_sector_job": 2.8, "caseload.end": -2.5},
    "company-posts": {"participants.subsidised_company": 2.9, "staff.placement.hours": 2.3,
                      "participants.startti": -2.0},
    "startti-more": {"courses.startti.cancelled": 2.1, "wait.startti.mean": -0.9},
    "startti-small-minimum": {"courses.startti.cancelled": -2.4, "wait.startti.mean": -1.0},
    "more-small-groups": {"participants.small_group": 1.7, "staff.assessment.hours": 1.5},
    "low-threshold-group": {"clients.not_started": -3.7, "caseload.end": 0.95},
    "finnish-teaching": {"clients.not_started.not_started_language": -2.2, "caseload.end": 1.5,
                         "participants.work_trial": 1.0},
    "nurse-more": {"participants.nurse": 3.4, "participants.work_ability_assessment": 1.1},
    "nurse-none": {"participants.work_ability_assessment": -2.7, "exits.health_exit": -0.95,
                   "wait.first_service.mean": 2.4},
    "highly-educated": {"exits.open_market.highly_educated": 1.4, "participants.work_trial": -0.45},
    "municipal-share-2015": {"cost.benefit": 9.0, "cost.benefit_avoided": 6.3},
    "unemployment-20": {"wait.assessment.mean": 1.8, "caseload.end": 3.0,
                        "contact.since_last.mean": 1.2},
    "unemployment-40": {"wait.assessment.mean": 2.5, "caseload.end": 5.5,
                        "contact.since_last.mean": 1.6},
    "permanent-service": {"caseload.end": 3.2, "contact.since_last.mean": 3.2,
                          "exits.work_or_education": 2.6},
    "trial-ends": {"exits.trial_end": 10, "clients.started": -4.7},
    "espoo-2015-plan": {"caseload.per_worker.assessment": 12,
                        "participants.subsidised_company": 4.0},
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
    assert len(said.splitlines()) <= 90


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
