"""The replications of a run as read back: all of them, in order, each value in its column."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from simflow.experiment.summary import Floats


def values_of(lines: Iterable[str], names: Sequence[str]) -> Floats:
    """Values in the lines of a ``replications.csv``.

    A line that is missing would pair the others with the wrong replications of another scenario,
    and a column moved in a spreadsheet would be another measure: both are refused.

    Parameters
    ----------
    lines : iterable of str
        The header, then a line for each replication.
    names : sequence of str
        Measures, in the order of the columns.

    Returns
    -------
    array, shape (replications, measures)
        NaN for an empty cell.

    Raises
    ------
    ValueError
        When columns, numbers or values are not as simflow writes them.
    """
    header, *rows = csv.reader(lines)
    if header != ["replication", *names]:
        raise ValueError("other columns than the measures")
    if [row[0] for row in rows] != [str(number) for number in range(len(rows))]:
        raise ValueError("replications are missing or not in order")
    values = [[float(cell) if cell else np.nan for cell in row[1:]] for row in rows]
    found: Floats = np.array(values).reshape(len(rows), len(names))
    return found


SIDES: Final = ("base", "alternative", "asked_in_one")
"""The columns of an outcome over the people asked in either of two scenarios."""


def outcome_columns(names: Sequence[str]) -> list[str]:
    """Columns of an ``outcomes.csv``: each outcome by side."""
    return [f"{name}.{side}" for name in names for side in SIDES]


def outcomes_of(lines: Iterable[str], columns: Sequence[str]) -> Floats:
    """Values in the lines of an ``outcomes.csv``, shape (replications, outcomes, sides).

    Raises
    ------
    ValueError
        When columns, numbers or values are not as simflow writes them.
    """
    values = values_of(lines, columns)
    return values.reshape(len(values), len(columns) // len(SIDES), len(SIDES))
