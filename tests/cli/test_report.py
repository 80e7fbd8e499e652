"""`simflow report`: what it writes, and what it says when it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Simflow


@pytest.fixture
def run_folder(simflow: Simflow, mini: Path, tmp_path: Path) -> Path:
    """A finished run."""
    done = simflow("run", mini, "--reps", "3", "--jobs", "1", "--out", "results")
    assert done.returncode == 0, done.stderr
    return tmp_path / "results"


def test_a_run(simflow: Simflow, run_folder: Path) -> None:
    done = simflow("report", run_folder, "--lang", "fi", "--pdf")
    assert done.returncode == 0, done.stderr
    names = ("report.html", "report.pdf", "report-annex.pdf")
    assert done.stdout.split() == [str(run_folder / name) for name in names]
    page = (run_folder / "report.html").read_text(encoding="utf-8")
    assert '<html lang="fi">' in page
    assert (run_folder / "report.pdf").read_bytes().startswith(b"%PDF")


def test_another_place_and_quiet(simflow: Simflow, run_folder: Path, tmp_path: Path) -> None:
    done = simflow("report", run_folder, "--out", "elsewhere/deep", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "elsewhere" / "deep" / "report.html").exists()
    assert not (run_folder / "report.html").exists()


@pytest.mark.parametrize("name", ["nowhere", "mini.yaml", "."])
def test_not_a_run(simflow: Simflow, mini: Path, name: str) -> None:
    done = simflow("report", name)
    assert done.returncode == 2
    assert "does not hold the results of a finished run" in done.stderr
    assert done.stdout == ""


def test_an_unfinished_run(simflow: Simflow, run_folder: Path) -> None:
    (run_folder / "measures.csv").write_text("measure,unit\n", encoding="utf-8")
    done = simflow("report", run_folder)
    assert done.returncode == 2 and "does not hold" in done.stderr


def test_a_place_that_cannot_be_written(simflow: Simflow, run_folder: Path, mini: Path) -> None:
    done = simflow("report", run_folder, "--out", mini / "inside")
    assert done.returncode == 2
    assert "the report cannot be written" in done.stderr and "--out" in done.stderr


def test_a_comparison_now_or_later(simflow: Simflow, mini: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.yaml"
    more.write_text(
        "extends: mini.yaml\nsource: made up\nservices: {desk: {places: 3}}\n", encoding="utf-8"
    )
    done = simflow("compare", mini, more, "--reps", "4", "--jobs", "1", "--report", "--pdf",
                   "--lang", "fi", "--out", "both")  # fmt: skip
    assert done.returncode == 0, done.stderr
    later = simflow("report", "both", "--pdf", "--lang", "fi", "--out", "later")
    assert later.returncode == 0, later.stderr
    for name in ("report.html", "report.pdf"):
        now = (tmp_path / "both" / name).read_bytes()
        assert now == (tmp_path / "later" / name).read_bytes()
