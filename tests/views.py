"""A comparison made up of drawn numbers, for tests of charts and reports that run no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simflow.experiment import Comparison, Results
from simflow.measures import Label, Measure
from simflow.results import View
from simflow.scenario import Scenario
from simflow.scenario.costs import Goal, Target
from tests.helpers import load_tree

SEGMENTS: Final = {
    "educated": {"label": {"en": "Highly educated", "fi": "Korkeasti koulutetut"}, "share": 0.25},
    "others": {"label": {"en": "Others", "fi": "Muut"}, "share": "rest"},
}


@dataclass(frozen=True)
class Made:
    """A made-up measure: what it is, its mean in the base, how replications vary, its effect."""

    measure: Measure
    mean: float
    spread: float
    effect: float = 0.0
    """Difference of the first alternative; the second has half of it the other way."""


def made(
    name: str, unit: str, en: str, fi: str, mean: float, spread: float, effect: float = 0.0
) -> Made:
    """A made-up measure."""
    return Made(Measure(name, unit, Label(en, fi), "flow"), mean, spread, effect)


MEASURES: Final = (
    made("clients.started", "clients", "Relationships started", "Alkaneet asiakkuudet", 171, 9, 12),
    made("wait.assessment.mean", "days", "Assessment: wait, mean",
         "Alkukartoitus: odotusaika, keskiarvo", 24.5, 2.5, -6),
    made("exits.work_or_education", "clients", "Ended in work or education",
         "Päättyneet työhön tai koulutukseen", 51, 7, 0.4),
    made("wait.assessment.within", "share", "Assessment: wait within 28 days",
         "Alkukartoitus: odotusaika enintään 28 päivää", 0.62, 0.05, 0.11),
    made("cost.total", "eur", "Costs, total", "Kustannukset yhteensä", 1_234_567, 30_000, 61_000),
    made("cost.staff", "eur", "Staff", "Henkilöstö", 310_000, 4_000, 55_000),
    made("cost.courses", "eur", "Courses", "Kurssit", 95_000, 6_000),
    made("cost.places", "eur", "Places", "Paikat", 60_000, 5_000),
    made("cost.subsidy", "eur", "Wage top-ups", "Palkkatuen lisät", 250_000, 15_000),
    made("cost.benefit", "eur", "Municipal share", "Kuntaosuus", 519_567, 22_000, 6_000),
    made("cost.net", "eur", "Net", "Netto", 480_000, 20_000, 52_000),
    made("cost.per_started", "eur", "Cost per started", "Hinta alkanutta kohti", 7_220, 300, 90),
    made("cost.per_work_or_education", "eur", "Cost per exit to work or education",
         "Hinta työhön tai koulutukseen päättynyttä kohti", 24_207, 2_500, -400),
    made("outcome.begun_by.educated", "persons", "Highly educated: begin",
         "Korkeasti koulutetut: aloittaneet", 22, 4, 1),
    made("outcome.begun_by.others", "persons", "Others: begin", "Muut: aloittaneet", 34, 4, 6),
)  # fmt: skip
GOALS: Final[dict[str, dict[str, Any]]] = {
    "clients.started": {"role": "primary", "better": "more", "matters": 5},
    "wait.assessment.mean": {"role": "guard", "better": "fewer", "matters": 3},
    "exits.work_or_education": {"role": "guard", "better": "more", "matters": 3},
    "wait.assessment.within": {"role": "guard", "better": "more", "matters": 0.05},
    "cost.total": {"role": "money", "better": "fewer", "matters": 20_000},
}
TARGETS: Final[dict[str, dict[str, float]]] = {
    "clients.started": {"at_least": 175},
    "wait.assessment.mean": {"at_most": 28},
}
TITLES: Final = (
    Label("One more guidance worker", "Yksi palveluohjaaja lisää"),
    Label("Vacant guidance post, 6 months", "Palveluohjaajan vakanssi auki 6 kk"),
    Label("Reminders of appointments", "Muistutukset ajanvarauksista"),
)


def scenario(name: str, title: Label, **parts: Any) -> Scenario:
    """A small scenario with a title, goals and targets; `parts` replace its own."""
    tree = {
        "source": "made up",
        "name": name,
        "title": title._asdict(),
        "horizon": {"start": "2014-01-01", "end": "2014-12-31"},
        "segments": SEGMENTS,
        "channels": {"door": {"kind": "rate", "rate": "1 per week", "to": "assessment"}},
        "services": {
            "assessment": {
                "kind": "placement", "duration": "5 days", "places": 1, "then": {"out": 1},
            },
        },
        "exits": {"out": {}},
    }  # fmt: skip
    return load_tree({**tree, **parts}).scenario


def judged(base: Scenario, goals: Mapping[str, Any], targets: Mapping[str, Any]) -> Scenario:
    """The scenario with goals and targets for made-up measures, which it does not have itself."""
    return base.model_copy(
        update={
            "goals": {name: Goal(**goal) for name, goal in goals.items()},
            "targets": {name: Target(**target) for name, target in targets.items()},
            "key_measures": list(goals),
        }
    )


def results(
    name: str, measures: Sequence[Made], replications: int, factor: float, seed: int
) -> Results:
    """Drawn values; alternatives of the same number of replications are paired."""
    shared = np.random.default_rng(1).normal(size=(replications, len(measures)))
    own = np.random.default_rng(seed).normal(size=(replications, len(measures)))
    values = np.column_stack([
        item.mean + factor * item.effect + item.spread * (0.95 * common + 0.3 * mine)
        for item, common, mine in zip(measures, shared.T, own.T, strict=True)
    ])  # fmt: skip
    found = tuple(item.measure for item in measures)
    keys = tuple(name for name in GOALS if any(m.name == name for m in found))
    return Results(name, "0" * 64, 1, found, values, key_measures=keys)


def view(
    alternatives: int = 3,
    replications: int = 40,
    *,
    measures: Sequence[Made] = MEASURES,
    goals: Mapping[str, Any] = GOALS,
    targets: Mapping[str, Any] = TARGETS,
    titles: Sequence[Label] = TITLES,
) -> View:
    """A view of a made-up comparison, or of one run when there are no alternatives."""
    names = ["base", *(f"other-{number}" for number in range(1, alternatives + 1))]
    heads = [Label("No new decision", "Ei uutta päätöstä")]
    heads += [titles[number % len(titles)] for number in range(alternatives)]
    scenarios = tuple(
        judged(scenario(name, title), goals, targets)
        for name, title in zip(names, heads, strict=True)
    )
    factors = [0.0] + [(1.0, -0.5, 0.0)[number % 3] for number in range(alternatives)]
    runs = [
        results(name, measures, replications, factor, seed)
        for seed, (name, factor) in enumerate(zip(names, factors, strict=True), start=2)
    ]
    return compared(scenarios, runs)


def compared(scenarios: Sequence[Scenario], runs: Sequence[Results]) -> View:
    """The view of a base and its alternatives; of one run when there are none."""
    base, *others = runs
    if not others:
        return View(base, scenarios[0])
    changes = ((),) * len(others)
    comparison = Comparison(base, tuple(others), None, tuple(scenarios), changes)
    return View(base, scenarios[0], comparison)
