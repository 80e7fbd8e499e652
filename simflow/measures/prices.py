"""Prices in force at each time, as arrays by pool, service and exit.

A regime may change a price or a rule on a date. Of its change only what costs is read here; the
rest is the model's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, TypeAdapter

from simflow.measures.accumulators import Floats
from simflow.model.once import once
from simflow.scenario.costs import Costs
from simflow.scenario.schema import Exit, Scenario
from simflow.scenario.services import Service

CO_FUNDED: Final = 0
"""The city pays its share of the subsidy."""
PROMOTING: Final = 1
"""The state pays all of it; the days are paid days."""
NONE: Final = 2
"""No subsidy is paid."""
_SUPPORT: Final = {"co_funded": CO_FUNDED, "promoting": PROMOTING, "none": NONE}
_PARTS: Final = {
    "services": {"price", "top_up", "benefit"},
    "exits": {"benefit", "top_up", "top_up_for"},
}


@dataclass(frozen=True)
class Prices:
    """What holds from `begin` to `end` (days from the first moment simulated); prices in euros.

    Attributes
    ----------
    hour : array
        Price of an hour, by pool.
    price : dict of str to array
        Price of a `course`, `seat`, `start` and `day`, by service.
    top_up : array
        Wage top-up a day, by service; `exit_top_up` by exit, for `exit_job` days.
    support, exit_support : array of int
        `CO_FUNDED`, `PROMOTING` or `NONE`, by service and by exit.
    """

    begin: float
    end: float
    hour: Floats
    price: Mapping[str, Floats]
    top_up: Floats
    support: NDArray[np.intp]
    exit_top_up: Floats
    exit_job: Floats
    exit_support: NDArray[np.intp]
    rate: float
    edges: Floats
    steps: Floats

    def paid(self, days: Floats) -> Floats:
        """The city's share of all subsidy up to a number of paid days, were these prices always in
        force; the share of some days is the difference of two."""
        above = np.maximum(days[:, None] - self.edges, 0.0)
        return np.asarray(self.rate * (above @ self.steps), np.float64)


@once(kept=4)
def prices_of(scenario: Scenario) -> tuple[Prices, ...]:
    """The prices, a part for each time between two dates on which some change."""
    day = dt.timedelta(days=1)
    regimes = {name: _costly(part.change) for name, part in scenario.regimes.items()}
    spans = [(scenario.regimes[n], change) for n, change in regimes.items() if any(change.values())]
    horizon = scenario.horizon
    dates = {horizon.start} | {span.from_ for span, _ in spans}
    dates |= {span.until + day for span, _ in spans if span.until}
    inside = sorted(date for date in dates if horizon.start <= date <= horizon.end)
    found = []
    for first, following in zip(inside, [*inside[1:], horizon.end + day], strict=True):
        costs = scenario.costs or Costs()
        services: Mapping[str, Service] = scenario.services
        exits: Mapping[str, Exit] = scenario.exits
        for span, change in spans:
            if span.from_ <= first <= (span.until or first):
                costs = _laid_over(costs, change["costs"])
                services = _laid_over_each(services, change["services"])
                exits = _laid_over_each(exits, change["exits"])
        begin, end = horizon.at(first), horizon.at(following)
        found.append(_compiled(begin, end, tuple(scenario.staff), costs, services, exits))
    return tuple(found)


def _costly(change: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What a change says of costs."""
    found: dict[str, Mapping[str, Any]] = {"costs": change.get("costs") or {}}
    for section, keys in _PARTS.items():
        entries = {
            name: {key: value for key, value in part.items() if key in keys}
            for name, part in (change.get(section) or {}).items()
        }
        found[section] = {name: part for name, part in entries.items() if part}
    return found


def _laid_over_each(parts: Mapping[str, Any], change: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**parts, **{name: _laid_over(parts[name], new) for name, new in change.items()}}


def _laid_over(part: Any, change: Mapping[str, Any]) -> Any:
    """A part of the scenario with the values that a change, already checked, has for it."""
    update = {}
    for name, field in type(part).model_fields.items():
        key = field.alias or name
        if key not in change:
            continue
        old, new = getattr(part, name), change[key]
        if isinstance(old, BaseModel) and isinstance(new, Mapping):
            update[name] = _laid_over(old, new)
        elif isinstance(old, Mapping) and isinstance(new, Mapping):
            item = TypeAdapter(get_args(field.annotation)[1])
            update[name] = {**old, **{k: item.validate_python(v) for k, v in new.items()}}
        else:
            kind: Any = Annotated[field.annotation, field]
            update[name] = TypeAdapter(kind).validate_python(new)
    return part.model_copy(update=update)


def _compiled(
    begin: float, end: float, pools: tuple[str, ...], costs: Costs,
    services: Mapping[str, Service], exits: Mapping[str, Exit],
) -> Prices:  # fmt: skip
    benefit = costs.benefit
    brackets = benefit.brackets if benefit else []
    shares = [bracket.share for bracket in brackets]
    return Prices(
        begin=begin,
        end=end,
        hour=np.array([costs.staff.get(pool, 0.0) for pool in pools]),
        price={per: _by_service(services, per) for per in ("course", "seat", "start", "day")},
        top_up=np.array([service.top_up or 0.0 for service in services.values()]),
        support=np.array([_SUPPORT[service.benefit] for service in services.values()], np.intp),
        exit_top_up=np.array([exit_.top_up or 0.0 for exit_ in exits.values()]),
        exit_job=np.array([exit_.top_up_for for exit_ in exits.values()]),
        exit_support=np.array([_after(exit_) for exit_ in exits.values()], np.intp),
        rate=benefit.daily_rate if benefit else 0.0,
        edges=np.array([bracket.from_ for bracket in brackets], np.float64),
        steps=np.diff(shares, prepend=0.0),
    )


def _by_service(services: Mapping[str, Service], per: str) -> Floats:
    prices = (service.price for service in services.values())
    return np.array([price.amount if price and price.per == per else 0.0 for price in prices])


def _after(exit_: Exit) -> int:
    if exit_.benefit is not None:
        return _SUPPORT[exit_.benefit]
    return NONE if exit_.kind in ("work", "education") else CO_FUNDED
