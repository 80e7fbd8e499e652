"""Measures: every figure simflow reports, each a pure function of the event log.

A family of measures (one module each) folds rows into running sums and says, measure by measure,
its name, unit, label and value. Only what lies in the window reported counts: a visit that
overlaps its edge counts with the part inside. NaN stands for what has no value.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from simflow.measures.accumulators import Floats
from simflow.measures.alongside import Alongside
from simflow.measures.caseload import Caseload
from simflow.measures.clients import Clients
from simflow.measures.costs import Costs
from simflow.measures.exits import Exits
from simflow.measures.flows import Flows
from simflow.measures.frame import (
    Columns,
    Family,
    Frame,
    Kind,
    Label,
    Measure,
    Relations,
    Visits,
)
from simflow.measures.outcomes import Followed, Outcomes, outcome_measures
from simflow.measures.segments import Segments
from simflow.measures.services import Services
from simflow.measures.staff import Staff
from simflow.measures.waits import Waits
from simflow.measures.window import Window
from simflow.model import names_of
from simflow.model.log import Names
from simflow.model.once import once
from simflow.scenario.schema import Scenario

__all__ = [
    "Followed", "Kind", "Label", "Measure", "Recorder", "families_of", "measures_of",
    "outcome_measures",
]  # fmt: skip

_FAMILIES: Final[tuple[type[Family], ...]] = (
    Outcomes, Clients, Caseload, Waits, Services, Alongside, Exits, Segments, Staff, Flows, Costs,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the recorders of all replications of a scenario share."""

    frame: Frame
    families: tuple[Family, ...]
    measures: tuple[Measure, ...]
    reads: tuple[tuple[int, Callable[[Any], float]], ...]
    """Of each measure the place of its family, and how it is read from the family's sums."""


@once(kept=4)
def _plan(scenario: Scenario, names: Names, kinds: Sequence[type[Family]]) -> _Plan:
    frame = Frame(scenario, names)
    followed = scenario.horizon.followed_days > 0
    families = tuple(kind(frame) for kind in kinds if followed or not kind.whole)
    # The first of a name stands: the only exit to education may be called `education` (the
    # scenario's check sees to it that it is the only one), and needs no sum over its kind.
    found: dict[str, Measure] = {}
    reads = []
    for place, family in enumerate(families):
        for measure, read in family.entries():
            if measure.name not in found:
                found[measure.name] = measure
                reads.append((place, read))
    return _Plan(frame, families, tuple(found.values()), tuple(reads))


@lru_cache(maxsize=4)
def _same(names: Names) -> Names:
    """The first of equal names: what is remembered of them is told apart by identity."""
    return names


class Recorder:
    """A sink that folds a replication's log into its measures.

    Parameters
    ----------
    scenario : Scenario
        The scenario as it is without overlays.
    names : Names
        What the indices of the log stand for.
    families : sequence
        Families of measures to fold into; all of them when left out.
    """

    def __init__(
        self, scenario: Scenario, names: Names, families: Sequence[type[Family]] = _FAMILIES
    ) -> None:
        self._plan = _plan(scenario, _same(names), families)
        self._frame = self._plan.frame
        self._families = [family.fresh() for family in self._plan.families]
        self._period = [family for family in self._families if not family.whole]
        self._whole = [family for family in self._families if isinstance(family, Outcomes)]
        followed = scenario.horizon.followed_days > 0
        self._window = Window(self._frame.end) if followed else None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures, in the order of `values`."""
        return self._plan.measures

    def rows(self, table: str, array: Floats, /) -> None:
        """Fold rows of a table, shape (rows, columns)."""
        for whole in self._whole:
            whole.rows(table, array)
        if self._window is not None:
            array = self._window.cut(table, array)
        if not len(array):
            return
        if table == "visits":
            visits = Visits(array, self._frame)
            for family in self._period:
                family.visits(visits)
        elif table == "clients":
            relations = Relations(array, self._frame)
            for family in self._period:
                family.clients(relations)
        else:
            columns = Columns(table, array)
            for family in self._period:
                family.other(table, columns)

    @property
    def followed(self) -> Followed | None:
        """What became of each person, once `values` has been called; None without a follow-up."""
        return self._whole[0].followed if self._whole else None

    def values(self) -> Floats:
        """Value of each measure; NaN where it is undefined."""
        for family in self._families:
            family.close()
        return np.array([read(self._families[place]) for place, read in self._plan.reads], float)


def measures_of(scenario: Scenario) -> tuple[Measure, ...]:
    """All measures that a scenario has, in a stable order."""
    return Recorder(scenario, names_of(scenario)).measures


def families_of(scenario: Scenario, wanted: Collection[str]) -> tuple[type[Family], ...]:
    """The families that make the measures wanted, for a recorder that makes few others."""
    found, left = [], set(wanted)
    for family in _FAMILIES:
        names = {
            measure.name for measure, _ in family(Frame(scenario, names_of(scenario))).entries()
        }
        if names & left:
            found.append(family)
            left -= names
    return tuple(found)
