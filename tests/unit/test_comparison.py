"""Paired differences: their intervals cover, and verdicts follow from them by the rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from simflow.experiment import Comparison, Results
from simflow.experiment.chances import of_point
from simflow.experiment.difference import difference_of
from simflow.experiment.skew import skew_interval
from simflow.experiment.verdict import judged, with_holm
from simflow.measures import Label, Measure
from simflow.scenario.costs import Decide, Goal, Role
from tests.helpers import Floats, load_tree
from tests.unit.test_measures import TREE

nan = float("nan")


def goal(matters: float = 0.0, better: str = "more", role: Role | None = None) -> Goal:
    """A goal."""
    return Goal.model_validate({"better": better, "matters": matters, "role": role})


def measure(name: str) -> Measure:
    """A measure of that name."""
    return Measure(name, "clients", Label(name, name), "flow")


def results(name: str, values: Floats) -> Results:
    """Results with measures m0, m1, …, a column each."""
    measures = tuple(measure(f"m{place}") for place in range(values.shape[1]))
    return Results(name, "", 1, measures, values)


def comparison(base: Floats, *others: Floats, goals: Mapping[str, Goal]) -> Comparison:
    """A comparison of given values, shape (replications, measures) each."""
    scenario = load_tree(TREE).scenario
    named = ({"name": f"alt{place}"} for place in range(len(others)))
    updates = ({"name": "base", "goals": dict(goals)}, *named)
    scenarios = tuple(scenario.model_copy(update=update) for update in updates)
    alternatives = tuple(results(f"alt{place}", values) for place, values in enumerate(others))
    return Comparison(results("base", base), alternatives, None, scenarios, ((),) * len(others))


# ------------------------------------------------------------------------------- statistics


@pytest.mark.statistical
def test_intervals_cover_the_known_difference() -> None:
    """In 400 trials of 20 pairs, 92-98 % of the 95 % intervals hold the true difference.

    A right interval gives 95 % with a standard deviation of sqrt(0.95 · 0.05 / 400) = 1.1
    percentage points, so that it leaves 92-98 % about once in 160 seeds.
    """
    random, trials, pairs, true = np.random.default_rng(1), 400, 20, 3.0
    common = random.normal(100, 10, (pairs, trials))
    base = common + random.normal(0, 2, (pairs, trials))
    other = common + true + random.normal(0, 3, (pairs, trials))
    found = comparison(base, other, goals={}).differences("alt0")
    ends = np.array([d.ci for d in found])
    covered = float(np.mean((ends[:, 0] <= true) & (true <= ends[:, 1])))
    ratio = float(np.median([d.variance_ratio for d in found if d.variance_ratio]))
    print(f"{covered:.1%} of {trials} intervals cover; pairing cuts the variance {ratio:.1f}-fold")
    assert 0.92 <= covered <= 0.98
    assert ratio == pytest.approx((2 * 100 + 4 + 9) / (4 + 9), rel=0.1)


TRIALS = 2600
"""The bound is 6 %, the method promises at most 5 %: for one percentage point to be 2.33 standard
deviations (99 %) of the share found, sqrt(0.05 · 0.95 / n) · 2.33 <= 0.01 asks for n >= 2580."""


@pytest.mark.statistical
@pytest.mark.parametrize("true_effects", [0, 2])
def test_holm_keeps_the_family_wise_error(
    true_effects: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two alternatives and three goals a wrong *better* comes in at most 6 % of trials.

    The differences that are none are of exactly what matters: the hardest case.
    """
    monkeypatch.setattr("gc.collect", lambda: 0)  # the library collects each time, for 0.1 s
    random, pairs, goals = np.random.default_rng(2), 10, 3
    d = difference_of(measure("m"), goal(2.0), np.zeros(2), np.ones(2))
    wrong = unadjusted = 0
    for _ in range(TRIALS):
        values = random.normal(2, 1, (2 * goals, pairs))
        values[:true_effects] += 5
        found = [judged(d, of_point(row, 2.0), Decide()) for row in values]
        wrong += any(one.better for one in with_holm(found)[true_effects:])
        unadjusted += any(one.better for one in found[true_effects:])
    print(f"family-wise error {wrong / TRIALS:.2%}, without Holm {unadjusted / TRIALS:.1%}")
    assert 2.33 * sqrt(0.05 * 0.95 / TRIALS) <= 0.01
    assert wrong / TRIALS <= 0.06
    assert unadjusted / TRIALS > 0.1, "the test could not tell whether claims were held together"


@pytest.mark.statistical
def test_claims_at_the_edge_of_what_matters_are_rare() -> None:
    """With point values and a true difference of exactly what matters, *better* comes in about 5 %.

    One side of a 90 % range: 5 %, and with three standard deviations of 400 trials 8.3 %.
    """
    random, trials = np.random.default_rng(3), 400
    base = random.normal(100, 10, (20, trials))
    other = base + 2 + random.normal(0, 3, (20, trials))
    goals = {f"m{i}": goal(2.0) for i in range(trials)}
    found = comparison(base, other, goals=goals)
    claims = [found.chances("alt0", name).benefit.low >= 0.66 for name in goals]
    print(f"{sum(claims) / trials:.1%} wrong claims")
    assert 0.01 <= sum(claims) / trials <= 0.05 + 3 * sqrt(0.05 * 0.95 / trials)


def test_an_interval_over_draws_is_of_their_means() -> None:
    """The two replications of a draw are not independent; a draw not whole is left out."""
    draws = np.array([-3.0, 1.0, 2.0, 8.0])
    other = np.repeat(draws, 2) + np.array([0.5, -0.5] * 4)
    base = np.zeros(8)
    found = difference_of(measure("m"), None, base, other, each=2)
    assert found.ci == pytest.approx(skew_interval(draws))
    assert (found.n, found.mean) == (8, pytest.approx(2.0))
    odd = difference_of(measure("m"), None, np.zeros(9), np.append(other, 50.0), each=2)
    assert odd.ci == found.ci
    lost = np.insert(other, 2, [nan, 99.0])  # of a draw between the first and the second
    gap = difference_of(measure("m"), None, np.zeros(10), lost, each=2)
    assert (gap.ci, gap.n) == (found.ci, 9)
    single = difference_of(measure("m"), None, base[:3], other[:3], each=2)
    assert (single.ci, single.n) == (None, 3)


# -------------------------------------------------------------------------- goals and verdicts

PAIRS = np.array([-1.0, 0.0, 1.0] * 4)
"""Twelve paired differences with mean 0 and a half-width of 0.54; at 90 %, of 0.44."""


@pytest.mark.parametrize(
    ("shift", "better", "shown"),
    [
        (4.0, "more", "better"),
        (4.0, "fewer", "worse"),
        (-4.0, "more", "worse"),
        (-4.0, "fewer", "better"),
        (2.0, "more", "not_worse"),  # clear of zero, but it may be less than matters
        (-2.0, "more", "unclear"),  # and more than may be lost
        (0.1, "more", "no_difference"),
        (1.5, "more", "no_difference"),
        (1.6, "more", "not_worse"),
        (-1.6, "more", "unclear"),
    ],
)
def test_point_values_are_held_against_what_matters(shift: float, better: str, shown: str) -> None:
    """One-sided 95 % limits against what matters, either way."""
    base = np.full((12, 1), 50.0)
    goals = {"m0": goal(2.0, better)}
    found = comparison(base, base + shift + PAIRS[:, None], goals=goals)
    d, chances = found.difference("alt0", "m0"), found.chances("alt0", "m0")
    assert judged(d, chances, found.scenarios[0].decide).shown == shown
    assert d.mean == pytest.approx(shift)
    assert chances.mean == pytest.approx(shift if better == "more" else -shift)
    assert d.half_width == pytest.approx(0.542, abs=0.001)
    assert d.clear_of_zero == (shift > 0.6 or shift < -0.6)


ROLES = {"m0": goal(2.0, role="primary"), "m1": goal(2.0, "fewer", role="guard")}
"""A purpose and a guard."""


def shifted(*shifts: float) -> Floats:
    """Values of two measures, 50 and what comes to it; varying against a base of 50."""
    return 50.0 + np.array(shifts) + PAIRS[:, None]


def test_verdicts_of_alternatives() -> None:
    base = np.full((12, 2), 50.0)
    others = [shifted(4, 0), shifted(4, 4), shifted(0, 4), shifted(0, 0), shifted(2, 0)]
    found = comparison(base, *others, goals=ROLES)
    kinds = [verdict.kind for verdict in found.verdicts]
    assert kinds == ["recommended", "trade_off", "loss", "no_difference", "unclear"]
    first = found.verdict("alt0")
    assert first is not None
    assert [one.difference.measure.name for one in first.judgements] == ["m0", "m1"]
    assert (first.replications, first.draws, first.enough) == (12, 0, True)


def test_without_roles_there_are_differences_and_no_verdict() -> None:
    base = np.full((12, 2), 50.0)
    found = comparison(base, shifted(4, 0), goals={"m0": goal(2.0), "m1": goal(2.0)})
    assert (found.verdicts, found.verdict("alt0"), found.has_roles) == ((), None, False)
    assert found.difference("alt0", "m0").ci is not None


def test_holm_over_alternatives_and_goals() -> None:
    """A claim that stands alone falls among many; money is no claim."""
    base, shift = np.full((12, 2), 50.0), 2.6
    alone = comparison(base, shifted(shift, 0), goals=ROLES).verdict("alt0")
    assert alone is not None and alone.primary.better
    p = alone.primary.chances.p_better
    assert 0.05 / 8 < p < 0.05
    many = comparison(base, shifted(shift, 0), *[shifted(0, 0)] * 3, goals=ROLES).verdict("alt0")
    assert many is not None and not many.primary.better and many.primary.not_worse
    assert many.primary.chances.p_better == p
    money = dict(ROLES) | {f"m{i}": goal(2.0, role="money") for i in range(2, 9)}
    wide = [np.hstack([rows] + [rows[:, :1]] * 7) for rows in (base, shifted(0.0, 0))]
    wide[1][:, 0] += shift
    beside = comparison(*wide, goals=money).verdict("alt0")
    assert beside is not None and beside.primary.better


def test_draws_need_two_replications_each_and_enough_of_them() -> None:
    """Over a posterior: of the draws' means; 200 draws and more give advice, fewer do not."""
    random = np.random.default_rng(4)
    for draws, kind in ((199, "unclear"), (200, "recommended")):
        delta = random.normal(8, 1, (draws, 1)) * [1, 0]
        other = np.repeat(delta, 2, axis=0) + random.normal(0, 1, (2 * draws, 2))
        made = comparison(np.zeros((2 * draws, 2)), other, goals=ROLES)
        base = replace(made.base, draws=np.zeros((draws, 1)))
        found = replace(made, base=base, each=2)
        assert not found.point
        verdict = found.verdict("alt0")
        assert verdict is not None
        assert (verdict.kind, verdict.draws, verdict.replications) == (kind, draws, 2 * draws)
        chances = verdict.primary.chances
        assert chances.spread == pytest.approx(1, abs=0.2)
        assert chances.noise == pytest.approx(1, abs=0.2)


def test_a_lack_of_a_goal_s_measure_gives_no_verdict() -> None:
    base = np.full((12, 2), 50.0)
    found = comparison(base, shifted(4, 0)[:, :1], shifted(4, 0), goals=ROLES)
    assert found.verdict("alt0") is None
    assert [verdict.name for verdict in found.verdicts] == ["alt1"]


def test_equal_constant_and_undefined_pairs() -> None:
    """No variation is no error; a pair without a value is left out; no pair is no figure."""
    rows = 6
    base = np.tile([10.0, 10.0, 10.0, nan], (rows, 1))
    other = np.tile([10.0, 13.0, 14.0, 5.0], (rows, 1))
    other[:3, 2] = nan
    goals = {f"m{place}": goal(2.0) for place in range(4)}
    found = comparison(base, other, goals=goals)
    same, constant, half, none = found.differences("alt0")
    assert (same.mean, same.ci, same.variance_ratio) == (0.0, (0.0, 0.0), None)
    assert constant.ci == (3.0, 3.0)
    assert found.chances("alt0", "m1").p_better == 2.0**-5
    assert (half.n, half.mean, half.base) == (3, 4.0, 10.0)
    assert found.chances("alt0", "m2").left_out == 3
    assert (none.n, none.mean, none.ci, none.half_width) == (0, None, None, None)
    unknown = found.chances("alt0", "m3")
    assert (unknown.benefit.low, unknown.benefit.high) == (0, 1) == (
        unknown.harm.low, unknown.harm.high)  # fmt: skip


def test_one_replication_has_a_difference_but_says_nothing() -> None:
    goals = {"m0": goal(role="primary"), "m1": goal(role="guard")}
    found = comparison(np.array([[5.0, 5.0]]), np.array([[9.0, 9.0]]), goals=goals)
    d, verdict = found.difference("alt0", "m0"), found.verdict("alt0")
    assert (d.mean, d.ci) == (4.0, None)
    assert verdict is not None and (verdict.kind, verdict.reason) == ("unclear", "runs")


@pytest.mark.parametrize(("n", "told"), [(2, False), (5, False), (6, True), (12, True)])
def test_equal_differences_are_weighed_by_their_number(n: int, told: bool) -> None:
    """Two runs that differ by the same may do so by luck."""
    base = np.full((n, 1), 1.0)
    decide = comparison(base, base, goals={}).scenarios[0].decide
    for shift, shown in ((9.0, "better"), (2.0, "no_difference")):
        found = comparison(base, base + shift, goals={"m0": goal(3.0)})
        one = judged(found.difference("alt0", "m0"), found.chances("alt0", "m0"), decide)
        assert one.shown == (shown if told else "unclear")
        assert one.chances.p_better == (2.0 ** (1 - n) if shift > 3 else 1.0)
