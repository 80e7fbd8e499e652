"""Page one's picture of a run by itself: how likely the plan is, or the figures published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from simflow.charts.amounts import scale
from simflow.charts.brief.blocks import Bar, Block, draw_blocks
from simflow.charts.chart import Chart, Row
from simflow.charts.data import runs, said
from simflow.labels import NO_BREAK, Lang, interval, percent

if TYPE_CHECKING:
    from simflow.charts.data import Run
    from simflow.experiment import Figure
    from simflow.results import View

_MOST: Final = 8
_COUNTED: Final = ("clients", "persons")


def draw(view: View, lang: Lang, narrow: bool = False) -> Chart | None:
    """The picture, or None where nothing is planned and nothing published."""
    run = runs(view, lang)[0]
    planned = [name for name in view.scenario.targets if run.has(name)][:_MOST]
    if planned:
        blocks = [_plan(view, run, name, lang) for name in planned]
        return _chart(blocks, _planned_words(blocks, lang), lang, narrow)
    known = [f for f in view.results.summary() if f.published is not None and f.mean is not None]
    figures = [figure for figure in known if figure.measure.unit in _COUNTED]
    if not figures:
        return None
    blocks = [_published(run, figure, lang) for figure in figures[:_MOST]]
    return _chart(blocks, _published_words(figures, lang), lang, narrow)


def _chart(blocks: list[Block], words: tuple[str, str], lang: Lang, narrow: bool) -> Chart:
    picture = draw_blocks(*words, blocks, lang, narrow=narrow, signed=False)
    alt = " ".join(f"{block.title} {block.note}: {block.bars[0].text}." for block in blocks)
    rows: tuple[Row, ...] = tuple(
        (block.title, bar.mean, bar.low, bar.high, bar.mark)
        for block in blocks for bar in block.bars
    )  # fmt: skip
    columns = {
        "en": ("Measure", "Value", "5 %", "95 %", "Published"),
        "fi": ("Mittari", "Arvo", "5 %", "95 %", "Julkaistu"),
    }
    name = "brief-year-narrow" if narrow else "brief-year"
    return Chart(name, *words, alt, picture, columns[lang], rows)


def _plan(view: View, run: Run, name: str, lang: Lang) -> Block:
    """A planned figure: the share of simulated years that reach it."""
    target, measure = view.scenario.targets[name], view.results.figure(name).measure
    low = -np.inf if target.at_least is None else target.at_least
    high = np.inf if target.at_most is None else target.at_most
    values = run.values(name)
    chance = float(((values >= low) & (values <= high)).mean())
    shown = scale(measure, (), lang)
    least = target.at_least is not None
    word = {"en": ("at most", "at least"), "fi": ("enintään", "vähintään")}[lang][least]
    limit = shown.plain(target.at_least if least else target.at_most)
    note = f"({word}{NO_BREAK}{limit}{NO_BREAK}{shown.unit})".replace(f"{NO_BREAK})", ")")
    bar = Bar(run.title, 0.0, chance * 100, chance * 100, percent(chance, lang))
    return Block(said(measure.label, lang), note, (bar,))


def _planned_words(blocks: list[Block], lang: Lang) -> tuple[str, str]:
    k, n = sum(block.bars[0].mean > 50 for block in blocks), len(blocks)
    return {
        "en": (f"{k} of {n} planned figures likelier than not",
               "Probability of reaching each planned figure, %: share of the simulated years."),
        "fi": (f"{k}/{n} suunniteltua lukua toteutuu todennäköisemmin kuin ei",
               "Kunkin suunnitellun luvun toteutumisen todennäköisyys, %: osuus simuloiduista "
               "vuosista."),
    }[lang]  # fmt: skip


def _published(run: Run, figure: Figure, lang: Lang) -> Block:
    shown = scale(figure.measure, (), lang)
    mean = figure.mean or 0.0
    low, high = figure.spread or (mean, mean)
    text = shown.plain(mean, 2.0)
    if figure.spread:
        text += f" ({interval(low, high, lang)})"
    word = {"en": "published", "fi": "julkaistu"}[lang]
    note = f"({word}{NO_BREAK}{shown.plain(figure.published)})"
    bar = Bar(run.title, low, mean, high, text, figure.published)
    return Block(said(figure.measure.label, lang), note, (bar,))


def _published_words(figures: list[Figure], lang: Lang) -> tuple[str, str]:
    inside = sum(f.spread is not None and f.published is not None
                 and f.spread[0] <= f.published <= f.spread[1] for f in figures)  # fmt: skip
    return {
        "en": (f"{inside} of {len(figures)} published figures within the simulated range",
               "Diamond: published. Dot and line: simulated, nine years in ten."),
        "fi": (f"{inside}/{len(figures)} julkaistua lukua osuu simuloidulle välille",
               "Vinoneliö: julkaistu. Piste ja viiva: simuloitu, yhdeksän vuotta kymmenestä."),
    }[lang]  # fmt: skip
