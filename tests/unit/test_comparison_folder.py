"""The folder of a comparison: whole or not there, gone on with after a stop, and read back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from simflow.errors import OutputError, UsageError
from simflow.experiment import Comparison, Interrupted, Posterior, compare
from simflow.experiment.cells import guarded, unguarded
from simflow.results import ComparisonFolder, RunFolder, read_any
from simflow.scenario import Loaded
from tests.unit.test_comparison_run import judged, posterior


@pytest.fixture(scope="module")
def scenarios() -> tuple[Loaded, ...]:
    """A base and two alternatives; the names of two differ by case only."""
    evil = "=1+1"
    return judged("Base"), judged("more", 4, title=evil), judged("base", 1)


def saved(
    path: Path, scenarios: tuple[Loaded, ...], stop: int = 0, *, count: int | None = 4,
    draws: Posterior | None = None, cap: int | None = None,
) -> Comparison:  # fmt: skip
    """Compare into a folder; `stop` presses Ctrl-C after so many new replications."""
    folder = ComparisonFolder(path, scenarios, 1, draws)
    first = sum(map(len, folder.done.values))

    def progress(done: int, foreseen: int) -> None:
        if stop and done - first == stop:
            raise KeyboardInterrupt

    found = compare(
        scenarios[0], scenarios[1:], replications=count, done=folder.done, draws=draws, cap=cap,
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
    assert back.verdicts == found.verdicts and len(back.verdicts) == 2
    for alternative in ("more", "base"):
        assert back.outcomes[alternative].tobytes() == found.outcomes[alternative].tobytes()
        assert back.differences(alternative) == found.differences(alternative)
    names = {path.name for path in (tmp_path / "all" / "runs").iterdir()}
    assert names == {"Base", "more", "base-2"}, "one folder each where case does not count"
    assert view.scenario.name == "Base" and len(view.sources) > 5
    assert {row.source for row in view.sources} == {"made up"}
    assert not (tmp_path / "all" / "runs" / "Base" / "outcomes.csv").exists()


def same(one: Path, other: Path) -> None:
    """Assert that two folders hold the same bytes where they say no time."""
    names = [path.relative_to(one) for path in one.rglob("*.csv")]
    assert {path.relative_to(other) for path in other.rglob("*.csv")} == set(names)
    assert {name.name for name in names} >= {"outcomes.csv", "differences.csv", "replications.csv"}
    for name in names:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def test_stopped_twice_and_at_the_very_end(tmp_path: Path, scenarios: tuple[Loaded, ...]) -> None:
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    saved(whole, scenarios)
    for _ in range(2):
        with pytest.raises(Interrupted):
            saved(torn, scenarios, stop=3)
        assert not torn.exists()
    folder = ComparisonFolder(torn, scenarios, 1)
    assert [len(rows) for rows in folder.done.values] == [2, 2, 2]
    assert [len(rows) for rows in folder.done.outcomes] == [0, 2, 2]
    rest = compare(scenarios[0], scenarios[1:], replications=4, done=folder.done,
                   stores=folder.stores)  # fmt: skip

    def disk_full(place: Path) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder.finish(rest, disk_full)
    assert not torn.exists()
    saved(torn, scenarios)
    same(torn, whole)


@pytest.mark.parametrize("drawn", [False, True])
def test_stopped_on_the_way_to_a_verdict(
    tmp_path: Path, scenarios: tuple[Loaded, ...], drawn: bool
) -> None:
    """The looks, their confidence and each alternative's end are as without the stop."""
    draws = posterior(scenarios[0], *np.linspace(0.9, 1.1, 7)) if drawn else None
    wanted = {"count": None, "cap": 50, "draws": draws}
    found = saved(tmp_path / "whole", scenarios, **wanted)  # type: ignore[arg-type]
    assert found.cap == 50
    counts = [results.replications for results in found.alternatives]
    assert counts == ([50, 50] if drawn else [40, 40])
    for stop in (7, 101):
        with pytest.raises(Interrupted):
            saved(tmp_path / "torn", scenarios, stop, **wanted)  # type: ignore[arg-type]
    again = saved(tmp_path / "torn", scenarios, **wanted)  # type: ignore[arg-type]
    same(tmp_path / "torn", tmp_path / "whole")
    assert again.confidence == found.confidence
    back = read_any(tmp_path / "torn").comparison
    assert back is not None
    assert (back.cap, back.each, back.point) == (50, 2 if drawn else 1, not drawn)
    assert back.confidence == found.confidence
    assert back.verdicts == found.verdicts


def half_line(text: str) -> str:
    """The text without the second half of its last line."""
    return text[: text.rstrip("\n").rindex("\n") + 10]


@pytest.mark.parametrize(
    ("name", "cut", "left"),
    [
        ("outcomes.csv", half_line, 1),
        ("outcomes.csv", lambda text: text + "9,1.0", 2),
        ("outcomes.csv", lambda text: text[: text.index("\n") + 1], 0),
        ("replications.csv", half_line, 1),
    ],
    ids=["outcomes", "more outcomes", "no outcomes", "replications"],
)
def test_killed_while_writing(
    tmp_path: Path, scenarios: tuple[Loaded, ...], name: str, cut: Callable[[str], str], left: int
) -> None:
    """What was half written is made again, and outcomes stay beside their own replication."""
    saved(tmp_path / "whole", scenarios)
    with pytest.raises(Interrupted):
        saved(tmp_path / "torn", scenarios, stop=6)
    file = tmp_path / "torn.partial" / "runs" / "more.partial" / name
    file.write_text(cut(file.read_text(encoding="utf-8")), encoding="utf-8")
    done = ComparisonFolder(tmp_path / "torn", scenarios, 1).done
    assert [len(rows) for rows in done.values] == [2, left, 2]
    assert [len(rows) for rows in done.outcomes] == [0, left, 2]
    saved(tmp_path / "torn", scenarios)
    same(tmp_path / "torn", tmp_path / "whole")


def test_nonsense_among_outcomes_is_refused(tmp_path: Path, scenarios: tuple[Loaded, ...]) -> None:
    with pytest.raises(Interrupted):
        saved(tmp_path / "torn", scenarios, stop=6)
    file = tmp_path / "torn.partial" / "runs" / "more.partial" / "outcomes.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("\n1,", "\n7,"), encoding="utf-8")
    with pytest.raises(OutputError, match="is not as simflow wrote it"):
        ComparisonFolder(tmp_path / "torn", scenarios, 1)


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
