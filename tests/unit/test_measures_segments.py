"""Shares and waits by segment, counted again from the log."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simflow.scenario import load
from tests.helpers import Run, load_tree, run

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def espoo() -> Run:
    return run(load(ROOT / "scenarios/espoo-2014.yaml"))


def test_shares_and_waits_agree_with_the_log(espoo: Run) -> None:
    rows, scenario = espoo.clients, espoo.loaded.scenario
    good = [scenario.exits[name].kind in ("work", "education") for name in espoo.names.exits]
    stock = rows["channel"] == len(espoo.names.channels) - 1
    inside, left = ~np.isnan(rows["started"]), ~np.isnan(rows["ended"])
    well = left & np.array([*good, False])[rows["exit"].astype(int)]
    for key, segment in enumerate(espoo.names.segments):
        mine = rows["segment"] == key
        started, lost = mine & inside & ~stock, mine & left & ~inside
        served = mine & inside & ~stock & ~np.isnan(rows["served"])
        expected = {
            "start_share": started.sum() / (started.sum() + lost.sum()),
            "work_or_education_share": (mine & well & inside).sum() / (mine & inside).sum(),
            "first_service_wait": (rows["served"] - rows["started"])[served].mean(),
        }
        for name, value in expected.items():
            assert espoo.values[f"segments.{segment}.{name}"] == pytest.approx(value)


def test_one_segment_has_no_measures_of_its_own() -> None:
    loaded = load_tree({
        "source": "made up",
        "horizon": {"start": "2020-01-01", "end": "2020-03-31"},
        "channels": {"door": {"kind": "rate", "rate": "1 per week", "to": "bed"}},
        "services": {"bed": {"kind": "placement", "duration": "5 days", "then": {"out": 1}}},
        "exits": {"out": {}},
    })  # fmt: skip
    assert not [name for name in run(loaded).values if name.startswith("segments.")]
