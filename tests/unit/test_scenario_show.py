"""What is shown of a scenario: its values, what differs, its schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from simflow.scenario import diff, json_schema, load, show, starter, words
from simflow.scenario.jsonschema import text
from simflow.scenario.values import Part

ROOT = Path(__file__).parents[2]
FILES = [*(ROOT / "simflow" / "scenario").glob("*.yaml"), *(ROOT / "scenarios").glob("*.yaml"),
         *(ROOT / "tests" / "theory" / "scenarios").glob("*.yaml")]  # fmt: skip


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return starter(tmp_path)


def test_rows(city: Path) -> None:
    rows = {row.path: row for row in show(load(city))}
    resolved = {
        "services.assessment.length": "1.5 hours",
        "services.assessment.notice": "7 days",
        "services.assessment.no_show": "15 %",
        "services.assessment.then.coaching": "60 %",
        "services.assessment.then.guidance": "rest",
        "staff.advisers.workers.ben.fte": "0.8 fte",
        "channels.te_office.rate": "0.394251 per day",
        "segments.far_from_work.change.services.coaching.dropout.share": "20 %",
        "regimes.more_places.change.services.coaching.places": "25",
        "horizon.start": "2025-01-01",
    }
    assert {path: rows[path].resolved for path in resolved} == resolved
    row = rows["channels.te_office.rate"]
    assert row.written == "12 per month"
    assert row.source == "assumption: about three a week"
    line = int(row.origin.rpartition(":")[2])
    assert "12 per month" in city.read_text(encoding="utf-8").splitlines()[line - 1]


def test_every_value_is_set_by_its_path(city: Path) -> None:
    loaded = load(city)
    for row in show(loaded):
        if row.written and not row.written.startswith(("[", "{")) and row.path != "name":
            again = load(city, [(row.path, json.dumps(row.written))
                                if ":" in row.written else (row.path, row.written)])  # fmt: skip
            assert again.hash == loaded.hash, row.path


def test_same_scenario_does_not_differ(city: Path) -> None:
    assert diff(load(city), load(city)) == []


def test_differences_in_words(city: Path) -> None:
    new = load(
        city,
        [
            ("services.coaching.places", "30"),
            ("services.coaching.then.employed", "30 %"),
            ("services.coaching.wait_limit", "2 weeks"),
            ("staff.advisers.workers.cia", "{fte: 1 fte}"),
        ],
    )
    assert [row.sentence for row in diff(load(city), new)] == [
        "Advisers, cia: new worker",
        "Coaching, places: 20 → 30",
        "Coaching, next step, Found work: 25 % → 30 %",
        "Coaching, wait limit: not set → 2 weeks",
    ]
    assert [row.sentence for row in diff(new, load(city), "fi")][:2] == [
        "Ohjaajat, cia: poistettu työntekijä",
        "Valmennus, paikkoja: 30 → 20",
    ]


def test_changes_of_groups_and_dates_in_words(city: Path) -> None:
    new = load(
        city,
        [
            ("segments.far_from_work.change.services.coaching.dropout.share", "12.5 %"),
            ("regimes.dear", "{from: 2025-03-01, change: {services: {coaching: {open: false}}}}"),
            ("services.coaching.patience", "{time: 3 weeks, to: guidance}"),
            ("services.coaching.price", "1 200 eur a month"),
            ("channels.te_office.months.jul", "1"),
            ("services.coaching.label.en", "Other words"),
        ],
    )
    assert [row.sentence for row in diff(load(city), new, "fi")] == [
        "Kaukana työelämästä, Valmennus, keskeyttäminen, osuus: 20\u00a0% → 12,5\u00a0%",
        "TE-toimisto, kuukausikerroin, heinä: 0,3 → 1",
        "Valmennus, hinta: 400\u00a0€/kuukausi → 1\u00a0200\u00a0€/kuukausi",
        "Valmennus, odottamisesta luopuminen, aika: ei asetettu → 3\u00a0viikkoa",
        "Valmennus, odottamisesta luopuminen, minne: ei asetettu → Ohjaus",
        "1.3.2025 alkaen, Valmennus, avoinna: ei",
    ]


def test_every_key_of_the_format_has_finnish_words() -> None:
    known = set(words._FI) | {"en", "fi"}
    assert _keys(Part) - known == set()


def _keys(part: type[Part]) -> set[str]:
    # Other formats are built of parts as well; `diff` is of scenarios.
    mine = [other for other in part.__subclasses__() if other.__module__.startswith("simflow.sc")]
    own = {info.alias or name for name, info in part.model_fields.items()}
    return own.union(*(_keys(other) for other in mine))


WRITTEN = {
    "4 % a month": "4\u00a0% kuukaudessa",
    "0.8 fte": "0,8\u00a0htv",
    "1 week": "1\u00a0viikko",
    "2.5 hours": "2,5\u00a0tuntia",
    "12 000 eur a course": "12\u00a0000\u00a0€/kurssi",
    "45 €/hour": "45\u00a0€/tunti",
    "20 per year": "20 vuodessa",
    "rest": "loput",
    "2014-08-31": "31.8.2014",
    "co_funded": "kunnan osuus",
    "anything else": "anything else",
}


@pytest.mark.parametrize("written", WRITTEN)
def test_values_in_finnish(written: str) -> None:
    assert words.value_in_words(written, {}, "fi") == WRITTEN[written]
    if written[0].isdigit() and "-" not in written:
        assert words.value_in_words(written, {}, "en") == written


def test_schema_in_step() -> None:
    assert (ROOT / "scenarios" / "scenario.schema.json").read_text(encoding="utf-8") == text()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_schema_takes_every_scenario(path: Path) -> None:
    schema = json_schema()
    Draft7Validator.check_schema(schema)
    tree = YAML(typ="safe", pure=True).load(path)
    tree = json.loads(json.dumps(tree, default=str))  # dates as text, as editors see them
    assert [error.message for error in Draft7Validator(schema).iter_errors(tree)] == []


def test_schema_refuses_unknown_keys() -> None:
    validator = Draft7Validator(json_schema())
    assert not validator.is_valid({"chanels": {}})
    assert not validator.is_valid({"services": {"a": {"kind": "placement", "plases": 3}}})
    assert not validator.is_valid({"services": {"a": {"kind": "placement", "places": "many"}}})
    assert validator.is_valid({"extends": "a.yaml", "services": {"a": {"places": {"value": 3,
                               "source": "law", "range": [1, 5]}}}})  # fmt: skip
