"""Forecasts with a posterior: a plan's targets, what is known, and what an interrupt leaves."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from simflow.calibrate import Settings, calibrate, read_calibration, write
from simflow.calibrate.outcome import Outcome
from simflow.errors import InputError, OutputError, UsageError
from simflow.experiment import read_posterior
from simflow.scenario import load
from tests.calibrate.test_calibrate import TARGETS, silent
from tests.calibrate.test_read import MINI

HERE = Path(__file__).parent
PLAN = """
extends: mini.yaml
source: "assumption: a plan"
channels: {walk_in: {rate: 90 per year}}
stock: {clients: {value: 40, source: "register: carried over"}}
targets:
  clients.started: {at_least: 70}
  exits.done: {at_most: 10}
"""
TEXT = MINI.replace("\npriors:", TARGETS).replace("held_out:", "forecasts: [plan.yaml]\nheld_out:")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("forecast")
    shutil.copy(HERE / "mini.yaml", folder)
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (folder / "c.yaml").write_text(TEXT, encoding="utf-8")
    return folder


def _made(place: Path, out: str, jobs: int = 1) -> Outcome:
    calibration = read_calibration(place / "c.yaml")
    outcome = calibrate(calibration, place / out, Settings(300, 3, jobs), silent)
    write(place / out, outcome)
    return outcome


@pytest.fixture(scope="module")
def found(place: Path) -> Outcome:
    return _made(place, "out")


def test_probability_of_each_target(found: Outcome) -> None:
    (one,) = found.forecasts
    started = one.values[:, 0]
    assert one.probability("clients.started") == (started >= 70).mean()
    assert one.probability("exits.done") == 0.0
    assert one.probability("none") is None
    assert 60 < one.interval[1, 0] < 100  # half as many again as the 50 published
    assert 0.2 < one.unknown[0] < 0.95


def test_forecasts_are_as_sure_as_they_say(found: Outcome) -> None:
    """Two measures of 200 years: 99 % bounds of a binomial share of .9 are about .84 and .95."""
    (one,) = found.forecasts
    assert (one.covered >= 0.84).all()
    assert (one.covered <= 0.97).all()


def test_same_for_any_number_of_processes(found: Outcome, place: Path) -> None:
    _made(place, "two", jobs=2)
    for name in ("forecasts.csv", "forecast-plan/table.parquet"):
        assert (place / "two" / name).read_bytes() == (place / "out" / name).read_bytes()


def test_finished_runs_are_kept_and_those_of_other_points_dropped(
    found: Outcome, place: Path
) -> None:
    shutil.copytree(place / "out", place / "again")
    (again,) = _made(place, "again").forecasts
    assert np.array_equal(again.values, found.forecasts[0].values)
    manifest = place / "again" / "forecast-plan" / "manifest.json"
    manifest.write_text(json.dumps({"points": "others"}), encoding="utf-8")
    _made(place, "again")
    assert manifest.read_bytes() == (place / "out/forecast-plan/manifest.json").read_bytes()
    table = place / "again" / "forecast-plan" / "table.parquet"
    table.write_bytes(table.read_bytes()[:200])
    with pytest.raises(OutputError, match="is damaged"):
        _made(place, "again")


def test_a_number_from_a_source_stays_as_written(found: Outcome, place: Path) -> None:
    """The stock carried over was counted; a stock that is assumed would move with the draw."""
    text = TEXT.replace(
        "\nsplits:",
        '\n  stock: {path: stock.clients, prior: {range: [6, 24]}, why: "a guess"}\nsplits:',
    )
    (place / "stock.yaml").write_text(text, encoding="utf-8")
    calibration = read_calibration(place / "stock.yaml")
    write(place / "s", calibrate(calibration, place / "s", Settings(200, 3, 1), silent))
    posterior = read_posterior(place / "s" / "stock.posterior.csv")
    assert "stock.clients" in posterior.paths
    assert "stock.clients" not in posterior.of(load(place / "plan.yaml")).paths
    assumed = PLAN.replace("register: carried over", "assumption: more")
    (place / "assumed.yaml").write_text(assumed, encoding="utf-8")
    assert "stock.clients" in posterior.of(load(place / "assumed.yaml")).paths


def test_a_posterior_that_was_cut_off(found: Outcome, place: Path, tmp_path: Path) -> None:
    text = (place / "out" / "c.posterior.csv").read_text(encoding="utf-8")
    shutil.copy(place / "out" / "c.posterior.json", tmp_path / "cut.json")
    for cut in ("\n".join(text.split("\n")[:900]) + "\n", text[:-3]):
        (tmp_path / "cut.csv").write_text(cut, encoding="utf-8")
        with pytest.raises(UsageError, match="cut off"):
            read_posterior(tmp_path / "cut.csv")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[plan.yaml]", "[none.yaml]", 'there is no file "none.yaml"'),
        ("[plan.yaml]", "[plan.yaml, plan.yaml]", "forecast already"),
        ("[plan.yaml]", "[lonely.yaml]", "does not extend the scenario"),
    ],
)
def test_forecasts_that_cannot_be_made(place: Path, old: str, new: str, told: str) -> None:
    lonely = (HERE / "mini.yaml").read_text(encoding="utf-8").replace("name: mini", "name: lonely")
    (place / "lonely.yaml").write_text(lonely, encoding="utf-8")
    (place / "bad.yaml").write_text(TEXT.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_calibration(place / "bad.yaml")
