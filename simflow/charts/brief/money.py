"""Page two: what is paid for, kind by kind: changes from the present way; of a run, sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simflow.charts.amounts import Scale, half_of, scale
from simflow.charts.brief.blocks import Bar, Block, draw_blocks
from simflow.charts.brief.leading import leading
from simflow.charts.brief.picture import ends
from simflow.charts.chart import Chart, Row
from simflow.charts.plausible import change_of
from simflow.labels import NO_BREAK, Lang

if TYPE_CHECKING:
    from simflow.charts.data import Run
    from simflow.results import View

_KINDS: Final[dict[str, dict[Lang, str]]] = {
    "cost.staff": {"en": "Staff", "fi": "Henkilöstö"},
    "cost.courses": {"en": "Courses", "fi": "Kurssit"},
    "cost.places": {"en": "Places", "fi": "Paikat"},
    "cost.subsidy": {"en": "Wage top-ups", "fi": "Palkkatuen kuntalisät"},
    "cost.benefit_avoided": {
        "en": "City's share of subsidy", "fi": "Kunnan osuus työmarkkinatuesta",
    },
    "cost.net": {"en": "Net", "fi": "Netto"},
}  # fmt: skip
_LESS: Final = ("cost.benefit_avoided",)
"""What is money saved: shown below zero, as less to pay."""
_LEAST: Final = 0.3
"""Least half-width that digits are shown for, in the unit shown (thousands of euros)."""


def draw(view: View, lang: Lang, narrow: bool = False) -> Chart | None:
    """The chart, or None when the costs are not known."""
    shown, note = leading(view, lang)
    names = [name for name in _KINDS if shown[0].has(name)]
    if not names:
        return None
    measure = view.results.figure(names[0]).measure
    units = scale(measure, [run.mean(name) for run in shown for name in names], lang)
    found = [(name, _block(view, shown, name, units)) for name in names]
    blocks = [block for _, block in found if block is not None]
    if not blocks:
        return None
    message, below = _headline(blocks, units), _subtitle(view, units) + note
    picture = draw_blocks(message, below, blocks, lang, narrow=narrow,
                          signed=view.comparison is not None)  # fmt: skip
    alt = " ".join(f"{b.title}: {', '.join(f'{bar.label} {bar.text}' for bar in b.bars)}."
                   for b in blocks)  # fmt: skip
    rows: tuple[Row, ...] = tuple(
        (block.title, bar.label, bar.mean / units.factor, bar.low / units.factor,
         bar.high / units.factor)
        for block in blocks for bar in block.bars
    )  # fmt: skip
    columns = {
        "en": ("Kind", "Scenario", "Euros", "90 % from", "90 % to"),
        "fi": ("Laji", "Skenaario", "Euroa", "90 % alkaen", "90 % asti"),
    }
    name = "brief-money-narrow" if narrow else "brief-money"
    return Chart(name, message, below, alt, picture, columns[lang], rows)


def _block(view: View, shown: list[Run], name: str, units: Scale) -> Block | None:
    """A kind of cost; None where nothing of it differs."""
    sign = -1.0 if name in _LESS else 1.0
    title = _KINDS[name][units.lang]
    if view.comparison is None:
        bar = _level(shown[0], name, sign, units)
        return Block(title, "", (bar,)) if bar.mean else None
    bars = []
    for run in shown[1:]:
        change = change_of(view.comparison, run.results.scenario, name)
        if change is None:
            continue
        low, high = sorted(sign * end * units.factor for end in ends(change))
        mean = sign * change.mean * units.factor
        bars.append(Bar(run.title, low, mean, high, _told(low, mean, high, units)))
    moved = any(bar.low or bar.high for bar in bars)
    return Block(title, "", tuple(bars)) if moved else None


def _level(run: Run, name: str, sign: float, units: Scale) -> Bar:
    figure = run.results.figure(name)
    mean = sign * (figure.mean or 0.0) * units.factor
    low, high = sorted(
        sign * end * units.factor for end in figure.spread or (figure.mean or 0.0,) * 2
    )
    plain = Scale(1.0, units.unit, units.lang)
    return Bar(run.title, low, mean, high, plain.plain(mean, half_of((low, high)) or 1.0))


def _told(low: float, mean: float, high: float, units: Scale) -> str:
    """The number shown, with its range; the ends are in the unit shown already."""
    # A sum that never varies has a range of rounding errors, which says nothing of its digits.
    plain, half = Scale(1.0, units.unit, units.lang), max(half_of((low, high)) or 0.0, _LEAST)
    gap = f"{NO_BREAK}…{NO_BREAK}"
    text = plain.signed(mean, half)
    return text if high - low < _LEAST else (
        f"{text} ({plain.signed(low, half)}{gap}{plain.signed(high, half)})")  # fmt: skip


def _headline(blocks: list[Block], units: Scale) -> str:
    """The last sum: of the alternative that stands first, or of the run."""
    bar = blocks[-1].bars[0]
    amount = f"{bar.text.partition(' (')[0]}{NO_BREAK}{units.unit}"
    name = blocks[-1].title
    return f"{name}: {amount}"


def _subtitle(view: View, units: Scale) -> str:
    unit, lang = units.unit, units.lang
    if view.comparison is None:
        return {
            "en": f"Money by kind, {unit} in the period; line: nine years in ten. What is saved is "
            "below zero.",
            "fi": f"Rahat lajeittain, {unit} kaudella; viiva: yhdeksän vuotta kymmenestä. Säästö "
            "on nollan alapuolella.",
        }[lang]
    return {
        "en": f"Money by kind, {unit} in the period: change from the present way, with its 90 % "
        "range. Below zero: money saved.",
        "fi": f"Rahat lajeittain, {unit} kaudella: ero nykytilaan ja sen 90 %:n väli. Nollan "
        "alapuolella: säästöä.",
    }[lang]
