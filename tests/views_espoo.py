"""Views made without simulating: Espoo's parts, with figures drawn at random.

`judged` has alternatives of the classes asked for, over draws of a made-up posterior.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from simflow.experiment import Comparison, Results
from simflow.measures import Label, Measure, measures_of, outcome_measures
from simflow.results import View
from simflow.scenario import load
from simflow.scenario.schema import Scenario
from simflow.scenario.sources import source_rows
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


EFFECTS: dict[str, dict[str, tuple[float, float]]] = {
    "recommended": {"outcome.begun": (14, 2.5), "cost.net": (52_000, 6_000)},
    "saving": {"cost.net": (-40_000, 5_000)},
    "trade_off": {"outcome.begun": (15, 2.5), "outcome.assessed": (-0.07, 0.01),
                  "cost.net": (20_000, 6_000)},
    "risk": {"outcome.begun": (15, 2.5), "outcome.without_result": (3.6, 1.5)},
    "loss": {"outcome.begun": (-14, 2.5), "cost.net": (-30_000, 6_000)},
    "no_difference": {},
    "unclear": {"outcome.begun": (5, 6)},
    "circumstance": {"outcome.begun": (-9, 3)},
    "other_period": {"outcome.begun": (9, 3)},
}  # fmt: skip
"""By class: mean of a true difference over the draws, and its standard deviation. `risk` is a
trade-off whose loss is possible only."""
SPOKEN = {
    "recommended": ("One more guidance worker", "Yksi palveluohjaaja lisää"),
    "saving": ("No nurse", "Ei terveydenhoitajaa"),
    "trade_off": ("More outreach from the subsidy list", "Enemmän yhteydenottoja tukilistalta"),
    "risk": ("Reminders of appointments", "Muistutukset ajanvarauksista"),
    "loss": ("Vacant guidance post, 6 months", "Palveluohjaajan vakanssi auki 6 kk"),
    "no_difference": ("All four do everything", "Kaikki neljä tekevät kaikkea"),
    "unclear": ("More Startti courses", "Lisää Starttivalmennuksia"),
    "circumstance": ("Unemployment 20 % higher", "Työttömyys 20 % suurempi"),
    "other_period": ("The plan for 2015", "Vuoden 2015 suunnitelma"),
}
_BASE = {
    "outcome.asked": (640, 25), "outcome.begun": (62, 8), "outcome.open_or_education": (26, 5),
    "outcome.assessed": (0.62, 0.03), "outcome.first_service": (0.41, 0.03),
    "outcome.out_of_touch": (88, 6), "outcome.without_result": (120, 9),
    "cost.net": (480_000, 20_000),
}  # fmt: skip
_PARTS = {"open_work": 0.2, "subsidised_work": 0.65, "education": 0.15,
          "highly_educated": 0.5, "no_occupation": 0.2, "other": 0.3}  # fmt: skip
_MONEY = {"cost.staff": (310_000, 1.1), "cost.courses": (95_000, 0.0), "cost.places": (60_000, 0.1),
          "cost.subsidy": (250_000, 0.2), "cost.benefit_avoided": (235_000, 0.4),
          "cost.net": (480_000, 1.0)}  # fmt: skip
WIDTH = 0.2
"""Standard deviation of a true difference of nothing, in parts of what matters."""


def judged(
    *kinds: str, draws: int = 240, each: int = 2, point: bool = False, months: bool = True,
    seed: int = 5,
) -> View:  # fmt: skip
    """A comparison whose alternatives have the classes `kinds` (of `EFFECTS`, repeated at will).

    Parameters
    ----------
    draws, each : int
        Draws of the posterior and replications of each; with `point`, replications in all.
    months : bool
        Whether people waiting are counted at each month's end.
    """
    rng = np.random.default_rng(seed)
    n, each = (draws, 1) if point else (draws * each, each)
    numbers = rng.normal(size=(draws, 3))
    drive = np.zeros(n) if point else np.repeat(numbers[:, 0], each)
    sides = {name: rng.normal(mean, sd, n) for name, (mean, sd) in _BASE.items()}
    base = _made_results("espoo-2014", sides, {}, n, rng, months)
    others, outcomes, scenarios = [], {}, [espoo()]
    for place, kind in enumerate(kinds, 1):
        name = f"{kind}-{place}".replace("_", "-")
        moved = {measure: _delta(measure, kind, drive, n, each, point, rng) for measure in _BASE}
        others.append(_made_results(name, sides, moved, n, rng, months))
        outcomes[name] = _outcomes(sides, moved, n)
        scenarios.append(_alternative(kind, name))
    draws_ = None if point else numbers
    comparison = Comparison(
        replace(base, draws=draws_), tuple(replace(one, draws=draws_) for one in others), None,
        tuple(scenarios), ((),) * len(others), (), outcomes, each,
    )  # fmt: skip
    loaded = load(ESPOO)
    sources = source_rows(loaded.tree, loaded.origins)
    return View(comparison.base, espoo(), comparison, sources)


def _delta(
    measure: str, kind: str, drive: Any, n: int, each: int, point: bool, rng: Any
) -> Any:  # fmt: skip
    """True difference of each draw, and a little chance."""
    goal = espoo().goals.get(measure)
    matters = 2.0 if goal is None else goal.matters
    mean, sd = EFFECTS[kind].get(measure, (0.0, WIDTH * matters))
    own = np.zeros(n) if point else np.repeat(rng.normal(size=n // each), each)
    part = 0.9 * drive + 0.436 * own if measure == "outcome.begun" else own
    return mean + sd * part + rng.normal(0, 0.3 * matters, n)


def _alternative(kind: str, name: str) -> Scenario:
    en, fi = SPOKEN[kind]
    new: dict[str, Any] = {
        "name": name, "title": Text(en=en, fi=fi),
        "question": Text(en=f"What if: {en.lower()}?", fi=f"Entä jos: {fi.lower()}?"),
        "circumstance": kind == "circumstance",
    }  # fmt: skip
    if kind == "other_period":
        horizon = espoo().horizon
        later = {"start": horizon.start.replace(year=2015), "end": horizon.end.replace(year=2015)}
        new["horizon"] = horizon.model_copy(update=later)
    return espoo().model_copy(update=new)


def _outcomes(sides: dict[str, Any], moved: dict[str, Any], n: int) -> Any:
    """Base, alternative, and what comes from people asked in one only; shape (n, outcomes, 3)."""
    columns = []
    for measure in outcome_measures(espoo()):
        before, change = _column(measure.name, sides, n), _column(measure.name, moved, n)
        columns.append(np.stack([before, before + change, 0.15 * change], axis=1))
    return np.stack(columns, axis=1)


def _column(name: str, found: dict[str, Any], n: int) -> Any:
    if name in found:
        return found[name]
    if name.startswith(("outcome.begun.", "outcome.begun_by.")):
        return _PARTS[name.rpartition(".")[2]] * found.get("outcome.begun", np.zeros(n))
    return np.zeros(n)


def _made_results(
    name: str, sides: dict[str, Any], moved: dict[str, Any], n: int, rng: Any, months: bool
) -> Results:
    """A run of the base, or of an alternative that is `moved` from it."""
    table: dict[Measure, Any] = {}
    known = {m.name: m for m in (*measures_of(espoo()), *outcome_measures(espoo()))}
    for measure in outcome_measures(espoo()):
        table[known[measure.name]] = _column(measure.name, sides, n) + _column(
            measure.name, moved, n
        )
    extra = moved.get("cost.net", np.zeros(n))
    for cost, (level, part) in _MONEY.items():
        table[known[cost]] = (
            level + part * extra + (sides["cost.net"] - 480_000) * (cost == "cost.net")
        )
    better = moved.get("outcome.assessed", np.zeros(n))
    for place in range(1, 13) if months else ():
        wait = f"wait.assessment.month.2014-{place:02d}"
        values = 14 + 1.6 * place - 90 * better + rng.normal(0, 3, n)
        table[Measure(wait, "clients", Label(wait, wait), "level")] = np.maximum(values, 0)
    for key in ("clients.started", "caseload.end"):
        table[known[key]] = rng.normal({"clients.started": 177, "caseload.end": 169}[key], 9, n)
    values = np.column_stack(list(table.values()))
    return Results(name, "0" * 64, 1, tuple(table), values, published=espoo().published,
                   key_measures=tuple(espoo().key_measures))  # fmt: skip
