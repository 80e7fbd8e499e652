"""What charts read from a view: its runs, and the values of their measures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from simflow.experiment.summary import Floats
from simflow.labels import Lang, number
from simflow.measures import Label, Measure

if TYPE_CHECKING:
    from simflow.experiment import Results
    from simflow.results import View
    from simflow.scenario.schema import Scenario
    from simflow.scenario.values import Text

BAND: Final = (5, 25, 50, 75, 95)
"""Percentiles of the bands."""


@dataclass(frozen=True)
class Run:
    """One scenario of a view.

    Attributes
    ----------
    title : str
        Its title in the language asked for; its name when it has none.
    """

    title: str
    results: Results
    scenario: Scenario

    def has(self, name: str) -> bool:
        """Whether the measure has a value in some replication."""
        return len(self.values(name)) > 0

    def values(self, name: str) -> Floats:
        """Values of a measure in the replications that have one; empty when unknown."""
        try:
            column = self.results.column(name)
        except KeyError:
            return np.empty(0)
        finite: Floats = column[np.isfinite(column)]
        return finite

    def mean(self, name: str) -> float | None:
        """Mean over the replications; None when there is no value."""
        values = self.values(name)
        return float(values.mean()) if len(values) else None

    def spread(self, name: str) -> tuple[float, float, float] | None:
        """5th percentile, mean and 95th percentile of the replications; None without a value.

        The mean and not the median, so that a chart says what the tables beside it say.
        """
        values = self.values(name)
        if not len(values):
            return None
        low, high = np.percentile(values, (5, 95))
        return float(low), float(values.mean()), float(high)


def runs(view: View, lang: Lang) -> list[Run]:
    """The scenarios of a view, the base first."""
    if view.comparison is None:
        return [Run(title(view.scenario, lang), view.results, view.scenario)]
    comparison = view.comparison
    results = (comparison.base, *comparison.alternatives)
    return [
        Run(title(scenario, lang), result, scenario)
        for result, scenario in zip(results, comparison.scenarios, strict=True)
    ]


def calibrated(view: View) -> bool:
    """Whether numbers of the base were fitted to published figures."""
    return any(row.source.startswith("calibrated") for row in view.sources)


def total_of(parts: Iterable[float]) -> float:
    """A sum that is rounded the same way whatever the order of its parts: 87.5, not 87.499…"""
    return round(sum(parts), 9)


def means(replications: int, lang: Lang) -> str:
    """What an average of the replications is called: ``means of 30 runs``."""
    if replications == 1:
        return {"en": "one run", "fi": "yksi toisto"}[lang]
    n = number(replications, lang)
    return {"en": f"means of {n} runs", "fi": f"{n} toiston keskiarvot"}[lang]


def title(scenario: Scenario, lang: Lang) -> str:
    """A scenario's title; its name when it has none."""
    return said(scenario.title, lang) or scenario.name


def said(text: Text | Label | None, lang: Lang) -> str:
    """A text in one language; empty when there is none."""
    return "" if text is None else text.fi if lang == "fi" else text.en


def measures(view: View, start: str) -> list[Measure]:
    """The base's measures whose names begin so."""
    return [measure for measure in view.results.measures if measure.name.startswith(start)]


def named(parts: object, name: str, lang: Lang) -> str:
    """Label of a part of the scenario (a service, an exit, a pool …), or its name, readable."""
    part = parts.get(name) if isinstance(parts, dict) else None
    return said(getattr(part, "label", None), lang) or name.replace("_", " ").capitalize()
