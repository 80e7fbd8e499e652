"""Figures predicted by fits that had not seen them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simflow.charts.calibration.intervals import Line, drawn, told
from simflow.charts.chart import Chart
from simflow.labels import Lang

if TYPE_CHECKING:
    from simflow.calibrate import Outcome

_HELD = {"en": "held out together", "fi": "sivuun jätetty"}


def draw(outcome: Outcome, lang: Lang) -> Chart:
    """The chart.

    Parameters
    ----------
    outcome : Outcome
        A calibration.
    lang : {"en", "fi"}
        Language of the words.
    """
    lines = [
        Line(
            _name(outcome, one.name, lang) + (f" ({_HELD[lang]})" if held else ""),
            one.published, (one.low, one.median, one.high),
        )
        for held, found in ((False, outcome.left_out), (True, outcome.held_out))
        for one in found
    ]  # fmt: skip
    inside = sum(line.inside for line in lines)
    message = {
        "en": f"{inside} of {len(lines)} figures are predicted from the others",
        "fi": f"{len(lines)} luvusta {inside} osuu välille, joka ennustettiin muista luvuista",
    }[lang]
    below = {
        "en": "Each figure predicted from all the others; those held out together are predicted "
        "by running a fit to the rest.\nLine: 90 % interval, with its median. Diamond: the "
        "published figure. On the right: published, median (90 %).",
        "fi": "Kukin luku on ennustettu kaikista muista; yhdessä sivuun jätetyt mallilla, joka on "
        "sovitettu muihin.\nViiva: 90 %:n väli ja mediaani. Vinoneliö: julkaistu "
        "luku. Oikealla: julkaistu, mediaani (90 %).",
    }[lang]
    alt = told(lines, lang)
    heads = {"en": ("Figure", "Published", "5 %", "50 %", "95 %"),
             "fi": ("Luku", "Julkaistu", "5 %", "50 %", "95 %")}[lang]  # fmt: skip
    rows = tuple((line.label, line.published, *line.after) for line in lines)
    return Chart("unseen-figures", message, below, alt or message,
                 drawn(message, below, lines, lang), heads, rows)  # fmt: skip


def _name(outcome: Outcome, target: str, lang: Lang) -> str:
    label = outcome.calibration.label(target)
    return label.fi if lang == "fi" else label.en
