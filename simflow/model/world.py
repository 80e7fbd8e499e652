"""One replication: its parts, the clients inside, and their way from referral to exit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator
from dataclasses import dataclass, field
from math import ceil, isnan, nan
from typing import TYPE_CHECKING, Any

import simpy

from simflow.model import casework, channels, staff
from simflow.model.appointment import AppointmentService
from simflow.model.calendar import daily_hours, day_zero, workdays
from simflow.model.client import Client
from simflow.model.course import CourseService
from simflow.model.laws import law_of
from simflow.model.log import EventLog, Names, Sink
from simflow.model.placement import PlacementService
from simflow.model.rules import BACK, Profile, Targets, compile_profile
from simflow.model.service import GuidanceService, Service, Way
from simflow.model.streams import Streams, name_key
from simflow.scenario.schema import Scenario
from simflow.scenario.services import Companion
from simflow.scenario.values import Shares, complete

if TYPE_CHECKING:
    from simflow.scenario import Loaded

STOCK = "stock"
"""Name of the channel of those there at the start."""
_KINDS: dict[str, type[Service]] = {
    "placement": PlacementService,
    "appointment": AppointmentService,
    "course": CourseService,
    "guidance": GuidanceService,
}


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


@dataclass
class Plan:
    """What all replications of a scenario share: compiled once in a process."""

    loaded: Loaded
    epochs: list[tuple[float, tuple[str, ...]]] = field(init=False)
    names: Names = field(init=False)
    hours: dict[tuple[str, str], list[float]] = field(init=False)
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
            if first <= date <= horizon.end
        ]
        self.epochs = [(max(0.0, horizon.at(date)), names) for date, names in forces]
        resolved = [(date, self.loaded.resolve(regimes=names)) for date, names in forces]
        self.names = names_of(scenario)
        self.hours = daily_hours(resolved)
        for worker in self.names.workers:
            self.hours.setdefault(worker, [0.0] * ceil(horizon.days))

    def profile(
        self, regimes: tuple[str, ...], channel: str | None, segment: str | None,
        needs: tuple[str, ...],
    ) -> Profile:  # fmt: skip
        """Compiled rules of a combination, made when first met."""
        key = (regimes, channel, segment, needs)
        if key not in self.profiles:
            scenario = self.loaded.resolve(regimes, channel, segment, needs)
            self.profiles[key] = compile_profile(scenario)
        return self.profiles[key]


class World:
    """One replication of a scenario.

    Parameters
    ----------
    plan : Plan
        The compiled scenario.
    seed, replication : int
        Address of its random numbers.
    *sinks : Sink
        Where the log's rows go.
    """

    def __init__(self, plan: Plan, seed: int, replication: int, *sinks: Sink) -> None:
        self.plan = plan
        self.loaded = plan.loaded
        self.names = plan.names
        self.hours = plan.hours
        self.env = simpy.Environment()
        self.never = simpy.Event(self.env)
        self.streams = Streams(seed, replication)
        self.log = EventLog(*sinks)
        self.write_visit = self.log.writer("visits")
        self._write_client = self.log.writer("clients")
        self.regimes = plan.epochs[0][1]
        self.scenario = plan.loaded.resolve(regimes=self.regimes)
        self.starts = [(at, plan.loaded.resolve(regimes=names)) for at, names in plan.epochs]
        self.workdays = workdays(self.scenario)
        self.end = self.scenario.horizon.days
        self.inside: dict[int, Client] = {}
        self.closed = False
        self._targets = Targets(self.scenario)
        self._profiles: dict[tuple[Any, ...], Profile] = {}
        self._count = 0
        self._alike = len(self.names.segments) == 1 and not self.names.needs
        """Whether all clients of a channel are of one kind, so that nothing has to be drawn."""
        self._only: dict[str, Profile] = {}
        self._channel_numbers = {name: rank for rank, name in enumerate(plan.names.channels)}
        self._exits = list(self.scenario.exits.items())
        self._origins = {name: name_key(name) for name in plan.names.channels}
        after = self.scenario.relationship.starts_after
        self._starter = -1 if after is None else self._targets[after]
        self.pools = staff.make_pools(self)
        self.services: list[Service] = [
            _KINDS[spec.kind](self, rank, name, spec)
            for rank, (name, spec) in enumerate(self.scenario.services.items())
        ]

    def run(self) -> None:
        """Simulate to the end of the last day and close the log."""
        env = self.env
        staff.write_available(self)
        if len(self.plan.epochs) > 1:
            env.process(self._follow_regimes())
        self._place_stock()
        channels.start_channels(self)
        closes = self.scenario.horizon.closes
        if closes is not None and closes <= self.scenario.horizon.end:
            env.process(self._close(self.at(closes) + 1))
        env.run(until=self.end)
        if closes is not None and self.at(closes) + 1 == self.end:
            # Events of the very last moment are not run, and this one is due then.
            self._interrupt_all(self.target(self.scenario.horizon.closing_exit))
        else:
            self._interrupt_all(None)
        while env.peek() <= self.end:
            env.step()
        self.log.close()

    def at(self, date: dt.date) -> float:
        """Simulated time of the first moment of a date, in days."""
        return self.scenario.horizon.at(date)

    def target(self, name: str | None) -> int:
        """Number of a service or exit; nobody goes where the scenario names no target."""
        if name is None:
            raise RuntimeError("the scenario names no target here; `check` should have refused it")
        return self._targets[name]

    def new_years(self) -> list[float]:
        """Times of each 1 January within the run, after its first moment."""
        horizon = self.scenario.horizon
        years = range(day_zero(horizon).year + 1, horizon.end.year + 1)
        return [time for year in years if (time := self.at(dt.date(year, 1, 1))) > 0]

    # Arriving

    def refer(self, channel: str, number: int, segment: str | None = None) -> Client | None:
        """A client comes by a channel; None when screening shows that he should not."""
        client = self._new_client(channel, number, segment)
        if client is None:
            return None
        spec = self.scenario.channels[channel]
        if self._starter < 0:
            self._begin(client)
        client.process = self.env.process(self._walk(client, self._targets[spec.to]))
        return client

    def _new_client(self, channel: str, number: int, segment: str | None = None) -> Client | None:
        client = Client(self._origins[channel], number)
        if not self._alike:
            return self._take_in(client, channel) if self._mixed(client, channel, segment) else None
        if channel not in self._only:
            known = channel if channel in self.scenario.channels else None
            self._only[channel] = self._profile(known, self.names.segments[0], ())
        client.profile = self._only[channel]
        return self._take_in(client, channel)

    def _take_in(self, client: Client, channel: str) -> Client:
        client.channel = self._channel_numbers[channel]
        client.id = self._count
        client.referred = client.progress_at = self.env.now
        self._count += 1
        self.inside[client.id] = client
        self.streams.keep_for(len(self.inside))
        return client

    def _mixed(self, client: Client, channel: str, segment: str | None) -> bool:
        """Draw segment and needs; False when screening keeps the client out."""
        spec = self.scenario.channels.get(channel)
        overlay = None if spec is None else channel
        mix = spec.mix if spec is not None else self.scenario.stock and self.scenario.stock.mix
        segment = segment or self._segment(client, overlay, mix or None)
        client.segment = self.names.segments.index(segment)
        shares = self._profile(overlay, segment, ()).scenario.needs
        has = []
        for rank, (need, values) in enumerate(shares.items()):
            if self.streams.draw(f"need.{need}").uniform(client) < values.share:
                client.needs |= 1 << rank
                has.append(need)
                known = spec.screens.get(need, 0.0) if spec is not None else 0.0
                if known and self.streams.draw(f"screen.{need}").uniform(client) < known:
                    return False
        client.profile = self._profile(overlay, segment, tuple(has))
        return True

    def _segment(self, client: Client, channel: str | None, mix: Shares | None) -> str:
        if mix is None:
            segments = self._profile(channel, None, ()).scenario.segments
            if len(segments) == 1:
                return next(iter(segments))
            mix = {name: spec.share for name, spec in segments.items()}
        return self._pick(complete(mix), self.streams.draw("segment").uniform(client))

    @staticmethod
    def _pick(shares: dict[str, float], uniform: float) -> str:
        total = 0.0
        for name, share in shares.items():
            total += share
            if uniform < total:
                return name
        return next(name for name, share in reversed(shares.items()) if share > 0)

    def _profile(self, channel: str | None, segment: str | None, needs: tuple[str, ...]) -> Profile:
        key = (channel, segment, needs)
        if key not in self._profiles:
            full = self.plan.profile(self.regimes, *key)
            self._profiles[key] = Profile(full.rules, full.casework, full.scenario)
        return self._profiles[key]

    def _place_stock(self) -> None:
        stock = self.scenario.stock
        if stock is None:
            return
        places = complete(stock.inside)
        for number in range(stock.clients):
            client = self._new_client(STOCK, number)
            assert client is not None
            since = self._stock_time(client, "since")
            elapsed = min(self._stock_time(client, "elapsed"), since)
            client.referred = -since
            place = self._pick(places, self.streams.draw("stock.place").uniform(client))
            service = self.services[self._targets[place]]
            self._begin(client, -since)
            client.progress_at = -elapsed
            waits = place in stock.waiting_for
            first = service.visit(client, False, -elapsed) if waits else service.resume(
                client, elapsed
            )  # fmt: skip
            client.process = self.env.process(self._walk(client, service.index, first))

    def _stock_time(self, client: Client, name: str) -> float:
        law = law_of(getattr(self.scenario.stock, name))
        return self.streams.draw(f"stock.{name}").sample(client, law)

    # The way through

    def _walk(
        self, client: Client, target: int, first: Way | None = None
    ) -> Generator[simpy.Event, Any, None]:
        """A client's whole way: one service after the other, until an exit."""
        services, starter = self.services, self._starter
        try:
            while target >= 0:
                way = services[target].visit(client) if first is None else first
                first, came_from = None, target
                target = yield from way
                if came_from == starter and isnan(client.started) and not self._turned_away(target):
                    self._begin(client)
        except simpy.Interrupt as leaving:
            target = BACK if leaving.cause is None else leaving.cause
        self._leave(client, target)

    def _turned_away(self, target: int) -> bool:
        if target >= 0:
            return False
        return self._exits[-1 - target][1].kind == "not_started"

    def _begin(self, client: Client, at: float | None = None) -> None:
        """The relationship starts; casework takes the client on."""
        client.started = self.env.now if at is None else at
        if client.profile.casework is not None:
            casework.choose_worker(self, client)
            client.case = casework.Case(self, client)
            client.case.start()

    def _leave(self, client: Client, target: int) -> None:
        """Write the relationship's row; `BACK` means that the run ended with him inside."""
        ended, reached = (nan, -1) if target == BACK else (self.env.now, -1 - target)
        if client.case is not None:
            client.case.stop()
            client.case = None
        for process, _ in client.companions:
            if process.is_alive and process is not self.env.active_process:
                process.interrupt(None if target == BACK else target)
        worker = -1 if client.worker is None else client.worker.index
        self._write_client(
            (client.id, client.channel, client.segment, client.needs, client.referred,
             client.started, client.served, ended, reached, worker, client.last_contact,
             self._benefit_days(client)),
        )  # fmt: skip
        del self.inside[client.id]
        if target != BACK:
            self._maybe_return(client, reached)

    def _benefit_days(self, client: Client) -> float:
        """Days of labour market subsidy paid by the referral; zero when nobody counts them."""
        # Drawn only now: a draw has an address, so it does not matter when it is made.
        costs = client.profile.scenario.costs
        if costs is None or costs.benefit is None:
            return 0.0
        law = law_of(costs.benefit.days_at_start)
        return self.streams.draw("benefit.days_at_start").sample(client, law)

    def _maybe_return(self, client: Client, exit_index: int) -> None:
        name, spec = self._exits[exit_index]
        returns = spec.returns
        if returns is None or self.closed:
            return
        if self.streams.draw(f"{name}.returns").uniform(client) < returns.share:
            self.env.process(self._come_back(client, name))

    def _come_back(self, client: Client, exit_name: str) -> Generator[simpy.Event, Any, None]:
        returns = client.profile.scenario.exits[exit_name].returns
        assert returns is not None
        away = self.streams.draw(f"{exit_name}.away").sample(client, law_of(returns.after))
        yield self.env.timeout(away)
        if self.closed:
            return
        client.referred = client.progress_at = self.env.now
        client.started = client.served = client.last_contact = nan
        client.worker, client.drifting, client.companions = None, False, []
        self.inside[client.id] = client
        if self._starter < 0:
            self._begin(client)
        client.process = self.env.process(self._walk(client, self._targets[returns.to]))

    def evaluate(self, client: Client, name: str) -> Generator[simpy.Event, Any, int | None]:
        """The evaluation meeting after a service; the target of those who never come, or None."""
        service = self.services[self._targets[name]]
        assert isinstance(service, AppointmentService)
        return (yield from service.attend(client))

    def offer(self, client: Client, service: Service, offer: Companion) -> int | None:
        """Offer a companion service; a target when declining it ends the stay."""
        if self.streams.draw(f"{service.name}.companion").uniform(client) < offer.accepts:
            other = self.services[self._targets[offer.service]]
            rule = client.profile.rules[other.index]
            if not rule.closable or rule.takes(client, other.index):
                process = self.env.process(self._alongside(client, other, offer.after))
                client.companions.append((process, other))
                return None
        return None if offer.declined is None else self._targets[offer.declined]

    def _alongside(
        self, client: Client, service: Service, after: float
    ) -> Generator[simpy.Event, Any, None]:
        try:
            yield self.env.timeout(after)
            target = yield from service.visit(client, alongside=True)
        except simpy.Interrupt:
            return
        if target != BACK and client.id in self.inside and client.process.is_alive:
            client.process.interrupt(target)

    # Dates

    def _follow_regimes(self) -> Generator[simpy.Event, Any, None]:
        for at, names in self.plan.epochs[1:]:
            yield self.env.timeout(at - self.env.now)
            self.regimes = names
            self.scenario = self.loaded.resolve(regimes=names)
            for key, profile in self._profiles.items():
                new = self.plan.profile(names, *key)
                profile.rules, profile.casework = new.rules, new.casework
                profile.scenario = new.scenario
            for service in self.services:
                service.reconfigure(self.scenario.services[service.name])
            for client in list(self.inside.values()):
                if client.case is not None:
                    client.case.changed()

    def _close(self, at: float) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(at - self.env.now)
        self.closed = True
        self._interrupt_all(self.target(self.scenario.horizon.closing_exit))

    def _interrupt_all(self, cause: int | None) -> None:
        for client in list(self.inside.values()):
            if client.process.is_alive:
                client.process.interrupt(cause)


__all__ = ["Plan", "World", "names_of"]
