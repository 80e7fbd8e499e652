"""The folder of a comparison: whole or not there, gone on with after a stop, and read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simflow.errors import OutputError, UsageError
from simflow.experiment import Comparison, Interrupted, compare
from simflow.experiment.cells import guarded, unguarded
from simflow.results import ComparisonFolder, RunFolder, read_any
from simflow.scenario import Loaded
from tests.unit.test_comparison import variant


@pytest.fixture(scope="module")
def scenarios() -> tuple[Loaded, ...]:
    """A base and two alternatives; the names of two differ by case only."""
    evil = "=1+1"
    return variant("Base"), variant("more", 4, title=evil), variant("base", 1)


def saved(path: Path, scenarios: tuple[Loaded, ...], stop: int = 0) -> Comparison:
    """Compare into a folder; `stop` presses Ctrl-C after so many new replications."""
    folder = ComparisonFolder(path, scenarios, 1)
    first = sum(map(len, folder.done))

    def progress(done: int, foreseen: int) -> None:
        if stop and done - first == stop:
            raise KeyboardInterrupt

    found = compare(
        scenarios[0], scenarios[1:], replications=4, start_from=folder.done,
        stores=folder.stores, on_progress=progress,
    )  # fmt: skip
    folder.finish(found)
    return found


def test_written_and_read_back(tmp_path: Path, scenarios: tuple[Loaded, ...]) -> None:
    found = saved(tmp_path / "all", scenarios)
    assert [entry.name for entry in tmp_path.iterdir()] == ["all"]
    view = read_any(tmp_path / "all")
    back = view.comparison
    assert back is not None
    assert back.scenarios == found.scenarios
    assert back.changes == found.changes
    assert back.notes == found.notes
    for alternative in ("more", "base"):
        assert back.differences(alternative) == found.differences(alternative)
    names = {path.name for path in (tmp_path / "all" / "runs").iterdir()}
    assert names == {"Base", "more", "base-2"}, "one folder each where case does not count"
    assert view.scenario.name == "Base" and len(view.sources) > 5
    assert {row.source for row in view.sources} == {"made up"}


def test_stopped_twice_and_at_the_very_end(tmp_path: Path, scenarios: tuple[Loaded, ...]) -> None:
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    saved(whole, scenarios)
    for _ in range(2):
        with pytest.raises(Interrupted):
            saved(torn, scenarios, stop=3)
        assert not torn.exists()
    folder = ComparisonFolder(torn, scenarios, 1)
    assert [len(rows) for rows in folder.done] == [2, 2, 2]
    rest = compare(scenarios[0], scenarios[1:], replications=4, start_from=folder.done,
                   stores=folder.stores)  # fmt: skip

    def disk_full(place: Path) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder.finish(rest, disk_full)
    assert not torn.exists()
    saved(torn, scenarios)
    for name in ("differences.csv", "runs/base-2/replications.csv", "changes.csv"):
        assert (torn / name).read_bytes() == (whole / name).read_bytes()


def test_another_comparison_is_refused(tmp_path: Path, scenarios: tuple[Loaded, ...]) -> None:
    ComparisonFolder(tmp_path / "all", scenarios, 1)
    for others, seed in ((scenarios, 2), (scenarios[:2], 1)):
        with pytest.raises(OutputError, match="interrupted comparison of other scenarios"):
            ComparisonFolder(tmp_path / "all", others, seed)
    saved(tmp_path / "all", scenarios)
    with pytest.raises(OutputError, match="exists already"):
        ComparisonFolder(tmp_path / "all", scenarios, 1)


@pytest.mark.parametrize("lost", ["changes.csv", "runs/more/measures.csv", "manifest.json"])
def test_a_damaged_folder_is_said(tmp_path: Path, scenarios: tuple[Loaded, ...], lost: str) -> None:
    saved(tmp_path / "all", scenarios)
    (tmp_path / "all" / lost).unlink()
    with pytest.raises(UsageError, match="does not hold the results"):
        read_any(tmp_path / "all")


def test_a_manifest_of_nonsense(tmp_path: Path) -> None:
    for content in ("[]", "{}", '{"kind": "comparison"}', "nonsense", ""):
        (tmp_path / "manifest.json").write_text(content)
        with pytest.raises(UsageError, match="does not hold the results"):
            read_any(tmp_path)


def test_a_run_without_sources_reads_back(tmp_path: Path, scenarios: tuple[Loaded, ...]) -> None:
    """As one made before they were saved."""
    folder = RunFolder(tmp_path / "run", scenarios[0], 1)
    folder.finish(compare(scenarios[0], scenarios[1:], replications=2).base)
    assert len(read_any(tmp_path / "run").sources) > 5
    (tmp_path / "run" / "sources.csv").unlink()
    view = read_any(tmp_path / "run")
    assert (view.sources, view.comparison) == ((), None)
    assert view.manifest["hash"] == json.loads(
        (tmp_path / "run" / "manifest.json").read_text(encoding="utf-8")
    )["hash"]  # fmt: skip


@pytest.mark.parametrize("text", ["=1", "+x", "-x", "@x", "'=x", "'", "''", "plain", "", "\t=x"])
def test_guarded_texts_come_back(text: str) -> None:
    cell = guarded(text)
    assert unguarded(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t"))
