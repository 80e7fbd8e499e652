"""A calibration in tables and sentences, for the terminal and the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from simflow.calibrate.checks import LeftOut
from simflow.calibrate.forecast import Forecast, forecast_covered
from simflow.calibrate.inference import SHARES, learnt
from simflow.calibrate.outcome import RUNS, Outcome
from simflow.calibrate.words import say
from simflow.calibrate.write import DRIVEN, correlations, errors
from simflow.labels import Lang, interval, number, percent
from simflow.measures import Label

Cells = tuple[str, ...]
_UNITS_FI: Final = {
    "a": "/", "per": "/", "month": "kk", "months": "kk", "year": "v", "years": "v", "week": "vk",
    "weeks": "vk", "day": "pv", "days": "pv", "hour": "h", "hours": "h",
}  # fmt: skip


def _in(label: Label, lang: Lang) -> str:
    return label.fi if lang == "fi" else label.en


def _ends(ends: Sequence[float], lang: Lang, places: int = 0) -> str:
    """Median and interval: ``175 (140–205)``."""
    low, middle, high = ends
    return f"{number(middle, lang, places)} ({interval(low, high, lang, places)})"


def targets(outcome: Outcome, lang: Lang) -> list[Cells]:
    """Published figures: name, value, prior, posterior, z, whether it fits."""
    file = outcome.calibration.file
    before, after = outcome.interval(outcome.prior).T, outcome.interval(outcome.predicted).T
    rows: list[Cells] = []
    for rank, name in enumerate(outcome.goals.names):
        fits = "yes" if outcome.inside[rank] else "no"
        if not outcome.inside[rank] and file.targets[name].outside:
            fits = "with_reason"
        rows.append((
            _in(outcome.calibration.label(name), lang),
            number(file.targets[name].value, lang),
            _ends(before[rank], lang),
            _ends(after[rank], lang),
            number(outcome.z[rank], lang, 1),
            say(fits, lang),
        ))  # fmt: skip
    return rows


def unknowns(outcome: Outcome, lang: Lang) -> list[Cells]:
    """Unknowns: name with its unit, prior, posterior, part learnt."""
    prior = np.quantile(outcome.table.values, SHARES, axis=0).T
    after = np.quantile(outcome.values, SHARES, axis=0).T
    parts = learnt(outcome.table.values, outcome.values)
    rows: list[Cells] = []
    for rank, unknown in enumerate(outcome.calibration.space.unknowns):
        places = _places(after[rank, 2] - after[rank, 0])
        part = percent(parts[rank], lang)
        rows.append((
            ", ".join(filter(None, (_in(unknown.label, lang), _unit(unknown.unit, lang)))),
            _ends(prior[rank], lang, places),
            _ends(after[rank], lang, places),
            say("driven", lang) if parts[rank] < DRIVEN else part,
        ))  # fmt: skip
    return rows


def _unit(text: str, lang: Lang) -> str:
    """A unit as a scenario writes it, in the reader's language."""
    if lang == "en":
        return text
    return " ".join(_UNITS_FI.get(part, part) for part in text.split())


def _places(width: float) -> int:
    return 0 if width >= 10 else 1 if width >= 1 else 2


def left(found: Sequence[LeftOut], outcome: Outcome, lang: Lang) -> list[Cells]:
    """Targets predicted without having been seen: name, value, prediction, whether it fits."""
    return [
        (
            _in(outcome.calibration.label(one.name), lang),
            number(one.published, lang),
            _ends((one.low, one.median, one.high), lang),
            say("yes" if one.inside else "no", lang),
        )
        for one in found
    ]


def forecast(one: Forecast, lang: Lang) -> list[Cells]:
    """A scenario's figures: name, planned, forecast, probability, part not known."""
    rows: list[Cells] = []
    for rank, measure in enumerate(one.measures):
        low, middle, high = one.interval[:, rank] * (100 if measure.unit == "share" else 1)
        rows.append((
            _in(measure.label, lang),
            planned(one, measure.name, lang),
            _ends((low, middle, high), lang, 0 if high >= 10 else 1),
            percent(one.probability(measure.name), lang),
            percent(_known(one.unknown[rank]), lang),
        ))  # fmt: skip
    return rows


def planned(one: Forecast, name: str, lang: Lang) -> str:
    """The target of a measure in words; a dash when it has none."""
    target = one.loaded.scenario.targets.get(name)
    if target is None:
        return number(None, lang)
    key = "at_most" if target.at_least is None else "at_least"
    given = target.at_most if target.at_least is None else target.at_least
    return say(key, lang, number(given, lang))


def title(one: Forecast, lang: Lang) -> str:
    """The title of a scenario that is forecast."""
    text = one.loaded.scenario.title
    return one.loaded.scenario.name if text is None else text.fi if lang == "fi" else text.en


def forecast_note(outcome: Outcome, lang: Lang) -> str:
    """How forecasts are to be read."""
    return say("forecast_note", lang, number(len(outcome.forecasts[0].values), lang))


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


def ties(outcome: Outcome, lang: Lang) -> list[str]:
    """The strongest correlations, a sentence each."""
    labels = {u.name: _in(u.label, lang) for u in outcome.calibration.space.unknowns}
    return [
        say("both" if r > 0 else "either", lang, labels[a], labels[b], number(r, lang, 2))
        for a, b, r in correlations(outcome)
    ]


def sentences(outcome: Outcome, lang: Lang) -> list[str]:
    """What a reader must know of the fit."""
    table, found = outcome.table, outcome.coverage
    said = []
    if outcome.quick:
        runs = number(outcome.settings.runs, lang), number(RUNS, lang)
        said.append(say("quick", lang, *runs))
    if outcome.second:
        said.append(say("second", lang))
    z = float(np.sqrt((outcome.z**2).mean()))
    said.append(say(
        "fit", lang, str(int(outcome.inside.sum())), str(len(outcome.goals)), number(z, lang, 2),
        number(outcome.z_draws, lang, 2), number(outcome.misfit, lang, 2),
    ))  # fmt: skip
    inside = sum(one.inside for one in outcome.left_out)
    said.append(say("left", lang, str(inside), str(len(outcome.left_out))))
    said.append(say(
        "coverage", lang, number(len(found.ranks), lang), percent(found.within(0.9).mean(), lang),
        percent(found.within(0.5).mean(), lang),
    ))  # fmt: skip
    if outcome.held_out:
        said.append(say("unseen_coverage", lang, percent(outcome.unseen, lang)))
    covered = forecast_covered(outcome.forecasts)
    if covered is not None:
        said.append(say("forecast_coverage", lang, percent(covered, lang)))
    said += _untaught(outcome, lang)
    said.append(_errors(outcome, lang))
    tried = table.rejected + len(table.cube)
    said.append(say(
        "rejected", lang, number(table.rejected, lang), number(tried, lang),
        percent(outcome.rejected, lang),
    ))  # fmt: skip
    return said


def _untaught(outcome: Outcome, lang: Lang) -> list[str]:
    """The unknowns of which the figures say little."""
    parts = learnt(outcome.table.values, outcome.values)
    unknowns = outcome.calibration.space.unknowns
    names = [_in(u.label, lang) for u, part in zip(unknowns, parts, strict=True) if part < DRIVEN]
    return [say("untaught", lang, "; ".join(names))] if names else []


def _errors(outcome: Outcome, lang: Lang) -> str:
    """What the stated errors of observation matter."""
    _, rows = errors(outcome)
    none_shift, none_width, double_shift, double_width = np.array(
        [row[1:] for row in rows], float
    ).T
    moved = max(np.abs(none_shift).max(), np.abs(double_shift).max())
    widths = (percent(width.mean(), lang) for width in (none_width, double_width))
    return say("error", lang, *widths, number(moved, lang, 2))
