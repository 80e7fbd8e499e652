"""Simulation-based calibration: are posteriors as sure as they say?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from simflow.charts.calibration.intervals import names
from simflow.charts.chart import Chart
from simflow.charts.style import GREY, MARK, PALE, figure, place
from simflow.labels import Lang, number, percent

if TYPE_CHECKING:
    from simflow.calibrate import Outcome


Floats = NDArray[np.float64]


def draw(outcome: Outcome, lang: Lang) -> Chart:
    """The chart.

    Parameters
    ----------
    outcome : Outcome
        A calibration.
    lang : {"en", "fi"}
        Language of the words.
    """
    found = outcome.coverage
    truths = len(found.ranks)
    most, half = float(found.within(0.9).mean()), float(found.within(0.5).mean())
    message = {
        "en": f"90 % intervals hold {percent(most, lang)} of known answers",
        "fi": f"90 %:n väleille osuu {percent(most, lang)} tunnetuista vastauksista",
    }[lang]
    below = {
        "en": f"Fits to {number(truths, lang)} simulated years. A line for each unknown: share of "
        "answers below a rank, less the rank. Band: 95 % of such lines if posteriors are right; "
        "lines that leave it are dashed and coloured.",
        "fi": f"Malli sovitettuna {number(truths, lang)} simuloituun vuoteen. Kullakin suureella "
        "on viiva: osuus vastauksista järjestysluvun alla, miinus järjestysluku. Alue: 95 % "
        "viivoista, jos jakaumat ovat oikein; siltä poikkeavat viivat ovat katkoviivoja.",
    }[lang]
    picture, outside = _lines(message, below, found.ranks, lang)
    alt = {
        "en": f"90 % intervals hold {percent(most, lang)}, 50 % intervals {percent(half, lang)}; "
        f"{outside} of {found.ranks.shape[1]} lines leave the band.",
        "fi": f"90 %:n välit sisältävät {percent(most, lang)}, 50 %:n välit {percent(half, lang)}; "
        f"{found.ranks.shape[1]} viivasta {outside} menee alueen ulkopuolelle.",
    }[lang]
    heads = {
        "en": ("Number", "Inside 50 %", "Inside 90 %", "p (Kolmogorov–Smirnov)"),
        "fi": ("Suure", "50 %:n välillä", "90 %:n välillä", "p (Kolmogorov–Smirnov)"),
    }[lang]
    labels = names(outcome, lang)
    columns = zip(labels, found.within(0.5), found.within(0.9), found.uniform(), strict=True)
    rows = tuple((label, float(a), float(b), float(c)) for label, a, b, c in columns)
    return Chart("ranks", message, below, alt, picture, heads, rows)


def _lines(message: str, below: str, ranks: Floats, lang: Lang) -> tuple[Figure, int]:
    """A line for each unknown, and how many leave the band."""
    from scipy.stats import kstwo

    truths = len(ranks)
    picture, axes = figure(message, below, height=4.2)
    place(axes, left=0.85, right=0.25, bottom=0.55, top=0.1)
    grid = np.linspace(0, 1, 101)
    band = float(kstwo.ppf(0.95, truths))
    axes.fill_between(grid, -band, band, color=PALE, lw=0)
    outside = 0
    for column in ranks.T:
        line = np.searchsorted(np.sort(column), grid, side="right") / truths - grid
        far = np.abs(line).max() > band
        outside += int(far)
        axes.plot(grid, line, color=MARK if far else GREY, lw=1.4 if far else 0.6,
                  ls="--" if far else "-")  # fmt: skip
    axes.axhline(0, color=GREY, lw=0.8)
    for side in (axes.xaxis, axes.yaxis):
        side.set_major_formatter(lambda value, _: number(value, lang, 2))
    axes.set_xlim(0, 1)
    axes.set_ylim(-2 * band, 2 * band)
    axes.set_xlabel({"en": "Rank of the answer in its posterior",
                     "fi": "Vastauksen järjestys jakaumassaan"}[lang], size=8.5)  # fmt: skip
    axes.set_ylabel({"en": "Share below, less the rank",
                     "fi": "Osuus alla, miinus järjestys"}[lang], size=8.5)  # fmt: skip
    return picture, outside
