"""The rule of verdicts, row by row: one goal, an alternative, many of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from simflow.experiment import Judgement, Verdict, ranked
from simflow.experiment.chances import Chance, Chances
from simflow.experiment.difference import Difference
from simflow.experiment.lasting import Hanging
from simflow.experiment.verdict import judged, verdict_of, with_holm
from simflow.measures import Label, Measure
from simflow.scenario import Scenario
from simflow.scenario.costs import Decide, Goal, Role
from tests.helpers import load_tree
from tests.unit.test_measures import TREE

BASE = load_tree(TREE | {"name": "base"}).scenario
KNOWN = Hanging()
"""Every lasting effect is."""
OTHER = BASE.model_copy(update={"name": "other"})
Ends = tuple[float, float, float]
"""Value, low and high of a chance."""
NO: Ends = (0.0, 0.0, 0.05)
YES: Ends = (0.95, 0.9, 1.0)
OPEN: Ends = (0.2, 0.05, 0.3)


def chances(benefit: Ends, harm: Ends, *, draws: int = 200, p: float = 0.0) -> Chances:
    """Made-up chances."""
    return Chances(Chance(*benefit), Chance(*harm), 0.0, 1.0, (0.0, 2.0), 1.0, 1.0, draws, 2, p)


def one(
    benefit: Ends, harm: Ends, role: Role = "primary", *, name: str = "", mean: float = 1.0,
    **more: Any,
) -> Judgement:  # fmt: skip
    """A goal with these chances."""
    measure = Measure(name or f"outcome.{role}", "persons", Label("It", "Se"), "flow")
    goal = Goal.model_validate({"role": role, "better": "more", "matters": 1})
    difference = Difference(measure, goal, 1.0, 2.0, mean, (0.0, 2.0), 400, None)
    return judged(difference, chances(benefit, harm, **more), Decide())


def said(
    *found: Judgement, base: Scenario = BASE, other: Scenario = OTHER, point: bool = False,
    hanging: Hanging = KNOWN,
) -> Verdict:  # fmt: skip
    """The verdict of these goals."""
    return verdict_of(base, other, found, hanging, point=point, replications=400)


BETTER, WORSE = one(YES, NO), one(NO, YES)
NOT_WORSE, SAME, UNCLEAR = one(OPEN, NO), one(NO, NO), one(OPEN, OPEN)


# --------------------------------------------------------------------------------- one goal


@pytest.mark.parametrize(
    ("benefit", "harm", "shown", "holds"),
    [
        ((0.9, 0.66, 1.0), (0.0, 0.0, 0.10), "better", {"better", "not_worse"}),
        ((0.9, 0.66, 1.0), (0.1, 0.0, 0.101), "better", {"better"}),
        ((0.9, 0.659, 1.0), (0.0, 0.0, 0.10), "not_worse", {"not_worse"}),
        ((0.0, 0.0, 0.10), (0.9, 0.66, 1.0), "worse", {"worse"}),
        ((0.0, 0.0, 0.10), (0.9, 0.659, 1.0), "unclear", set()),
        ((0.0, 0.0, 0.10), (0.0, 0.0, 0.10), "no_difference", {"not_worse", "no_difference"}),
        ((0.0, 0.0, 0.101), (0.0, 0.0, 0.10), "not_worse", {"not_worse"}),
        ((0.0, 0.0, 0.10), (0.0, 0.0, 0.101), "unclear", set()),
        ((0.5, 0.2, 0.7), (0.2, 0.1, 0.3), "unclear", set()),
        ((1.0, 0.0, 1.0), (0.0, 0.0, 1.0), "unclear", set()),  # only the ranges count
    ],
)
def test_one_goal(benefit: Ends, harm: Ends, shown: str, holds: set[str]) -> None:
    found = one(benefit, harm)
    assert found.shown == shown
    names = ("better", "worse", "not_worse", "no_difference")
    assert {name for name in names if getattr(found, name)} == holds


def test_the_limits_are_the_scenario_s() -> None:
    difference = BETTER.difference
    strict = Decide(likely=0.95, unlikely=0.01)
    assert judged(difference, chances(YES, NO), strict).shown == "unclear"
    lenient = Decide(likely=0.6, unlikely=0.3)
    assert judged(difference, chances((0.9, 0.6, 1.0), OPEN), lenient).not_worse


# ---------------------------------------------------------------------------- an alternative


def guard(benefit: Ends, harm: Ends, name: str = "", **more: Any) -> Judgement:
    """A guard with these chances."""
    return one(benefit, harm, "guard", name=name, **more)


def money(benefit: Ends, harm: Ends, mean: float = 1.0) -> Judgement:
    """Money with these chances."""
    return one(benefit, harm, "money", name="cost.net", mean=mean)


ROWS: list[tuple[str, list[Judgement], str]] = [
    ("trade-off: worse guard", [BETTER, guard(NO, YES)], "trade_off"),
    ("trade-off: the purpose is worse", [WORSE, guard(YES, NO)], "trade_off"),
    ("trade-off: H at .33", [BETTER, guard(OPEN, (0.33, 0.2, 0.5))], "trade_off"),
    ("H below .33: not yet", [BETTER, guard(OPEN, (0.329, 0.2, 0.5))], "unclear"),
    ("recommended: for its purpose", [BETTER, guard(OPEN, NO)], "recommended"),
    ("recommended: for a guard", [NOT_WORSE, guard(YES, NO)], "recommended"),
    ("recommended whatever it costs", [BETTER, guard(NO, NO), money(NO, YES)], "recommended"),
    ("a guard open: not yet", [BETTER, guard(OPEN, OPEN)], "unclear"),
    ("one guard of two open", [BETTER, guard(NO, NO), guard(OPEN, OPEN, "outcome.2")], "unclear"),
    ("better, harm open", [one(YES, (0.1, 0.0, 0.101)), guard(NO, NO)], "unclear"),
    ("loss: the purpose", [WORSE, guard(NO, NO)], "loss"),
    ("loss: a guard", [NOT_WORSE, guard(NO, YES)], "loss"),
    ("loss: however much it saves", [WORSE, guard(NO, NO), money(YES, NO)], "loss"),
    ("loss: others open", [UNCLEAR, guard(NO, YES)], "loss"),
    ("saving", [NOT_WORSE, guard(NO, NO), money(YES, NO)], "saving"),
    ("saving goes before no difference", [SAME, guard(NO, NO), money(YES, NO)], "saving"),
    ("no saving with an open guard", [SAME, guard(OPEN, OPEN), money(YES, NO)], "unclear"),
    ("no difference", [SAME, guard(NO, NO), money(NO, YES)], "no_difference"),
    ("not worse is not no difference", [NOT_WORSE, guard(NO, NO)], "unclear"),
    ("nothing clear", [UNCLEAR, guard(OPEN, OPEN)], "unclear"),
    ("money worse is no loss", [UNCLEAR, guard(OPEN, OPEN), money(NO, YES)], "unclear"),
]  # fmt: skip


@pytest.mark.parametrize(("found", "kind"), [row[1:] for row in ROWS], ids=[r[0] for r in ROWS])
def test_an_alternative(found: list[Judgement], kind: str) -> None:
    verdict = said(*found)
    assert verdict.kind == kind
    assert verdict.recommended == (kind in ("recommended", "saving"))
    assert bool(verdict.reason) == (kind == "unclear")
    assert said(*reversed(found)).kind == kind, "the order of the goals counts for nothing"


@pytest.mark.parametrize(("found", "kind"), [row[1:] for row in ROWS], ids=[r[0] for r in ROWS])
def test_circumstances_and_other_periods_are_never_advised(
    found: list[Judgement], kind: str
) -> None:
    circumstance = OTHER.model_copy(update={"circumstance": True})
    assert said(*found, other=circumstance).kind == "circumstance"
    later = BASE.horizon.model_copy(update={"end": BASE.horizon.end.replace(day=30)})
    both = circumstance.model_copy(update={"horizon": later})
    for other in (OTHER.model_copy(update={"horizon": later}), both):
        verdict = said(*found, other=other)
        assert (verdict.kind, verdict.recommended) == ("other_period", False)


@pytest.mark.parametrize("kind", ["recommended", "saving", "no_difference", "loss", "trade_off"])
def test_advice_needs_so_many_draws(kind: str) -> None:
    """A loss or a trade-off may be told of fewer; with point values there are none to count."""
    pairs = {
        "recommended": (YES, NO, OPEN, NO), "saving": (OPEN, NO, NO, NO),
        "no_difference": (NO, NO, NO, NO), "loss": (NO, YES, NO, NO),
        "trade_off": (YES, NO, NO, YES),
    }  # fmt: skip
    b, h, guard_b, guard_h = pairs[kind]
    costs = [money(YES, NO)] if kind == "saving" else []
    early = kind in ("loss", "trade_off")
    for few in ((199, 200), (200, 199)):
        found = one(b, h, draws=few[0]), guard(guard_b, guard_h, draws=few[1]), *costs
        verdict = said(*found)
        assert (verdict.kind, verdict.draws) == (kind if early else "unclear", 199)
        assert verdict.enough is False
        assert verdict.reason == ("" if early else "runs")
        point = said(*found, point=True)
        assert (point.kind, point.draws, point.enough) == (kind, 0, True)
    enough = said(one(b, h), guard(guard_b, guard_h), *costs)
    assert (enough.kind, enough.draws, enough.enough) == (kind, 200, True)
    fewer = BASE.model_copy(update={"decide": Decide(draws=199)})
    assert said(*found, base=fewer).kind == kind


@pytest.mark.parametrize(
    ("benefit", "reason"), [((0.2, 0.15, 0.251), "runs"), ((0.2, 0.15, 0.249), "numbers")]
)
def test_what_would_tell(benefit: Ends, reason: str) -> None:
    """Wide ranges: more runs; narrow ones: better known numbers."""
    assert said(one(benefit, NO), guard(NO, NO)).reason == reason


# ----------------------------------------------------------------------------- lasting effects

BEGUN = "outcome.begun"


@pytest.mark.parametrize(
    ("ends", "hanging", "shown"),
    [
        ((YES, NO), Hanging(less=("course",)), "unclear"),
        ((NO, NO), Hanging(less=("course",)), "unclear"),
        ((NO, YES), Hanging(less=("course",)), "worse"),
        ((NO, YES), Hanging(more=("course",)), "unclear"),
        ((NO, NO), Hanging(more=("course",)), "unclear"),
        ((YES, NO), Hanging(more=("course",)), "better"),
        ((YES, NO), Hanging(), "better"),
    ],
)
def test_what_a_lasting_effect_could_undo_is_not_told(
    ends: tuple[Ends, Ends], hanging: Hanging, shown: str
) -> None:
    waits = guard(NO, NO, "outcome.wait_assessment")
    verdict = said(one(*ends, name=BEGUN), waits, hanging=hanging)
    assert verdict.primary.shown == shown
    assert verdict.guards[0].shown == "no_difference", "a wait is as it is"
    if shown == "unclear":
        assert (verdict.kind, verdict.reason) == ("unclear", "lasting_effect")
        assert not verdict.gains and not verdict.losses


# -------------------------------------------------------------------------- many alternatives


def test_holm_over_claims_of_better_by_hand() -> None:
    """Of p .01, .02, .04 at 5 %: .01 <= .05/3, .02 <= .05/2, .04 <= .05; .03 for .02 breaks it."""

    def claims(ps: Sequence[float]) -> list[bool]:
        return [found.better for found in with_holm([one(YES, NO, p=p) for p in ps])]

    assert claims([0.04, 0.01, 0.02]) == [True, True, True]
    assert claims([0.04, 0.01, 0.03]) == [False, True, False]
    assert claims([0.04, 0.03, 0.02]) == [False, False, False]
    assert claims([0.05]) == [True] and claims([0.0501]) == [False]
    assert claims([]) == []


def test_holm_takes_claims_of_better_only() -> None:
    """A claim given up leaves what else holds; none is made where the range makes none."""
    given_up, none = with_holm([one(YES, NO, p=0.2), one(OPEN, NO, p=0.0)])
    assert (given_up.better, given_up.not_worse, given_up.shown) == (False, True, "not_worse")
    assert not none.better
    (worse,) = with_holm([one(NO, YES, p=1.0)])
    assert worse.worse


def chosen(name: str, benefit: Ends, cost: float, *, saves: bool = False) -> Verdict:
    """An alternative that is recommended, or saves."""
    other = OTHER.model_copy(update={"name": name})
    purpose = one(OPEN if saves else benefit, NO)
    return said(purpose, guard(NO, NO), money(YES if saves else OPEN, NO, cost), other=other)


def test_ranking() -> None:
    """The largest B first; of those it cannot be told from, the cheaper; losses not at all."""
    best = chosen("best", (0.98, 0.9, 1.0), 9.0)
    near = chosen("near", (0.85, 0.7, 0.9), 2.0)
    far = chosen("far", (0.75, 0.7, 0.89), 1.0)
    saving = chosen("saving", NO, -5.0, saves=True)
    loss = said(WORSE, guard(NO, NO))
    names = [found.name for found in ranked([far, loss, saving, best, near])]
    assert names == ["near", "best", "far"]
    more = chosen("more", NO, -7.0, saves=True)
    assert [found.name for found in ranked([loss, saving, more])] == ["more", "saving"]
    assert ranked([loss]) == ()
