"""Moves and costs against the log, counted again in the plainest way, client by client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from simflow.model.log import TABLES, Outcome
from simflow.scenario import load
from simflow.scenario.merge import merged
from simflow.units import DAYS_PER_MONTH
from tests.functional import generate
from tests.functional.test_invariants import relaxed
from tests.helpers import Run, load_tree, run

BASELINE = Path(__file__).parents[2] / "scenarios" / "espoo-2014.yaml"
Row = dict[str, float]


def rows(made: Run, table: str) -> list[Row]:
    """A table as a list of mappings."""
    columns = TABLES[table]
    return [dict(zip(columns, row, strict=True)) for row in made.table(table).rows.tolist()]


def ways(made: Run) -> Iterator[tuple[Row, list[Row]]]:
    """Each relationship with its visits, those alongside another left out, in order."""
    steps: dict[float, list[Row]] = {}
    for row in rows(made, "visits"):
        if not row["alongside"] and row["outcome"] != Outcome.MISSED:
            steps.setdefault(row["client"], []).append(row)
    for one in rows(made, "clients"):
        end = until(one["ended"], made.end)
        mine = steps.get(one["client"], [])
        # A visit belongs to the relationship in which it ended.
        yield one, [step for step in mine if until(step["ended"], made.end) <= end]
        steps[one["client"]] = [step for step in mine if until(step["ended"], made.end) > end]


def until(time: float, end: float) -> float:
    """When something ended; the end of the run for what goes on."""
    return time if time == time else end


def moves(made: Run) -> Counter[tuple[str, str]]:
    """Moves in the window, by where from and where to."""
    names, begin = made.names, made.warm_up
    found: Counter[tuple[str, str]] = Counter()
    for one, steps in ways(made):
        stock = names.channels[int(one["channel"])] == "stock" and one["referred"] <= 0
        at, came = one["referred"], "stock" if stock else "arrival"
        for step in steps:
            service = names.services[int(step["service"])]
            if step["requested"] < begin:
                came = "stock"  # for the window, if he is still there as it opens
            if until(step["ended"], made.end) >= begin:
                found[came, service] += 1
            at, came = step["ended"], service
        if until(one["ended"], made.end) >= begin:
            found[came, names.exits[int(one["exit"])] if one["exit"] >= 0 else "inside"] += 1
        assert at == one["ended"] or at != at
    return found


def measured(made: Run) -> dict[tuple[str, str], float]:
    """The moves by the measures, without those that nobody made."""
    flows = ((name.split("."), value) for name, value in made.values.items())
    return {(parts[1], parts[2]): value for parts, value in flows if parts[0] == "flow" and value}


def conserved(made: Run) -> None:
    """What comes into each step goes out of it."""
    for service in made.names.services:
        into = sum(value for (_, goal), value in measured(made).items() if goal == service)
        out = sum(value for (came, _), value in measured(made).items() if came == service)
        assert into == out, service


BENEFIT = {
    "days_at_start": {"dist": "gamma", "mean": "450 days", "cv": 0.6}, "daily_rate": "30 eur a day",
    "brackets": [{"from": 300, "share": 0.5}, {"from": 500, "share": 0.7}],
}  # fmt: skip
COSTLY: dict[str, Any] = {
    "costs": {"staff": {"team": "40 eur an hour"}, "benefit": BENEFIT},
    "services": {"trial": {"benefit": "promoting", "price": "2 eur a day"},
                 "course": {"benefit": "none", "price": "100 eur a seat", "top_up": "3 eur a day"}},
    "exits": {"work": {"top_up": "5 eur a day", "top_up_for": "40 days"}},
    "regimes": {"dear": {"from": "2014-01-02", "until": "2014-03-20", "change": {
        "costs": {"benefit": {"daily_rate": "32 eur a day",
                              "brackets": [{"from": 250, "share": 0.4}]}},
        "services": {"trial": {"benefit": "none", "price": "3 eur a day"}}}}},
}  # fmt: skip
"""Prices laid over a generated scenario, other ones from the second day to the middle of March."""


def share(paid: float, brackets: list[dict[str, float]]) -> float:
    """The city's share of the day after so many paid days."""
    return max((b["share"] for b in brackets if b["from"] <= paid), default=0.0)


def day_by_day(made: Run) -> float:
    """The city's share of the subsidy, added up a quarter of a day at a time."""
    horizon, change = made.loaded.scenario.horizon, COSTLY["regimes"]["dear"]["change"]
    new = change["costs"]["benefit"]
    dear = horizon.warm_up + 1, horizon.warm_up + 79  # 2 January to 20 March
    step, pace = 0.25, 21.5 / DAYS_PER_MONTH
    total, tails = 0.0, {}
    names = made.names
    for one, steps in ways(made):
        at, paid = tails.pop(one["client"], (one["referred"], one["benefit_days"]))
        ended = until(one["ended"], made.end)
        goes_on = one["exit"] >= 0 and names.exits[int(one["exit"])] != "work"
        back = goes_on and made.loaded.scenario.exits[names.exits[int(one["exit"])]].returns
        stop = made.end if goes_on and not back and ended >= made.warm_up else ended
        stays = [(r["started"], until(r["ended"], made.end), names.services[int(r["service"])])
                 for r in steps if r["started"] == r["started"]]  # fmt: skip
        times = np.append(np.arange(at, stop, step), stop) if stop > at else np.array([at])
        for low, high in zip(times[:-1].tolist(), times[1:].tolist(), strict=True):
            middle = (low + high) / 2
            service = next((name for a, b, name in stays if a <= middle < b), "")
            is_new = dear[0] <= middle < dear[1]
            if service == "course" or (service == "trial" and is_new):
                continue
            days = pace * (high - low)
            if service != "trial" and middle >= made.warm_up:
                rate, brackets = (32, new["brackets"]) if is_new else (30, BENEFIT["brackets"])
                total += days * rate * share(paid + days / 2, brackets)
            paid += days
        if back:
            tails[one["client"]] = stop, paid
    for at, paid in tails.values():
        if at >= made.warm_up:
            for low in np.arange(at, made.end, step):
                days = pace * min(step, made.end - low)
                is_new = dear[0] <= low + step / 2 < dear[1]
                rate, brackets = (32, new["brackets"]) if is_new else (30, BENEFIT["brackets"])
                total += days * rate * share(paid + days / 2, brackets)
                paid += days
    return total


@settings(relaxed, max_examples=40)
@given(generate.scenarios())
def test_moves_are_those_of_the_log(tree: generate.Tree) -> None:
    """On generated scenarios, returns, companions and warm-up included."""
    made = run(load_tree(tree))
    assert measured(made) == moves(made)
    conserved(made)


@pytest.mark.parametrize("replication", range(3))
def test_moves_of_the_baseline(replication: int) -> None:
    """The moves that the diagram shows are those of the log."""
    made = run(load(BASELINE), replication=replication)
    found = measured(made)
    assert found == moves(made)
    conserved(made)
    assert (
        sum(v for (came, _), v in found.items() if came == "arrival")
        == made.values["clients.referred"]
    )
    out = sum(value for (_, goal), value in found.items() if goal in made.names.exits)
    assert out == made.values["exits.total"] + made.values["clients.not_started"]


@settings(relaxed, max_examples=40)
@given(generate.scenarios())
def test_share_of_the_subsidy_day_by_day(tree: generate.Tree) -> None:
    """The closed form equals the sum over days, on generated scenarios."""
    regimes = tree.get("regimes", {})
    made = run(load_tree(merged(tree, {**COSTLY, "regimes": regimes | COSTLY["regimes"]})))
    if made.loaded.scenario.horizon.days - made.warm_up < 79:
        return
    expected = day_by_day(made)
    assert made.values["cost.benefit"] == pytest.approx(expected, rel=1e-3, abs=20)


def test_counting_benefit_days_changes_nothing_else() -> None:
    """Prices and benefit days are told of the clients; they move nobody."""
    loaded = load(BASELINE)
    with_costs = run(loaded)
    tree = {k: v for k, v in loaded.tree.items() if k not in ("costs", "goals")}
    bare = run(load_tree(tree | {"source": "as the baseline"}))
    assert bare.visits.rows.tobytes() == with_costs.visits.rows.tobytes()
    assert (bare.clients["benefit_days"] == 0).all()
    days = with_costs.clients["benefit_days"]
    assert (days >= 258).all()
    assert np.unique(days).size > 0.9 * days.size
