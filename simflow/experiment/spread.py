"""The spread of a run's measures or of a comparison's differences, split by where it is from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np

from simflow.experiment.comparison import Comparison
from simflow.experiment.difference import by_draw
from simflow.experiment.split import unknown_shares
from simflow.experiment.summary import Floats, Results
from simflow.measures import Measure


@dataclass(frozen=True)
class Spread:
    """How a measure varies over replications with draws of a posterior.

    Attributes
    ----------
    measure : Measure
        The measure, or that whose paired difference is meant.
    total : float
        Standard deviation, in the measure's unit.
    share : float
        Part of the variance that comes from what is not known; the rest is chance.
    """

    measure: Measure
    total: float
    share: float

    @property
    def unknown(self) -> float:
        """Standard deviation that what is not known alone would give."""
        return self.total * sqrt(self.share)

    @property
    def chance(self) -> float:
        """Standard deviation that chance alone would give."""
        return self.total * sqrt(1 - self.share)


def of_run(results: Results, names: Sequence[str] = ()) -> list[Spread]:
    """Spread of some measures of a run, the key and published ones when none are named.

    Empty without draws of a posterior, or with too few replications.
    """
    known = {measure.name: measure for measure in results.measures}
    chosen = dict.fromkeys(names or (*results.key_measures, *results.published))
    columns = ((known[name], results.column(name)) for name in chosen if name in known)
    return _spreads(columns, results.draws)


def of_differences(
    comparison: Comparison, alternative: Results, names: Sequence[str]
) -> list[Spread]:
    """Spread of an alternative's paired differences from the base, of some measures.

    The replications of one draw differ by chance alone, which parts the two without a model
    (variance components); empty with point values.
    """
    if comparison.point:
        return []
    own = {measure.name for measure in alternative.measures}
    found = []
    for measure in comparison.base.measures:
        if measure.name in names and measure.name in own:
            pairs = comparison.paired(alternative.scenario, measure.name)
            found += _components(measure, by_draw(pairs, comparison.each))
    return found


def _components(measure: Measure, values: Floats) -> list[Spread]:
    """The spread of values by draw and replication; nothing when it cannot be told."""
    rows = values[np.isfinite(values).all(axis=1)]
    if len(rows) < 2 or rows.shape[1] < 2:
        return []
    chance = float(rows.var(axis=1, ddof=1).mean())
    unknown = max(float(rows.mean(axis=1).var(ddof=1)) - chance / rows.shape[1], 0.0)
    total = chance + unknown
    return [Spread(measure, sqrt(total), unknown / total)] if total > 0 else []


def _spreads(columns: Iterable[tuple[Measure, Floats]], draws: Floats | None) -> list[Spread]:
    found: list[Spread] = []
    for measure, values in columns if draws is not None else ():
        assert draws is not None
        numbers = draws[np.arange(len(values)) % len(draws)]
        share = float(unknown_shares(values[:, None], numbers)[0])
        if isfinite(share):
            found.append(Spread(measure, float(np.nanstd(values, ddof=1)), share))
    return found
