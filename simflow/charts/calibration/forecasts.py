"""What a scenario leads to with the posterior, beside what was planned for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simflow.charts.calibration.intervals import Line, drawn, told
from simflow.charts.chart import Chart
from simflow.labels import Lang, percent

if TYPE_CHECKING:
    from simflow.calibrate.forecast import Forecast


def draw(one: Forecast, lang: Lang) -> Chart:
    """The chart.

    Parameters
    ----------
    one : Forecast
        A forecast of a scenario that has targets.
    lang : {"en", "fi"}
        Language of the words.
    """
    lines, chances = _lines(one, lang)
    likely = sum(chance > 0.5 for chance in chances)
    scenario = one.loaded.scenario
    title = scenario.name if scenario.title is None else getattr(scenario.title, lang)
    message = {
        "en": f"{likely} of {len(lines)} planned figures are likely to be reached",
        "fi": f"{len(lines)} suunnitellusta luvusta {likely} toteutuu todennäköisesti",
    }[lang]
    below = {
        "en": f"{title}. A plan is a target, not an outcome. Line: 90 % of runs, each with a draw "
        "of the posterior, and their median.\nDiamond: planned. Beside the name: probability of "
        "reaching it. On the right: planned, median (90 %).",
        "fi": f"{title}. Suunnitelma on tavoite, ei toteuma. Viiva: 90 % toistoista, kussakin "
        "yksi sovitetun jakauman arvonta, ja mediaani.\nVinoneliö: suunniteltu. Nimen perässä: "
        "toteutumisen todennäköisyys. Oikealla: suunniteltu, mediaani (90 %).",
    }[lang]
    axis = {
        "en": "Distance from the planned figure, in square roots of it",
        "fi": "Etäisyys suunnitellusta luvusta, luvun neliöjuurina",
    }[lang]
    alt = told(lines, lang)
    heads = {
        "en": ("Figure", "Planned", "5 %", "50 %", "95 %", "Probability"),
        "fi": ("Luku", "Suunniteltu", "5 %", "50 %", "95 %", "Todennäköisyys"),
    }[lang]
    rows = tuple(
        (line.label, line.published, *line.after, chance)
        for line, chance in zip(lines, chances, strict=True)
    )
    return Chart(f"forecast-{scenario.name}", message, below, alt,
                 drawn(message, below, lines, lang, axis), heads, rows)  # fmt: skip


def _lines(one: Forecast, lang: Lang) -> tuple[list[Line], list[float]]:
    lines, chances = [], []
    for rank, measure in enumerate(one.measures):
        target, chance = (
            one.loaded.scenario.targets.get(measure.name),
            one.probability(measure.name),
        )
        if target is None or chance is None:
            continue
        given = target.at_most if target.at_least is None else target.at_least
        low, middle, high = (float(end) for end in one.interval[:, rank])
        label = f"{getattr(measure.label, lang)}: {percent(chance, lang)}"
        lines.append(Line(label, float(given or 0), (low, middle, high), fits=chance > 0.5))
        chances.append(chance)
    return lines, chances
