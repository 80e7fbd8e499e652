"""How often a planned figure is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simflow.experiment.summary import Results

if TYPE_CHECKING:
    from simflow.scenario.costs import Target


def probability(target: Target, results: Results, name: str) -> float | None:
    """Share of the replications that reach a planned figure; None when none has a value.

    Parameters
    ----------
    target : Target
        The planned figure.
    results : Results
        The replications.
    name : str
        Its measure.
    """
    values = results.column(name)
    values = values[np.isfinite(values)]
    if not len(values):
        return None
    low = -np.inf if target.at_least is None else target.at_least
    high = np.inf if target.at_most is None else target.at_most
    return float(((values >= low) & (values <= high)).mean())
