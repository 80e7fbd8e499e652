"""Calibration files: each mistake is told at its place, all of them at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from simflow.calibrate.design import points
from simflow.calibrate.read import read_calibration
from simflow.errors import InputError

ROOT = Path(__file__).parents[2]
MINI = """
source: "assumption: a test"
scenario: mini.yaml
targets:
  clients.started: {value: 50, year: 2014, counts: persons, error: 2, why: "slips"}
priors:
  rate:
    path: channels.walk_in.rate
    unit: per year
    prior: {dist: gamma, a: 9, scale: 6}
    why: "about one a week"
splits:
  next:
    path: services.talk.then
    dirichlet: {done: 2, course: 1, gone: 1}
    why: "most are done"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(Path(__file__).parent / "mini.yaml", tmp_path)
    return tmp_path


def _read(folder: Path, text: str) -> list[str]:
    file = folder / "c.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as told:
        read_calibration(file)
    return [str(problem) for problem in told.value.problems]


def test_the_file_of_2014_is_sound() -> None:
    found = read_calibration(ROOT / "calibration" / "espoo-2014.yaml")
    scenario = found.loaded.scenario
    assert set(found.file.targets) >= set(scenario.published)
    for name, published in scenario.published.items():
        assert found.file.targets[name].value == published.value
    assert all(found.source("targets", name) for name in found.file.targets)


def test_values_have_their_priors(folder: Path) -> None:
    (folder / "c.yaml").write_text(MINI, encoding="utf-8")
    space = read_calibration(folder / "c.yaml").space
    values = space.values(points(space.width, 4096, 1))
    assert [u.name for u in space.unknowns] == ["rate", "next.done", "next.course", "next.gone"]
    assert values[:, 0].mean() == pytest.approx(54, rel=0.01)
    # Dirichlet(2, 1, 1) of the 90 % that `again` leaves: means 45, 22.5, 22.5.
    assert values[:, 1:].mean(axis=0) == pytest.approx([45, 22.5, 22.5], rel=0.02)
    assert values[:, 1:].sum(axis=1) == pytest.approx(np.full(4096, 90.0))
    variance = 90**2 * 0.25 * 0.75 / 5
    assert values[:, 2].var() == pytest.approx(variance, rel=0.03)
    assert set(space.settings(values[0])) == {
        "channels.walk_in.rate", "services.talk.then.done", "services.talk.then.course"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("clients.started:", "clients.begun:", "targets.clients.begun: unknown"),
        ("error: 2", "error: 0", "targets.clients.started.error: found \"0\""),
        ("channels.walk_in.rate", "channels.walkin.rate", 'did you mean "walk_in"?'),
        ("unit: per year", "unit: per month", 'the scenario writes "per year"'),
        ("dist: gamma", "dist: gama", 'no continuous distribution "gama"'),
        ("a: 9,", "b: 9,", "gamma does not take b"),
        ("a: 9,", "", "gamma needs a"),
        ("a: 9, scale: 6", "a: -9, scale: 6", "make no distribution"),
        ("scale: 6}", "scale: 6, range: [9, 2]}", "lowest value comes first"),
        ("gamma, a: 9, scale: 6", "norm, loc: 0, range: [50, 60]", "nothing within the range"),
        ("dist: gamma, a: 9, scale: 6", "", "expected a range such as"),
        ("done: 2,", "dne: 2,", 'did you mean "done"?'),
        ("gone: 1", "again: 1", "what the other shares leave over"),
        ("services.talk.then", "services.tlk.then", 'did you mean "talk"?'),
        ("scenario: mini.yaml", "scenario: none.yaml", 'c.yaml:3:11: scenario: there is no file'),
        ("why: \"slips\"", "wy: \"slips\"", 'unknown key "wy"'),
        ("year: 2014, ", "", "`year` is missing"),
        ("source: \"assumption: a test\"", "", "has no source"),
        ("splits:", "held_out: [clients.started]\nsplits:", "all targets are held out"),
        ("splits:", "held_out: [clients.stated]\nsplits:", 'did you mean "clients.started"?'),
        ("services.talk.then\n", "channels.walk_in\n", "no share of the split is `rest`"),
    ],
)  # fmt: skip
def test_mistakes(folder: Path, old: str, new: str, told: str) -> None:
    assert old in MINI
    problems = _read(folder, MINI.replace(old, new))
    assert any(told in problem for problem in problems), problems


def test_all_mistakes_at_once(folder: Path) -> None:
    text = MINI.replace("clients.started:", "clients.begun:").replace("dist: gamma", "dist: gama")
    assert len(_read(folder, text)) == 2


def test_one_number_has_one_prior(folder: Path) -> None:
    twice = """
  again:
    path: services.talk.then.done
    unit: "%"
    prior: {range: [1, 2]}
    why: "no reason"
splits:"""
    problems = _read(folder, MINI.replace("\nsplits:", twice))
    assert any('"services.talk.then.done" has a prior already' in told for told in problems)


def test_nothing_unknown(folder: Path) -> None:
    assert "nothing is unknown" in _read(folder, MINI[: MINI.index("priors:")])[0]


def test_reasons_and_sources_of_espoo_are_in_finnish_too() -> None:
    espoo = read_calibration(Path(__file__).parents[2] / "calibration" / "espoo-2014.yaml")
    file = espoo.file
    parts = {"priors": file.priors, "splits": file.splits}
    texts = {part.why for some in parts.values() for part in some.values()}
    texts |= {espoo.source(section, name) for section, some in parts.items() for name in some}
    assert texts - set(file.translations) == set()
