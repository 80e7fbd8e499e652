"""Replications, their precision and what they say together."""

from __future__ import annotations

from math import isfinite
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import simflow.experiment.runner as runner
from simflow.errors import InputError, UsageError
from simflow.experiment import Interrupted, half_width, run, to_json
from simflow.scenario import Loaded, load
from tests.helpers import load_tree
from tests.unit.test_measures import TREE

CANONICAL = Path(__file__).parents[1] / "theory" / "scenarios" / "canonical.yaml"


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    """A small scenario."""
    published = {"published": {"clients.started": {"value": 30, "reading": "a guess"}}}
    return load_tree({**TREE, **published, "key_measures": ["clients.started", "caseload.end"]})


def test_any_number_of_processes_gives_the_same_bytes() -> None:
    """Order and spread change nothing."""
    loaded = load(CANONICAL)
    one, two = (run(loaded, replications=5, jobs=jobs, seed=3).values for jobs in (1, 2))
    assert one.tobytes() == two.tobytes()
    assert len(np.unique(one[:, 0])) > 1


def test_student_interval(loaded: Loaded) -> None:
    """As scipy has it, over finite values only."""
    results = run(loaded, replications=8)
    column = results.column("clients.started")
    figure = results.figure("clients.started")
    expected = stats.t.interval(0.95, 7, column.mean(), stats.sem(column))
    assert figure.ci == pytest.approx(expected)
    assert figure.n == 8
    assert figure.published == 30
    assert figure.percentiles is not None
    assert figure.percentiles[50] == np.median(column)


def test_one_replication_has_no_interval_and_json_no_nan(loaded: Loaded) -> None:
    """What is undefined is None."""
    results = run(loaded, replications=1)
    assert results.figure("clients.started").ci is None
    plain = to_json(results)
    assert set(plain) == {"scenario", "seed", "replications", "measures"}
    for measure in plain["measures"].values():
        assert set(measure) == {"unit", "mean", "ci", "percentiles", "n", "published"}
        assert measure["mean"] is None or isfinite(measure["mean"])
    assert set(plain["measures"]["clients.started"]["percentiles"]) == {"5", "50", "95"}


def test_precision_stops_as_soon_as_it_is_reached(loaded: Loaded) -> None:
    """Ten at a time; a second run from what is there ends at the same number."""
    results = run(loaded, precision=0.08, measures=["clients.started"])
    assert results.precision is not None
    assert results.precision.missed == ()
    column = results.column("clients.started")
    assert half_width(column) <= 0.08 * column.mean()
    assert results.replications % 10 == 0
    again = run(loaded, precision=0.08, measures=["clients.started"], start_from=results.values[:7])
    assert again.values.tobytes() == results.values.tobytes()


def test_precision_out_of_reach_is_said(loaded: Loaded) -> None:
    """The cap ends it, and names the measures."""
    results = run(loaded, precision=0.0001, cap=20)
    assert results.precision is not None
    assert results.precision.missed == ("clients.started", "caseload.end")
    assert results.replications == 20


def test_ctrl_c_keeps_what_is_finished(loaded: Loaded) -> None:
    """The exception carries the replications made so far."""

    def stop(done: int, foreseen: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as caught:
        run(loaded, replications=9, on_progress=stop)
    results = caught.value.results
    assert results.replications == 3
    assert not results.complete
    whole = run(loaded, replications=9, start_from=results)
    assert whole.values.tobytes() == run(loaded, replications=9).values.tobytes()


def test_unknown_measures_are_named_with_the_nearest() -> None:
    """In the file, and on the command line, all at once."""
    wrong = {
        "published": {"clients.startd": {"value": 1}},
        "key_measures": ["wait.bd.median"],
        "goals": {"exits.hme": {"better": "more", "matters": 1}},
        "targets": {"caseload.ed": {"at_most": 5}},
    }
    loaded = load_tree({**TREE, **wrong})
    with pytest.raises(InputError) as caught:
        run(loaded, replications=1, measures=["exits.hom"])
    text = str(caught.value)
    assert len(caught.value.problems) == 5
    assert "caseload.end" in text
    assert "clients.started" in text
    assert "wait.bed.median" in text
    assert "exits.home" in text
    assert caught.value.problems[0].line > 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"replications": 0},
        {"jobs": 0},
        {"precision": 0.0},
        {"replications": 5, "precision": 0.1},
        {"precision": 0.1, "cap": 3},
    ],
)
def test_impossible_numbers(loaded: Loaded, wrong: dict[str, float]) -> None:
    """Refused before anything is simulated."""
    with pytest.raises(UsageError):
        run(loaded, **wrong)  # type: ignore[arg-type]


def test_defaults_are_documented() -> None:
    """The docstring's numbers are those of the code."""
    assert runner.DEFAULT_REPLICATIONS == 100
    assert runner.BATCH == 10
