"""The command line as a user meets it: a process with stdout, stderr and an exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

MINI = """\
simflow: 1
name: mini
source: "assumption: a made-up office, for tests"
horizon: {start: 2014-01-01, end: 2014-12-31}
channels:
  door: {kind: rate, rate: 100 per year, to: desk}
services:
  desk:
    kind: placement
    places: 2
    duration: {dist: exponential, mean: 5 days}
    then: {done: rest}
exits:
  done: {kind: work}
published:
  exits.done: {value: 90}
key_measures: [clients.started, caseload.end]
"""

Simflow = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(**extra: str) -> dict[str, str]:
    """The environment of a child: this one's, without what would change the output."""
    kept = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR")}
    return kept | {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1"} | extra


def command(*arguments: str | Path) -> list[str]:
    """The words that start simflow."""
    return [sys.executable, "-m", "simflow.cli", *map(str, arguments)]


def started(*arguments: str, cwd: Path) -> subprocess.Popen[str]:
    """A run under way, in a process group of its own, that Ctrl-C can stop.

    What a shell starts in the background ignores Ctrl-C, and so would its children.
    """
    return subprocess.Popen(
        command(*arguments), cwd=cwd, env=environment(), text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    """A small scenario file in a folder of its own."""
    path = tmp_path / "mini.yaml"
    path.write_text(MINI, encoding="utf-8")
    return path


@pytest.fixture
def simflow(tmp_path: Path) -> Simflow:
    """Run simflow in a folder of its own; a traceback on stderr is always wrong."""

    def call(*arguments: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command(*arguments), cwd=tmp_path, env=environment(**env), text=True,
            capture_output=True, timeout=120, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return call
