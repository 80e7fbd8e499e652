"""What a set of replications says: means with their error, percentiles with their risk."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite, sqrt
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simflow.experiment.cells import cell, guarded
from simflow.experiment.split import unknown_shares
from simflow.measures import Measure
from simflow.scenario.schema import Published

Floats = NDArray[np.float64]
CONFIDENCE: Final = 0.95
PERCENTILES: Final = (5, 50, 95)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure over the replications; None where there is no such value.

    Attributes
    ----------
    measure : Measure
        Name, unit and label.
    mean : float or None
        Mean over the replications in which the measure has a value.
    ci : (float, float) or None
        Student 95 % confidence interval of the mean (error); None for fewer than two values.
    percentiles : dict of int to float, or None
        5th, 50th and 95th percentile of the replications (risk).
    n : int
        Replications in which the measure has a value.
    published : float or None
        Published figure beside it, and how it is to be read (`reading`).
    unknown : float or None
        With draws of a posterior: part of the variance over the replications that comes from
        numbers nobody knows, the rest being chance. None without draws, or for too few
        replications.
    """

    measure: Measure
    mean: float | None
    ci: tuple[float, float] | None
    percentiles: dict[int, float] | None
    n: int
    published: float | None = None
    reading: str = ""
    unknown: float | None = None

    @property
    def half_width(self) -> float | None:
        """Half the width of the confidence interval."""
        return None if self.ci is None else (self.ci[1] - self.ci[0]) / 2

    @property
    def spread(self) -> tuple[float, float] | None:
        """5th and 95th percentile; None for fewer than two values, which show no spread."""
        if self.percentiles is None or self.n < 2:
            return None
        return self.percentiles[5], self.percentiles[95]


@dataclass(frozen=True, slots=True)
class Precision:
    """A precision that was asked for, and what came of it.

    Attributes
    ----------
    size : float or None
        Largest half-width wanted; None (of a comparison only) when it is the smallest difference
        that matters, of each goal.
    relative : bool
        Whether `size` is a part of the mean (of a comparison: the base's), or in the measure's
        own unit.
    measures : tuple of str
        The measures it applies to.
    missed : tuple of str
        Those that did not reach it (of a comparison: in some alternative).
    cap : int
        Most replications allowed.
    pairs : tuple of (alternative, measure)
        Of a comparison, each difference that did not reach it.
    """

    size: float | None
    relative: bool
    measures: tuple[str, ...]
    missed: tuple[str, ...]
    cap: int
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Results:
    """The replications of a run.

    Attributes
    ----------
    measures : tuple of Measure
        The columns of `values`.
    values : array, shape (replications, measures)
        Value of each measure in each replication, from replication 0; NaN where undefined.
    complete : bool
        False when the run was interrupted.
    draws : array, shape (draws, numbers), or None
        Draws of a posterior. Replication r of a run took number r mod draws; in a comparison each
        draw serves several replications (`Comparison.each`).
    draw_paths : tuple of str
        Dotted paths of the numbers drawn: the columns of `draws`.
    """

    scenario: str
    hash: str
    seed: int
    measures: tuple[Measure, ...]
    values: Floats
    published: Mapping[str, Published] = field(default_factory=dict)
    key_measures: tuple[str, ...] = ()
    precision: Precision | None = None
    complete: bool = True
    seconds: float = 0.0
    draws: Floats | None = None
    draw_paths: tuple[str, ...] = ()

    @property
    def replications(self) -> int:
        """Number of replications."""
        return len(self.values)

    def column(self, name: str) -> Floats:
        """Values of one measure, one for each replication.

        Raises
        ------
        KeyError
            When there is no such measure.
        """
        column: Floats = self.values[:, self._places[name]]
        return column

    @cached_property
    def _places(self) -> dict[str, int]:
        """Column of each measure."""
        return {measure.name: place for place, measure in enumerate(self.measures)}

    def summary(self) -> tuple[Figure, ...]:
        """Each measure over the replications."""
        unknown = self._unknown(self.values)
        return tuple(
            self._figure(measure, self.values[:, place], unknown[place])
            for place, measure in enumerate(self.measures)
        )

    def figure(self, name: str) -> Figure:
        """One measure over the replications; KeyError when there is no such measure."""
        values = self.column(name)
        measure = next(measure for measure in self.measures if measure.name == name)
        return self._figure(measure, values, self._unknown(values[:, None])[0])

    def _unknown(self, values: Floats) -> list[float | None]:
        """Part of each column's variance that comes from the numbers drawn."""
        if self.draws is None:
            return [None] * values.shape[1]
        numbers = self.draws[np.arange(len(values)) % len(self.draws)]
        shares = unknown_shares(values, numbers).tolist()
        return [share if isfinite(share) else None for share in shares]

    def _figure(self, measure: Measure, column: Floats, unknown: float | None) -> Figure:
        beside = self.published.get(measure.name)
        value, reading = (None, "") if beside is None else (beside.value, beside.reading)
        finite = column[np.isfinite(column)]
        n = len(finite)
        if not n:
            return Figure(measure, None, None, None, 0, value, reading)
        mean, half = float(finite.mean()), half_width(finite)
        ends = np.percentile(finite, PERCENTILES)
        percentiles = {share: float(end) for share, end in zip(PERCENTILES, ends, strict=True)}
        ci = (mean - half, mean + half) if isfinite(half) else None
        return Figure(measure, mean, ci, percentiles, n, value, reading, unknown)


def half_width(values: Floats | Sequence[float]) -> float:
    """Half the width of the Student 95 % confidence interval; infinite for fewer than two values.

    Parameters
    ----------
    values : array of float
        Finite values, one for each replication.
    """
    n = len(values)
    if n < 2:
        return float("inf")
    from scipy.special import stdtrit  # slow to import, and not needed to simulate

    quantile = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2))
    return quantile * float(np.std(values, ddof=1)) / sqrt(n)


def to_json(results: Results) -> dict[str, Any]:
    """The results as plain values, the form that ``simflow run --json`` prints."""
    return {
        "scenario": results.scenario,
        "seed": results.seed,
        "replications": results.replications,
        "measures": {
            figure.measure.name: {
                "unit": figure.measure.unit,
                "mean": figure.mean,
                "ci": None if figure.ci is None else list(figure.ci),
                "percentiles": None
                if figure.percentiles is None
                else {str(share): value for share, value in figure.percentiles.items()},
                "n": figure.n,
                "published": figure.published,
                **({} if results.draws is None else {"unknown": figure.unknown}),
            }
            for figure in results.summary()
        },
    }


_HEAD: Final = (
    "measure", "unit", "kind", "label_en", "label_fi", "mean", "ci_low", "ci_high", "p5", "p50",
    "p95", "n", "published", "reading", "unknown",
)  # fmt: skip


def write_csv(path: Path, results: Results) -> None:
    """Write the summary, a line for each measure.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_HEAD)
        for figure in results.summary():
            measure = figure.measure
            ends = figure.ci or (None, None)
            shares = list((figure.percentiles or dict.fromkeys(PERCENTILES)).values())
            cells = [figure.mean, *ends, *shares]
            writer.writerow([
                measure.name, measure.unit, measure.kind, *map(guarded, measure.label),
                *(cell(value) for value in cells), figure.n, cell(figure.published),
                guarded(figure.reading), cell(figure.unknown),
            ])  # fmt: skip
