"""Simulated figures beside the published ones: exits and participants."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from simflow.charts.style import ACCENT, GREY, INK, MARK, PALE, figure
from simflow.labels import Lang, number
from simflow.scenario.schema import Scenario

Floats = NDArray[np.float64]

_PREFIXES = ("exits.", "participants.")


def draw(
    scenario: Scenario, values: Mapping[str, Floats], labels: Mapping[str, str], lang: Lang
) -> Figure | None:
    """The chart, or None when no exit or service has a published figure.

    Parameters
    ----------
    scenario : Scenario
        Gives the published figures.
    values : mapping of str to array of float
        Each measure's value in every replication.
    labels : mapping of str to str
        Each measure's label in `lang`.
    lang : {"en", "fi"}
        Language of the words.
    """
    names = [
        name for name in scenario.published if name.startswith(_PREFIXES) and name in values
    ]
    if not names:
        return None
    spread = {name: np.percentile(values[name], (5, 50, 95)) for name in names}
    published = {name: scenario.published[name].value for name in names}
    names.sort(key=lambda name: (not name.startswith("exits."), -published[name]))
    inside = [spread[n][0] <= published[n] <= spread[n][2] for n in names]
    replications = len(next(iter(values.values())))
    height = 1.75 + 0.34 * len(names)
    picture, axes = figure(
        _headline(sum(inside), len(names), lang), _subtitle(replications, lang), height=height
    )
    axes.set_position((0.36, 0.5 / height, 0.6, 1 - 1.65 / height))
    for row, (name, good) in enumerate(zip(names, inside, strict=True)):
        low, middle, high = spread[name]
        axes.plot([low, high], [row, row], color=ACCENT if good else GREY, lw=5, alpha=0.45,
                  solid_capstyle="butt")  # fmt: skip
        axes.plot([middle], [row], "o", color=ACCENT if good else GREY, ms=7)
        axes.plot([published[name]], [row], "D", color="white", mec=MARK, mew=1.8, ms=7, zorder=4)
    top = max(max(published.values()), max(s[2] for s in spread.values()), 1.0)
    for row, name in enumerate(names):
        right = max(spread[name][2], published[name]) + top * 0.03
        text = f"{number(float(spread[name][1]), lang)} ({number(published[name], lang)})"
        axes.text(right, row, text, va="center", size=9, color=INK)
    axes.set_xlim(0, top * 1.2)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks(range(len(names)), [_short(labels[name]) for name in names], size=9)
    axes.grid(axis="x")
    split = sum(name.startswith("exits.") for name in names)
    if 0 < split < len(names):
        axes.axhline(split - 0.5, color=PALE, lw=1)
    return picture


def _short(label: str, most: int = 42) -> str:
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"


def _headline(inside: int, total: int, lang: Lang) -> str:
    return {
        "en": f"{inside} of {total} published figures lie within the simulated range",
        "fi": f"{inside}/{total} julkaistua lukua osuu simuloidulle vaihteluvälille",
    }[lang]


def _subtitle(replications: int, lang: Lang) -> str:
    n = number(replications, lang)
    return {
        "en": f"Dot: median of {n} simulated runs. Bar: nine runs in ten (5–95 %), grey when it misses\n"
        "the published figure. Open diamond: published figure, also in brackets.",
        "fi": f"Piste: {n} simuloidun ajon mediaani. Palkki: yhdeksän ajoa kymmenestä (5–95 %), harmaa\n"
        "kun julkaistu luku jää ulkopuolelle. Avoin vinoneliö: julkaistu luku, myös suluissa.",
    }[lang]
