"""What the year costs the city.

- `cost.staff`: hours each pool has for client work, used or not, by the price of its hours. A
  vacant post has no hours and costs nothing.
- `cost.courses`: courses held, by the course or its seats, on the day they start; or by start or
  day of a participant. A cancelled course costs nothing.
- `cost.places`: other services, by start or by day inside.
- `cost.subsidy`: what the city adds to the state's wage subsidy, by day in the job, also in the
  job that an exit leads to, for its length.
- `cost.benefit`: the city's share of labour market subsidy (see `benefit`).

`cost.services` is the first four, `cost.total` all five; the figures per client divide the total.
`cost.benefit` counts everyone referred, who would cost the city much of it anyway: to compare
scenarios with unlike numbers of clients, take `cost.net`, the services less the share avoided.
Only what falls in the window counts, at the prices in force on the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import nan
from typing import Final, Self

import numpy as np

from simflow.measures.accumulators import Counter, Floats, Keys, Sum
from simflow.measures.benefit import Followed
from simflow.measures.frame import (
    Bools,
    Columns,
    Entry,
    Family,
    Frame,
    Label,
    Measure,
    Relations,
    Visits,
    by,
)
from simflow.measures.prices import Prices, prices_of
from simflow.measures.staff import month_starts

_STAFF, _COURSES, _PLACES, _SUBSIDY = range(4)
_LABELS: Final = {
    "staff": Label("Staff hours", "Henkilöstön työtunnit"),
    "courses": Label("Courses", "Kurssit"),
    "places": Label("Places and single services", "Paikat ja yksittäiset palvelut"),
    "subsidy": Label("Wage-subsidy top-ups", "Palkkatuen kuntalisät"),
    "services": Label("Services in all", "Palvelut yhteensä"),
    "benefit": Label("City's share of labour market subsidy", "Kunnan osuus työmarkkinatuesta"),
    "benefit_avoided": Label(
        "City's share of the subsidy avoided by services, work and education",
        "Palveluilla, työllä ja koulutuksella vältetty kunnan osuus työmarkkinatuesta",
    ),
    "net": Label(
        "Services less the share of the subsidy avoided",
        "Palvelut, joista on vähennetty vältetty työmarkkinatuen osuus",
    ),
    "total": Label("Services and the share of the subsidy", "Palvelut ja työmarkkinatuen osuus"),
    "per_started": Label(
        "Costs in all, per client started", "Kustannukset alkanutta asiakkuutta kohti"
    ),
    "per_work_or_education": Label(
        "Costs in all, per client ended in work or education",
        "Kustannukset työhön tai koulutukseen päättynyttä kohti",
    ),
}


class Costs(Family):
    """Euros by what they are spent on; no measures when the scenario has no prices."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        scenario, names = frame.scenario, frame.names
        self.prices = prices_of(scenario)
        kinds = [scenario.services[name].kind for name in names.services]
        self.part = np.array([_COURSES if kind == "course" else _PLACES for kind in kinds])
        self.pool = np.array([names.pools.index(pool) for pool, _ in names.workers], np.intp)
        exits = [scenario.exits[name].kind in ("work", "education") for name in names.exits]
        self.good = np.array([*exits, False])
        self.benefit = scenario.costs.benefit if scenario.costs else None
        self.has = _has(self.prices, self.part)

    def start(self) -> None:
        """Euros by part, clients to divide them by, and the subsidy followed."""
        self.sums = Sum(4)
        self.counts = Counter(2)
        pace = self.benefit.days_a_month if self.benefit else None
        self.followed = None if pace is None else Followed(self.frame, pace)

    def visits(self, rows: Visits) -> None:
        """Add days inside and starts."""
        if self.followed is not None:
            self.followed.visits(rows)
        if not (self.has["courses"] or self.has["places"] or self.has["subsidy"]):
            return
        begun = np.flatnonzero(rows.begun)
        service, start, stop = rows.service[begun], rows.started[begun], rows.stop[begun]
        for prices in self.prices:
            days = np.maximum(np.minimum(stop, prices.end) - np.maximum(start, prices.begin), 0.0)
            self.sums.add(np.full(len(days), _SUBSIDY), days * prices.top_up[service])
            starts = rows.start_now[begun] & _now(prices, start)
            cost = days * prices.price["day"][service] + starts * prices.price["start"][service]
            self.sums.add(self.part[service], cost)

    def clients(self, rows: Relations) -> None:
        """Count clients, and add top-ups in the jobs they leave for."""
        if self.followed is not None:
            self.followed.clients(rows)
        exit_ = rows.keys("exit")
        good = rows.inside & rows.end_now & self.good[exit_]
        self.counts.counts += rows.start_now.sum(), good.sum()
        if not self.has["subsidy"]:
            return
        left = np.flatnonzero(exit_ >= 0)
        exit_, start = exit_[left], rows.stop[left]
        length = np.zeros(len(left))
        for prices in self.prices:
            now = start >= prices.begin  # the job is as long as it was when it began
            length[now] = prices.exit_job[exit_[now]]
        for prices in self.prices:
            stop = np.minimum(start + length, prices.end)
            days = np.maximum(stop - np.maximum(start, prices.begin), 0.0)
            self.sums.add(np.full(len(days), _SUBSIDY), days * prices.exit_top_up[exit_])

    def other(self, table: str, rows: Columns) -> None:
        """Add courses held and hours there are."""
        if table == "courses" and self.has["courses"]:
            service, held = rows.keys("service"), rows["held"]
            for prices in self.prices:
                cost = (
                    prices.price["course"][service] + rows["seats"] * prices.price["seat"][service]
                )
                cost[~_now(prices, held)] = 0.0
                self.sums.add(np.full(len(cost), _COURSES), cost)
        elif table == "available" and self.has["staff"]:
            self._available(rows["time"], rows["hours"], self.pool[rows.keys("worker")])

    def _available(self, start: Floats, hours: Floats, pool: Keys) -> None:
        """Hours of whole months; of a month cut by a date, in proportion."""
        edges = month_starts(self.frame.scenario.horizon)
        stops = np.append(edges, self.frame.end)
        stop = stops[np.searchsorted(edges, start, side="right")]
        a_day = hours / np.maximum(np.minimum(stop, self.frame.end) - start, 1e-9)
        for prices in self.prices:
            days = np.maximum(np.minimum(stop, prices.end) - np.maximum(start, prices.begin), 0.0)
            self.sums.add(np.full(len(days), _STAFF), days * a_day * prices.hour[pool])

    def close(self) -> None:
        """Follow to the end those who have not come back."""
        if self.followed is not None:
            self.followed.close()

    def entries(self) -> Iterator[Entry[Self]]:
        """Each part that has a price, and their sums."""
        if not (any(self.has.values()) or self.benefit):
            return
        for key, (name, has) in enumerate(self.has.items()):
            if has:
                yield _measure(name), by(key, lambda sums, key: sums.sums.sum(key))
        yield _measure("services"), lambda sums: sums._services()
        if self.benefit:
            yield _measure("benefit"), lambda sums: sums._benefit()
            yield _measure("benefit_avoided"), lambda sums: sums._avoided()
            yield _measure("net"), lambda sums: sums._services() - sums._avoided()
        yield _measure("total"), lambda sums: sums._total()
        yield _measure("per_started"), lambda sums: sums._per(0)
        yield _measure("per_work_or_education"), lambda sums: sums._per(1)

    def _services(self) -> float:
        return float(self.sums.sums.sum())

    def _benefit(self) -> float:
        return self.followed.cost if self.followed else 0.0

    def _avoided(self) -> float:
        return self.followed.avoided if self.followed else 0.0

    def _total(self) -> float:
        return self._services() + self._benefit()

    def _per(self, key: int) -> float:
        count = self.counts.count(key)
        return self._total() / count if count else nan


def _measure(name: str) -> Measure:
    return Measure(f"cost.{name}", "eur", _LABELS[name], "money")


def _now(prices: Prices, times: Floats) -> Bools:
    return np.asarray((times >= prices.begin) & (times < prices.end), np.bool_)


def _has(prices: tuple[Prices, ...], part: Keys) -> dict[str, bool]:
    """The parts in the order of their keys, and whether anything of each has a price."""
    priced = np.any([price > 0 for now in prices for price in now.price.values()], axis=0)
    return {
        "staff": any(now.hour.any() for now in prices),
        "courses": bool((priced & (part == _COURSES)).any()),
        "places": bool((priced & (part == _PLACES)).any()),
        "subsidy": any(now.top_up.any() or now.exit_top_up.any() for now in prices),
    }
