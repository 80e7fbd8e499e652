"""`simflow measures`, the texts that stand for measures, and what the tab key offers."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import click
import pytest
from click.shell_completion import ShellComplete

from simflow.cli import group
from simflow.cli.common import measure_option
from simflow.cli.measures import columns
from simflow.errors import InputError
from simflow.experiment.names import resolve_measures
from simflow.measures import measures_of
from simflow.scenario import Loaded, load, starter
from tests.cli.conftest import Simflow


@pytest.fixture
def city(tmp_path: Path) -> Loaded:
    return load(starter(tmp_path))


def test_every_measure_is_listed_on_a_line_of_its_own(simflow: Simflow, mini: Path) -> None:
    done = simflow("measures", "mini.yaml")
    measures = measures_of(load(mini).scenario)
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == [m.name for m in measures]
    assert "clients.referred " in done.stdout
    assert done.stdout.splitlines()[0].endswith("  Referred")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["CASELOAD.START"], ["caseload.start"]),
        (["*.end"], ["caseload.end"]),
        (["asiakkaita alussa"], ["caseload.start"]),
        (["Caseload at the [es]*"], ["caseload.start", "caseload.end"]),
    ],
)
def test_a_pattern_chooses_by_name_and_label(
    simflow: Simflow, mini: Path, words: list[str], names: list[str]
) -> None:
    listed = json.loads(simflow("measures", "mini.yaml", *words, "--json").stdout)
    shown = [one["name"] for one in listed]
    assert [name for name in shown if ".month." not in name] == names


def test_json_and_csv_say_the_same_in_the_language(simflow: Simflow, mini: Path) -> None:
    words = ("measures", "mini.yaml", "occupancy", "--lang", "fi")
    listed = json.loads(simflow(*words, "--json").stdout)
    assert {"name": "occupancy.desk.full", "unit": "share",
            "label": "desk: täysinä päivinä"} in listed  # fmt: skip
    assert list(csv.DictReader(io.StringIO(simflow(*words, "--csv").stdout))) == listed
    both = simflow(*words, "--csv", "--json")
    assert (both.returncode, both.stdout) == (2, "")


def test_narrow_terminals_break_labels_and_never_names(simflow: Simflow, mini: Path) -> None:
    done = simflow("measures", "mini.yaml", COLUMNS="40")
    lines = done.stdout.splitlines()
    assert "occupancy.desk.mean" in lines
    assert max(len(line) for line in lines if line.startswith(" ")) <= 40
    rows = [("a.name", "clients", "A label of many words that has to go on below itself")]
    assert columns(rows, 45) == ["a.name  clients  A label of many words that",
                                 "                 has to go on below itself"]  # fmt: skip


def test_what_fits_nothing_ends_with_3_and_the_near_names(simflow: Simflow, mini: Path) -> None:
    done = simflow("measures", "mini.yaml", "caseload.strat")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith('mini.yaml: unknown measure "caseload.strat"\n')
    assert "caseload.start" in done.stderr
    assert "caseload" in simflow("measures", "mini.yaml", "caselaod*").stderr
    assert "simflow measures FILE" in simflow("measures", "mini.yaml", "qqqq").stderr
    assert simflow("measures", "nothing.yaml").returncode == 3


def test_the_file_may_be_left_out_where_the_baseline_is(simflow: Simflow, mini: Path) -> None:
    done = simflow("measures", "caseload.end")
    assert (done.returncode, done.stdout) == (2, "")
    assert "name a scenario file" in done.stderr
    (mini.parent / "scenarios").mkdir()
    mini.rename(mini.parent / "scenarios" / "espoo-2014.yaml")
    assert simflow("measures", "caseload.end").stdout.startswith("caseload.end  clients")
    assert simflow("measures", "a.yaml", "b", "c").returncode == 2


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ([], ()),
        (["exits.work", "exits.work"], ("exits.work",)),
        (["Exits.WORK"], ("exits.work",)),
        (["ended in work"], ("exits.work",)),  # a label; others begin with it
        (["Päättyneet työhön"], ("exits.work",)),
        (["time since last"], ("contact.since_last.mean",)),
        (["caseload.[se]*"], ("caseload.start", "caseload.end")),
        (["ASIAKKAITA *ALUSSA"], ("caseload.start",)),
        (["cost.net", "*since_last*"], ("cost.net", "contact.since_last.mean")),
    ],
)
def test_texts_that_stand_for_measures(
    city: Loaded, asked: list[str], names: tuple[str, ...]
) -> None:
    assert resolve_measures(city, asked) == names


def test_texts_that_stand_for_none_or_for_several(city: Loaded) -> None:
    with pytest.raises(InputError) as caught:
        resolve_measures(city, ["caseload.end", "exits.wrok", "asiakkaita", "Ended in"])
    none, several, few = caught.value.problems
    assert none.message == 'unknown measure "exits.wrok"'
    assert "exits.work" in none.expected
    assert several.message.startswith('"asiakkaita" fits ')
    assert "caseload.start, caseload.end, caseload.mean" in several.expected
    assert re.search(r" … \(\d\d in all\)$", several.expected)
    assert "exits.work_or_education" in few.expected
    assert '"*Ended in*"' in few.remedy
    assert f"fits {len(resolve_measures(city, ['*Ended in*']))} measures" in few.message


def completed(command: click.Command, words: list[str], begun: str) -> dict[str, Any]:
    shell = ShellComplete(command, {}, "simflow", "_SIMFLOW_COMPLETE")
    return {item.value: item.help for item in shell.get_completions(words, begun)}


def test_the_tab_key_offers_paths_of_the_scenario_named(city: Loaded) -> None:
    for words in (["run", city.path], ["compare", city.path, "other.yaml"], ["show", city.path]):
        offered = completed(group, [*words, "--set"], "services.coaching.p")
        assert offered == {"services.coaching.places=": "20",
                           "services.coaching.price=": "400 eur a month"}  # fmt: skip
    assert completed(group, ["run", "nothing.yaml", "--set"], "") == {}
    assert completed(group, ["run", "--set"], "") == {}


def test_the_tab_key_offers_measures_of_the_scenario_named(city: Loaded) -> None:
    @click.command()
    @click.argument("file")
    @measure_option("Measure to show.")
    def command(file: str, measures: tuple[str, ...]) -> None: ...

    assert completed(command, [city.path, "--measure"], "exits.work") == {
        "exits.work": "Ended in work",
        "exits.work_or_education": "Ended in work or education",
    }
    assert completed(command, [str(Path(city.path).parent), "--measure"], "") == {}


def test_replications_is_another_word_for_reps(simflow: Simflow, mini: Path) -> None:
    done = simflow("run", "mini.yaml", "--replications", "2", "--json", "--quiet")
    assert json.loads(done.stdout)["replications"] == 2
