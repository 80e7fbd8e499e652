"""Chances of benefit and harm, looks and skewed intervals: edges, and what holds for any data."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest
from scipy import optimize, stats

from simflow.experiment.chances import Chance, chances, of_point
from simflow.experiment.looks import ALPHA, LOOKS, confidence_at
from simflow.experiment.shapes import Shapes
from simflow.experiment.skew import p_above, skew_interval
from simflow.experiment.summary import Floats, half_width

ANYTHING = (0.0, 1.0)


def rows(n: int, shift: float = 0.0, spread: float = 1.0, k: int = 2) -> Floats:
    rng = np.random.default_rng(1)
    return shift + spread * rng.standard_normal((n, 1)) + rng.standard_normal((n, k))


def ends(chance: Chance) -> tuple[float, float]:
    return chance.low, chance.high


def test_parameters_and_chance_are_parted() -> None:
    found = chances(rows(4000, 1.0, spread=2.0), 1.0)
    assert found.spread == pytest.approx(2.0, rel=0.05)
    assert found.noise == pytest.approx(1.0, rel=0.05)
    assert found.benefit.value == pytest.approx(0.5, abs=0.03)
    assert found.harm.value == pytest.approx(stats.norm.cdf(-1), abs=0.03)
    assert found.mean_range[0] < found.mean < found.mean_range[1]


def test_chance_alone_is_no_risk() -> None:
    """Four times as much noise as matters, but delta is +2 m in every draw."""
    found = chances(rows(400, 2.0, spread=0.0), 0.5)
    assert found.harm.value < 0.01
    assert found.benefit.value > 0.95


def test_the_same_data_give_the_same_bytes() -> None:
    assert repr(chances(rows(60), 0.3)) == repr(chances(rows(60), 0.3))


def test_another_sign_swaps_benefit_and_harm() -> None:
    one, other = chances(rows(200, 0.4), 0.5), chances(-rows(200, 0.4), 0.5)
    assert one.benefit.value == pytest.approx(other.harm.value, abs=0.01)
    assert ends(one.harm) == pytest.approx(ends(other.benefit), abs=0.02)


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_the_unit_does_not_matter(unit: float) -> None:
    one, other = chances(rows(50), 0.3), chances(unit * rows(50), 0.3 * unit)
    assert ends(one.benefit) == pytest.approx(ends(other.benefit))
    assert other.loss == pytest.approx(unit * one.loss)


def test_more_confidence_is_wider() -> None:
    data = rows(200, 0.5)
    one, other = chances(data, 0.3), chances(data, 0.3, confidence=0.98)
    assert other.benefit.low < one.benefit.low <= one.benefit.high < other.benefit.high


def test_p_agrees_with_the_range() -> None:
    for shift in np.linspace(0.5, 2.5, 30):
        found = chances(rows(60, shift), 1.0)
        assert (found.p_better <= 0.05) == (found.benefit.low >= 0.66)


def test_p_goes_on_falling() -> None:
    """Holm over many claims needs what the sets are too few to show."""
    p = [chances(rows(100, shift), 1.0).p_better for shift in (1.5, 2.0, 2.5, 3.0, 4.0)]
    assert p == sorted(p, reverse=True)
    assert 0 <= p[-1] < 1e-6 < p[1]


def test_rows_without_a_value_are_left_out() -> None:
    data = rows(60, 0.5)
    gap = np.vstack((data, [[np.nan, 1.0]], [[5.0, np.inf]]))
    found = chances(gap, 0.3)
    assert (found.draws, found.left_out) == (60, 2)
    assert astuple(found)[:-1] == astuple(chances(data, 0.3))[:-1]


def test_one_replication_of_each_draw_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\(40, 1\)"):
        chances(rows(40)[:, :1], 1.0)


@pytest.mark.parametrize("matters", [0.0, 1.0])
@pytest.mark.parametrize("n", range(8))
def test_few_draws_say_nothing(n: int, matters: float) -> None:
    for data in (rows(n, 9.0), np.zeros((n, 2))):
        found = chances(data, matters)
        assert ends(found.benefit) == ends(found.harm) == ANYTHING
        assert found.p_better == 1.0


@pytest.mark.parametrize(
    "data",
    [
        np.tile([1.0, -1.0], (40, 1)),  # no variance between rows
        np.repeat(rows(40)[:, :1], 2, axis=1),  # none within
        np.eye(40)[:, :2],  # a single difference in each replication
        1e-12 + np.full((40, 2), 3.0) * (1 + 1e-15 * rows(40)),
        rows(8),
        rows(40, k=5),
    ],
)
@pytest.mark.parametrize("matters", [0.0, 0.5])
def test_odd_data_give_chances(data: Floats, matters: float) -> None:
    found = chances(data, matters)
    for chance in (found.benefit, found.harm):
        assert 0 <= chance.low <= chance.value <= chance.high <= 1
    assert np.isfinite([found.loss, *found.mean_range, found.p_better]).all()


@pytest.mark.parametrize("matters", [0.0, 1.0])
def test_no_difference_at_all_neither_helps_nor_harms(matters: float) -> None:
    """Equal in all n draws: another value in at most 1 - 0.05^(1/n) of them."""
    found = chances(np.zeros((40, 2)), matters)
    assert ends(found.benefit) == ends(found.harm) == (0.0, pytest.approx(1 - 0.05 ** (1 / 40)))
    assert of_point(np.zeros(6), matters).harm == of_point(np.zeros(6), matters).benefit
    assert of_point(np.zeros(6), matters).harm == Chance(0.0, 0.0, 0.0)


def test_equal_benefits_are_sure_with_enough_draws() -> None:
    few, many = (chances(np.full((n, 2), 3.0), 1.0) for n in (8, 200))
    assert 0.66 < few.benefit.low < 0.7 < 0.98 < many.benefit.low
    assert few.p_better == pytest.approx(0.66**8)


def test_a_point_is_beyond_what_matters_or_not() -> None:
    clear = of_point(rows(50, 3.0)[:, 0], 1.0)
    assert (clear.benefit, clear.harm) == (Chance(1.0, 1.0, 1.0), Chance(0.0, 0.0, 0.0))
    assert clear.p_better < 1e-6
    assert of_point(-rows(50, 3.0)[:, 0], 1.0).harm == Chance(1.0, 1.0, 1.0)
    close = of_point(rows(50, 1.05)[:, 0], 1.0)
    assert ends(close.benefit) == ANYTHING
    assert close.harm.high == 0
    assert (close.loss, close.spread, close.replications) == (0.0, 0.0, 1)
    assert of_point(-rows(50, 3.0)[:, 0], 1.0).loss > 2


def test_p_of_a_point_agrees_with_its_range() -> None:
    for shift in np.linspace(0.5, 2.5, 30):
        found = of_point(rows(30, shift)[:, 0] ** 3, 1.0)
        assert (found.p_better <= 0.05) == (found.benefit.low == 1)


@pytest.mark.parametrize("n", range(6))
def test_few_points_that_are_equal_may_be_luck(n: int) -> None:
    found = of_point(np.full(n, 3.0), 1.0)
    assert ends(found.benefit) == ends(found.harm) == ANYTHING
    assert found.p_better > 0.05


def test_points_without_a_value_are_left_out() -> None:
    found = of_point(np.array([1.0, np.nan, 2.0]), 1.0)
    assert (found.draws, found.left_out) == (2, 1)


def lognormal(skewness: float, limit: float) -> float:
    """Chance that a shifted log-normal with mean 0.3 and deviation 2 is above a limit."""
    z = (limit - 0.3) / 2
    if skewness == 0:
        return float(stats.norm.sf(z))
    sigma = optimize.brentq(lambda s: stats.lognorm.stats(s, moments="s") - abs(skewness), 1e-3, 2)
    law = stats.lognorm(sigma)
    towards = law.mean() + law.std() * (z if skewness > 0 else -z)
    return float(law.sf(towards) if skewness > 0 else law.cdf(towards))


@pytest.mark.parametrize("skewness", [-2.2, -0.5, 0.0, 0.05, 1.0, 2.2])
def test_shapes_are_what_they_are_called(skewness: float) -> None:
    """The first is a gamma, the third a log-normal."""
    shapes = Shapes(np.full(3, 0.3), np.full(3, 2.0), np.full((1, 3), skewness))
    law = stats.pearson3(skewness, 0.3, 2.0)
    for limit in (-1.5, 0.0, 0.9):
        assert shapes.above(limit)[0, 0] == pytest.approx(law.sf(limit), abs=0.002)
        assert shapes.below(limit)[0, 0] == pytest.approx(law.cdf(limit), abs=0.002)
        assert shapes.above(limit)[0, 2] == pytest.approx(lognormal(skewness, limit), abs=0.002)
    below = law.ppf((np.arange(100_000) + 0.5) / 100_000)
    assert shapes.shortfall()[0, 0] == pytest.approx(np.maximum(-below, 0).mean(), rel=0.005)
    grid = np.linspace(-40.0, 0.0, 4001)  # E[max(0, -delta)] is the area under P(delta <= x)
    area = np.trapezoid([shapes.below(float(x))[0, 2] for x in grid], grid)
    assert shapes.shortfall()[0, 2] == pytest.approx(area, rel=0.001)


def test_a_shape_without_spread_is_one_value() -> None:
    shapes = Shapes(np.array([1.0, -1.0]), np.zeros(2), np.ones((1, 2)))
    assert shapes.above(1.0).tolist() == [[1.0, 0.0]]
    assert shapes.below(-1.0).tolist() == [[0.0, 1.0]]
    assert shapes.shortfall().tolist() == [[0.0, 1.0]]


def test_looks_spend_what_one_range_spends() -> None:
    sides = [(1 - confidence_at(look)) / 2 for look in range(len(LOOKS))]
    assert sum(sides) == pytest.approx(ALPHA)
    assert sides == sorted(sides)
    assert confidence_at(0, [200]) == pytest.approx(0.90)


def test_symmetric_values_have_students_interval() -> None:
    values = np.array([-3.0, -1.0, 0.0, 1.0, 3.0]) + 7
    low, high = skew_interval(values)
    assert (high + low) / 2 == pytest.approx(7)
    assert (high - low) / 2 == pytest.approx(half_width(values))


def test_a_long_tail_is_looked_for_where_it_is() -> None:
    values = np.array([0.0] * 15 + [1.0, 2.0, 2.0, 4.0, 7.0])
    (low, high), mean = skew_interval(values), float(values.mean())
    assert high - mean > half_width(values) > mean - low > 0
    mirrored = skew_interval(-values)
    assert mirrored == pytest.approx((-high, -low))


def test_the_interval_holds_what_p_does_not_refuse() -> None:
    values = np.random.default_rng(2).exponential(size=20)
    low, high = skew_interval(values, 0.90)
    assert p_above(values, low) == pytest.approx(0.05)
    assert p_above(values, high) == pytest.approx(0.95)


def test_an_interval_is_finite_from_two_values() -> None:
    assert skew_interval(np.array([1.0])) == (-np.inf, np.inf)
    assert np.isfinite(skew_interval(np.array([1.0, 4.0]))).all()
    assert skew_interval(np.full(9, 2.0)) == (2.0, 2.0)
