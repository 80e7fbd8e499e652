"""What a chart is: a picture, its message in words, and the table behind it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simflow.experiment.cells import cell, guarded

if TYPE_CHECKING:
    from matplotlib.figure import Figure


Row = tuple[str | float | None, ...]
"""A row of the table: texts, plain numbers, None where there is no value."""


@dataclass(frozen=True)
class Chart:
    """A drawn chart, its words already in the language asked for.

    Attributes
    ----------
    name : str
        Stem of its files, such as ``caseload-fan``.
    headline : str
        The message, computed from the result; at most ten words.
    subtitle : str
        What is shown, and what the bands are.
    alt : str
        What a reader who does not see the picture should know.
    figure : matplotlib.figure.Figure
        The picture.
    columns : tuple of str
        Heads of the table behind the picture.
    rows : tuple of tuple
        Its cells: texts, plain numbers in the measure's own unit, None where there is no value.
    """

    name: str
    headline: str
    subtitle: str
    alt: str
    figure: Figure
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def csv(self) -> str:
        """The table as CSV: commas between values, decimal points, empty where there is none."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        for row in self.rows:
            writer.writerow(
                [guarded(item) if isinstance(item, str) else cell(item) for item in row]
            )
        return text.getvalue()
