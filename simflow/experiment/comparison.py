"""A base and its alternatives, replication by replication on the same random streams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from simflow.experiment.difference import Difference, difference_of, holm, verdict_of
from simflow.experiment.lineup import Change, Note
from simflow.experiment.summary import Floats, Precision, Results
from simflow.scenario import Scenario

if TYPE_CHECKING:
    from simflow.scenario.costs import Goal


@dataclass(frozen=True)
class Comparison:
    """Replications of a base and of its alternatives.

    Attributes
    ----------
    base : Results
        The scenario with no new decision.
    alternatives : tuple of Results
        The others, in the order given; their names (`Results.scenario`) differ.
    precision : Precision or None
        The precision asked for; None when a number of replications was.
    scenarios : tuple of Scenario
        The base first, then the alternatives.
    changes : tuple of tuple of Change
        For each alternative, what differs from the base.
    notes : tuple of Note
        What a reader must know: other horizons, measures that cannot be compared.
    """

    base: Results
    alternatives: tuple[Results, ...]
    precision: Precision | None
    scenarios: tuple[Scenario, ...]
    changes: tuple[tuple[Change, ...], ...]
    notes: tuple[Note, ...] = ()

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

    def paired(self, alternative: str, measure: str) -> Floats:
        """Alternative less base in each replication, shape (n,); NaN where undefined.

        Raises
        ------
        KeyError
            When either has no such measure.
        """
        base, other = self.base.column(measure), self.results(alternative).column(measure)
        n = min(len(base), len(other))
        pairs: Floats = other[:n] - base[:n]
        return pairs

    def difference(self, alternative: str, measure: str) -> Difference:
        """The difference of one measure; `undefined` when only one of the two has it.

        Raises
        ------
        KeyError
            When neither has such a measure, or there is no such alternative.
        """
        key = alternative, measure
        if key in self._judged:
            return self._judged[key]
        if key not in self._others:
            self._others[key] = self._plain(*key)
        return self._others[key]

    def differences(self, alternative: str) -> tuple[Difference, ...]:
        """The differences of every measure that both have, in the base's order."""
        known = {measure.name for measure in self.results(alternative).measures}
        shared = (m.name for m in self.base.measures if m.name in known)
        return tuple(self.difference(alternative, name) for name in shared)

    @cached_property
    def _others(self) -> dict[tuple[str, str], Difference]:
        """Differences of measures that are no goals, once somebody has asked for them."""
        return {}

    def _plain(self, alternative: str, name: str) -> Difference:
        """The difference, before Holm's adjustment."""
        base, other = self.base, self.results(alternative)
        tables = (base, other)
        measure = next(m for table in tables for m in table.measures if m.name == name)
        columns = [self._column(table, name) for table in tables]
        n = min(len(column) for column in columns)
        return difference_of(measure, self.goals.get(name), columns[0][:n], columns[1][:n])

    @staticmethod
    def _column(results: Results, name: str) -> Floats:
        try:
            return results.column(name)
        except KeyError:
            return np.full(results.replications, np.nan)

    @cached_property
    def _judged(self) -> dict[tuple[str, str], Difference]:
        """The goals' differences, adjusted over all of them."""
        keys = [(other.scenario, name) for other in self.alternatives for name in self.names]
        plain = {key: self._plain(*key) for key in keys}
        tested = [key for key in keys if plain[key].p is not None]
        adjusted = holm([p for key in tested if (p := plain[key].p) is not None])
        p_holm = dict(zip(tested, adjusted, strict=True))
        return {
            key: replace(d, p_holm=p_holm.get(key), verdict=verdict_of(d, p_holm.get(key)))
            for key, d in plain.items()
        }
