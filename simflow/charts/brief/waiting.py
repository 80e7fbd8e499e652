"""Page two: the path of waiting through the year; where it is not counted, who is seen in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.axes import Axes

from simflow.charts.amounts import Scale, points, scale
from simflow.charts.brief.blocks import COLOURS, Bar, Block, draw_blocks
from simflow.charts.brief.canvas import room, sheet
from simflow.charts.brief.leading import leading
from simflow.charts.brief.picture import ends, told
from simflow.charts.chart import Chart, Row
from simflow.charts.data import Run, named, said
from simflow.charts.plausible import change_of
from simflow.charts.style import GREY, INK, PALE, short
from simflow.labels import NO_BREAK, Lang, interval, month, number

if TYPE_CHECKING:
    from simflow.results import View

_SHARES: Final = ("outcome.assessed", "outcome.first_service")
_TALL: Final = 1.25
_KEY: Final = 0.2
"""Inches: the panel of the path, and a line of its key."""


def draw(view: View, lang: Lang, narrow: bool = False) -> Chart | None:
    """The path of people waiting, or the shares seen in time, or None where neither is counted."""
    shown, note = leading(view, lang)
    starter = view.scenario.relationship.starts_after or ""
    head = f"wait.{starter}.month."
    months = sorted(m.name for m in view.results.measures if starter and m.name.startswith(head))
    if len(months) > 1:
        return _path(view, shown, months, note, lang, narrow)
    return _shares(view, shown, note, lang, narrow)


def _path(
    view: View, shown: list[Run], months: list[str], note: str, lang: Lang, narrow: bool
) -> Chart:
    """People waiting at each month's end: a line for each scenario, a band for the base."""
    name = named(view.scenario.services, months[0].split(".")[1], lang)
    message, below = _path_headline(shown[0], months, lang), {
        "en": f"{name}: people waiting at each month’s end, mean of the simulated years. "
        "Pale: nine years in ten of the present way.",
        "fi": f"{name}: jonossa kuukauden lopussa, simuloitujen vuosien keskiarvo. "
        "Vaalea: nykytila yhdeksänä vuotena kymmenestä.",
    }[lang] + note  # fmt: skip
    keys = _KEY * len(shown) if len(shown) > 1 else 0.0
    picture, axes = sheet(message, below, keys + _TALL + 0.3, narrow=narrow)
    paths = [[run.mean(each) or 0.0 for each in months] for run in shown]
    bands = [shown[0].spread(each) or (0.0, 0.0, 0.0) for each in months]
    _lines(axes, paths, bands, keys, room(narrow=narrow), lang)
    _foot(axes, months, keys + _TALL, room(narrow=narrow), lang)
    _keys(axes, shown)
    rows: tuple[Row, ...] = tuple(
        (run.title, each.rpartition(".")[2], run.mean(each)) for run in shown for each in months
    )
    alt = " ".join(f"{run.title}: {number(path[-1], lang)}." for run, path in
                   zip(shown, paths, strict=True))  # fmt: skip
    columns = {"en": ("Scenario", "Month", "Waiting"), "fi": ("Skenaario", "Kuukausi", "Jonossa")}
    chart = "brief-waiting-narrow" if narrow else "brief-waiting"
    return Chart(chart, message, below, alt, picture, columns[lang], rows)


def _path_headline(base: Run, months: list[str], lang: Lang) -> str:
    peak = max(months, key=lambda each: base.mean(each) or 0.0)
    n, when = number(base.mean(peak), lang), month(int(peak[-2:]), lang)
    return {
        "en": f"Now: at most {n} wait, in {when}",
        "fi": f"Nykytila: jonossa enimmillään {n} ({when})",
    }[lang]


_LEFT: Final = 0.4


def _lines(
    axes: Axes, paths: list[list[float]], bands: list[tuple[float, float, float]], top: float,
    wide: float, lang: Lang,
) -> None:  # fmt: skip
    most = max(max(map(max, paths)), max(high for *_, high in bands), 1.0) * 1.05
    x = np.linspace(_LEFT, wide - 0.15, len(paths[0]))

    def down(values: list[float]) -> list[float]:
        return [top + _TALL * (1 - value / most) for value in values]

    for part in (0.0, 0.5, 1.0):
        y = down([part * most / 1.05])[0]
        axes.plot([_LEFT, wide - 0.15], [y, y], color=PALE, lw=0.8, zorder=0)
        axes.text(_LEFT - 0.06, y, number(part * most / 1.05, lang), size=7.5, color=GREY,
                  ha="right", va="center")  # fmt: skip
    axes.fill_between(x, down([low for low, *_ in bands]), down([high for *_, high in bands]),
                      color="#EDEDED", lw=0, zorder=0.5)  # fmt: skip
    for place, path in enumerate(paths):
        axes.plot(x, down(path), color=_colour(place), lw=2.2 if place == 0 else 1.8,
                  ls="-" if place == 0 else (0, (4, 1.5)), zorder=3)  # fmt: skip


def _colour(place: int) -> str:
    return INK if place == 0 else COLOURS[(place - 1) % len(COLOURS)]


def _foot(axes: Axes, months: list[str], y: float, wide: float, lang: Lang) -> None:
    for x, each in zip(np.linspace(_LEFT, wide - 0.15, len(months)), months, strict=True):
        text = month(int(each[-2:]), lang)
        axes.text(x, y + 0.06, text if wide > 4 else text[:1].upper(), size=7.5, color=GREY,
                  ha="center", va="top")  # fmt: skip


def _keys(axes: Axes, shown: list[Run]) -> None:
    for place, run in enumerate(shown if len(shown) > 1 else ()):
        y = _KEY * place + 0.08
        axes.plot([0.02, 0.4], [y, y], color=_colour(place), lw=2,
                  ls="-" if place == 0 else (0, (4, 1.5)))  # fmt: skip
        axes.text(0.5, y, short(run.title, 46), size=8.5, va="center")


def _shares(view: View, shown: list[Run], note: str, lang: Lang, narrow: bool) -> Chart | None:
    """Shares seen in time: changes from the base; of a run, levels."""
    names = [name for name in _SHARES if shown[0].has(name)]
    blocks = [block for name in names if (block := _block(view, shown, name, lang)) is not None]
    if not blocks:
        return None
    measure = view.results.figure(names[0]).measure
    shares = scale(measure, (), lang)
    level = shares.plain(shown[0].mean(names[0]), 0.02)
    message = {
        "en": f"Now {level}{NO_BREAK}% are assessed in time",
        "fi": f"Nyt ajoissa alkukartoitukseen pääsee {level}{NO_BREAK}%",
    }[lang]
    below = _shares_subtitle(view, points(measure, shares), lang) + note
    picture = draw_blocks(message, below, blocks, lang, narrow=narrow,
                          signed=view.comparison is not None)  # fmt: skip
    alt = " ".join(f"{b.title} {b.note}: {', '.join(f'{bar.label} {bar.text}' for bar in b.bars)}."
                   for b in blocks)  # fmt: skip
    rows: tuple[Row, ...] = tuple(
        (block.title, bar.label, bar.mean / 100, bar.low / 100, bar.high / 100)
        for block in blocks for bar in block.bars
    )  # fmt: skip
    columns = {
        "en": ("Measure", "Scenario", "Share", "90 % from", "90 % to"),
        "fi": ("Mittari", "Skenaario", "Osuus", "90 % alkaen", "90 % asti"),
    }
    chart = "brief-waiting-narrow" if narrow else "brief-waiting"
    return Chart(chart, message, below, alt, picture, columns[lang], rows)


def _block(view: View, shown: list[Run], name: str, lang: Lang) -> Block | None:
    measure, mean = view.results.figure(name).measure, shown[0].mean(name) or 0.0
    shares, title = scale(measure, (), lang), said(measure.label, lang)
    now = f"({ {'en': 'now', 'fi': 'nyt'}[lang] } {shares.plain(mean, 0.02)}{NO_BREAK}%)"
    if view.comparison is None:
        return Block(title, "", (_level(shown[0], name, shares),))
    bars = []
    for run in shown[1:]:
        change = change_of(view.comparison, run.results.scenario, name)
        if change is not None:
            low, high = (end * 100 for end in ends(change))
            bars.append(Bar(run.title, low, change.mean * 100, high, told(change, shares)))
    return Block(title, now, tuple(bars)) if bars else None


def _level(run: Run, name: str, shares: Scale) -> Bar:
    low, _, high = (end * 100 for end in run.spread(name) or (0.0,) * 3)
    mean = (run.mean(name) or 0.0) * 100
    text = f"{number(mean, shares.lang)}{NO_BREAK}%"
    if run.results.replications > 1:
        text += f" ({interval(low, high, shares.lang)})"
    return Bar(run.title, low, mean, high, text)


def _shares_subtitle(view: View, unit: str, lang: Lang) -> str:
    if view.comparison is None:
        return {"en": "People seen in time, %; line: nine years in ten.",
                "fi": "Ajoissa palvellut, %; viiva: yhdeksän vuotta kymmenestä."}[lang]  # fmt: skip
    return {
        "en": f"People seen in time: change from the present way, {unit}, with its 90 % range.",
        "fi": f"Ajoissa palvellut: ero nykytilaan, {unit}, ja sen 90 %:n väli.",
    }[lang]
