"""Which unknowns the figures tie together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from simflow.calibrate.inference import to_scores
from simflow.calibrate.tell import ties
from simflow.calibrate.write import correlations
from simflow.charts.calibration.intervals import names
from simflow.charts.chart import Chart, Row
from simflow.charts.style import INK, brief, figure, place, short
from simflow.labels import Lang, number

if TYPE_CHECKING:
    from simflow.calibrate import Outcome

_SHOWN: Final = 0.25
"""Correlation from which a number is written into its cell."""


def draw(outcome: Outcome, lang: Lang) -> Chart:
    """The chart.

    Parameters
    ----------
    outcome : Outcome
        A calibration.
    lang : {"en", "fi"}
        Language of the words.
    """
    said = ties(outcome, lang)
    message = _headline(outcome, lang)
    below = {
        "en": "Correlation of the unknowns in the posterior. Blue: more of one goes with less of "
        "the other; red: with more of it. Numbers: tenths.",
        "fi": "Suureiden korrelaatio sovitetussa jakaumassa. Sininen: kun toinen kasvaa, toinen "
        "pienenee; punainen: molemmat kasvavat. Luvut: kymmenesosia.",
    }[lang]
    scores = to_scores(outcome.table.values, outcome.values)
    matrix = np.atleast_2d(np.corrcoef(scores.T))
    labels = names(outcome, lang)
    count = len(labels)
    picture, axes = figure(message, below, height=3.3 + 0.2 * count)
    place(axes, left=2.6, right=0.2, bottom=2.4, top=0.05)
    axes.imshow(np.where(np.eye(count) > 0, np.nan, matrix), cmap="RdBu_r", vmin=-1, vmax=1,
                aspect="auto")  # fmt: skip
    axes.set_yticks(range(count), [short(label, 40) for label in labels], size=7)
    axes.set_xticks(range(count), [short(label, 40) for label in labels], size=6.5, rotation=90)
    axes.tick_params(length=0)
    for i, j in zip(*np.where(np.abs(matrix) >= _SHOWN), strict=True):
        if i != j:
            r = float(matrix[i, j])
            axes.text(j, i, number(r * 10, lang), ha="center", va="center", size=5.5,
                      color="white" if abs(r) > 0.6 else INK)  # fmt: skip
    heads = ({"en": "Number", "fi": "Suure"}[lang], *labels)
    rows: tuple[Row, ...] = tuple((label, *map(float, matrix[k])) for k, label in enumerate(labels))
    return Chart("correlations", message, below, " ".join(said) or message, picture, heads, rows)


def _headline(outcome: Outcome, lang: Lang) -> str:
    """The two unknowns that are tied most; which of them is right the figures cannot tell."""
    strongest = correlations(outcome)[:1]
    if not strongest:
        return {
            "en": "The figures tie no unknowns together",
            "fi": "Luvut eivät sido tuntemattomia suureita toisiinsa",
        }[lang]
    unknowns = [unknown.name for unknown in outcome.calibration.space.unknowns]
    labels = dict(zip(unknowns, names(outcome, lang), strict=True))
    one, other = (brief(labels[str(name)], 3) for name in strongest[0][:2])
    start, joined = {"en": ("Tied most", "with"), "fi": ("Eniten sidoksissa", "ja")}[lang]
    return f"{start}: {one} {joined} {other}"
