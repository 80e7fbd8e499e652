"""A base and its alternatives, replication by replication on the same random streams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from simflow.experiment.chances import Chances, chances, of_point
from simflow.experiment.difference import Difference, by_draw, difference_of
from simflow.experiment.lasting import hanging
from simflow.experiment.lineup import Change, Note
from simflow.experiment.summary import Floats, Precision, Results
from simflow.experiment.verdict import Judgement, Verdict, judged, verdict_of, with_holm
from simflow.measures import Measure, outcome_measures
from simflow.scenario import Scenario

if TYPE_CHECKING:
    from simflow.scenario.costs import Goal

CONFIDENCE = 0.90
"""Of the range of a chance."""


@dataclass(frozen=True)
class Comparison:
    """Replications of a base and of its alternatives.

    Attributes
    ----------
    base : Results
        The scenario with no new decision.
    alternatives : tuple of Results
        The others, in the order given; their names (`Results.scenario`) differ. One whose verdict
        was clear early has fewer replications than the base.
    precision : Precision or None
        The precision asked for; None when a number of replications, or a verdict, was.
    scenarios : tuple of Scenario
        The base first, then the alternatives.
    changes : tuple of tuple of Change
        For each alternative, what differs from the base.
    notes : tuple of Note
        What a reader must know: other horizons, measures that cannot be compared.
    outcomes : mapping of str to array, shape (replications, outcomes, 3)
        By alternative, outcomes over the people asked in either: the base's, the alternative's, and
        the part of the difference that comes from people asked in one only. Columns are in the
        order of the base's outcomes.
    each : int
        Replications of each draw of a posterior, one after the other; 1 with point values.
    confidence : mapping of str to float
        By alternative, the confidence of the ranges of its chances: above 0.90 where
        more looks than one were taken at them.
    cap : int or None
        Most replications allowed when they stop by themselves; None when their number was given.
    """

    base: Results
    alternatives: tuple[Results, ...]
    precision: Precision | None
    scenarios: tuple[Scenario, ...]
    changes: tuple[tuple[Change, ...], ...]
    notes: tuple[Note, ...] = ()
    outcomes: Mapping[str, Floats] = field(default_factory=dict)
    each: int = 1
    confidence: Mapping[str, float] = field(default_factory=dict)
    cap: int | None = None

    @property
    def replications(self) -> int:
        """Replications of each scenario."""
        return self.base.replications

    @property
    def complete(self) -> bool:
        """False when the run was interrupted."""
        return all(results.complete for results in (self.base, *self.alternatives))

    @cached_property
    def goals(self) -> Mapping[str, Goal]:
        """The base's goals, by measure: those by which every alternative is judged."""
        return self.scenarios[0].goals

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The goals' measures that the base and at least one alternative have."""
        base = {measure.name for measure in self.base.measures}
        others = {m.name for results in self.alternatives for m in results.measures}
        return tuple(name for name in self.goals if name in base and name in others)

    def results(self, scenario: str) -> Results:
        """Results of a scenario by its name.

        Raises
        ------
        KeyError
            When it is not in the comparison.
        """
        for results in (self.base, *self.alternatives):
            if results.scenario == scenario:
                return results
        raise KeyError(scenario)

    @cached_property
    def outcome_measures(self) -> tuple[Measure, ...]:
        """The columns of `outcomes`."""
        return outcome_measures(self.scenarios[0])

    @property
    def point(self) -> bool:
        """Whether the model's numbers are point values, not draws of a posterior."""
        return self.base.draws is None

    @property
    def has_roles(self) -> bool:
        """Whether the base's goals say what the purpose is, so that verdicts can be given."""
        return any(goal.role == "primary" for goal in self.goals.values())

    def sides(self, alternative: str, measure: str) -> tuple[Floats, Floats, Floats | None]:
        """A measure in the base and in an alternative, each of shape (n,), and what comes from
        people asked in one of them only (None of what is no outcome).

        Raises
        ------
        KeyError
            When neither has such a measure, or there is no such alternative.
        """
        names = [one.name for one in self.outcome_measures]
        if measure in names and alternative in self.outcomes:
            values = self.outcomes[alternative][:, names.index(measure)]
            return values[:, 0], values[:, 1], values[:, 2]
        tables = self.base, self.results(alternative)
        if not any(m.name == measure for table in tables for m in table.measures):
            raise KeyError(measure)
        columns = [self._column(table, measure) for table in tables]
        n = min(len(column) for column in columns)
        return columns[0][:n], columns[1][:n], None

    def paired(self, alternative: str, measure: str) -> Floats:
        """Alternative less base in each replication, shape (n,); NaN where undefined.

        Raises
        ------
        KeyError
            When neither has such a measure, or there is no such alternative.
        """
        base, other, _ = self.sides(alternative, measure)
        pairs: Floats = other - base
        return pairs

    def difference(self, alternative: str, measure: str) -> Difference:
        """The difference of one measure; without a mean when only one of the two has it.

        Raises
        ------
        KeyError
            When neither has such a measure, or there is no such alternative.
        """
        key = alternative, measure
        if key not in self._differences:
            base, other, only = self.sides(*key)
            self._differences[key] = difference_of(
                self._measure(*key), self.goals.get(measure), base, other, only, self.each
            )
        return self._differences[key]

    def differences(self, alternative: str) -> tuple[Difference, ...]:
        """The differences of every measure that both have, in the base's order."""
        known = {measure.name for measure in self.results(alternative).measures}
        shared = (m.name for m in self.base.measures if m.name in known)
        return tuple(self.difference(alternative, name) for name in shared)

    def signed(self, alternative: str, measure: str) -> Floats:
        """Paired differences of a goal, signed so that more is better, shape (n,)."""
        sign = 1.0 if self.goals[measure].better == "more" else -1.0
        signed: Floats = sign * self.paired(alternative, measure)
        return signed

    def chances(self, alternative: str, measure: str) -> Chances:
        """B, H and the expected loss of a goal.

        Raises
        ------
        KeyError
            When it is no goal, or there is no such measure or alternative.
        """
        values, goal = self.signed(alternative, measure), self.goals[measure]
        confidence = self.confidence.get(alternative, CONFIDENCE)
        likely = self.scenarios[0].decide.likely
        if self.point:
            return of_point(values, goal.matters, confidence=confidence, likely=likely)
        draws = by_draw(values, self.each)
        return chances(draws, goal.matters, confidence=confidence, likely=likely)

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What is said of each alternative, in the order given; none without roles of goals.

        An alternative that lacks a goal's measure is given no verdict.
        """
        if not self.has_roles or (not self.point and self.each < 2):
            return ()  # one replication of a draw does not tell chance from what is not known
        found = {
            results.scenario: [self._judged(results.scenario, name) for name in self.goals]
            for results in self.alternatives
            if all(self._known(results, name) for name in self.goals)
        }
        self._hold(found)
        return tuple(
            verdict_of(
                self.scenarios[0], scenario, found[scenario.name],
                hanging(self.scenarios[0], scenario), point=self.point,
                replications=self.results(scenario.name).replications,
            )
            for scenario in self.scenarios[1:]
            if scenario.name in found
        )  # fmt: skip

    def verdict(self, alternative: str) -> Verdict | None:
        """What is said of an alternative; None when it cannot be judged."""
        return next((one for one in self.verdicts if one.name == alternative), None)

    def _known(self, results: Results, measure: str) -> bool:
        columns = {m.name for m in results.measures}
        base = {m.name for m in self.base.measures}
        return measure in columns and measure in base

    def _judged(self, alternative: str, measure: str) -> Judgement:
        difference = self.difference(alternative, measure)
        return judged(difference, self.chances(alternative, measure), self.scenarios[0].decide)

    def _hold(self, found: dict[str, list[Judgement]]) -> None:
        """Hold claims of *better* of the purpose and the guards together, by Holm's method."""
        places = [
            (name, rank)
            for name, row in found.items()
            for rank, one in enumerate(row)
            if one.difference.goal is not None and one.difference.goal.role != "money"
        ]
        held = with_holm([found[name][rank] for name, rank in places])
        for (name, rank), one in zip(places, held, strict=True):
            found[name][rank] = one

    @cached_property
    def _differences(self) -> dict[tuple[str, str], Difference]:
        """Differences somebody has asked for."""
        return {}

    def _measure(self, alternative: str, name: str) -> Measure:
        tables = self.base, self.results(alternative)
        return next(m for table in tables for m in table.measures if m.name == name)

    @staticmethod
    def _column(results: Results, name: str) -> Floats:
        try:
            return results.column(name)
        except KeyError:
            return np.full(results.replications, np.nan)
