"""Paired differences: their intervals cover, Holm holds, and the verdicts follow the rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import sqrt

import numpy as np
import pytest

from simflow.errors import UsageError
from simflow.experiment import (
    Comparison,
    Interrupted,
    Replication,
    Results,
    compare,
    distinct,
)
from simflow.experiment.difference import difference_of, holm
from simflow.measures import Label, Measure
from simflow.scenario import Loaded
from simflow.scenario.costs import Goal
from tests.helpers import Floats, load_tree
from tests.unit.test_measures import TREE

nan = float("nan")


def goal(matters: float = 0.0, better: str = "more") -> Goal:
    """A goal."""
    return Goal.model_validate({"better": better, "matters": matters})


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
    """With no (or some) true differences, a wrong "better" or "worse" comes in at most 6 %.

    Two alternatives and three goals, of which nothing matters least (0), so that p is that of
    the ordinary paired t test: the hardest case.
    """
    monkeypatch.setattr("gc.collect", lambda: 0)  # the library collects each time, for 0.1 s
    random, pairs, goals = np.random.default_rng(2), 10, 3
    wrong = unadjusted = 0
    for _ in range(TRIALS):
        base = random.normal(size=(pairs, goals))
        others = [base + random.normal(size=(pairs, goals)) for _ in range(2)]
        others[0][:, :true_effects] += 5
        plain = [difference_of(measure("m"), goal(), base[:, g], other[:, g])
                 for other in others for g in range(goals)]  # fmt: skip
        p = [d.p for d in plain if d.p is not None]
        assert len(p) == 2 * goals
        null = slice(true_effects, None)
        wrong += min(holm(p)[null]) < 0.05
        unadjusted += min(p[null]) < 0.05
    tolerance = 2.33 * sqrt(0.05 * 0.95 / TRIALS)
    print(f"family-wise error {wrong / TRIALS:.2%}, without Holm {unadjusted / TRIALS:.1%}")
    assert tolerance <= 0.01
    assert wrong / TRIALS <= 0.06
    assert unadjusted / TRIALS > 0.1, "the test could not tell whether p was adjusted"


def test_better_means_wholly_beyond_what_matters() -> None:
    """At the edge of what matters the verdict errs in at most 2.5 % (one side of 5 %)."""
    random, trials = np.random.default_rng(3), 400
    base = random.normal(100, 10, (20, trials))
    other = base + 2 + random.normal(0, 3, (20, trials))
    found = [difference_of(measure("m"), goal(2.0), base[:, i], other[:, i]) for i in range(trials)]
    claims = [d for d in found if d.p is not None and d.p < 0.05]
    for d in found:
        assert d.ci is not None and d.p is not None
        beyond = d.ci[0] > 2.0 or d.ci[1] < -2.0
        assert (d.p < 0.05) == beyond, "p and the interval say the same"
    assert len(claims) / trials <= 0.05  # 2.5 % and three standard deviations


# --------------------------------------------------------------------------------- verdicts

PAIRS = np.array([-1.0, 0.0, 1.0] * 4)
"""Twelve paired differences with mean 0 and a half-width of 0.54."""


@pytest.mark.parametrize(
    ("shift", "better", "verdict", "negligible"),
    [
        (4.0, "more", "better", False),
        (4.0, "fewer", "worse", False),
        (-4.0, "more", "worse", False),
        (-4.0, "fewer", "better", False),
        (2.0, "more", "too_close", False),  # clear of zero, but it may be less than matters
        (0.1, "more", "too_close", True),
        (1.3, "more", "too_close", True),
        (1.6, "more", "too_close", False),
    ],
)
def test_verdicts(shift: float, better: str, verdict: str, negligible: bool) -> None:
    base = np.full((12, 1), 50.0)
    goals = {"m0": goal(2.0, better)}
    d = comparison(base, base + shift + PAIRS[:, None], goals=goals).difference("alt0", "m0")
    assert (d.verdict, d.negligible) == (verdict, negligible)
    assert d.mean == pytest.approx(shift)
    assert d.half_width == pytest.approx(0.542, abs=0.001)
    assert d.clear_of_zero == (shift > 0.6 or shift < -0.6)


def test_holm_over_alternatives_and_goals() -> None:
    """The adjusted p are Holm's, by hand, over all alternatives and goals together."""
    base = np.full((12, 2), 50.0)
    shifts = ((0.3, 0.6), (0.9, 0.4))
    others = [base + np.array(shift) + PAIRS[:, None] for shift in shifts]
    found = comparison(base, *others, goals={"m0": goal(), "m1": goal()})
    four = [found.difference(f"alt{a}", f"m{g}") for a in range(2) for g in range(2)]
    p = np.array([d.p for d in four], float)
    order = np.argsort(p)
    by_hand = np.empty(4)
    by_hand[order] = np.minimum(np.maximum.accumulate(p[order] * [4, 3, 2, 1]), 1)
    assert [d.p_holm for d in four] == pytest.approx(by_hand)
    assert found.difference("alt0", "m0").verdict == "too_close"
    assert found.difference("alt1", "m0").verdict == "better"


def test_a_measure_that_is_no_goal_has_an_interval_but_no_verdict() -> None:
    base = np.full((12, 2), 50.0)
    found = comparison(base, base + 4 + PAIRS[:, None], goals={"m1": goal()})
    d = found.difference("alt0", "m0")
    assert (d.goal, d.p_holm, d.verdict) == (None, None, "undefined")
    assert d.ci is not None and d.p is not None and d.p < 0.001


def test_equal_constant_and_undefined_pairs() -> None:
    """No variation is no error; a pair without a value is left out; no pair is no figure."""
    rows = 6
    base = np.tile([10.0, 10.0, 10.0, nan], (rows, 1))
    other = np.tile([10.0, 13.0, 14.0, 5.0], (rows, 1))
    other[:3, 2] = nan
    goals = {f"m{place}": goal(2.0) for place in range(4)}
    same, constant, half, none = comparison(base, other, goals=goals).differences("alt0")
    assert (same.verdict, same.p, same.variance_ratio) == ("same", 1.0, None)
    assert (constant.verdict, constant.ci, constant.p) == ("too_close", (3.0, 3.0), 2.0**-5)
    assert (half.n, half.mean, half.base) == (3, 4.0, 10.0)
    assert (none.n, none.mean, none.ci, none.p, none.p_holm) == (0, None, None, None, None)
    assert none.verdict == "undefined"


def test_one_replication_has_a_difference_but_says_nothing() -> None:
    d = comparison(np.array([[5.0]]), np.array([[9.0]]), goals={"m0": goal()}).difference(
        "alt0", "m0"
    )
    assert (d.mean, d.ci, d.p, d.verdict) == (4.0, None, None, "undefined")


# ------------------------------------------------------------------------- running a comparison


QUIET = {"kind": "rate", "rate": "0 per day", "to": "bed"}


def variant(name: str, places: int = 2, **more: object) -> Loaded:
    """A small scenario with goals; `places` is what is decided."""
    goals = {
        "caseload.end": {"better": "fewer", "matters": 1},
        "wait.bed.mean": {"better": "fewer", "matters": 0.5},
    }
    bed = TREE["services"]["bed"] | {"places": places}
    return load_tree(TREE | {"name": name, "goals": goals, "services": {"bed": bed}} | more)


def test_all_scenarios_run_on_the_same_streams() -> None:
    """The base's replications are those of `run`; a copy under another name differs in nothing."""
    found = compare(variant("base"), [variant("copy"), variant("more", 4)], replications=5)
    assert found.base.values.tobytes() == found.results("copy").values.tobytes()
    assert {d.verdict for d in found.differences("copy")} <= {"same", "undefined"}
    assert found.names == ("caseload.end", "wait.bed.mean")
    wait = found.difference("more", "wait.bed.mean")
    assert wait.mean is not None and wait.mean < 0
    notes = [note.text.en for note in found.notes if note.alternative == "copy"]
    assert any("changes nothing" in note for note in notes)
    assert found.changes[1][0].sentence.fi.endswith("2 → 4")


def test_replications_grow_to_the_precision_of_the_differences() -> None:
    """Up to what matters, to a number, relative to the base; in tens; no further than the cap."""
    base, others = variant("base"), [variant("more", 4)]
    found = compare(base, others, precision="matters", cap=200)
    assert found.precision is not None and found.precision.size is None
    assert found.precision.measures == found.names
    assert found.replications % 10 == 0 and found.replications < 200
    assert (found.precision.missed, found.precision.pairs) == ((), ())
    for name in found.names:
        half = found.difference("more", name).half_width
        assert half is not None and half <= found.goals[name].matters
    fewer = compare(base, others, precision=50.0)
    assert fewer.replications == 10
    capped = compare(base, others, precision=0.001, measures=["wait.bed.mean"], cap=15)
    assert capped.replications == 15
    assert capped.precision is not None
    assert capped.precision.pairs == (("more", "wait.bed.mean"),)
    relative = compare(base, others, precision=0.3, relative=True, measures=["wait.bed.mean"])
    half = relative.difference("more", "wait.bed.mean").half_width
    assert half is not None
    assert half <= 0.3 * relative.base.column("wait.bed.mean").mean()


def test_a_measure_without_any_value_does_not_run_to_the_cap() -> None:
    """Nobody comes: waits have no value, the comparison ends and says what it missed."""
    nobody = variant("nobody", channels={"walk_in": QUIET})
    found = compare(variant("base"), [nobody], precision=100.0, cap=1000)
    assert found.replications == 10
    assert found.precision is not None
    assert found.precision.pairs == (("nobody", "wait.bed.mean"),)
    assert found.difference("nobody", "wait.bed.mean").verdict == "undefined"


def test_processes_and_resuming_change_nothing() -> None:
    base, others = variant("base"), [variant("more", 4), variant("fewer", 1)]

    class Keep:
        def __init__(self) -> None:
            self.rows: list[Floats] = []

        def add(self, replication: Replication, /) -> None:
            assert replication.number == len(self.rows)
            self.rows.append(replication.values)

    def stop(done: int, foreseen: int) -> None:
        assert foreseen == 18
        if done == 7:
            raise KeyboardInterrupt

    whole = compare(base, others, replications=6, jobs=2)
    stores = [Keep() for _ in range(3)]
    with pytest.raises(Interrupted):
        compare(base, others, replications=6, stores=stores, on_progress=stop)
    assert [len(store.rows) for store in stores] == [3, 2, 2]
    started = [np.array(store.rows) for store in stores]
    again = compare(base, others, replications=6, start_from=started)
    for one, other in zip(
        (whole.base, *whole.alternatives), (again.base, *again.alternatives), strict=True
    ):
        assert one.values.tobytes() == other.values.tobytes()


def test_what_cannot_be_compared_is_said() -> None:
    base, more = variant("base"), variant("more", 4)
    with pytest.raises(UsageError, match=r'no measure "wait.bed.mena".*did you mean wait.bed.mean'):
        compare(base, [more], replications=2, measures=["wait.bed.mena"])
    with pytest.raises(UsageError, match="different scenarios with one name"):
        compare(base, [more, variant("more", 5)], replications=2)
    with pytest.raises(UsageError, match="nothing to compare"):
        compare(base, [base], replications=2)
    with pytest.raises(UsageError, match="no smallest difference that matters is known of exits"):
        compare(base, [more], precision="matters", measures=["exits.home"])
    with pytest.raises(UsageError, match="not both"):
        compare(base, [more], precision=1.0, replications=5)


def test_base_and_repetitions_are_left_out_with_a_note() -> None:
    base, more = variant("base"), variant("more", 4)
    kept, notes = distinct(base, [more, base, more])
    assert [loaded.scenario.name for loaded in kept] == ["more"]
    said = json.dumps([note.text.en for note in notes])
    assert "is the base itself" in said and "was given already" in said


@pytest.mark.parametrize(("n", "p"), [(2, 0.5), (12, 2.0**-11)])
def test_equal_differences_are_weighed_by_their_number(n: int, p: float) -> None:
    """Two runs that differ by the same may do so by luck."""
    measure = Measure("exits", "clients", Label("Exits", "Päättyneet"), "flow")
    goal = Goal(better="more", matters=3.0)
    base = np.arange(float(n))
    assert difference_of(measure, goal, base, base + 9).p == pytest.approx(p)
    assert difference_of(measure, goal, base, base + 2).negligible == (p < 0.05)
