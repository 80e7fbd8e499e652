"""Which measures the table of a run shows, in which order and under which heading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import nan

from simflow.cli.table import Row
from simflow.experiment import Figure, Results
from simflow.labels import Lang


def rows_of(
    results: Results, asked: Sequence[str], lang: Lang, *, everything: bool = False
) -> list[Row]:
    """Rows of the table.

    Parameters
    ----------
    results : Results
        The replications.
    asked : sequence of str
        Measures asked for by name; when empty, the key measures and those with a published
        figure are shown (all of them when there are neither).
    lang : {"en", "fi"}
        Language of the labels.
    everything : bool
        Show the key measures, and then every measure.
    """
    figures = {figure.measure.name: figure for figure in results.summary()}
    if asked and not everything:
        return _grouped((figures[name] for name in dict.fromkeys(asked)), lang)
    key = [_row(figures[name], lang, "key") for name in results.key_measures]
    if everything:
        return key + _grouped(figures.values(), lang)
    others = [figures[name] for name in figures if name in results.published]
    rest = [f for f in others if f.measure.name not in results.key_measures]
    return key + _grouped(rest, lang) or _grouped(figures.values(), lang)


def _grouped(figures: Iterable[Figure], lang: Lang) -> list[Row]:
    groups: dict[str, list[Row]] = {}
    for figure in figures:
        group = figure.measure.name.partition(".")[0]
        groups.setdefault(group, []).append(_row(figure, lang, group))
    return [row for rows in groups.values() for row in rows]


def _row(figure: Figure, lang: Lang, group: str) -> Row:
    measure = figure.measure
    return Row(
        group=group,
        label=measure.label.fi if lang == "fi" else measure.label.en,
        unit=measure.unit,
        mean=nan if figure.mean is None else figure.mean,
        ci=figure.ci or (nan, nan),
        spread=figure.spread or (nan, nan),
        published=figure.published,
    )
