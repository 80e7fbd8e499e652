"""Measures: every figure simflow reports, each a pure function of the event log.

A family of measures (one module each) folds rows into running sums and says, measure by measure,
its name, unit, label and value. Only what lies in the window reported counts: a visit that
overlaps its edge counts with the part inside. NaN stands for what has no value.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

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
    Entry,
    Family,
    Frame,
    Kind,
    Label,
    Measure,
    Relations,
    Visits,
)
from simflow.measures.segments import Segments
from simflow.measures.services import Services
from simflow.measures.staff import Staff
from simflow.measures.waits import Waits
from simflow.model import names_of
from simflow.model.log import Names
from simflow.scenario.schema import Scenario

__all__ = ["Kind", "Label", "Measure", "Recorder", "families_of", "measures_of"]

_FAMILIES: Final[tuple[type[Family], ...]] = (
    Clients, Caseload, Waits, Services, Alongside, Exits, Segments, Staff, Flows, Costs,
)  # fmt: skip


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
        self._frame = Frame(scenario, names)
        self._families = [family(self._frame) for family in families]
        # The first of a name stands: the only exit to education may be called `education` (the
        # scenario's check sees to it that it is the only one), and needs no sum over its kind.
        found: dict[str, Entry] = {}
        for family in self._families:
            for entry in family.entries():
                found.setdefault(entry[0].name, entry)
        self._entries = list(found.values())

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures, in the order of `values`."""
        return tuple(measure for measure, _ in self._entries)

    def rows(self, table: str, array: Floats, /) -> None:
        """Fold rows of a table, shape (rows, columns)."""
        if not len(array):
            return
        if table == "visits":
            visits = Visits(array, self._frame)
            for family in self._families:
                family.visits(visits)
        elif table == "clients":
            relations = Relations(array, self._frame)
            for family in self._families:
                family.clients(relations)
        else:
            columns = Columns(table, array)
            for family in self._families:
                family.other(table, columns)

    def values(self) -> Floats:
        """Value of each measure; NaN where it is undefined."""
        for family in self._families:
            family.close()
        return np.array([read() for _, read in self._entries], float)


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
