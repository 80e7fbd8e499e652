"""The table of planned figures: what each is, what the year gives, how often it is reached."""

from __future__ import annotations

import textwrap

from simflow.cli.common import print_table
from simflow.cli.table import given, grid, shown_block
from simflow.experiment import Results
from simflow.experiment.planned import probability
from simflow.labels import Lang, decimals, number, percent, word
from simflow.scenario import Scenario

_NOTE: dict[Lang, str] = {
    "en": "Reached: the share of simulated years that reach the planned figure.",
    "fi": "Toteutuu: osuus simuloiduista vuosista, joina suunniteltu luku saavutetaan.",
}


def show_planned(scenario: Scenario, results: Results, lang: Lang) -> None:
    """Print the planned figures of a scenario; nothing when it has none."""
    rows = [_row(scenario, results, name, lang) for name in scenario.targets]
    if not rows:
        return
    heads = tuple(word(key, lang) for key in ("measure", "planned", "mean", "reached"))

    def plain(width: int) -> str:
        lines = grid(heads, [("", rows)], width, (0,)) or [
            line for row in rows for line in shown_block(row[0], _parts(row, heads), width)
        ]
        return "\n".join(["", *lines, "", *textwrap.wrap(_NOTE[lang], width)])

    print_table(plain, ())


def _parts(row: tuple[str, ...], heads: tuple[str, ...]) -> list[str]:
    return [f"{head.lower()} {text}" for head, text in zip(heads[1:], row[1:], strict=True)]


def _row(scenario: Scenario, results: Results, name: str, lang: Lang) -> tuple[str, ...]:
    target, figure = scenario.targets[name], results.figure(name)
    label = figure.measure.label.fi if lang == "fi" else figure.measure.label.en
    scale = 100.0 if figure.measure.unit == "share" else 1.0
    sign, planned = ("≥", target.at_least) if target.at_most is None else ("≤", target.at_most)
    mean, half = figure.mean, (figure.half_width or 0.0) * scale
    places = decimals(half, (mean or 0.0) * scale)
    shown = number(None if mean is None else mean * scale, lang, places)
    wanted = given((planned or 0.0) * scale, lang)
    return label, f"{sign} {wanted}", shown, percent(probability(target, results, name), lang)
