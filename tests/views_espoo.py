"""A view made without simulating: Espoo's parts, with figures drawn at random."""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from simflow.experiment import Results
from simflow.measures import Label, Measure, measures_of
from simflow.results import View
from simflow.scenario import load
from simflow.scenario.schema import Scenario
from simflow.scenario.values import Text
from tests.views import compared

ESPOO = Path(__file__).parents[1] / "scenarios" / "espoo-2014.yaml"
WAITS = ("assessment", "startti", "ict", "work_trial", "subsidised_city")
DAYS = (7, 14, 28, 42, 56, 91, 126, 182, 273, 364)
MEDIANS = {"assessment": 12.0, "startti": 60, "ict": 50, "work_trial": 40, "subsidised_city": 65}
STEPS = {  # from: {to: mean clients}; in = out for every service
    "arrival": {"assessment": 249, "guidance": 6},
    "stock": {"guidance": 50, "startti": 13, "work_trial": 7, "subsidised_city": 7, "ict": 13},
    "assessment": {"guidance": 120, "startti": 40, "ict": 18, "work_trial": 9,
                   "not_started_motivation": 17, "not_started_health": 11,
                   "not_started_language": 8, "not_started_life_situation": 14,
                   "not_started_other_service": 7, "inside": 5},
    "guidance": {"startti": 35, "ict": 30, "work_trial": 30, "subsidised_city": 40,
                 "third_sector_post": 29, "activation_plan": 12, "open_market": 9,
                 "education": 8, "own_wish": 3, "lost_contact": 6, "guidance": 0, "inside": 120},
    "startti": {"work_trial": 12, "guidance": 60, "subsidised_city": 6, "education": 2,
                "inside": 8},
    "ict": {"guidance": 48, "work_trial": 5, "subsidised_city": 2, "inside": 6},
    "work_trial": {"guidance": 25, "subsidised_city": 8, "open_market": 4, "education": 4,
                   "inside": 22},
    "subsidised_city": {"guidance": 13, "open_market": 6, "inside": 44},
    "third_sector_post": {"third_sector_job": 20, "inside": 9},
    "activation_plan": {"rehabilitative_work_typ": 11, "inside": 1},
}  # fmt: skip


@cache
def espoo() -> Scenario:
    """The baseline's values."""
    return load(ESPOO).scenario


def _draws(name: str, centre: float, spread: float, n: int) -> Any:
    """The same figures for a name each time, other ones for other names."""
    return np.random.default_rng(zlib.crc32(name.encode())).normal(centre, spread, n)


def _centre(measure: Measure) -> float:
    if measure.unit == "share":
        return 0.7
    if measure.name.startswith("exits."):
        return 14.0 / (1 if measure.name.count(".") == 1 else 3)
    return {"days": 40.0, "hours": 900.0, "eur": 250_000.0}.get(measure.unit, 40.0)


def columns(n: int, level: float = 1.0, steps: bool = True) -> dict[Measure, Any]:
    """Values of every measure of the baseline, and of flows and waiting curves."""
    found: dict[Measure, Any] = {}
    for measure in measures_of(espoo()):
        if measure.name.startswith(("flow.", "caseload.month.")) or ".by." in measure.name:
            continue
        centre = _centre(measure)
        values = np.maximum(_draws(measure.name, centre, centre * 0.12, n) * level, 0.0)
        found[measure] = np.minimum(values, 1.0) if measure.unit == "share" else np.round(values)
    for month in range(1, 13):
        name = f"caseload.month.2014-{month:02d}"
        label = Label(f"Caseload at the end of 2014-{month:02d}", f"Asiakkaita 2014-{month:02d} l.")
        values = np.round(_draws(name, 90 + 7 * level * month, 2 + month, n))
        found[Measure(name, "clients", label, "level")] = values
        if month == 12:
            _put(found, "caseload.end", values)
    _put(found, "caseload.start", np.full(n, 90.0))
    for service in WAITS:
        for day in DAYS:
            share = 1 - 0.5 ** (day / MEDIANS[service] * level)
            name = f"wait.{service}.by.{day}"
            values = np.clip(_draws(name, share, 0.03, n), 0, 1)
            found[Measure(name, "share", Label(name, name), "share")] = values
    for start, ends in STEPS.items() if steps else ():
        for end, clients in ends.items():
            name = f"flow.{start}.{end}"
            values = np.full(n, float(clients))
            found[Measure(name, "clients", Label(name, name), "flow")] = values
    return found


def _put(found: dict[Measure, Any], name: str, values: Any) -> None:
    for measure in found:
        if measure.name == name:
            found[measure] = values


def results(n: int = 20, level: float = 1.0, name: str = "espoo-2014", **kept: Any) -> Results:
    """Results of `n` replications; `level` scales the counts. `only`: starts of names kept."""
    all_ = columns(n, level)
    only = kept.get("only")
    names = [m for m in all_ if only is None or m.name.startswith(only)]
    return Results(
        scenario=name, hash="0" * 64, seed=1, measures=tuple(names),
        values=np.array([all_[measure] for measure in names], float).reshape(len(names), n).T,
        published=espoo().published, key_measures=tuple(espoo().key_measures),
    )  # fmt: skip


def view(n: int = 20, alternatives: int = 0, title: str = "Alternative", **kept: Any) -> View:
    """A run, or a comparison with alternatives of ever higher level."""
    base = results(n, **kept)
    others = tuple(
        results(n, 1 + 0.1 * (k + 1) * (-1) ** k, f"alternative-{k + 1}", **kept)
        for k in range(alternatives)
    )
    scenarios = [espoo()] + [
        espoo().model_copy(
            update={"name": one.scenario, "title": Text(en=f"{title} {k}", fi=f"{title} {k}")}
        )
        for k, one in enumerate(others, 1)
    ]
    return compared(scenarios, [base, *others])


def without(view: View, start: str) -> View:
    """The view of a run without the measures whose names begin so."""
    old = view.results
    keep = [k for k, m in enumerate(old.measures) if not m.name.startswith(start)]
    new = replace(old, measures=tuple(old.measures[k] for k in keep), values=old.values[:, keep])
    return replace(view, results=new)
