"""A scenario with other numbers: the same as one read with them, at a small part of the cost."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from simflow.errors import InputError, UsageError
from simflow.experiment import read_posterior
from simflow.scenario import Loaded, load

BASELINE = Path(__file__).parents[2] / "scenarios" / "espoo-2014.yaml"
CRISIS = "needs.life_situation.change.services.assessment.then"
VALUES = {
    "stock.clients": 77.3,
    "channels.te_info.attends": 55.5,
    "casework.risks.next_step.supported": 40.25,
    "casework.caseload_effect": 1.75,
    "segments.highly_educated.change.casework.risks.open_market.supported": 0.8,
    "services.guidance.then.small_group": 12.0,
    "services.job_coaching.duration.mean": 5.0,
    "services.startti.price": 17500.0,
    "costs.benefit.days_at_start.mean": 900.0,
}
TEXTS = (
    ("stock.clients", "77"),
    ("channels.te_info.attends", "55.5 %"),
    ("casework.risks.next_step.supported", "40.25 % a month"),
    ("casework.caseload_effect", "1.75"),
    ("segments.highly_educated.change.casework.risks.open_market.supported", "0.8 % a month"),
    ("services.guidance.then.small_group", "12.0 %"),
    ("services.job_coaching.duration.mean", "5.0 months"),
    ("services.startti.price", "17500.0 eur a course"),
    ("costs.benefit.days_at_start.mean", "900.0 days"),
)


@pytest.fixture(scope="module")
def baseline() -> Loaded:
    return load(BASELINE)


def test_same_scenario_as_one_read_with_the_values(baseline: Loaded) -> None:
    read = load(BASELINE, TEXTS)
    made = baseline.with_values(VALUES)
    assert made.scenario == read.scenario
    needs = tuple(read.scenario.needs)
    for size in range(3):
        for some in combinations(needs, size):
            for segment in read.scenario.segments:
                for regimes in ((), ("groups_pause",)):
                    key = (regimes, "asw_personal", segment, some)
                    assert made.resolve(*key) == read.resolve(*key)


def test_the_scenario_itself_stays(baseline: Loaded) -> None:
    before = baseline.hash
    made = baseline.with_values(VALUES)
    assert baseline.hash == before != made.hash
    assert made.with_values({"stock.clients": 90}).scenario.stock is not None
    assert baseline.scenario == load(BASELINE).scenario


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("channels.te_info.attends", 120.0, "a share lies between 0 and 1"),
        ("services.guidance.then.small_group", 60.0, "more than 1"),
        (f"{CRISIS}.not_started_life_situation", 70.0, "together: the shares sum to"),
        ("segments.highly_educated.share", 90.0, "more than 1"),
        ("services.startti.seats.min", 30.0, "found min 30 and max 20"),
        ("services.guidance.then.startti", 3.0, '"rest" is not a number'),
        ("services.guidance.then.nobody", 3.0, "there is no such value"),
    ],
)
def test_values_of_an_invalid_scenario(
    baseline: Loaded, path: str, value: float, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        baseline.with_values({path: value})


def test_a_fitted_number_edited_in_the_calibrated_file_itself_is_refused(tmp_path: Path) -> None:
    """The posterior would take its place without a word; over the file it keeps its ratio."""
    folder = Path(__file__).parents[2]
    posterior = read_posterior(folder / "calibration" / "espoo-2014.posterior.csv")
    text = (folder / "scenarios" / "espoo-2014.yaml").read_text(encoding="utf-8")
    for name in ("espoo-2014.yaml", "copy.yaml"):
        (tmp_path / name).write_text(text.replace("invited: {value: 41,", "invited: {value: 30,"))
        edited = load(tmp_path / name)
        with pytest.raises(UsageError, match=r"te_info.invited: 41 when calibrated, 30 here"):
            posterior.check(edited)
        posterior.check(edited, force=True)
    posterior.check(load(folder / "scenarios" / "espoo-2014.yaml"))
    over = load(folder / "scenarios" / "espoo-2014.yaml", [("channels.te_info.invited", "30")])
    drawn = posterior.of(over)
    assert drawn.at(0).scenario.channels["te_info"].invited < 41  # type: ignore[union-attr]
