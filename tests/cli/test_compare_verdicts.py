"""`simflow compare`: how long it runs, whose numbers it takes, and what it says without roles."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from simflow.cli.common import words_again
from simflow.experiment import Posterior
from simflow.experiment.posterior_file import write_posterior
from simflow.scenario import load
from simflow.scenario.identity import core
from tests.cli.comparing import JUDGED, NO_ROLES, PRINTED, SLOW, rows, write_files
from tests.cli.conftest import MINI, Simflow


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A base with goals and two alternatives, in a folder of their own."""
    return write_files(tmp_path)


def test_each_is_simulated_until_its_verdict_is_clear(simflow: Simflow, files: Path) -> None:
    """What is not worse may still be better: it goes on as long as more runs would tell."""
    words = ("compare", "mini.yaml", "more.yaml", "slow.yaml", "--jobs", "1", "--json")
    done = simflow(*words, "--cap", "60", "--out", "a")
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    jsonschema.validate(printed, PRINTED)
    more, slow = (printed["alternatives"][name] for name in ("more", "slow"))
    assert more["measures"]["outcome.begun"]["class"] == "not_worse"
    assert (more["class"], more["reason"]) == ("unclear", "runs")
    assert (slow["class"], slow["reason"]) == ("loss", None)
    assert (more["replications"], slow["replications"]) == (60, 40)
    assert (printed["replications"], printed["cap"], printed["precision"]) == (60, 60, None)
    assert len((files / "a" / "runs" / "slow" / "outcomes.csv").read_text().splitlines()) == 41
    table = simflow("compare", *words[1:6], "--cap", "60", "--out", "b", "--lang", "fi").stdout
    assert "40 – 60 toistoa, tiedoston omat luvut" in " ".join(table.split())


# ------------------------------------------------------------------------ whose numbers are used


def fitted(place: Path, name: str, *rates: float, base: str = "mini.yaml") -> Path:
    """A posterior file of how many come a year, fitted to a base."""
    loaded, paths = load(place / base), ("channels.door.rate",)
    draws = Posterior("", paths, np.array(rates)[:, None], base, core(loaded.tree, paths))
    write_posterior(place / name, draws, ["per year"], {})
    return place / name


@pytest.fixture
def own(files: Path) -> Path:
    """A base that names its posterior, in a folder below the one that simflow runs in."""
    place = files / "city"
    place.mkdir()
    (place / "mini.yaml").write_text(JUDGED + "posterior: own.csv\n", encoding="utf-8")
    (place / "slow.yaml").write_text(SLOW, encoding="utf-8")
    fitted(place, "own.csv", 0.0, 200.0)
    return place


def started_of(folder: Path, scenario: str) -> list[float]:
    """How many came in each replication."""
    text = (folder / "runs" / scenario / "replications.csv").read_text(encoding="utf-8")
    return [float(row["clients.referred"]) for row in rows(text)]


def test_the_base_s_own_posterior_is_used_unless_point_values_are_asked_for(
    simflow: Simflow, own: Path, files: Path
) -> None:
    words = ("compare", "city/mini.yaml", "city/slow.yaml", "--reps", "4", "--jobs", "1")
    done = simflow(*words, "--out", "a")
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert "4 replications of at most 2 draws of the posterior, 2 replications each" in said
    assert "slow" not in json.loads((files / "a" / "manifest.json").read_text())["confidence"]
    for scenario in ("mini", "slow"):
        came = started_of(files / "a", scenario)
        assert came[:2] == [0, 0] and min(came[2:]) > 100, "two of each draw"
        text = (files / "a" / "runs" / scenario / "draws.csv").read_text(encoding="utf-8")
        assert text.splitlines() == ["channels.door.rate", "0", "200"]
    printed = json.loads(simflow(*words, "--out", "b", "--json").stdout)
    jsonschema.validate(printed, PRINTED)
    assert (printed["numbers"], printed["replications_a_draw"]) == ("posterior", 2)
    assert printed["alternatives"]["slow"]["draws"] == 2

    point = simflow(*words, "--point", "--out", "c")
    assert "4 replications of the file's own numbers" in " ".join(point.stdout.split())
    assert 50 < min(started_of(files / "c", "mini")) < 150
    assert not (files / "c" / "runs" / "mini" / "draws.csv").exists()
    printed = json.loads(simflow(*words, "--point", "--out", "d", "--json").stdout)
    assert (printed["numbers"], printed["replications_a_draw"]) == ("point", 1)

    fitted(own, "other.csv", 300.0)
    other = simflow(*words, "--posterior", "city/other.csv", "--out", "e")
    assert other.returncode == 0, other.stderr
    assert min(started_of(files / "e", "slow")) > 200
    both = simflow(*words, "--posterior", "city/other.csv", "--point", "--out", "f")
    assert both.returncode == 2 and "--posterior and --point exclude each other" in both.stderr
    assert not (files / "f").exists() and not (files / "f.partial").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"point": True}, ["--point"]),
        ({"posterior": Path("p.csv")}, ["--posterior", "p.csv"]),
        ({"posterior": Path("p.csv"), "force": True}, ["--posterior", "p.csv", "--force"]),
        ({"cap": 50}, ["--cap=50"]),
        ({"reps": 4}, ["--reps=4"]),
        ({}, []),
    ],
)
def test_what_goes_on_is_the_same_comparison(given: dict[str, object], said: list[str]) -> None:
    """The command that is told after a stop takes the same numbers, as many of them."""
    plain = {"seed": 3, "precision": None, "reps": None, "cap": None, "sets": [],
             "posterior": None, "force": False, "point": False, "measures": ()}  # fmt: skip
    assert words_again(plain | given) == ["--seed", "3", *said]


def test_help_says_how_many_there_are_by_default(simflow: Simflow) -> None:
    said = " ".join(simflow("compare", "--help").stdout.split())
    assert "[default: 100; where goals have roles, as many as verdicts take]" in said
    assert "[default: 100]" in " ".join(simflow("run", "--help").stdout.split())


def test_a_posterior_of_another_scenario_needs_force(simflow: Simflow, own: Path) -> None:
    text = (own / "mini.yaml").read_text(encoding="utf-8")
    (own / "mini.yaml").write_text(text.replace("places: 2", "places: 3"), encoding="utf-8")
    words = ("compare", "city/mini.yaml", "city/slow.yaml", "--reps", "2", "--jobs", "1")
    done = simflow(*words, "--out", "a")
    assert done.returncode == 2 and "was fitted to another scenario" in done.stderr
    assert simflow(*words, "--force", "--out", "a").returncode == 0
    refused = simflow(*words, "--force", "--point", "--out", "b")
    assert refused.returncode == 2 and "--force goes with a posterior" in refused.stderr


def test_goals_without_roles_are_said_and_nothing_is_recommended(
    simflow: Simflow, files: Path
) -> None:
    (files / "mini.yaml").write_text(MINI + NO_ROLES, encoding="utf-8")
    words = ("compare", "mini.yaml", "slow.yaml", "--reps", "12", "--jobs", "1")
    shown = " ".join(simflow(*words, "--out", "a").stdout.split())
    assert "The goals of the base have no roles (primary, guard, money)" in shown
    assert "worse" not in shown and "loss" not in shown
    printed = json.loads(simflow(*words, "--out", "b", "--json").stdout)
    jsonschema.validate(printed, PRINTED)
    slow = printed["alternatives"]["slow"]
    assert (slow["class"], slow["recommended"], slow["draws"]) == (None, False, None)
    exits = slow["measures"]["exits.done"]
    assert (exits["class"], exits["B"], exits["H"], exits["matters"]) == (None, None, None, 3)
    assert exits["ci"][1] < 0
    for lang, said in (("en", "have no roles"), ("fi", "ei ole rooleja")):
        text = simflow(*words, "--out", lang, "--lang", lang, "--markdown").stdout
        assert said in text
    table = rows((files / "a" / "differences.csv").read_text(encoding="utf-8"))
    goals = [row for row in table if row["better"]]
    assert {(row["role"], row["class"], row["harm"]) for row in goals} == {("", "", "")}
