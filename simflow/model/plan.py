"""What all replications of a scenario share: names, dates, working hours and compiled rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from simflow.model.calendar import daily_hours, day_zero
from simflow.model.log import Names
from simflow.model.rules import Compiler, Profile
from simflow.model.staff import available
from simflow.scenario.schema import Scenario

if TYPE_CHECKING:
    from simflow.scenario import Loaded

STOCK: Final = "stock"
"""Name of the channel of those there at the start."""


def names_of(scenario: Scenario) -> Names:
    """What the indices in the scenario's log stand for."""
    return Names(
        services=tuple(scenario.services),
        exits=tuple(scenario.exits),
        segments=tuple(scenario.segments),
        needs=tuple(scenario.needs),
        channels=(*scenario.channels, STOCK),
        pools=tuple(scenario.staff),
        workers=tuple(
            (pool, name if rank == 0 else f"{name}#{rank + 1}")
            for pool in scenario.staff
            for name, count in _most_workers(scenario, pool).items()
            for rank in range(count)
        ),
        tasks=(*scenario.services, *scenario.channels, "contact", "review"),
    )


def _most_workers(scenario: Scenario, pool: str) -> dict[str, int]:
    """Workers of a pool by name with the largest count that any regime gives them."""
    counts = {name: worker.count for name, worker in scenario.staff[pool].workers.items()}
    for regime in scenario.regimes.values():
        changed = regime.change.get("staff", {}).get(pool, {}).get("workers", {})
        for name, values in changed.items():
            counts[name] = max(counts.get(name, 0), values.get("count", counts.get(name, 1)))
    return counts


def _services_in(changes: Iterable[object]) -> Iterator[str]:
    """Services named anywhere in changes, those inside them included."""
    for change in changes:
        if isinstance(change, Mapping):
            services = change.get("services")
            if isinstance(services, Mapping):
                yield from services
            yield from _services_in(change.values())


@dataclass
class Plan:
    """What all replications of a scenario share: compiled once in a process."""

    loaded: Loaded
    epochs: list[tuple[float, tuple[str, ...]]] = field(init=False)
    names: Names = field(init=False)
    hours: dict[tuple[str, str], list[float]] = field(init=False)
    available: list[tuple[float, ...]] = field(init=False)
    """Rows of the log's table of that name."""
    compiler: Compiler = field(init=False)
    profiles: dict[tuple[Any, ...], Profile] = field(default_factory=dict)

    def __post_init__(self) -> None:
        scenario = self.loaded.scenario
        horizon, regimes = scenario.horizon, scenario.regimes
        first = day_zero(horizon)
        day = dt.timedelta(days=1)
        dates = {first}
        for regime in regimes.values():
            dates |= {max(first, regime.from_)}
            dates |= {regime.until + day} if regime.until else set()
        forces = [
            (date, tuple(n for n, r in regimes.items() if r.from_ <= date <= (r.until or date)))
            for date in sorted(dates)
            if first <= date <= horizon.last
        ]
        self.epochs = [(max(0.0, horizon.at(date)), names) for date, names in forces]
        resolved = [(date, self.loaded.resolve(regimes=names)) for date, names in forces]
        self.names = names_of(scenario)
        reformed = frozenset(_services_in([regime.change for regime in regimes.values()]))
        self.compiler = Compiler(scenario, reformed)
        self.hours = daily_hours(resolved)
        for worker in self.names.workers:
            self.hours.setdefault(worker, [0.0] * ceil(horizon.all_days))
        self.available = available(scenario, [self.hours[worker] for worker in self.names.workers])

    def profile(
        self, regimes: tuple[str, ...], channel: str | None, segment: str | None,
        needs: tuple[str, ...],
    ) -> Profile:  # fmt: skip
        """Compiled rules of a combination, made when first met."""
        key = (regimes, channel, segment, needs)
        if key not in self.profiles:
            scenario = self.loaded.resolve(regimes, channel, segment, needs)
            self.profiles[key] = self.compiler.profile(scenario)
        return self.profiles[key]
