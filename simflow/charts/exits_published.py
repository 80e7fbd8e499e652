"""Simulated figures beside the published ones: exits and participants."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from simflow.charts.style import ACCENT, GREY, INK, MARK, figure
from simflow.labels import Lang, number, word
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
    names = [name for name in scenario.published if name.startswith(_PREFIXES) and name in values]
    if not names:
        return None
    spread = {name: np.percentile(values[name], (5, 50, 95)) for name in names}
    published = {name: scenario.published[name].value for name in names}
    names.sort(key=lambda name: (not name.startswith("exits."), -published[name]))
    figures = [(name, published[name], spread[name]) for name in names]
    inside = sum(bool(low <= given <= high) for _, given, (low, _, high) in figures)
    places, headings = _places(names)
    last = max(places)
    height = 1.75 + 0.34 * (last + 1)
    replications = len(values[names[0]])
    picture, axes = figure(
        _headline(inside, len(names), lang), _subtitle(replications, lang), height=height
    )
    axes.set_position((0.36, 0.4 / height, 0.6, 1 - 1.35 / height))
    top = max(max(published.values()), max(ends[2] for ends in spread.values()), 1.0)
    for place, (_, given, ends) in zip(places, figures, strict=True):
        _one(axes, place, given, ends, top, lang)
    for place, group in headings:
        axes.annotate(
            word(group, lang), (0, place), (-8, 0), ("axes fraction", "data"), "offset points",
            ha="right", va="center", size=9, weight="bold", color=GREY, annotation_clip=False,
        )  # fmt: skip
    axes.set_xlim(0, top * 1.2)
    axes.set_ylim(last + 0.6, -0.6)
    axes.set_yticks(places, [_short(labels[name]) for name in names], size=9)
    axes.grid(axis="x")
    return picture


def _places(names: list[str]) -> tuple[list[int], list[tuple[int, str]]]:
    """Row of each name, and of the heading above each group."""
    places: list[int] = []
    headings: list[tuple[int, str]] = []
    for name in names:
        group = name.partition(".")[0]
        if not headings or headings[-1][1] != group:
            headings.append((len(places) + len(headings), group))
        places.append(len(places) + len(headings))
    return places, headings


def _one(axes: Axes, row: int, given: float, ends: Floats, top: float, lang: Lang) -> None:
    """One measure's row."""
    low, middle, high = ends
    colour = ACCENT if low <= given <= high else GREY
    axes.plot([low, high], [row, row], color=colour, lw=5, alpha=0.45, solid_capstyle="butt")
    axes.plot([middle], [row], "o", color=colour, ms=7)
    axes.plot([given], [row], "D", color="white", mec=MARK, mew=1.8, ms=7, zorder=4)
    text = f"{number(float(middle), lang)} ({number(given, lang)})"
    axes.text(max(high, given) + top * 0.03, row, text, va="center", size=9, color=INK)


def _short(label: str, most: int = 42) -> str:
    """The part's own name: what is counted of it stands in the heading of its group."""
    label = label.rpartition(": ")[0] or label
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"


def _headline(inside: int, total: int, lang: Lang) -> str:
    return {
        "en": f"{inside} of {total} published figures lie within the simulated range",
        "fi": f"{inside}/{total} julkaistua lukua osuu simuloidulle vaihteluvälille",
    }[lang]


def _subtitle(replications: int, lang: Lang) -> str:
    n = number(replications, lang)
    return {
        "en": f"Dot: median of {n} simulated runs. Bar: nine runs in ten (5–95 %), grey when\n"
        "it misses the published figure. Open diamond: published figure, also in brackets.",
        "fi": f"Piste: {n} simuloidun ajon mediaani. Palkki: yhdeksän kymmenestä (5–95 %), harmaa\n"
        "kun julkaistu luku jää ulkopuolelle. Avoin vinoneliö: julkaistu luku, myös suluissa.",
    }[lang]
