"""One replication: its parts, the clients inside, and the dates that change it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator
from typing import Any

import simpy

from simflow.model import channels, staff
from simflow.model.appointment import AppointmentService
from simflow.model.calendar import day_zero, workdays
from simflow.model.client import Client
from simflow.model.course import CourseService
from simflow.model.intake import Intake
from simflow.model.log import EventLog, Sink
from simflow.model.pathway import Pathway
from simflow.model.placement import PlacementService
from simflow.model.plan import Plan
from simflow.model.rules import Targets
from simflow.model.service import GuidanceService, Service
from simflow.model.streams import Streams

_KINDS: dict[str, type[Service]] = {
    "placement": PlacementService,
    "appointment": AppointmentService,
    "course": CourseService,
    "guidance": GuidanceService,
}


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
    followed : bool
        Whether the follow-up is simulated; what happens before it is the same without.
    """

    def __init__(
        self, plan: Plan, seed: int, replication: int, *sinks: Sink, followed: bool = True
    ) -> None:
        self.plan = plan
        self.loaded = plan.loaded
        self.names = plan.names
        self.hours = plan.hours
        self.env = simpy.Environment()
        self.never = simpy.Event(self.env)
        self.streams = Streams(seed, replication)
        self.log = EventLog(*sinks)
        self.write_visit = self.log.writer("visits")
        self.write_contact = self.log.writer("contacts")
        self.regimes = plan.epochs[0][1]
        self.scenario = plan.loaded.resolve(regimes=self.regimes)
        self.starts = [(at, plan.loaded.resolve(regimes=names)) for at, names in plan.epochs]
        self.workdays = workdays(self.scenario)
        horizon = self.scenario.horizon
        self.end = horizon.all_days if followed else horizon.days
        self.last = horizon.all_days
        """Where diaries end: also work after the end can be planned."""
        self.inside: dict[int, Client] = {}
        self.closed = False
        """Whether nobody can begin anything any more."""
        self._targets = Targets(self.scenario)
        self.pools = staff.make_pools(self)
        self.services: list[Service] = []
        self.pathway = Pathway(self)
        self.intake = Intake(self)
        for rank, (name, spec) in enumerate(self.scenario.services.items()):
            self.services.append(_KINDS[spec.kind](self, rank, name, spec))

    def run(self) -> None:
        """Simulate to the end of the last day and close the log."""
        env = self.env
        for row in self.plan.available:
            self.log.write("available", row)
        if len(self.plan.epochs) > 1:
            env.process(self._follow_regimes())
        self.intake.place_stock()
        channels.start_channels(self)
        closes = self.scenario.horizon.closes
        if closes is not None and self.at(closes) < self.end:
            env.process(self._close(self.at(closes) + 1))
        env.run(until=self.end)
        # Events of the very last moment are not run, and the closing may be due then.
        self.closed = True
        due = closes is not None and self.at(closes) + 1 == self.end
        self.pathway.interrupt_all(self.target(self.scenario.horizon.closing_exit) if due else None)
        while env.peek() <= self.end:
            env.step()
        self.log.close()
        self._dissolve()

    def _dissolve(self) -> None:
        """Let go of everything: the parts know each other, and would wait for a search for garbage.

        That search takes a fourteenth of the time of a year's replication.
        """
        self.env._queue.clear()
        vars(self).clear()

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
        years = range(day_zero(horizon).year + 1, horizon.last.year + 1)
        return [time for year in years if (time := self.at(dt.date(year, 1, 1))) > 0]

    # Dates

    def _follow_regimes(self) -> Generator[simpy.Event, Any, None]:
        for at, names in self.plan.epochs[1:]:
            yield self.env.timeout(at - self.env.now)
            self.regimes = names
            self.scenario = self.loaded.resolve(regimes=names)
            self.intake.reform()
            for pool in self.pools.values():
                pool.reform(self)
            for service in self.services:
                service.reconfigure(self.scenario.services[service.name])
            for client in list(self.inside.values()):
                if client.case is not None:
                    client.case.changed()

    def _close(self, at: float) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(at - self.env.now)
        self.closed = True
        self.pathway.interrupt_all(self.target(self.scenario.horizon.closing_exit))
