"""Names very like another, and staff pools without hours: errors, notes, and what is neither."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simflow.errors import InputError, Problem
from simflow.scenario import load, starter, warnings_of
from simflow.scenario.slips import alike, distance

ROOT = Path(__file__).parents[2]
WORDS = st.text("abc_1", max_size=6)


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return starter(tmp_path)


def child(city: Path, text: str) -> Path:
    path = city.with_name("child.yaml")
    path.write_text(f"extends: {city.name}\nsource: test\n{text}\n", encoding="utf-8")
    return path


def problems(path: Path, *sets: tuple[str, str]) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        load(path, sets)
    return caught.value.problems


@given(WORDS, WORDS, WORDS)
def test_distance_is_one(a: str, b: str, c: str) -> None:
    assert (distance(a, b) == 0) == (a == b)
    assert distance(a, b) == distance(b, a) <= max(len(a), len(b))
    assert distance(a, c) <= distance(a, b) + distance(b, c)
    assert distance(a, a + "x") == 1


ALIKE = ["workera worker_a", "assesment assessment", "startii startti", "group1 group_1",
         "worker worker_a", "assessmnet assessment", "ben bea",
         "work_trail work_trial"]  # fmt: skip
APART = ["worker_a worker_b", "worker_a worker_a_2", "group_1 group_12", "groups groups_2",
         "rehabilitative_12 rehabilitative_20", "groups_pause groups_pause_2011", "a b", "ab ac",
         "done gone", "under_25_men under_30_men", "women men", "ict job"]  # fmt: skip


@pytest.mark.parametrize("names", [*ALIKE, *APART])
def test_alike(names: str) -> None:
    a, b = names.split()
    assert alike(a, b) == alike(b, a) == (names in ALIKE)


SLIPS = {
    "staff.adviser": ("staff: {adviser: {client_work: 50 %}}", "advisers"),
    "staff.advisers.workers.bean": ("staff: {advisers: {workers: {bean: {}}}}", "ben"),
    "staff.advisers.workers.anne": ("staff: {advisers: {workers: {anne: null}}}", "anna"),
    "services.coachng": ("services: {coachng: {places: 3}}", "coaching"),
    "channels.te_ofice": ("channels: {te_ofice: {rate: 2 per month}}", "te_office"),
    "exits.employd": ("exits: {employd: {}}", "employed"),
    "segments.near_wrok": ("segments: {near_wrok: {share: 30 %}}", "near_work"),
    "regimes.more_place": ("regimes: {more_place: {from: 2025-09-01}}", "more_places"),
    "casework.risks.gives_upp": ("casework: {risks: {gives_upp: {}}}", "gives_up"),
    "regimes.more_places.change.staff.advisers.workers.bean": (
        "regimes: {more_places: {change: {staff: {advisers: {workers: {bean: {}}}}}}}", "ben"),
}  # fmt: skip


@pytest.mark.parametrize("path", SLIPS)
def test_a_slip_in_a_child_is_told_with_its_place_and_nothing_of_what_is_inside(
    path: str, city: Path
) -> None:
    text, like = SLIPS[path]
    file = child(city, text)
    told = [p for p in problems(file) if f"{p.path}.".startswith(f"{path}.")]
    assert [problem.path for problem in told] == [path]
    assert str(told[0]).startswith(f"{file}:3:")
    assert f'very like "{like}"' in told[0].message
    assert f'write "{like}"' in told[0].remedy
    assert f"{like}_2" in told[0].remedy


def test_a_skill_must_be_a_kind_of_work(city: Path) -> None:
    (told,) = problems(child(city, "staff: {advisers: {skills: {assesment: 50 %}}}"))
    assert told.path == "staff.advisers.skills.assesment"
    assert told.remedy == 'did you mean "assessment"?'


def test_a_need_like_another(city: Path) -> None:
    city.write_text(
        city.read_text(encoding="utf-8") + "needs: {health: {share: 10 %}}\n", encoding="utf-8"
    )
    (told,) = problems(child(city, "needs: {heatlh: {share: 20 %}}"))
    assert told.path == "needs.heatlh"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("staff.advisers.workers.bean", "{}"),
        ("staff.advisers", "{workers: {bean: {}}}"),
        ("staff.advisers.workers.anne", "{fte: 0.5 fte}"),
    ],
)
def test_a_slip_on_the_command_line(city: Path, path: str, value: str) -> None:
    (told,) = problems(city, (path, value))
    assert (told.file, told.line) == ("", 0)
    assert told.path.startswith(path)
    assert "very like" in told.message


@pytest.mark.parametrize(
    "text",
    [
        "staff: {advisers: {workers: {ben_2: {}, ben_3: {}, clara: {}}}}",
        "staff: {advisers: {workers: {anna: null, anne: {}}}}",  # one for the other: no slip
        "segments: {near_work: {share: 20 %}, near_work_2: {share: 20 %}}",
        "regimes: {more_places_2026: {from: 2025-10-01, change: {}}}",
    ],
)
def test_new_names_that_are_meant(city: Path, text: str) -> None:
    assert not warnings_of(load(child(city, text)))


def test_a_slip_of_the_parent_is_told_of_its_child(city: Path) -> None:
    middle = child(city, "exits: {employd: {}}")
    last = city.with_name("last.yaml")
    last.write_text(f"extends: {middle.name}\n", encoding="utf-8")
    (told,) = problems(last)
    assert (told.file, told.path) == (str(middle), "exits.employd")


def test_names_alike_in_one_file_are_a_note_at_the_later_one(city: Path) -> None:
    text = city.read_text(encoding="utf-8")
    city.write_text(text.replace("  left: {label", "  employd: {}\n  left: {label"), "utf-8")
    (note,) = warnings_of(load(city))
    assert (note.path, note.file) == ("exits.employd", str(city))
    assert 'very like "employed"' in note.message
    line = city.read_text(encoding="utf-8").splitlines()[note.line - 1]
    assert line.startswith("  employd")


NOBODY = {
    "all taken away": "staff: {advisers: {workers: {anna: null, ben: null}}}",
    "no working time": "staff: {advisers: {workers: {anna: {fte: 0 fte}, ben: {count: 0}}}}",
    "no client work": "staff: {advisers: {client_work: 0 %}}",
    "away throughout": "staff: {advisers: {workers: {anna: null, ben: "
                       "{away: [{from: 2024-01-01, until: 2026-12-31}]}}}}",
    "no month": "staff: {advisers: {months: {" + ", ".join(
        f"{month}: 0" for month in ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep",
                                    "oct", "nov", "dec")) + "}}}",
}  # fmt: skip


@pytest.mark.parametrize("why", NOBODY)
def test_a_pool_in_which_nobody_works_is_noted_with_what_needs_it(city: Path, why: str) -> None:
    file = child(city, NOBODY[why])
    (note,) = warnings_of(load(file))
    assert str(note).startswith(f"{file}:3:" if "workers" in NOBODY[why] else f"{city}:")
    assert '"advisers"' in note.message
    assert note.message.endswith("needed by assessment, casework")
    assert "2025-01-01 and 2025-12-31" in note.expected


@pytest.mark.parametrize(
    "text",
    [
        "staff: {advisers: {workers: {anna: null}}}",
        "staff: {advisers: {workers: {ben: null, anna: {until: 2025-03-01}}}}",
        "staff: {spare: {label: {en: Spare, fi: Vara}, workers: {}}}",  # nothing needs them
        "staff: {advisers: {client_work: 0 %}}\nregimes: {more_places: "
        "{change: {staff: {advisers: {client_work: 50 %}}}}}",
        "staff: {advisers: {skills: {assessment: 60 %, contact: 50 %}}}",
    ],
)
def test_hours_at_some_time_are_enough(city: Path, text: str) -> None:
    assert not warnings_of(load(child(city, text)))


@pytest.mark.parametrize("skills", ["{contact: 50 %}", "{assessment: 0 %, contact: 50 %}"])
def test_work_that_the_skills_leave_out_is_noted_where_the_pool_is_named(
    city: Path, skills: str
) -> None:
    file = child(city, f"staff: {{advisers: {{skills: {skills}}}}}")
    (note,) = warnings_of(load(file))
    assert note.path == "services.assessment.staff"
    assert '"advisers" leave no hours for "assessment"' in note.message
    assert "staff.advisers.skills" in note.expected


@pytest.mark.parametrize(
    ("text", "work"),
    [
        ("services: {coaching: {search: {staff: spare, hours: 2 hours, time: 1 week}}}",
         "coaching"),
        ("channels: {street: {kind: outreach, to: assessment, staff: spare, hours_a_week: 2 hours,"
         " hours_a_contact: 1 hour, reached: 50 %, books: 50 %}}", "street"),
        ("channels: {hall: {kind: sessions, to: assessment, staff: spare, hours: 2 hours, when: "
         "{every: 1 month}, invited: 9, attends: 50 %, books: 50 %}}", "hall"),
        ("services: {club: {kind: course, starts: {every: 1 month}, seats: {max: 9}, length: "
         "1 week, sessions: {count: 2, staff: spare, hours: 2 hours}, then: {guidance: 1}}}",
         "club"),
    ],
)  # fmt: skip
def test_every_use_of_a_pool_is_known(city: Path, text: str, work: str) -> None:
    (note,) = warnings_of(load(child(city, f"staff: {{spare: {{workers: {{}}}}}}\n{text}")))
    assert note.message.endswith(f"needed by {work}")


def test_no_scenario_of_the_project_is_doubted_but_the_one_that_asks() -> None:
    doubted = {path.stem: warnings_of(load(path)) for path in (ROOT / "scenarios").glob("*.yaml")}
    assert {name for name, notes in doubted.items() if notes} == {"nurse-none"}
