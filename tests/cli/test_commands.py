"""Every command: what it prints, and the exit code of each way to go wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from simflow.cli.common import say_warnings
from simflow.scenario import load
from tests.cli.comparing import FIGURE, PAIR
from tests.cli.conftest import MINI, Simflow

PRINTED = {
    "type": "object",
    "required": ["scenario", "seed", "replications", "measures"],
    "additionalProperties": False,
    "properties": {
        "scenario": {"type": "string"},
        "seed": {"type": "integer"},
        "replications": {"type": "integer"},
        "measures": {
            "type": "object",
            "minProperties": 5,
            "additionalProperties": {
                "type": "object",
                "required": ["unit", "mean", "ci", "percentiles", "n", "published"],
                "additionalProperties": False,
                "properties": {
                    "unit": {"type": "string"},
                    "mean": FIGURE,
                    "ci": PAIR,
                    "percentiles": {
                        "type": ["object", "null"],
                        "required": ["5", "50", "95"],
                        "additionalProperties": {"type": "number"},
                    },
                    "n": {"type": "integer"},
                    "published": FIGURE,
                },
            },
        },
    },
}


def test_help_and_version_are_quick_and_complete(simflow: Simflow) -> None:
    shown = simflow("--help")
    assert shown.returncode == 0
    for name in ("init", "check", "show", "diff", "run", "schema"):
        assert name in shown.stdout
        assert simflow(name, "--help").returncode == 0
    assert simflow("--version").stdout.startswith("simflow, version ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rum"], 'did you mean "run"'),
        (["run"], "Missing argument"),
        (["run", "mini.yaml", "--rep", "4"], "--reps"),
        (["run", "mini.yaml", "--reps", "0"], "--reps"),
        (["run", "mini.yaml", "--reps", "many"], "--reps"),
        (["run", "mini.yaml", "--precision", "5,5%"], "decimal point"),
        (["run", "mini.yaml", "--precision", "0%"], "write one like 5%"),
        (["run", "mini.yaml", "--precision", "5%", "--reps", "4"], "exclude each other"),
        (["run", "mini.yaml", "--cap", "20", "--reps", "4"], "exclude each other"),
        (["run", "mini.yaml", "--cap", "20"], "--cap limits --precision"),
        (["run", "mini.yaml", "--posterior", "--reps", "4"], 'a file has to come before "--reps"'),
        (["run", "mini.yaml", "--set", "rate"], "path=value"),
        (["run", "mini.yaml", "--lang", "sv"], "--lang"),
        (["check"], "Missing argument"),
    ],
)
def test_usage_errors_end_with_2(
    simflow: Simflow, mini: Path, arguments: list[str], said: str
) -> None:
    done = simflow(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.split())
    assert not (mini.parent / "outputs").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "nothing.yaml"], "nothing.yaml"),
        (["check", "nothing.yaml"], "nothing.yaml"),
        (["show", "."], "."),
        (["run", "mini.yaml", "--set", "services.desk.places=two"], "services.desk.places"),
        (["run", "mini.yaml", "--set", "servises.desk.places=2"], "servises"),
        (["run", "mini.yaml", "--measure", "clients.startd"], "clients.started"),
        (["diff", "mini.yaml", "nothing.yaml"], "nothing.yaml"),
    ],
)
def test_input_errors_end_with_3(
    simflow: Simflow, mini: Path, arguments: list[str], said: str
) -> None:
    done = simflow(*arguments)
    assert (done.returncode, done.stdout) == (3, "")
    assert said in done.stderr
    assert not (mini.parent / "outputs").exists()


def test_check_lists_every_error_of_every_file(simflow: Simflow, mini: Path) -> None:
    wrong = mini.with_name("wrong.yaml")
    wrong.write_text(MINI.replace("places: 2", "plases: 2").replace("to: desk", "to: desc"))
    done = simflow("check", "mini.yaml", "wrong.yaml")
    assert done.returncode == 3
    assert done.stdout == "mini.yaml: in order\n"
    assert "wrong.yaml:6:" in done.stderr or "wrong.yaml:10:" in done.stderr
    assert "plases" in done.stderr


def test_check_notes_what_is_doubtful_once_and_ends_well(simflow: Simflow, mini: Path) -> None:
    mini.write_text(MINI.replace("  done: {kind: work}", "  done: {kind: work}\n  donne: {}"))
    for name in ("one", "other"):
        mini.with_name(f"{name}.yaml").write_text("extends: mini.yaml\n")
    done = simflow("check", "one.yaml", "other.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    first, note, remedy, last = done.stdout.splitlines()
    assert (first, last) == ("one.yaml: in order", "other.yaml: in order")
    assert note.startswith('mini.yaml:15:10: note: exits.donne: very like "done"')
    assert remedy.startswith("    if they are one")


def test_check_tells_what_is_wrong_with_a_shared_parent_once(simflow: Simflow, mini: Path) -> None:
    mini.write_text(MINI.replace("places: 2", "plases: 2"))
    mini.with_name("one.yaml").write_text("extends: mini.yaml\n")
    done = simflow("check", "mini.yaml", "one.yaml")
    assert done.returncode == 3
    assert done.stderr.count('unknown key "plases"') == 1


def test_check_reads_a_calibration_file_as_one(simflow: Simflow, mini: Path) -> None:
    text = """\
scenario: mini.yaml
source: "assumption: a test"
targets: {exits.done: {value: 90, year: 2014, counts: persons, error: 5, why: a test}}
priors: {places: {path: services.desk.places, prior: {range: [1, 4]}, why: a test}}
"""
    file = mini.with_name("fit.yaml")
    file.write_text(text)
    done = simflow("check", "fit.yaml", "mini.yaml")
    assert (done.returncode, done.stdout) == (0, "fit.yaml: in order\nmini.yaml: in order\n")
    for words in (["show", "fit.yaml"], ["run", "fit.yaml"], ["diff", "mini.yaml", "fit.yaml"]):
        done = simflow(*words)
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr.startswith("fit.yaml: this is a calibration file, and no scenario\n")
    file.write_text(text.replace("exits.done", "exits.don").replace("desk", "desc"))
    done = simflow("check", "fit.yaml")
    assert done.returncode == 3
    assert 'fit.yaml:3:22: targets.exits.don: unknown measure "exits.don"' in done.stderr
    assert 'did you mean "desk"?' in done.stderr
    assert done.stderr.endswith("2 problems\n")


def test_warnings_are_said_on_stderr_unless_quiet(
    mini: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mini.write_text(MINI.replace("  done: {kind: work}", "  done: {kind: work}\n  donne: {}"))
    loaded = load(mini)
    say_warnings([loaded, loaded])
    out, err = capsys.readouterr()
    assert (out, err.count("note: exits.donne: very like")) == ("", 1)
    assert err.startswith(f"{mini}:15:10: note: ")
    say_warnings(loaded, quiet=True)
    assert capsys.readouterr().err == ""


def test_init_writes_a_scenario_that_checks_and_overwrites_nothing(
    simflow: Simflow, tmp_path: Path
) -> None:
    assert simflow("init", "city").returncode == 0
    (file,) = (tmp_path / "city").iterdir()
    assert simflow("check", file).returncode == 0
    before = file.read_bytes()
    again = simflow("init", "city")
    assert again.returncode == 2
    assert "there already" in again.stderr
    assert file.read_bytes() == before


def test_show_diff_and_schema(simflow: Simflow, mini: Path) -> None:
    shown = simflow("show", "mini.yaml")
    assert shown.returncode == 0
    assert "mini.yaml" in shown.stdout
    assert "places" in shown.stdout
    other = mini.with_name("other.yaml")
    other.write_text('extends: mini.yaml\nsource: "assumption: a test"\n'
                     "services: {desk: {places: 3}}\n")  # fmt: skip
    differs = simflow("diff", "mini.yaml", "other.yaml")
    assert differs.returncode == 0
    assert "3" in differs.stdout
    jsonschema.Draft7Validator.check_schema(json.loads(simflow("schema").stdout))


def test_run_prints_the_table_and_saves_the_folder(simflow: Simflow, mini: Path) -> None:
    done = simflow("run", "mini.yaml", "--reps", "4", "--out", "here")
    assert done.returncode == 0, done.stderr
    assert done.stderr == "Results are in here\n"
    assert "Key measures" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "\x1b" not in done.stdout
    manifest = json.loads((mini.parent / "here" / "manifest.json").read_text())
    assert manifest["complete"] is True
    assert not (mini.parent / "here" / "charts").exists(), "they are drawn when asked for"
    assert len((mini.parent / "here" / "replications.csv").read_text().splitlines()) == 5


def test_one_replication_shows_no_range_and_says_why_in_the_language(
    simflow: Simflow, mini: Path
) -> None:
    done = simflow("run", "mini.yaml", "--reps", "1", "--out", "once", "--lang", "fi")
    assert done.stderr == "Tulokset ovat kansiossa once\n"
    assert "Yksi toisto: siitä ei näe" in done.stdout
    assert not re.search(r"(\d+)–\1\b", done.stdout)


def test_the_default_folder_is_under_outputs(simflow: Simflow, mini: Path) -> None:
    assert simflow("run", "mini.yaml", "--reps", "2", "--quiet").stderr == ""
    (folder,) = (mini.parent / "outputs").iterdir()
    assert folder.name.startswith("mini-20")


@pytest.mark.parametrize("lang", ["en", "fi"])
def test_forty_columns(simflow: Simflow, mini: Path, lang: str) -> None:
    done = simflow("run", "mini.yaml", "--reps", "2", "--all", "--lang", lang, COLUMNS="40")
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 40


def test_json_has_the_stated_form_and_nothing_else(simflow: Simflow, mini: Path) -> None:
    done = simflow("run", "mini.yaml", "--reps", "3", "--seed", "7", "--json")
    printed = json.loads(done.stdout)
    jsonschema.validate(printed, PRINTED)
    assert (printed["scenario"], printed["seed"], printed["replications"]) == ("mini", 7, 3)
    assert printed["measures"]["exits.done"]["published"] == 90
    assert "NaN" not in done.stdout


def test_set_changes_the_run_and_jobs_do_not(simflow: Simflow, mini: Path) -> None:
    def figures(*more: str) -> str:
        return simflow("run", "mini.yaml", "--reps", "4", "--json", "--out", "x".join(more) + "o",
                       *more).stdout  # fmt: skip

    plain = figures("--jobs", "1")
    assert figures("--jobs", "2") == plain
    assert figures("--set", "channels.door.rate=300 per year") != plain


def test_precision_not_reached_ends_with_4_and_is_saved(simflow: Simflow, mini: Path) -> None:
    done = simflow("run", "mini.yaml", "--precision", "0.01%", "--cap", "10", "--out", "here")
    assert done.returncode == 4
    assert "clients.started" in done.stderr
    assert (mini.parent / "here" / "measures.csv").exists()


def test_measure_chooses_what_is_shown(simflow: Simflow, mini: Path) -> None:
    done = simflow("run", "mini.yaml", "--reps", "2", "--measure", "clients.referred")
    assert "Referred" in done.stdout
    assert "Caseload" not in done.stdout


def test_keep_log(simflow: Simflow, mini: Path) -> None:
    done = simflow("run", "mini.yaml", "--reps", "2", "--keep-log", "--out", "here")
    assert done.returncode == 0, done.stderr
    assert (mini.parent / "here" / "log" / "visits.parquet").exists()
