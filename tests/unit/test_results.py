"""The run folder: whole or not there, and nothing lost when a run is stopped."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest

from simflow.errors import OutputError, UsageError
from simflow.experiment import Interrupted, Results, run
from simflow.results import RunFolder, read
from simflow.scenario import Loaded
from tests.helpers import load_tree
from tests.unit.test_measures import TREE


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    """A small scenario."""
    return load_tree({**TREE, "published": {"clients.started": {"value": 30}}})


def saved(
    path: Path, loaded: Loaded, count: int = 4, keep_log: bool = False, stop: int = 0
) -> Results:
    """Run into a folder; `stop` presses Ctrl-C after so many new replications."""
    folder = RunFolder(path, loaded, 1, keep_log)
    first = len(folder.done)

    def progress(done: int, foreseen: int) -> None:
        if stop and done - first == stop:
            raise KeyboardInterrupt

    results = run(
        loaded, replications=count, keep_log=keep_log, store=folder, start_from=folder.done,
        on_progress=progress,
    )  # fmt: skip
    folder.finish(results)
    return results


def test_written_and_read_back(tmp_path: Path, loaded: Loaded) -> None:
    """All that a run is, comes back; the partial folder is gone."""
    results = saved(tmp_path / "run", loaded)
    back = read(tmp_path / "run")
    assert back.values.tobytes() == results.values.tobytes()
    assert back.measures == results.measures
    assert back.summary() == results.summary()
    assert [entry.name for entry in tmp_path.iterdir()] == ["run"]
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert manifest["complete"] is True
    assert manifest["seed"] == 1
    assert manifest["hash"] == loaded.hash
    assert manifest["resolved"]["services"]["bed"]["places"] == 2


@pytest.mark.parametrize("keep_log", [False, True])
def test_interrupted_then_resumed_is_as_uninterrupted(
    tmp_path: Path, loaded: Loaded, keep_log: bool
) -> None:
    """Stopped twice and torn in mid-line, the run ends with the same bytes."""
    saved(tmp_path / "whole", loaded, 6, keep_log)
    path = tmp_path / "torn"
    for _ in range(2):
        with pytest.raises(Interrupted):
            saved(path, loaded, 6, keep_log, stop=2)
        assert not path.exists()
        with (tmp_path / "torn.partial" / "replications.csv").open("a") as file:
            file.write("9,1.5,2")  # killed while writing
    saved(path, loaded, 6, keep_log)
    names = ["replications.csv", "measures.csv"] + ["log/visits.parquet"] * keep_log
    for name in names:
        assert (path / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
    assert not (path / "parts").exists()


def test_log_says_names_and_events(tmp_path: Path, loaded: Loaded) -> None:
    """Parquet holds names; the events have vidigi's columns and are in order of time."""
    results = saved(tmp_path / "run", loaded, 2, keep_log=True)
    visits = pq.read_table(tmp_path / "run" / "log" / "visits.parquet").to_pydict()
    assert set(visits["service"]) == {"bed"}
    assert set(visits["replication"]) == {0, 1}
    assert "completed" in visits["outcome"]
    events = pc.read_csv(tmp_path / "run" / "log" / "events.csv")
    assert events.column_names == [
        "entity_id", "event_type", "event", "time", "pathway", "run_number", "resource_id",
    ]  # fmt: skip
    first = events.to_pandas().query("run_number == 0")
    assert (np.diff(first["time"]) >= 0).all()
    started = results.column("clients.referred")[0]
    assert (first["event"].eq("arrival") & first["time"].ge(10)).sum() == started


def test_occupied_folder_is_left_alone(tmp_path: Path, loaded: Loaded) -> None:
    """A folder with something in it, or another run's rest, is refused."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        RunFolder(tmp_path / "run", loaded, 1)
    RunFolder(tmp_path / "other", loaded, 1)
    with pytest.raises(OutputError, match="another scenario, seed or version"):
        RunFolder(tmp_path / "other", loaded, 2)


def test_unwritable_place(tmp_path: Path, loaded: Loaded) -> None:
    """A file where a folder should be: one message with the place and the remedy."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"file/run: cannot be written to .*--out"):
        RunFolder(tmp_path / "file" / "run", loaded, 1)


@pytest.mark.parametrize("moment", ["add", "finish"])
def test_full_disk_leaves_nothing_that_looks_whole(
    tmp_path: Path, loaded: Loaded, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """The message names the folder; the run can go on later."""
    folder = RunFolder(tmp_path / "run", loaded, 1)
    real, full = Path.open, OSError(errno.ENOSPC, "No space left on device")
    if moment == "finish":
        results = run(loaded, replications=2, store=folder)

    def no_space(self: Path, mode: str = "r", *rest: object, **more: object) -> object:
        if ("w" in mode or "a" in mode) and "run.partial" in str(self):
            raise full
        return real(self, mode, *rest, **more)  # type: ignore[call-overload]

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", no_space)
        with pytest.raises(OutputError, match=r"run: cannot be written to \(No space left"):
            if moment == "add":
                run(loaded, replications=2, store=folder)
            else:
                folder.finish(results)
    assert not (tmp_path / "run").exists()
    saved(tmp_path / "run", loaded, 2)
    assert read(tmp_path / "run").replications == 2


def test_reading_what_is_not_a_run(tmp_path: Path) -> None:
    """One message, no traceback of another kind."""
    with pytest.raises(UsageError, match="does not hold"):
        read(tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        lambda lines: [*lines[:2], *lines[3:]],
        lambda lines: lines[:-1],
        lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
        lambda lines: [lines[0].replace(",", ",x", 1), *lines[1:]],
        lambda lines: [*lines[:-1], lines[-1][:40] + "\n"],
        lambda lines: [],
    ],
    ids=["missing", "short", "order", "column", "half", "empty"],
)
def test_changed_replications_are_refused(
    tmp_path: Path, loaded: Loaded, damage: Callable[[list[str]], list[str]]
) -> None:
    """Else the pairs of a comparison would be of unlike replications."""
    saved(tmp_path / "run", loaded, 4)
    file = tmp_path / "run" / "replications.csv"
    file.write_text("".join(damage(file.read_text().splitlines(keepends=True))))
    with pytest.raises(UsageError, match=r"does not hold .* as simflow wrote them"):
        read(tmp_path / "run")


def test_damaged_rest_of_a_run_is_refused(tmp_path: Path, loaded: Loaded) -> None:
    folder = RunFolder(tmp_path / "run", loaded, 1)
    with (folder.partial / "replications.csv").open("a") as file:
        file.write("0,abc\n")
    with pytest.raises(OutputError, match=r"is not as simflow wrote it .*; remove"):
        RunFolder(tmp_path / "run", loaded, 1)
