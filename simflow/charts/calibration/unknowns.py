"""Prior and posterior of each number that is not known."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from simflow.calibrate.inference import SHARES, learnt
from simflow.calibrate.write import DRIVEN
from simflow.charts.calibration.intervals import names
from simflow.charts.chart import Chart
from simflow.charts.grid import numbers_x
from simflow.charts.style import ACCENT, GREY, INK, PALE, figure, head, wrapped
from simflow.labels import Lang, percent

if TYPE_CHECKING:
    from simflow.calibrate import Outcome

_COLUMNS: Final = 4
_HEIGHT: Final = 1.35
"""Inches of a row of panels."""
_BINS: Final = 24


def draw(outcome: Outcome, lang: Lang) -> Chart:
    """The chart.

    Parameters
    ----------
    outcome : Outcome
        A calibration.
    lang : {"en", "fi"}
        Language of the words.
    """
    unknowns = outcome.calibration.space.unknowns
    parts = learnt(outcome.table.values, outcome.values)
    driven = int((parts < DRIVEN).sum())
    message = {
        "en": f"The figures teach little of {driven} of {len(unknowns)} numbers",
        "fi": f"{len(unknowns)} suureesta {driven} on sellaisia, joista luvut kertovat vähän",
    }[lang]
    below = {
        "en": "Grey: prior. Blue line: posterior. Per cent: part of the prior's spread that the "
        "figures took away; under 10 % the prior decides.",
        "fi": "Harmaa: ennakko. Sininen viiva: sovitettu. Prosentti: osuus ennakon hajonnasta, "
        "jonka luvut poistivat; alle 10 %:ssa ennakko ratkaisee.",
    }[lang]
    rows = ceil(len(unknowns) / _COLUMNS)
    picture, first = figure(message, below, height=1.15 + _HEIGHT * rows)
    first.remove()
    labels = names(outcome, lang)
    width, height = picture.get_size_inches()
    for rank, label in enumerate(labels):
        row, column = divmod(rank, _COLUMNS)
        across = (width - 0.32) / _COLUMNS
        axes = picture.add_axes((
            (0.22 + column * across) / width,
            (height - head(picture) - (row + 1) * _HEIGHT + 0.28) / height,
            (across - 0.2) / width,
            (_HEIGHT - 0.72) / height,
        ))  # fmt: skip
        _panel(axes, outcome.table.values[:, rank], outcome.values[:, rank], lang)
        axes.set_title(wrapped(label, 22), size=7.5, color=INK, loc="left", pad=2)
        axes.set_title(percent(parts[rank], lang), size=7.5, color=GREY, loc="right", pad=2)
    heads, table = _table(outcome, labels, parts, lang)
    alt = "; ".join(
        f"{row[0]}: {percent(part, lang)}" for row, part in zip(table, parts, strict=True)
    )
    return Chart("unknowns", message, below, alt, picture, heads, table)


def _panel(axes: Axes, prior: NDArray[np.float64], after: NDArray[np.float64], lang: Lang) -> None:
    low, high = np.quantile(prior, [0.002, 0.998])
    edges = np.linspace(low, high, _BINS + 1).tolist()
    axes.hist(prior, edges, density=True, color=PALE)
    axes.hist(after, edges, density=True, histtype="step", color=ACCENT, lw=1.5)
    axes.set_yticks([])
    axes.tick_params(axis="x", labelsize=7, length=2, pad=1)
    numbers_x(axes, MaxNLocator(nbins=4), lang)


def _table(
    outcome: Outcome, labels: list[str], parts: NDArray[np.float64], lang: Lang
) -> tuple[tuple[str, ...], tuple[tuple[str | float | None, ...], ...]]:
    prior = np.quantile(outcome.table.values, SHARES, axis=0).T
    after = np.quantile(outcome.values, SHARES, axis=0).T
    units = [unknown.unit for unknown in outcome.calibration.space.unknowns]
    heads = {
        "en": ("Number", "Unit", "Prior 5 %", "Prior 50 %", "Prior 95 %",
               "5 %", "50 %", "95 %", "Learnt"),
        "fi": ("Suure", "Yksikkö", "Ennakko 5 %", "Ennakko 50 %", "Ennakko 95 %",
               "5 %", "50 %", "95 %", "Opittu"),
    }[lang]  # fmt: skip
    return heads, tuple(
        (label, unit, *map(float, prior[k]), *map(float, after[k]), float(parts[k]))
        for k, (label, unit) in enumerate(zip(labels, units, strict=True))
    )
