"""Published figures beside what the model gives before and after the fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simflow.charts.calibration.intervals import Line, drawn, told
from simflow.charts.chart import Chart
from simflow.labels import Lang

if TYPE_CHECKING:
    from simflow.calibrate import Outcome


def draw(outcome: Outcome, lang: Lang) -> Chart:
    """The chart.

    Parameters
    ----------
    outcome : Outcome
        A calibration.
    lang : {"en", "fi"}
        Language of the words.
    """
    lines = _lines(outcome, lang)
    inside = sum(line.inside for line in lines)
    message = {
        "en": f"{inside} of {len(lines)} fitted figures lie within their predicted range",
        "fi": f"{len(lines)} julkaistusta luvusta {inside} osuu sovituksen ennustevälille",
    }[lang]
    below = {
        "en": "Grey: 90 % of runs under the prior. Blue: 90 % of runs under the posterior, with "
        "its median. Diamond: the published figure. On the right: published, median (90 %).\nThe "
        "model was fitted to these figures: agreement is no proof.",
        "fi": "Harmaa: 90 % ennakon toistoista. Sininen: 90 % sovitetuista toistoista ja niiden "
        "mediaani. Vinoneliö: julkaistu luku, oikealla myös lukuna, mediaani ja 90 %:n väli.\n"
        "Malli on sovitettu näihin lukuihin, joten yhtäpitävyys ei todista sitä oikeaksi.",
    }[lang]
    alt = told(lines, lang)
    heads = {
        "en": ("Figure", "Published", "Prior 5 %", "Prior 50 %", "Prior 95 %",
               "5 %", "50 %", "95 %"),
        "fi": ("Luku", "Julkaistu", "Ennakko 5 %", "Ennakko 50 %", "Ennakko 95 %",
               "5 %", "50 %", "95 %"),
    }[lang]  # fmt: skip
    rows = tuple((line.label, line.published, *(line.before or ()), *line.after) for line in lines)
    return Chart("published-figures", message, below, alt, drawn(message, below, lines, lang),
                 heads, rows)  # fmt: skip


def _lines(outcome: Outcome, lang: Lang) -> list[Line]:
    before, after = outcome.interval(outcome.prior).T, outcome.interval(outcome.predicted).T
    labels = [outcome.calibration.label(name) for name in outcome.goals.names]
    return [
        Line(
            label.fi if lang == "fi" else label.en,
            float(outcome.goals.published[rank]),
            (float(after[rank, 0]), float(after[rank, 1]), float(after[rank, 2])),
            (float(before[rank, 0]), float(before[rank, 1]), float(before[rank, 2])),
        )
        for rank, label in enumerate(labels)
    ]
