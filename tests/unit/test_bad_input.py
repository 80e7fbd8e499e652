"""Wrong scenario files: each gives the place, the text found and the remedy, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from simflow.errors import InputError, Problem
from simflow.scenario import load
from simflow.scenario.merge import placed

STARTER = files("simflow.scenario").joinpath("starter.yaml").read_text(encoding="utf-8")


def problems(path: Path, sets: tuple[tuple[str, str], ...] = ()) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        load(path, sets)
    assert caught.value.exit_code == 3
    return caught.value.problems


def changed(folder: Path, old: str, new: str) -> Path:
    """The starter with one text replaced."""
    assert old in STARTER
    path = folder / "city.yaml"
    path.write_text(STARTER.replace(old, new, 1), encoding="utf-8")
    return path


EXITS = "exits:\n"
RISKS = "during: [guidance, waiting]\n      leads_to: employed"
ASSESS = "{coaching: 60 %, guidance: rest}"
PRICE = "price: 400 eur a month"
SOME = "coaching: {dropout: {share: 20 %}}"

# What is written, in place of what; the path told; what is found; what to do.
CASES = {
    "unknown key": (
        "notice: 1 week", "notise: 1 week",
        "services.assessment.notise", 'unknown key "notise"', 'did you mean "notice"?'),
    "unknown section": (
        EXITS, "chanels: {}\nexits:\n", "chanels", 'unknown key "chanels"', "channels"),
    "unknown kind": (
        "kind: appointment", "kind: apointment",
        "services.assessment", 'unknown kind "apointment"', "appointment"),
    "no kind": (
        "    kind: appointment\n", "",
        "services.assessment", "`kind` is missing", "placement, appointment, course, guidance"),
    "unknown service in a route": (
        "{coaching: 100 %}", "{coching: 100 %}",
        "services.guidance.then.coching", '"coching"', 'did you mean "coaching"?'),
    "unknown service of a channel": (
        "to: assessment", "to: asessment",
        "channels.te_office.to", '"asessment"', 'did you mean "assessment"?'),
    "unknown pool": (
        "    staff: advisers\n    length", "    staff: advisors\n    length",
        "services.assessment.staff", '"advisors"', 'did you mean "advisers"?'),
    "unknown exit": (
        "leads_to: employed", "leads_to: emploed",
        "casework.risks.finds_work.leads_to", '"emploed"', 'did you mean "employed"?'),
    "unknown state": (
        RISKS, RISKS.replace("waiting", "waitin"),
        "casework.risks.finds_work.during.1", 'found "waitin"', "waiting"),
    "unknown month": (
        "{jul: 0.3}", "{july: 0.3}", "channels.te_office.months.july", '"july"', "jul"),
    "unknown distribution": (
        "dist: gamma", "dist: gama", "services.coaching.duration.dist", '"gama"', "gamma"),
    "too few parameters": (
        ", cv: 0.5}", "}", "services.coaching.duration", "gamma", "mean + cv or mean + shape"),
    "wrong unit": (
        "length: 90 min", "length: 90 places",
        "services.assessment.length", 'found "90 places"', "min or hours"),
    "unknown unit of time": (
        "notice: 1 week", "notice: 1 wek", "services.assessment.notice", '"1 wek"', "week"),
    "bare number": (
        "notice: 1 week", "notice: 7", "services.assessment.notice", 'found "7"', '"6 weeks"'),
    "decimal comma": (
        "notice: 1 week", "notice: 1,5 weeks",
        "services.assessment.notice", '"1,5 weeks"', "decimal point, not a comma"),
    "decimal comma in braces": (
        "notice: 1 week", "notice: {value: 1,5 weeks, source: assumption}",
        "services.assessment.notice", '"1,5 weeks"', "decimal point, not a comma"),
    "nothing given": (
        "length: 90 min", "length:", "services.assessment.length", "nothing is given", "45 min"),
    "negative share": (
        "no_show: 15 %", "no_show: -15 %",
        "services.assessment.no_show", 'found "-15 %"', "between 0 and 1"),
    "share above one": (
        "no_show: 15 %", "no_show: 1.5",
        "services.assessment.no_show", 'found "1.5"', "between 0 and 1"),
    "negative time": (
        "notice: 1 week", "notice: -1 week",
        "services.assessment.notice", '"-1 week"', "cannot be negative"),
    "shares that do not sum": (
        ASSESS, "{coaching: 60 %, guidance: 30 %}",
        "services.assessment.then", "sum to 0.9", "rest"),
    "two rests": (
        ASSESS, "{coaching: rest, guidance: rest}",
        "services.assessment.then", "coaching, guidance", "only one share"),
    "segments that do not sum": (
        "share: rest", "share: 30 %", "segments", "sum to 0.7", "rest"),
    "not a date": (
        "end: 2025-12-31", "end: 31.12.2025", "horizon.end", '"31.12.2025"', "2014-08-31"),
    "absence outside the horizon": (
        "from: 2025-07-01, until: 2025-07-31", "from: 2029-07-01, until: 2029-07-31",
        "staff.advisers.workers.ben.away.0", "2029-07-01", "2025-01-01 to 2026-12-31"),
    "regime outside the horizon": (
        "from: 2025-09-01", "from: 2035-09-01",
        "regimes.more_places.from", "2035-09-01", "2025-01-01 to 2026-12-31"),
    "zero-length horizon": (
        "end: 2025-12-31", "end: 2025-01-01", "horizon", "no length", "after 2025-01-01"),
    "reversed horizon": (
        "end: 2025-12-31", "end: 2024-01-01", "horizon", "2024-01-01", "before it starts"),
    "huge rate": (
        "value: 12 per month", "value: 1e8 per month",
        "channels.te_office.rate", "clients in one run", "at most 10,000,000"),
    "huge count": (
        "places: 20", "places: 99999999999",
        "services.coaching.places", "99999999999", "at most 1000000"),
    "huge time": (
        "notice: 1 week", "notice: 1e300 weeks",
        "services.assessment.notice", "1e300", "too large"),
    "longer than a thousand years": (
        "notice: 1 week", "notice: 2000 years",
        "services.assessment.notice", "2000 years", "longer than 1000 years"),
    "infinite": (
        "caseload_reference: 40", "caseload_reference: .inf",
        "casework.caseload_reference", '"inf"', "at most 10000"),
    "a part of a number": (
        "rebook: 1\n", "rebook: 1.5\n", "services.assessment.rebook", '"1.5"', "whole number"),
    "a list for a name": (
        "    staff: advisers\n    length", "    staff: [advisers]\n    length",
        "services.assessment.staff", "found a list", "a text"),
    "duplicate key": (
        "    kind: appointment\n", "    kind: appointment\n    kind: course\n",
        "services.assessment.kind", 'duplicate key "kind"', "stands on line"),
    "anchor": (
        "length: 90 min", "length: &long 90 min",
        "services.assessment.length", "anchors", "the value itself"),
    "no next step": (
        "    then: {coaching: 100 %}\n", "",
        "services.guidance.then", "`then` is missing", "shares of services and exits"),
    "nowhere after the last missed meeting": (
        "    lost: not_reached\n", "",
        "services.assessment.lost", "`lost` is missing", "the name of a service or exit"),
    "nothing left": (
        "  no_service_left: no_service\n", "",
        "relationship.no_service_left", "closed (coaching)", "an exit: employed"),
    "endless guidance": (
        "leads_to: next_step", "leads_to: left", "casework.risks", "guidance", "next_step"),
    "waiting room without a way on": (
        "places: 20\n", "places: 20\n    room: 3\n", "services.coaching.full", "`full`", "service"),
    "back outside a companion": (
        "{coaching: 100 %}", "{back: 100 %}", "services.guidance.then.back", '"back"', "coaching"),
    "service and exit of one name": (
        "  not_reached: {label", "  coaching: {kind: other}\n  not_reached: {label",
        "exits.coaching", '"coaching" names a service and an exit', "two different names"),
    "shared value that differs by segment": (
        SOME, "coaching: {places: 3}",
        "segments.far_from_work.change.services.coaching.places", "`services.coaching.places`",
        "or a regime"),
    "unknown service in a change": (
        SOME, SOME.replace("coaching", "coching"),
        "segments.far_from_work.change.services.coching", '"coching"', 'did you mean "coaching"?'),
    "unknown key in a change": (
        SOME, SOME.replace("dropout", "dropuot"),
        "segments.far_from_work.change.services.coaching.dropuot", '"dropuot"', "dropout"),
    "wrong value in a change": (
        SOME, SOME.replace("20 %", "200 %"),
        "segments.far_from_work.change.services.coaching.dropout.share", '"200 %"', "0 and 1"),
    "horizon that changes on a date": (
        "change:\n      services:\n        coaching: {places: 25}",
        "change: {horizon: {end: 2025-12-01}}",
        "regimes.more_places.change.horizon", "`horizon`", "cannot change"),
    "start of relationships that changes on a date": (
        "change:\n      services:\n        coaching: {places: 25}",
        "change: {relationship: {starts_after: coaching}}",
        "regimes.more_places.change.relationship.starts_after", "starts_after", "cannot change"),
    "limit of a wait that changes on a date": (
        "coaching: {places: 25}", "coaching: {wait_limit: 3 weeks}",
        "regimes.more_places.change.services.coaching.wait_limit", "wait_limit", "cannot change"),
    "bare price": (
        PRICE, "price: 900", "services.coaching.price", 'found "900"', '"900 eur a seat"'),
    "price without what it pays for": (
        PRICE, "price: 900 eur",
        "services.coaching.price", "without what it pays for", '"300 eur a start"'),
    "price of a course that is none": (
        PRICE, "price: 12 000 eur a course",
        "services.coaching.price", "no price of a course", "300 eur a start"),
    "negative price": (
        PRICE, "price: -5 eur a day",
        "services.coaching.price", '"-5 eur a day"', "cannot be negative"),
    "decimal comma in a price": (
        PRICE, "price: 32,66 eur a day",
        "services.coaching.price", '"32,66 eur a day"', "decimal point, not a comma"),
    "other currency": (
        PRICE, "price: 900 usd a start",
        "services.coaching.price", '"900 usd a start"', '"300 eur a start"'),
    "hours priced by the day": (
        "value: 45 eur an hour", "value: 300 eur a day",
        "costs.staff.advisers", '"300 eur a day"', '"45 eur an hour"'),
    "price of an unknown pool": (
        "{advisers: {value", "{advisors: {value",
        "costs.staff.advisors", '"advisors"', 'did you mean "advisers"?'),
    "brackets that do not ascend": (
        "from: 400", "from: 1000", "costs.benefit", "1000, 700", "ascending days"),
    "share of a bracket": (
        "share: 50 %", "share: 150 %",
        "costs.benefit.brackets.4.share", '"150 %"', "between 0 and 1"),
    "unknown kind of benefit": (
        "places: 20", "benefit: cofunded",
        "services.coaching.benefit", 'found "cofunded"', 'did you mean "co_funded"?'),
    "top-up of a job without a length": (
        "employed: {", "employed: {top_up: 500 eur a month, ",
        "exits.employed.top_up_for", "`top_up_for` is missing", "8 months"),
    "price that differs by segment": (
        SOME, "coaching: {price: 5 eur a day}",
        "segments.far_from_work.change.services.coaching.price", "`services.coaching.price`",
        "or a regime"),
    "goal without a direction": (
        "better: more, ", "", "goals.outcome.begun.better", "`better` is missing", ""),
    "goal the wrong way": (
        "better: more", "better: less", "goals.outcome.begun.better", 'found "less"',
        "more, fewer"),
    "target with two ends": (
        EXITS, "targets: {exits.total: {at_least: 3, at_most: 4}}\nexits:\n",
        "targets.exits.total", "", "either at_least or at_most"),
    "number without a source": (
        'source: "assumption: numbers to start from; replace them with your own"\n', "",
        "services", "has no source", "`source:`"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_wrong_value(name: str, tmp_path: Path) -> None:
    old, new, path, found, remedy = CASES[name]
    file = changed(tmp_path, old, new)
    told = [problem for problem in problems(file) if problem.path == path]
    assert len(told) == 1, problems(file)
    text = str(told[0])
    assert found in text
    assert remedy in text
    assert text.startswith(f"{file}:{told[0].line}:{told[0].column}: ")
    assert told[0].line > 0


def test_place_is_exact(tmp_path: Path) -> None:
    file = changed(tmp_path, "no_show: 15 %", "no_show: 1.5")
    lines = file.read_text(encoding="utf-8").splitlines()
    (told,) = problems(file)
    assert lines[told.line - 1][told.column - 1 :] == "1.5"


def test_every_problem_at_once(tmp_path: Path) -> None:
    file = tmp_path / "city.yaml"
    text = STARTER.replace("notice: 1 week", "notise: 1 week").replace(
        "no_show: 15 %", "no_show: 2"
    )
    file.write_text(text.replace("{coaching: 100 %}", "{coching: 100 %}"), encoding="utf-8")
    assert [problem.path.rpartition(".")[2] for problem in problems(file)] == [
        "notise",
        "no_show",
        "coching",
    ]


def test_nobody_can_leave(tmp_path: Path) -> None:
    file = tmp_path / "loop.yaml"
    file.write_text(
        "source: test\nhorizon: {start: 2025-01-01, end: 2025-12-31}\n"
        "services:\n  a: {kind: placement, duration: 1 day, then: {b: 1}}\n"
        "  b: {kind: placement, duration: 1 day, then: {a: 1, out: 0}}\nexits: {out: {}}\n"
    )
    told = problems(file)
    assert [problem.path for problem in told] == ["services.a.then", "services.b.then"]
    assert 'nobody can leave "a"' in told[0].message
    assert "out" in told[0].expected


def test_changes_wrong_together(tmp_path: Path) -> None:
    file = tmp_path / "together.yaml"
    file.write_text(
        "source: test\nhorizon: {start: 2025-01-01, end: 2025-12-31}\n"
        "services: {a: {kind: placement, duration: 1 day, then: {x: 0, y: 0, out: rest}}}\n"
        "needs:\n"
        "  one: {share: 0.1, change: {services: {a: {then: {x: 0.6}}}}}\n"
        "  two: {share: 0.1, change: {services: {a: {then: {y: 0.6}}}}}\n"
        "exits: {out: {}, x: {}, y: {}}\n"
    )
    (told,) = problems(file)
    assert "needs.one and needs.two together: the shares sum to 1.2" in told.message
    assert told.line == 6


UNREADABLE = {
    "empty": (b"", "the file is empty", "simflow init"),
    "only a comment": (b"# nothing\n", "the file is empty", "simflow init"),
    "not a mapping": (b"- a\n- b\n", "not a mapping", "name:"),
    "not YAML": (b"a: [1, 2\nb: 3\n", "not YAML", ""),
    "a tab": (b"a:\n\tb: 1\n", "a tab used for indentation", "spaces"),
    "not UTF-8": ("a: 1\nb: \xe4\n".encode("latin-1"), "not UTF-8", "UTF-8"),
    "two documents": (b"a: 1\n---\nb: 1\n", "not YAML", ""),
    "binary": (bytes(range(32)), "", ""),
    "a merge key": (b"a: &x {b: 1}\nc: {<<: *x}\n", "", ""),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_file(name: str, tmp_path: Path) -> None:
    content, found, remedy = UNREADABLE[name]
    file = tmp_path / "city.yaml"
    file.write_bytes(content)
    told = problems(file)
    assert told[0].file == str(file)
    assert found in told[0].message
    assert remedy in told[0].expected


def test_no_such_file(tmp_path: Path) -> None:
    (told,) = problems(tmp_path / "nowhere.yaml")
    assert "no such file" in str(told)


def test_folder(tmp_path: Path) -> None:
    (told,) = problems(tmp_path)
    assert "this is a folder" in str(told)


def test_circle(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n")
    (tmp_path / "b.yaml").write_text("extends: a.yaml\n")
    (told,) = problems(tmp_path / "a.yaml")
    assert "a.yaml extends b.yaml extends a.yaml" in told.message


@pytest.mark.parametrize("parent", ["gone.yaml", "[a.yaml, b.yaml]"])
def test_parent_not_there(parent: str, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(f"name: a\nextends: {parent}\n")
    (told,) = problems(file)
    assert (told.path, told.line) == ("extends", 2)
    assert "no file" in told.message


SETS = {
    "services.coching.places": ("4", 'did you mean "coaching"?'),
    "services.coaching.plases": ("4", 'did you mean "places"?'),
    "servises.coaching.places": ("4", 'did you mean "services"?'),
    "staff.advisers.workers.bem.fte": ("1 fte", 'did you mean "ben"?'),
    "services.coaching.places": ("many", "whole number"),
    "casework.contact_interval": ("4", "6 weeks"),
    "services.coaching.duration": ("{dist: ", "not YAML"),
}


@pytest.mark.parametrize("path", SETS)
def test_wrong_set(path: str, tmp_path: Path) -> None:
    text, remedy = SETS[path]
    (told,) = problems(changed(tmp_path, "places: 20", "places: 20"), ((path, text),))
    assert (told.path, told.file, told.line) == (path, "", 0)
    assert remedy in str(told)


NONSENSE = (5, "x", [], {}, None, -1, True, [1, [2]], {"a": {"b": 1}}, 10**30, "")


def test_nonsense_anywhere_gives_problems_with_a_place(tmp_path: Path) -> None:
    file = tmp_path / "nonsense.yaml"
    tree = plain(YAML(typ="safe", pure=True).load(STARTER))
    for rank, path in enumerate(places(tree)):
        value = NONSENSE[rank % len(NONSENSE)]
        file.write_text(json.dumps(placed(tree, path, value)), encoding="utf-8")
        try:
            load(file)
        except InputError as error:
            assert all(told.line > 0 for told in error.problems), path
            assert not any("Input should" in str(told) for told in error.problems), path


def plain(tree: Any) -> Any:
    return json.loads(json.dumps(tree, default=str))


def places(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in inside:
        yield (*path, str(key))
        if isinstance(value, dict | list):
            yield from places(value, (*path, str(key)))
