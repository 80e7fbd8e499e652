"""A calibration from beginning to end, and commands that carry its posterior."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simflow.calibrate import Settings, calibrate, read_calibration, write
from simflow.calibrate.outcome import Outcome
from simflow.calibrate.predict import rounded
from simflow.errors import InputError, UsageError
from simflow.experiment import compare, read_posterior, run
from simflow.experiment.split import enough, unknown_shares
from simflow.scenario import Loaded, load
from simflow.scenario.parts import number_at
from tests.calibrate.test_read import MINI

HERE = Path(__file__).parent
TARGETS = """
  exits.done: {value: 32, year: 2014, counts: persons, error: 1, why: "slips"}
  participants.course: {value: 17, year: 2014, counts: persons, error: 1, why: "slips"}
held_out: [participants.course]
priors:"""


@contextmanager
def silent(name: str) -> Iterator[Any]:
    yield lambda done, total: None


def _calibrated(folder: Path, text: str, jobs: int = 1, runs: int = 400) -> Outcome:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "mini.yaml", folder)
    (folder / "c.yaml").write_text(text, encoding="utf-8")
    calibration = read_calibration(folder / "c.yaml")
    outcome = calibrate(calibration, folder / "out", Settings(runs, 3, jobs), silent)
    write(folder / "out", outcome)
    return outcome


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("calibrate")


@pytest.fixture(scope="module")
def found(place: Path) -> Outcome:
    return _calibrated(place, MINI.replace("\npriors:", TARGETS))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_figures_fit_and_something_is_learnt(found: Outcome, place: Path) -> None:
    assert not found.missed
    assert found.inside.all()
    rows = {row["unknown"]: row for row in _rows(place / "out" / "unknowns.csv")}
    assert float(rows["rate"]["learnt"]) > 0.4
    assert rows["rate"]["prior_driven"] == "no"
    assert len(found.values) == 2000
    assert all(one.inside for one in (*found.held_out, *found.left_out))
    assert found.misfit > 0.05
    assert found.quick


def test_posteriors_are_as_sure_as_they_say(found: Outcome) -> None:
    """Binomial 99 % bounds around 90 % and 50 % of 200 truths, for 4 dependent unknowns."""
    assert 0.84 <= found.coverage.within(0.9).mean() <= 0.96
    assert 0.40 <= found.coverage.within(0.5).mean() <= 0.60
    assert (found.coverage.uniform() > 0.001).all()


@pytest.mark.slow
def test_same_seed_same_posterior_for_any_number_of_processes(
    found: Outcome, place: Path, tmp_path: Path
) -> None:
    _calibrated(tmp_path, MINI.replace("\npriors:", TARGETS), jobs=2)
    for name in ("c.posterior.csv", "unknowns.csv", "targets.csv", "coverage.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (place / "out" / name).read_bytes()
    again = Settings(400, 3, 1)
    assert found.settings == again


def test_a_figure_that_no_scenario_gives(tmp_path: Path) -> None:
    text = MINI.replace("\npriors:", TARGETS.replace("value: 17", "value: 90"))
    outcome = _calibrated(tmp_path / "a", text, runs=200)
    assert "participants.course" in outcome.missed
    assert outcome.second  # it asked for a second round, and that did not help
    assert outcome.misfit < 0.05
    reason = text.replace("value: 90,", 'value: 90, outside: "counted otherwise",')
    reason = reason.replace("held_out: [participants.course]\n", "")
    file = tmp_path / "a" / "c.yaml"
    file.write_text(reason, encoding="utf-8")
    given = replace(outcome, calibration=read_calibration(file))
    assert "participants.course" not in given.missed


def test_nothing_seen_in_the_hold_out(found: Outcome) -> None:
    """The hold-out is wider than the posterior's own prediction, as it has not seen the figure."""
    (held,) = found.held_out
    low, _, high = found.interval(found.predicted)[:, found.goals.names.index(held.name)]
    assert held.high - held.low > high - low


# The posterior in other commands


@pytest.fixture
def mini(place: Path, found: Outcome) -> Loaded:
    return load(place / "mini.yaml")


def test_replications_take_one_draw_each(mini: Loaded, place: Path) -> None:
    posterior = read_posterior(place / "out" / "c.posterior.csv")
    posterior.check(mini)
    results = run(mini, replications=3, draws=posterior)
    for number, row in enumerate(results.values):
        numbers = dict(zip(posterior.paths, posterior.values[number].tolist(), strict=True))
        alone = run(mini.with_values(numbers), replications=number + 1)
        assert np.array_equal(alone.values[number], row, equal_nan=True)
    spread = run(mini, replications=3, draws=posterior, jobs=2)
    assert np.array_equal(spread.values, results.values, equal_nan=True)


def test_spread_splits_into_chance_and_what_is_not_known(mini: Loaded, place: Path) -> None:
    posterior = read_posterior(place / "out" / "c.posterior.csv")
    figure = run(mini, replications=60, draws=posterior).figure("clients.started")
    assert figure.unknown is not None
    assert 0.2 < figure.unknown < 0.9
    assert run(mini, replications=3, draws=posterior).figure("clients.started").unknown is None
    assert run(mini, replications=60).figure("clients.started").unknown is None


def test_split_of_known_parts() -> None:
    """y = 2 a + b + noise: (4 + 1) of the variance 5 + 3 comes from a and b."""
    rng = np.random.default_rng(1)
    numbers = rng.normal(size=(4000, 5))
    y = 2 * numbers[:, 0] + numbers[:, 1] + np.sqrt(3) * rng.normal(size=4000)
    doubled = np.concatenate([numbers, 3 * numbers[:, :1]], axis=1)  # one moves along
    both = np.stack([y, np.where(rng.random(4000) < 0.5, y, np.nan), np.ones(4000)], axis=1)
    shares = unknown_shares(both, doubled)
    assert shares[:2] == pytest.approx([5 / 8, 5 / 8], abs=0.03)
    assert np.isnan(shares[2])


def test_numbers_that_move_together_count_once_in_a_file_of_six_digits() -> None:
    numbers = np.random.default_rng(2).lognormal(size=(200, 6))
    along = np.concatenate([numbers, rounded(0.37 * numbers), rounded(1.8 * numbers)], axis=1)
    assert enough(rounded(along)) == enough(numbers)


def test_scenarios_share_the_draw_and_keep_their_ratio_to_it(mini: Loaded, place: Path) -> None:
    posterior = read_posterior(place / "out" / "c.posterior.csv")
    other = place / "more.yaml"
    other.write_text(
        'extends: mini.yaml\nsource: "assumption: a test"\n'
        "channels: {walk_in: {rate: 90 per year}}\nservices: {course: {duration: 6 weeks}}\n",
        encoding="utf-8",
    )
    more = load(other)
    posterior.check(more)
    drawn = posterior.of(more).at(5)
    row = dict(zip(posterior.paths, posterior.values[5].tolist(), strict=True))
    # 90 for 60 a year is half as many again, of whatever is drawn.
    rate = number_at(drawn.tree, ("channels", "walk_in", "rate"))
    assert rate == pytest.approx(1.5 * row["channels.walk_in.rate"])
    assert drawn.tree["services"]["talk"]["then"]["done"] == f"{row['services.talk.then.done']} %"
    found = compare(mini, [more], replications=4, draws=posterior)
    assert (found.paired("more", "clients.started") > 0).any()


@pytest.mark.parametrize(
    ("old", "new", "accepted"),
    [
        ("4 weeks", "5 weeks", False),
        ("clients: 12", "clients: 13", False),
        ("60 per year", "70 per year", False),
        ("done: 40 %", "done: 44 %", False),
        ("value: 50", "value: 51", True),
        ("gone: {}", "gone: {label: Gone}", True),
    ],
)
def test_posterior_of_another_scenario(
    found: Outcome, place: Path, tmp_path: Path, old: str, new: str, accepted: bool
) -> None:
    posterior = read_posterior(place / "out" / "c.posterior.csv")
    text = (HERE / "mini.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "mini.yaml").write_text(text.replace(old, new), encoding="utf-8")
    changed = load(tmp_path / "mini.yaml")
    if accepted:
        posterior.check(changed)
        return
    with pytest.raises(UsageError, match="when calibrated") as told:
        posterior.check(changed)
    assert "".join(filter(str.isdigit, new)) in str(told.value)
    posterior.check(changed, force=True)


def test_posterior_of_quite_another_scenario(found: Outcome, place: Path) -> None:
    posterior = read_posterior(place / "out" / "c.posterior.csv")
    with pytest.raises(UsageError, match="another scenario"):
        posterior.check(load(HERE.parents[1] / "scenarios" / "espoo-2014.yaml"))


def test_shares_keep_the_ratio_of_their_odds(found: Outcome, place: Path) -> None:
    posterior = read_posterior(place / "out" / "c.posterior.csv")
    other = place / "more_done.yaml"
    other.write_text(
        'extends: mini.yaml\nsource: "assumption: a test"\n'
        "services: {talk: {then: {done: 50 %}}}\n",
        encoding="utf-8",
    )
    odds = (posterior.values[:, 1] / (100 - posterior.values[:, 1])) * (50 / 50) / (40 / 60)
    assert posterior.of(load(other)).values[:, 1] == pytest.approx(100 * odds / (1 + odds))


def test_no_posterior_files(place: Path, found: Outcome, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        read_posterior(tmp_path / "none.csv")
    shutil.copy(place / "out" / "c.posterior.csv", tmp_path / "alone.csv")
    with pytest.raises(UsageError, match=r"alone\.json: there is no such file"):
        read_posterior(tmp_path / "alone.csv")
    (tmp_path / "bad.csv").write_text("a,b\n1,x\n", encoding="utf-8")
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match="is no posterior file"):
        read_posterior(tmp_path / "bad.csv")


def test_a_draw_that_a_scenario_cannot_take(mini: Loaded, place: Path) -> None:
    posterior = read_posterior(place / "out" / "c.posterior.csv")
    other = place / "full.yaml"
    other.write_text(
        'extends: mini.yaml\nsource: "assumption: a test"\n'
        "services: {talk: {then: {again: 25 %}}}\n",
        encoding="utf-8",
    )
    full = load(other)
    with pytest.raises(InputError, match=r"draw \d+ of .* makes no valid scenario"):
        run(full, replications=20, draws=posterior, jobs=2)
    usable = posterior.usable([mini, full], 20)  # those that both can take
    assert 0 < len(usable.values) <= 20
    results = compare(mini, [full], replications=20, draws=usable)
    assert results.replications == 20
    assert posterior.usable([mini], 20) is posterior


def test_manifest_says_what_was_done(found: Outcome, place: Path) -> None:
    manifest = json.loads((place / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["runs"] == 400
    assert manifest["quick"] is True
    assert manifest["inside"] == manifest["targets"] == 3


def test_the_best_single_fit_is_a_draw_and_is_called_one_of_many(
    found: Outcome, place: Path
) -> None:
    assert (found.values == found.best).all(axis=1).any()
    rows = _rows(place / "out" / "best_single_fit.csv")
    assert {row["note"] for row in rows} == {"one point of many as good; not the answer"}
    space = found.calibration.space
    assert {row["path"]: float(row["value"]) for row in rows} == pytest.approx(
        space.settings(found.best)
    )
