"""What an alternative's differences say: the one rule that tables, pages and charts repeat.

For each goal, B and H are the probabilities that an alternative benefits and harms it by at least
what matters, over what is not known (`chances`); with point values they are 0 or 1. Classes of one
goal, of which several may hold (the first that fits is printed):

- *better*: B is at least `decide.likely`, for sure (the lower end of its range)
- *worse*: H is at least so
- *no difference that matters*: both are at most `decide.unlikely`, for sure
- *not worse*: H is
- *cannot be told yet*: none of these

and of an alternative, the first that fits:

- *circumstance*, *another period*: shown beside, never advised
- *trade-off*: the purpose or a guard better, and the purpose or a guard worse, or H ≥ .33
- *recommended*: the purpose and every guard not worse, and one of them better
- *loss*: nothing of these better, something worse
- *saving*: the purpose and every guard not worse, and money better
- *no difference that matters*: so of the purpose and every guard
- *cannot be told yet*: everything else

Every guard is tested by itself (an intersection-union test needs no correction; Berger 1982,
Technometrics 24, 295-300); claims of *better* are held to Holm's (1979) over all alternatives.
*Recommended*, *saving* and *no difference* need `decide.draws` draws, of two replications each.
Where the verdict hangs on a lasting effect for which no evidence is given (`lasting`), what the
effect could undo is not told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from simflow.experiment.chances import Chance, Chances
from simflow.experiment.difference import Difference
from simflow.experiment.lasting import Hanging

if TYPE_CHECKING:
    from simflow.scenario import Scenario
    from simflow.scenario.costs import Decide

GoalClass = Literal["better", "worse", "no_difference", "not_worse", "unclear"]
Class = Literal[
    "recommended", "saving", "trade_off", "loss", "no_difference", "unclear", "circumstance",
    "other_period",
]  # fmt: skip
Reason = Literal["runs", "lasting_effect", "numbers", ""]
"""What would tell what cannot be told yet: more runs, evidence of a lasting effect, or better known
numbers of the model."""
ADVISED: tuple[Class, ...] = ("recommended", "saving")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One goal of an alternative.

    Attributes
    ----------
    difference : Difference
        The paired difference, with its goal.
    chances : Chances
        B, H and the expected loss; signed so that more is better.
    better, worse, not_worse, no_difference : bool
        Classes that hold.
    told : bool
        False where a lasting effect without evidence could undo what holds.
    """

    difference: Difference
    chances: Chances
    better: bool
    worse: bool
    not_worse: bool
    no_difference: bool
    told: bool = True

    @property
    def benefit(self) -> Chance:
        """B: the probability of a benefit that matters."""
        return self.chances.benefit

    @property
    def harm(self) -> Chance:
        """H: the probability of a harm that matters."""
        return self.chances.harm

    @property
    def shown(self) -> GoalClass:
        """The class that is printed."""
        if not self.told:
            return "unclear"
        for name in ("better", "worse", "no_difference", "not_worse"):
            if getattr(self, name):
                return name
        return "unclear"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one alternative.

    Attributes
    ----------
    name : str
        The alternative.
    kind : Class
        Its class.
    primary : Judgement
        The purpose.
    guards, money : tuple of Judgement
        What must not be harmed; what it costs.
    reason : Reason
        Of what cannot be told yet, what would tell; otherwise empty.
    hanging : Hanging
        Services whose lasting effect the verdict hangs on.
    draws, replications : int
        Draws of a posterior that tell of the purpose and of every guard (0 with point values), and
        replications of the alternative.
    enough : bool
        Whether there are draws enough for any advice.
    """

    name: str
    kind: Class
    primary: Judgement
    guards: tuple[Judgement, ...]
    money: tuple[Judgement, ...]
    reason: Reason
    hanging: Hanging
    draws: int
    replications: int
    enough: bool

    @property
    def recommended(self) -> bool:
        """Whether it is advised: for its effects, or as a saving."""
        return self.kind in ADVISED

    @property
    def aims(self) -> tuple[Judgement, ...]:
        """The purpose and the guards."""
        return (self.primary, *self.guards)

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """Every goal: the purpose, the guards, money."""
        return (*self.aims, *self.money)

    @property
    def gains(self) -> tuple[Judgement, ...]:
        """What is better of the purpose and the guards."""
        return tuple(one for one in self.aims if one.better and one.told)

    @property
    def losses(self) -> tuple[Judgement, ...]:
        """What is worse of the purpose and the guards."""
        return tuple(one for one in self.aims if one.worse and one.told)

    @property
    def risks(self) -> tuple[Judgement, ...]:
        """What is not worse beyond doubt, and not worse for sure either, by the largest harm."""
        open_ = [one for one in self.aims if not one.worse and not one.not_worse]
        return tuple(sorted(open_, key=lambda one: -one.harm.value))


def judged(difference: Difference, chances: Chances, decide: Decide) -> Judgement:
    """The classes of one goal that hold."""
    benefit, harm = chances.benefit, chances.harm
    not_worse = harm.high <= decide.unlikely
    return Judgement(
        difference,
        chances,
        better=benefit.low >= decide.likely,
        worse=harm.low >= decide.likely,
        not_worse=not_worse,
        no_difference=not_worse and benefit.high <= decide.unlikely,
    )


def with_holm(found: Sequence[Judgement], alpha: float = 0.05) -> list[Judgement]:
    """Judgements whose claims of *better* hold together, by Holm's method."""
    if not found:
        return []
    from statsmodels.stats.multitest import multipletests  # slow to import

    claims = multipletests([one.chances.p_better for one in found], alpha, method="holm")[0]
    return [
        replace(one, better=one.better and bool(claim))
        for one, claim in zip(found, claims, strict=True)
    ]


def verdict_of(
    base: Scenario, other: Scenario, found: Sequence[Judgement], hanging: Hanging,
    *, point: bool, replications: int,
) -> Verdict:  # fmt: skip
    """The class of an alternative, from the judgements of its goals.

    Parameters
    ----------
    base, other : Scenario
        Both scenarios; the base says what is decided by.
    found : sequence of Judgement
        Its goals, claims of *better* already held to Holm's.
    hanging : Hanging
        Services whose supply it changes, and no evidence says what they do for good.
    point : bool
        Whether the model's numbers are point values rather than draws.
    replications : int
        Replications of the alternative.
    """
    told = [
        replace(one, told=not hanging.undoes(one.difference.measure.name, one.better, one.worse))
        for one in found
    ]
    by_role = {
        role: tuple(one for one in told if _role(one) == role)
        for role in ("primary", "guard", "money")
    }
    aims = (*by_role["primary"], *by_role["guard"])
    draws = 0 if point else min(one.chances.draws for one in aims)
    enough = point or draws >= base.decide.draws
    verdict = Verdict(
        other.name, "unclear", by_role["primary"][0], by_role["guard"], by_role["money"], "",
        hanging, draws, replications, enough,
    )  # fmt: skip
    kind = _kind(base, other, verdict)
    reason = _reason(verdict, base.decide) if kind == "unclear" else ""
    return replace(verdict, kind=kind, reason=reason)


def _role(one: Judgement) -> str | None:
    return None if one.difference.goal is None else one.difference.goal.role


def _period(scenario: Scenario) -> tuple[dt.date, dt.date]:
    return scenario.horizon.start, scenario.horizon.end


def _kind(base: Scenario, other: Scenario, verdict: Verdict) -> Class:
    if _period(base) != _period(other):
        return "other_period"
    return "circumstance" if other.circumstance else _class(verdict, base.decide)


def _class(verdict: Verdict, decide: Decide) -> Class:
    aims = verdict.aims
    better, worse = bool(verdict.gains), bool(verdict.losses)
    harmed = worse or any(one.told and one.harm.value >= decide.trade_off for one in aims)
    if better and harmed:
        return "trade_off"
    safe = verdict.enough and all(one.not_worse and one.told for one in aims)
    if safe and better:
        return "recommended"
    if worse and not better:
        return "loss"
    if safe and any(one.better for one in verdict.money):
        return "saving"
    if safe and all(one.no_difference for one in aims):
        return "no_difference"
    return "unclear"


def _reason(verdict: Verdict, decide: Decide) -> Reason:
    """What would tell: evidence first, then runs, then better known numbers."""
    if any(not one.told for one in verdict.aims):
        return "lasting_effect"
    wide = any(_width(one.benefit) > 0.1 or _width(one.harm) > 0.1 for one in verdict.aims)
    return "runs" if wide or not verdict.enough else "numbers"


def _width(chance: Chance) -> float:
    return chance.high - chance.low


def ranked(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The alternatives that are advised, the first to choose first.

    Recommended ones before savings; by the benefit for the purpose, and of those that cannot be
    told from the first (their ranges meet) the cheaper first.
    """
    found = list(verdicts)
    for kind in ADVISED:
        members = [one for one in found if one.kind == kind]
        if members:
            return _by_benefit(members) if kind == "recommended" else tuple(
                sorted(members, key=_cost))  # fmt: skip
    return ()


def _by_benefit(members: list[Verdict]) -> tuple[Verdict, ...]:
    best = max(members, key=lambda one: one.primary.benefit.value)
    alike = [one for one in members if one.primary.benefit.high >= best.primary.benefit.low]
    others = [one for one in members if one not in alike]
    return (*sorted(alike, key=_cost),
            *sorted(others, key=lambda one: -one.primary.benefit.value))  # fmt: skip


def _cost(verdict: Verdict) -> float:
    """Mean extra cost; smaller first, and nothing where prices are not known."""
    means = [one.difference.mean for one in verdict.money if one.difference.mean is not None]
    return float(np.sum(means))
