"""`simflow calibrate` as a user meets it: exit codes, messages, the folder and the page."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.calibrate.test_calibrate import TARGETS
from tests.calibrate.test_read import MINI
from tests.cli.conftest import command, environment, started

HERE = Path(__file__).parent
TEXT = MINI.replace("\npriors:", TARGETS)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("command")
    shutil.copy(HERE / "mini.yaml", folder)
    (folder / "c.yaml").write_text(TEXT, encoding="utf-8")
    return folder


def _said(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command(*words), cwd=place, env=environment(), text=True, capture_output=True,
        timeout=300, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_a_calibration_and_a_run_that_carries_it(place: Path) -> None:
    done = _said(place, "calibrate", "c.yaml", "--runs", "120", "--out", "fit", "--jobs", "1",
                 "--lang", "fi")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Pikasovitus, 120 toistoa" in done.stdout
    assert "Alkaneet asiakkuudet" in done.stdout
    manifest = json.loads((place / "fit" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["complete"] is True
    names = {"published-figures", "unseen-figures", "unknowns", "correlations", "ranks"}
    assert {path.stem for path in (place / "fit" / "charts").iterdir()} == names
    page = (place / "fit" / "report.html").read_text(encoding="utf-8")
    assert '<html lang="fi">' in page
    assert page.count('role="img"') == 5
    assert not re.search(r"https?://(?!www\.w3\.org)", page)
    run = _said(place, "run", "mini.yaml", "--reps", "4", "--jobs", "1", "--json", "--out", "run",
                "--posterior", "fit/c.posterior.csv")  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "unknown" in json.loads(run.stdout)["measures"]["clients.started"]
    assert (place / "run" / "draws.csv").exists()


def test_a_figure_missed_ends_with_4(place: Path) -> None:
    text = TEXT.replace("value: 17", "value: 90")
    (place / "far.yaml").write_text(text, encoding="utf-8")
    done = _said(place, "calibrate", "far.yaml", "--runs", "60", "--out", "far", "--jobs", "1")
    assert done.returncode == 4
    assert "outside the 90 % interval of what the posterior predicts" in done.stderr
    assert (place / "far" / "far.posterior.csv").exists()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("none.yaml",), 3, "there is no such file"),
        (("c.yaml", "--runs", "60", "--quick"), 2, "exclude each other"),
        (("c.yaml", "--method", "best"), 2, "'best' is not one of"),
        (("c.yaml", "--out", "."), 2, "holds something else"),
    ],
)
def test_what_cannot_be_done(place: Path, words: tuple[str, ...], code: int, told: str) -> None:
    done = _said(place, "calibrate", *words)
    assert done.returncode == code
    assert told in done.stderr


@pytest.mark.skipif(find_spec("sbi") is not None, reason="sbi is installed")
def test_the_cross_check_says_what_it_needs(place: Path) -> None:
    done = _said(place, "calibrate", "c.yaml", "--runs", "60", "--out", "npe", "--jobs", "1",
                 "--method", "npe")  # fmt: skip
    assert done.returncode == 2
    assert "simflow[calibration]" in done.stderr


def test_ctrl_c_loses_no_run(place: Path) -> None:
    words = ("calibrate", "c.yaml", "--out", "cut", "--jobs", "2", "--runs", "100000")
    run = started(*words, cwd=place)
    rows = place / "cut" / "table" / "runs.bin"
    end = time.monotonic() + 90
    while (not rows.exists() or rows.stat().st_size < 4000) and time.monotonic() < end:
        time.sleep(0.1)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Traceback" not in said
    assert "go on from them with" in said
    assert rows.stat().st_size >= 4000
