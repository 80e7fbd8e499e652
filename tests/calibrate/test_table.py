"""The reference table: the same for any number of processes, and never lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from simflow.calibrate.design import crew_of, points
from simflow.calibrate.read import Calibration, read_calibration
from simflow.calibrate.table import Table, TableFolder
from simflow.errors import InputError, UsageError
from tests.calibrate.test_read import MINI

HERE = Path(__file__).parent


@pytest.fixture
def mini(tmp_path: Path) -> Calibration:
    shutil.copy(HERE / "mini.yaml", tmp_path)
    (tmp_path / "c.yaml").write_text(MINI, encoding="utf-8")
    return read_calibration(tmp_path / "c.yaml")


def _filled(folder: Path, calibration: Calibration, runs: int, jobs: int) -> Table:
    with crew_of(calibration, 3, jobs) as crew:
        return TableFolder(folder, calibration, 3).fill(runs, crew)


def test_more_points_begin_with_the_fewer() -> None:
    assert np.array_equal(points(3, 5, 7)[:5], points(3, 900, 7)[:5])
    assert not np.array_equal(points(3, 5, 7)[:5], points(3, 5, 8)[:5])


def test_same_table_for_any_number_of_processes(mini: Calibration, tmp_path: Path) -> None:
    one = _filled(tmp_path / "one", mini, 20, 1)
    two = _filled(tmp_path / "two", mini, 20, 2)
    for name in ("cube", "values", "outputs"):
        assert np.array_equal(getattr(one, name), getattr(two, name))
    files = [(tmp_path / folder / "table.parquet").read_bytes() for folder in ("one", "two")]
    assert files[0] == files[1]


def test_an_interrupt_loses_no_run(mini: Calibration, tmp_path: Path) -> None:
    whole = _filled(tmp_path / "whole", mini, 20, 1)

    def stop(done: int, foreseen: int) -> None:
        if done == 8:
            raise KeyboardInterrupt

    folder = TableFolder(tmp_path / "part", mini, 3)
    with pytest.raises(KeyboardInterrupt):
        folder.fill(20, crew_of(mini, 3, 1), stop)
    with (tmp_path / "part" / "runs.bin").open("ab") as file:
        file.write(b"half a row")
    again = TableFolder(tmp_path / "part", mini, 3)
    assert again.runs == 8
    made: list[int] = []
    rest = again.fill(20, crew_of(mini, 3, 1), lambda done, foreseen: made.append(done))
    assert made == list(range(9, 21))
    assert np.array_equal(rest.outputs, whole.outputs)
    assert np.array_equal(_filled(tmp_path / "part", mini, 20, 1).cube, whole.cube)


def test_a_larger_table_begins_with_the_smaller(mini: Calibration, tmp_path: Path) -> None:
    small = _filled(tmp_path / "t", mini, 8, 1)
    large = _filled(tmp_path / "t", mini, 16, 1)
    assert np.array_equal(small.outputs, large.outputs[:8])
    assert np.array_equal(_filled(tmp_path / "t", mini, 8, 1).outputs, small.outputs)


def test_rejected_draws_are_counted(mini: Calibration, tmp_path: Path) -> None:
    text = MINI.replace("path: services.talk.then\n", "path: services.course.then\n")
    text = text.replace("{done: 2, course: 1, gone: 1}", "{done: 2, gone: 1}")
    text = text.replace("path: channels.walk_in.rate", "path: services.talk.then.done")
    text = text.replace("unit: per year", 'unit: "%"').replace(
        "{dist: gamma, a: 9, scale: 6}", "{range: [20, 100]}"
    )
    (tmp_path / "r.yaml").write_text(text, encoding="utf-8")
    found = read_calibration(tmp_path / "r.yaml")
    table = _filled(tmp_path / "t", found, 30, 1)
    assert 10 < table.rejected < 40  # above 60 % the shares sum to more than 1
    assert table.values[:, 0].max() <= 60


def test_priors_that_never_make_a_scenario(mini: Calibration, tmp_path: Path) -> None:
    text = MINI.replace("path: channels.walk_in.rate", "path: services.course.then.done")
    text = text.replace("unit: per year", 'unit: "%"').replace(
        "{dist: gamma, a: 9, scale: 6}", "{range: [101, 120]}"
    )
    (tmp_path / "r.yaml").write_text(text, encoding="utf-8")
    found = read_calibration(tmp_path / "r.yaml")
    with pytest.raises(InputError, match="only 0 of 400 draws"):
        _filled(tmp_path / "t", found, 30, 1)


def test_a_table_of_another_scenario_or_seed(mini: Calibration, tmp_path: Path) -> None:
    _filled(tmp_path / "t", mini, 4, 1)
    with pytest.raises(UsageError, match="of another seed"):
        TableFolder(tmp_path / "t", mini, 4)
    scenario = (tmp_path / "mini.yaml").read_text(encoding="utf-8")
    (tmp_path / "mini.yaml").write_text(scenario.replace("4 weeks", "5 weeks"), encoding="utf-8")
    other = read_calibration(tmp_path / "c.yaml")
    with pytest.raises(UsageError, match="of another scenario") as told:
        TableFolder(tmp_path / "t", other, 3)
    assert "services.course.duration: 4 weeks when calibrated, 5 weeks here" in str(told.value)
    assert TableFolder(tmp_path / "t", other, 3, force=True).runs == 4
    # What is fitted, and what is only for the reader, may differ.
    scenario = scenario.replace("60 per year", "70 per year").replace("name: mini", "name: other")
    (tmp_path / "mini.yaml").write_text(scenario, encoding="utf-8")
    assert TableFolder(tmp_path / "t", read_calibration(tmp_path / "c.yaml"), 3).runs == 4
