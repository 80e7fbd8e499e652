"""`simflow compare` as a user meets it: tables, files, bad input, a stop and going on."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import jsonschema
import openpyxl
import pytest

from simflow.results import read_any
from tests.cli.comparing import JUDGED, MORE, NO_ROLES, NOBODY, PRINTED, rows, write_files
from tests.cli.conftest import MINI, Simflow, started


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A base with goals and two alternatives, in a folder of their own."""
    return write_files(tmp_path)


def test_table_json_csv_markdown_and_excel_say_the_same(simflow: Simflow, files: Path) -> None:
    words = ("compare", "mini.yaml", "more.yaml", "slow.yaml", "--reps", "12", "--quiet")
    shown = simflow(*words, "--out", "a", "--excel", "book.xlsx", COLUMNS="130")
    assert (shown.returncode, shown.stderr) == (0, "")
    slow = shown.stdout[shown.stdout.index("\nSlow: a loss") :].splitlines()
    assert slow[2].startswith("People who begin work") and slow[2].endswith("worse")
    assert "=2+2 places: cannot be told yet: more runs would tell" in shown.stdout
    assert "12 replications of the file's own numbers" in shown.stdout

    printed = json.loads(simflow(*words, "--out", "b", "--json").stdout)
    jsonschema.validate(printed, PRINTED)
    assert list(printed["alternatives"]) == ["more", "slow"]
    assert (printed["numbers"], printed["recommended"]) == ("point", [])
    other = printed["alternatives"]["slow"]
    assert (other["class"], other["recommended"], other["reason"]) == ("loss", False, None)
    assert (other["replications"], other["draws"]) == (12, 0)
    begun = other["measures"]["outcome.begun"]
    assert begun["class"] == "worse" and begun["ci"][1] < -3
    assert begun["B"] == {"value": 0, "low": 0, "high": 0}
    assert begun["H"] == {"value": 1, "low": 1, "high": 1}
    assert begun["expected_loss"] == pytest.approx(-begun["difference"])

    table = rows(simflow(*words, "--out", "c", "--csv").stdout)
    assert [row["measure"] for row in table] == ["outcome.begun", "outcome.without_result"] * 2
    assert float(table[2]["difference"]) == begun["difference"]
    ends = ("benefit", "benefit_low", "benefit_high", "harm", "harm_low", "harm_high")
    assert [float(table[2][end]) for end in ends] == [0, 0, 0, 1, 1, 1]
    assert (table[2]["role"], table[2]["class"]) == ("primary", "worse")
    everything = rows((files / "a" / "differences.csv").read_text(encoding="utf-8"))
    assert table[2] in everything and len(everything) > 60

    text = simflow(*words, "--out", "d", "--markdown", "--lang", "fi").stdout
    assert "| Mittari | Lähtökohta | Vaihtoehto | Ero (95 %:n lv) | Hyöty | Haitta |" in text
    assert "### Slow: menetys" in text and "huonompi |" in text

    book = openpyxl.load_workbook(files / "book.xlsx")
    assert book.sheetnames == ["Goals", "All measures", "Changes", "About"]
    sheet = book["Goals"]
    assert sheet.freeze_panes == "C2"
    cells = {row[19].value: row for row in sheet.iter_rows(min_row=4)}
    row = cells["outcome.begun"]
    assert row[5].value == pytest.approx(begun["difference"])
    assert row[5].data_type == "n"
    assert row[8].value == "worse"
    heads = [cell.value for cell in sheet[1]]
    assert (heads[11], heads[14], heads[17]) == ("Benefit", "Harm", "Expected loss")
    assert [cell.value for cell in row[11:17]] == [0, 0, 0, 1, 1, 1]
    assert row[17].value == pytest.approx(begun["expected_loss"])
    title = sheet["A2"]
    assert (title.value, title.data_type, title.quotePrefix) == ("=2+2 places", "s", True)


def test_csv_texts_are_no_formulas(simflow: Simflow, files: Path) -> None:
    evil = JUDGED.replace("name: mini", 'name: "=cmd()"')
    (files / "evil.yaml").write_text(
        evil.replace("done: {kind: work}", 'done: {label: "@x", kind: work}'), encoding="utf-8"
    )
    done = simflow("compare", "mini.yaml", "evil.yaml", "--reps", "2", "--csv", "--out", "a")
    assert done.returncode == 0
    assert {row["alternative"] for row in rows(done.stdout)} == {"'=cmd()"}
    assert "does not extend" in str(read_any(files / "a").comparison.notes)  # type: ignore[union-attr]
    ran = simflow("run", "evil.yaml", "--reps", "2", "--out", "b")
    assert ran.returncode == 0
    text = (files / "b" / "measures.csv").read_text(encoding="utf-8")
    assert ",'@x: exits," in text and ",@x" not in text
    back = read_any(files / "b").results
    assert any(measure.label.en.startswith("@x") for measure in back.measures)


def test_any_number_of_processes_gives_the_same_bytes(simflow: Simflow, files: Path) -> None:
    for jobs in ("1", "2"):
        done = simflow("compare", "mini.yaml", "more.yaml", "slow.yaml", "--reps", "8",
                       "--jobs", jobs, "--out", jobs)  # fmt: skip
        assert done.returncode == 0, done.stderr
    same = [
        "differences.csv",
        "changes.csv",
        "runs/mini/replications.csv",
        "runs/more/outcomes.csv",
        "runs/slow/measures.csv",
        "runs/more/sources.csv",
    ]
    for name in same:
        assert (files / "1" / name).read_bytes() == (files / "2" / name).read_bytes(), name
    assert not (files / "1" / "charts").exists(), "charts are drawn when they are asked for"


def test_a_saved_comparison_reads_back(simflow: Simflow, files: Path) -> None:
    words = ("compare", "mini.yaml", "more.yaml", "slow.yaml", "--precision", "matters")
    done = simflow(*words, "--out", "a", "--json")
    assert done.returncode == 0, done.stderr
    view = read_any(files / "a")
    found = view.comparison
    assert found is not None and found.precision is not None and found.precision.size is None
    printed = json.loads(done.stdout)
    assert found.replications == printed["replications"] > 10
    begun = found.difference("slow", "outcome.begun")
    said = printed["alternatives"]["slow"]
    assert begun.mean == said["measures"]["outcome.begun"]["difference"]
    verdict = found.verdict("slow")
    assert verdict is not None and verdict.kind == said["class"] == "loss"
    assert verdict.primary.harm.low == said["measures"]["outcome.begun"]["H"]["low"]
    assert found.changes[0][0].sentence.en == "desk, places: 2 → 4"
    assert [scenario.name for scenario in found.scenarios] == ["mini", "more", "slow"]
    rate = next(row for row in view.sources if row.path == "channels.door.rate")
    assert rate.value == "100 per year" and rate.source.startswith("assumption")
    assert (rate.file, rate.line) == ("mini.yaml", 6)
    assert view.manifest["scenarios"][0]["name"] == "mini"
    alone = read_any(files / "a" / "runs" / "slow")
    assert alone.comparison is None and alone.scenario.name == "slow"


def test_a_precision_that_is_missed_ends_with_4(simflow: Simflow, files: Path) -> None:
    done = simflow("compare", "mini.yaml", "slow.yaml", "--precision", "0.01", "--cap", "10",
                   "--out", "a")  # fmt: skip
    assert done.returncode == 4
    said = " ".join(done.stderr.split())
    assert "After 10 replications a precision of 0.01 is not reached by" in said
    assert "outcome.begun: slow" in said
    assert (files / "a").is_dir()
    ran = simflow("run", "mini.yaml", "--precision", "0.01", "--cap", "10", "--out", "b")
    assert ran.returncode == 4 and "precision of 0.01 is not reached by" in ran.stderr
    assert simflow("run", "mini.yaml", "--precision", "50", "--out", "c").returncode == 0


def test_patterns_base_and_repetitions(simflow: Simflow, files: Path) -> None:
    """`*.yaml` holds the base as well; a file may come twice; both are said, and harmless."""
    done = simflow("compare", "mini.yaml", "*.yaml", "more.yaml", "--reps", "2", "--out", "a")
    assert done.returncode == 0, done.stderr
    assert "mini.yaml: is the base itself" in done.stderr
    assert done.stderr.count("more.yaml: was given already") == 1
    assert [p.name for p in sorted((files / "a" / "runs").iterdir())] == ["mini", "more", "slow"]


def test_one_replication_says_that_there_is_no_interval(simflow: Simflow, files: Path) -> None:
    done = simflow("compare", "mini.yaml", "more.yaml", "--reps", "1", "--out", "a", COLUMNS="110")
    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    assert "One replication: a difference, but no confidence interval and no verdict" in said
    assert "nan" not in done.stdout.lower()


def test_nobody_starts(simflow: Simflow, files: Path) -> None:
    (files / "nobody.yaml").write_text(NOBODY, encoding="utf-8")
    words = ("compare", "mini.yaml", "nobody.yaml", "--reps", "3", "--all", "--lang", "fi")
    done = simflow(*words, "--out", "a", "--excel", "book.xlsx")
    assert done.returncode == 0, done.stderr
    assert "nan" not in done.stdout.lower() and "None" not in done.stdout
    assert "ei tiedossa" not in done.stdout.split("Tulos")[0]
    whole = (files / "a" / "differences.csv").read_text(encoding="utf-8")
    assert "nan" not in whole.lower()


def test_other_horizon_and_missing_measures_are_said(simflow: Simflow, files: Path) -> None:
    later = MINI.replace("name: mini", "name: later").replace("2014", "2015")
    (files / "later.yaml").write_text(later.replace("done", "left"), encoding="utf-8")
    done = simflow("compare", "mini.yaml", "later.yaml", "--reps", "2", "--out", "a")
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert "covers 1 Jan 2015 – 31 Dec 2015, the base 1 Jan 2014 – 31 Dec 2014" in said
    assert "does not extend" in said
    assert "is not judged by what it does not measure" in said


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["mini.yaml"], 2, "Missing argument"),
        (["mini.yaml", "mini.yaml"], 2, "nothing to compare"),
        (["mini.yaml", "twin.yaml", "more.yaml"], 2, 'different scenarios with one name, "more"'),
        (["mini.yaml", "more.yaml", "--measure", "exits.dome"], 3, "one of exits.done"),
        (["mini.yaml", "more.yaml", "--measure", "wait"], 3, '"wait" fits'),
        (["mini.yaml", "more.yaml", "--precision", "much"], 2, 'or "matters"'),
        (["mini.yaml", "more.yaml", "--precision", "2,5"], 2, "decimal point"),
        (["mini.yaml", "more.yaml", "--precision", "1", "--reps", "3"], 2, "exclude each other"),
        (["mini.yaml", "more.yaml", "--cap", "10", "--reps", "3"], 2, "--reps says how many"),
        (["mini.yaml", "more.yaml", "--cap", "9"], 2, "--cap"),
        (["mini.yaml", "more.yaml", "--point", "--posterior", "p.csv"], 2, "--point exclude each"),
        (["mini.yaml", "more.yaml", "--force"], 2, "--force goes with a posterior"),
        (["mini.yaml", "more.yaml", "--point", "--force"], 2, "--force goes with a posterior"),
        (["mini.yaml", "more.yaml", "--posterior", "none.csv"], 2, "there is no such file"),
        (["plain.yaml", "more.yaml", "--cap", "20"], 2, "the base's goals have no roles"),
        (["mini.yaml", "more.yaml", "--json", "--csv"], 2, "exclude each other"),
        (["mini.yaml", "more.yaml", "--excel", "x.xls"], 2, "ends in .xlsx"),
        (["mini.yaml", "more.yaml", "--excel", "no/x.xlsx"], 2, "there is no folder"),
        (["mini.yaml", "gone.yaml", "bad.yaml"], 3, "gone.yaml"),
        (["mini.yaml", "gone.yaml", "bad.yaml"], 3, "bad.yaml"),
        (["mini.yaml", "more.yaml", "--set", "services.desk.place=3"], 3, "place"),
    ],
)
def test_bad_input_is_said_before_anything_runs(
    simflow: Simflow, files: Path, arguments: list[str], code: int, said: str
) -> None:
    (files / "twin.yaml").write_text(
        "name: more\n" + MORE.replace("places: 4", "places: 5"), encoding="utf-8"
    )
    (files / "plain.yaml").write_text(MINI.replace("mini", "plain") + NO_ROLES, encoding="utf-8")
    (files / "bad.yaml").write_text("extends: mini.yaml\nhorizon: {end: never}\n")
    done = simflow("compare", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in " ".join(done.stderr.split())
    assert not (files / "outputs").exists()


def test_a_base_without_goals_is_compared_by_its_key_measures(
    simflow: Simflow, files: Path
) -> None:
    (files / "mini.yaml").write_text(MINI, encoding="utf-8")
    done = simflow("compare", "mini.yaml", "slow.yaml", "--reps", "5", "--out", "a", COLUMNS="100")
    assert done.returncode == 0
    assert "has no goals" in done.stdout
    assert "Relationships started" in done.stdout
    refused = simflow("compare", "mini.yaml", "slow.yaml", "--precision", "matters", "--out", "b")
    assert refused.returncode == 2
    assert "no smallest difference that matters" in refused.stderr


def test_ctrl_c_keeps_replications_and_the_comparison_goes_on(
    simflow: Simflow, files: Path
) -> None:
    words = ("compare", "mini.yaml", "more.yaml", "slow.yaml", "--out", "here", "--jobs", "2")
    run = started(*words, "--reps", "100000", cwd=files)
    last = files / "here.partial" / "runs" / "slow.partial" / "replications.csv"
    for _ in range(600):
        if last.exists() and len(last.read_text().splitlines()) > 3:
            break
        time.sleep(0.1)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130 and "Traceback" not in said
    assert "simflow compare mini.yaml more.yaml slow.yaml" in said and "--out here" in said
    assert not (files / "here").exists()
    kept = last.read_text().splitlines()
    count = len(kept) + 1
    other = simflow(*words, "--reps", str(count), "--seed", "2")
    assert other.returncode == 2 and "interrupted comparison of other" in other.stderr
    assert simflow(*words, "--reps", str(count)).returncode == 0
    whole = (files / "here" / "runs" / "slow" / "replications.csv").read_text().splitlines()
    assert whole[: len(kept)] == kept and len(whole) == count + 1
    fresh = simflow(*words[:4], "--out", "fresh", "--reps", str(count))
    assert fresh.returncode == 0
    for name in ("differences.csv", "runs/mini/replications.csv", "runs/slow/outcomes.csv"):
        assert (files / "here" / name).read_bytes() == (files / "fresh" / name).read_bytes()
