"""The split of the spread on the page: with a posterior and goals, in the words of the table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simflow.experiment import Posterior, compare, run
from simflow.experiment.spread import of_differences, of_run
from simflow.scenario import load
from simflow.scenario.identity import core

MINI = Path(__file__).parents[1] / "calibrate" / "mini.yaml"
GOALS = 'goals: {clients.started: {better: more, matters: 3, source: "assumption: a test"}}\n'


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "mini.yaml").write_text(MINI.read_text(encoding="utf-8") + GOALS, encoding="utf-8")
    more = (
        'extends: mini.yaml\nsource: "assumption: a test"\n'
        "channels: {walk_in: {rate: 90 per year}}\n"
    )
    (tmp_path / "more.yaml").write_text(more, encoding="utf-8")
    return tmp_path


def test_spread_of_runs_and_differences(place: Path) -> None:
    base, more = load(place / "mini.yaml"), load(place / "more.yaml")
    rates = np.random.default_rng(1).normal(60, 15, (60, 1))
    paths = ("channels.walk_in.rate",)
    draws = Posterior("p.csv", paths, rates, "mini.yaml", core(base.tree, paths))
    results = run(base, replications=60, draws=draws)
    (started, _) = of_run(results)
    assert started.total == pytest.approx(results.column("clients.started").std(ddof=1))
    assert started.unknown**2 + started.chance**2 == pytest.approx(started.total**2)
    assert 0.5 < started.share < 0.95  # variance of the rate 225, of the count given it about 60
    assert of_run(replace(results, draws=None)) == []
    found = compare(base, [more], replications=60, draws=draws)
    (change,) = of_differences(found, found.alternatives[0], found.names)
    assert change.measure.name == "clients.started"
    assert change.total > 0
