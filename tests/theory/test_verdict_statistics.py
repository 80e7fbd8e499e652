"""Chances of benefit and harm against simulators whose delta(theta) is known.

Stated before any run: of 200 trials a 90 % range covers the truth in at least 170; of 400 at most
29 claim wrongly at the margin, 5 % and its noise; the powers and the loss as their tests say.
Spread and noise are in the ratios 0.3, 0.6, 1 and 2; n = 200 draws of 2 replications unless told;
the noise of one replication is 1.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simflow.experiment.chances import Chances, chances
from simflow.experiment.looks import LOOKS, confidence_at
from simflow.experiment.skew import skew_interval
from simflow.experiment.summary import Floats, half_width

pytestmark = [pytest.mark.statistical, pytest.mark.slow]

COVERED, TRIALS = 170, 200
WRONG, CLAIMS = 29, 400
LIKELY, UNLIKELY = 0.66, 0.10
TRUTHS = (0.03, UNLIKELY, 0.3, LIKELY, 0.9)
RATIOS = (0.3, 0.6, 1.0, 2.0)
SHAPES = {
    "normal": stats.norm(),
    "gamma": stats.gamma(2.0),  # skewness 1.41
    "lognormal": stats.lognorm(0.5),  # skewness 1.75
}


def drawn(shape: str, ratio: float, rng: np.random.Generator, n: int = 200) -> Floats:
    """Differences of n draws × 2: delta has mean 0 and standard deviation `ratio`."""
    law = SHAPES[shape]
    delta = ratio * (law.rvs(n, random_state=rng) - law.mean()) / law.std()
    return np.asarray(delta[:, None] + rng.standard_normal((n, 2)))


def place(shape: str, ratio: float, above: float) -> float:
    """Where delta lies above with the chance given."""
    law = SHAPES[shape]
    return float(ratio * (law.isf(above) - law.mean()) / law.std())


def benefit(shape: str, ratio: float, truth: float, rng: np.random.Generator) -> Chances:
    """Chances of a trial whose benefit is `truth`, with m = 1."""
    return chances(drawn(shape, ratio, rng) + 1 - place(shape, ratio, truth), 1.0)


def harm(shape: str, ratio: float, truth: float, rng: np.random.Generator) -> Chances:
    """Chances of a trial whose harm is `truth`, with m = 1."""
    return chances(drawn(shape, ratio, rng) - 1 - place(shape, ratio, 1 - truth), 1.0)


def seeded(shape: str, ratio: float, truth: float) -> np.random.Generator:
    return np.random.default_rng([len(shape), int(10 * ratio), int(100 * truth)])


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("shape", SHAPES)
def test_ranges_cover(shape: str, ratio: float) -> None:
    missed = {}
    for truth in TRUTHS:
        rng = seeded(shape, ratio, truth)
        for name, trial in (("benefit", benefit), ("harm", harm)):
            found = [getattr(trial(shape, ratio, truth, rng), name) for _ in range(TRIALS)]
            covered = sum(chance.low <= truth <= chance.high for chance in found)
            if covered < COVERED:
                missed[name, truth] = covered
    assert not missed


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize(
    ("shape", "mirrored"),  # a normal is its own mirror image
    [
        ("normal", False),
        *((shape, way) for shape in ("gamma", "lognormal") for way in (False, True)),
    ],
)
def test_few_claims_are_wrong_at_the_margin(shape: str, ratio: float, mirrored: bool) -> None:
    rng = seeded(shape, ratio, 0.5 + mirrored)
    better = not_worse = 0
    for _ in range(CLAIMS):
        sign = -1 if mirrored else 1
        delta = sign * drawn(shape, ratio, rng)
        least = sign * place(shape, ratio, 1 - LIKELY if mirrored else LIKELY)
        most = sign * place(shape, ratio, UNLIKELY if mirrored else 1 - UNLIKELY)
        better += chances(delta + 1 - least, 1.0).benefit.low >= LIKELY
        not_worse += chances(delta - 1 - most, 1.0).harm.high <= UNLIKELY
    assert better <= WRONG
    assert not_worse <= WRONG


def test_twice_what_matters_is_better_by_40_draws() -> None:
    rng = np.random.default_rng(1)
    found = [chances(2 + 1.4 * rng.standard_normal((40, 2)), 1.0) for _ in range(TRIALS)]
    assert np.mean([one.benefit.low >= LIKELY for one in found]) >= 0.94


def test_no_difference_is_not_worse_at_200_draws() -> None:
    rng = np.random.default_rng(2)
    found = [chances(1.4 * rng.standard_normal((200, 2)), 1.0) for _ in range(TRIALS)]
    assert np.mean([one.harm.high <= UNLIKELY for one in found]) >= 0.95


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_expected_loss_is_unbiased(shape: str, ratio: float) -> None:
    """Within 10 %, where it exceeds 0.05 m; m = 1, the benefit 0.3 or the harm 0.3."""
    for truth, shift in ((0.3, 1 - place(shape, ratio, 0.3)),
                                 (0.7, -1 - place(shape, ratio, 0.7))):  # fmt: skip
        rng = seeded(shape, ratio, truth)
        law = SHAPES[shape]
        grid = (law.ppf((np.arange(20000) + 0.5) / 20000) - law.mean()) / law.std()
        loss = np.maximum(0.0, -(ratio * grid + shift)).mean()
        if loss > 0.05:
            rows = (drawn(shape, ratio, rng) + shift for _ in range(TRIALS))
            assert np.mean([chances(one, 1.0).loss for one in rows]) == pytest.approx(loss, rel=0.1)


@pytest.mark.parametrize("shape", ["normal", "gamma"])
def test_looks_claim_no_more_than_one_range(shape: str) -> None:
    rng = np.random.default_rng(3)
    better = not_worse = 0
    for _ in range(CLAIMS):
        delta = drawn(shape, 1.0, rng, LOOKS[-1])
        least, most = place(shape, 1.0, LIKELY), place(shape, 1.0, 1 - UNLIKELY)
        ever = [
            (chances(delta[:n] + 1 - least, 1.0, confidence=confidence_at(look)).benefit.low,
             chances(delta[:n] - 1 - most, 1.0, confidence=confidence_at(look)).harm.high)
            for look, n in enumerate(LOOKS)
        ]  # fmt: skip
        better += any(low >= LIKELY for low, _ in ever)
        not_worse += any(high <= UNLIKELY for _, high in ever)
    assert better <= WRONG
    assert not_worse <= WRONG


def test_clear_cases_stop_early() -> None:
    """Twice what matters, with some spread: told by 40 draws nearly always."""
    rng = np.random.default_rng(4)
    at = []
    for _ in range(TRIALS // 2):
        rows = 2 + drawn("normal", 0.3, rng, LOOKS[-1])
        looks = (
            (n, chances(rows[:n], 1.0, confidence=confidence_at(look)))
            for look, n in enumerate(LOOKS)
        )
        at.append(next((n for n, one in looks if one.benefit.low >= LIKELY), LOOKS[-1]))
    assert np.mean(at) <= 60


def pairs(law: str, rng: np.random.Generator) -> tuple[Floats, float]:
    """2 000 samples of 20 skewed differences, and their mean."""
    size = (2000, 20)
    if law == "rare":
        return (rng.random(size) < 0.3) * rng.poisson(3, size).astype(float), 0.9
    if law == "counts":
        few, many = rng.negative_binomial(0.5, 1 / 7, size), rng.poisson(3, size)
        return (few - many).astype(float), 0.0
    return np.exp(rng.standard_normal(size)), float(np.exp(0.5))


@pytest.mark.parametrize(("law", "covers"), [("rare", 0.95), ("counts", 0.92), ("lognormal", 0.90)])
def test_a_skewed_mean_is_covered_better_than_by_student(law: str, covers: float) -> None:
    values, mean = pairs(law, np.random.default_rng(5))
    ends = np.array([skew_interval(row) for row in values])
    ours = np.mean((ends[:, 0] <= mean) & (mean <= ends[:, 1]))
    student = np.mean([abs(row.mean() - mean) <= half_width(row) for row in values])
    assert ours >= covers
    assert ours > student + 0.01
