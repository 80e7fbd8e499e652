"""Interruptions, full disks, closed pipes: nothing lost, nothing that looks whole and is not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from simflow.cli.guard import exit_code
from tests.cli.conftest import Simflow, command, environment, started


def _until(folder: Path, lines: int) -> None:
    """Wait until a run has finished some replications."""
    for _ in range(600):
        rows = folder / "replications.csv"
        if rows.exists() and len(rows.read_text().splitlines()) > lines:
            return
        time.sleep(0.1)
    raise AssertionError("the run did not get going")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_keeps_replications_and_the_run_goes_on(
    simflow: Simflow, mini: Path, jobs: str
) -> None:
    words = ("run", "mini.yaml", "--out", "here", "--jobs", jobs)
    run = started(*words, "--reps", "100000", cwd=mini.parent)
    _until(mini.parent / "here.partial", 3)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Traceback" not in said
    assert "here.partial" in said
    assert "--out here" in said
    assert not (mini.parent / "here").exists(), "an unfinished run must not look whole"
    kept = (mini.parent / "here.partial" / "replications.csv").read_text().splitlines()
    count = len(kept) - 1
    assert count >= 3
    assert simflow(*words, "--reps", str(count + 2)).returncode == 0
    whole = (mini.parent / "here" / "replications.csv").read_text().splitlines()
    assert whole[: count + 1] == kept
    assert len(whole) == count + 3
    fresh = simflow("run", "mini.yaml", "--out", "fresh", "--reps", str(count + 2))
    assert fresh.returncode == 0
    assert (mini.parent / "fresh" / "replications.csv").read_text().splitlines() == whole


def test_a_killed_run_leaves_no_process_at_work(mini: Path) -> None:
    words = ("run", "mini.yaml", "--out", "here", "--jobs", "2", "--reps", "100000")
    run = started(*words, cwd=mini.parent)
    _until(mini.parent / "here.partial", 3)
    run.kill()
    run.wait()
    left = True
    for _ in range(200):
        try:
            os.killpg(run.pid, 0)
        except ProcessLookupError:
            left = False
            break
        time.sleep(0.1)
    if left:
        os.killpg(run.pid, signal.SIGKILL)
    run.communicate(timeout=60)
    assert not left, "processes go on after the run was killed"


def test_an_occupied_folder_is_left_alone(simflow: Simflow, mini: Path) -> None:
    (mini.parent / "here").mkdir()
    (mini.parent / "here" / "letter.txt").write_text("mine")
    done = simflow("run", "mini.yaml", "--reps", "2", "--out", "here")
    assert done.returncode == 2
    assert "exists already" in done.stderr
    assert [p.name for p in (mini.parent / "here").iterdir()] == ["letter.txt"]


def test_a_file_where_the_folder_should_be_made(simflow: Simflow, mini: Path) -> None:
    done = simflow("run", "mini.yaml", "--reps", "2", "--out", "mini.yaml/run")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert simflow("init", "mini.yaml/city").returncode == 2


def test_an_unwritable_folder(simflow: Simflow, mini: Path) -> None:
    if os.geteuid() == 0:
        out = Path("/proc/nothing-can-be-made-here/run")
        if not out.parent.parent.is_dir():
            pytest.skip("root may write everywhere")
    else:
        locked = mini.parent / "locked"
        locked.mkdir(mode=0o500)
        out = locked / "run"
    done = simflow("run", "mini.yaml", "--reps", "2", "--out", out)
    assert done.returncode == 2
    assert "--out" in done.stderr


def test_a_full_disk(simflow: Simflow, mini: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("a small disk can be made by root only")
    try:
        done = simflow("run", "mini.yaml", "--reps", "500", "--out", disk / "run")
        assert done.returncode == 2
        assert "space" in done.stderr
        assert not (disk / "run").exists()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_stdout(mini: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command("run", mini, "--reps", "2", "--out", mini.parent / "o"), stdout=full,
            stderr=subprocess.PIPE, text=True, env=environment(), check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert "disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_a_reader_who_has_had_enough(mini: Path) -> None:
    words = subprocess.list2cmdline(command("schema"))
    done = subprocess.run(
        ["bash", "-c", f"{words} | head -n 1; exit ${{PIPESTATUS[0]}}"], cwd=mini.parent,
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "{", "")


def test_a_reader_who_goes_while_much_is_written(mini: Path) -> None:
    """The reader is gone before anything is written: click took that for an error of its own."""
    words = subprocess.list2cmdline(command("schema"))
    done = subprocess.run(
        ["bash", "-c", f"{words} | true; exit ${{PIPESTATUS[0]}}"], cwd=mini.parent,
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_a_fault_is_one_line_and_its_details_are_kept(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert exit_code(ZeroDivisionError("division by zero")) == 1
    said = capsys.readouterr().err
    assert said.startswith("This is a fault in simflow (ZeroDivisionError: division by zero)")
    assert said.count("\n") == 1
    (saved,) = tmp_path.iterdir()
    assert "ZeroDivisionError" in saved.read_text()


def test_only_json_on_stdout_even_with_trouble(simflow: Simflow, mini: Path) -> None:
    done = simflow("run", "mini.yaml", "--precision", "0.01%", "--cap", "10", "--json")
    assert done.returncode == 4
    assert json.loads(done.stdout)["replications"] == 10
