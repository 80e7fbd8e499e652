"""The canonical network in three engines, each as its users would write it."""

from __future__ import annotations

from collections.abc import Generator
from functools import cache
from pathlib import Path
from typing import Any

import ciw
import numpy as np
import simpy

from simflow.measures import Recorder
from simflow.model import names_of, simulate
from simflow.scenario import Loaded, load
from tests.theory import peer

CANONICAL = Path(__file__).parents[1] / "theory" / "scenarios" / "canonical.yaml"
BASELINE = Path(__file__).parents[2] / "scenarios" / "espoo-2014.yaml"


@cache
def canonical(scale: float, years: int = 10) -> Loaded:
    """The scenario at a scale; over other spans, and with nobody (0), for the use of memory."""
    sets = [("channels.arrivals.rate", f"{peer.ARRIVALS * scale:g} per day")]
    sets += [
        (f"services.{name}.places", str(int(places * scale)))
        for name, places in peer.SERVERS.items()
    ]
    if years != 10:
        sets.append(("horizon.end", f"{2013 + years}-12-29"))
    return load(CANONICAL, sets)


@cache
def baseline() -> Loaded:
    """The 2014 baseline."""
    return load(BASELINE)


def run_simflow(loaded: Loaded, seed: int) -> int:
    """One replication, log and measures included; the number of events.

    An event is an arrival, a service start or a completion.
    """
    names = names_of(loaded.scenario)
    recorder, counter = Recorder(loaded.scenario, names), Counter()
    simulate(loaded, seed, 0, recorder, counter)
    recorder.values()
    return counter.events


class Counter:
    """A sink that counts events: two numbers a chunk, so that it costs nothing to speak of."""

    def __init__(self) -> None:
        self.events = 0

    def rows(self, table: str, array: np.ndarray, /) -> None:
        """Count starts and ends of visits, and clients."""
        if table == "visits":
            self.events += int(np.count_nonzero(array[:, 4:6] == array[:, 4:6]))
        elif table == "clients":
            self.events += len(array)


def run_ciw(scale: int, seed: int) -> int:
    """One replication by Ciw, with its records; the number of events."""
    ciw.seed(seed)
    simulation = ciw.Simulation(peer.network(scale))
    simulation.simulate_until_max_time(peer.HORIZON)
    records = simulation.get_all_records(only=["service"])
    inside = sum(
        1 for node in simulation.transitive_nodes for who in node.all_individuals
        if who.service_start_date
    )  # fmt: skip
    visits = sum(1 for record in records if record.node <= len(peer.STATIONS))
    return simulation.nodes[0].number_of_individuals + 2 * visits + inside


class SimpyNetwork:
    """Idiomatic SimPy: a generator per client, `with resource.request()`, lists for monitoring."""

    def __init__(self, scale: int, seed: int) -> None:
        self.env = simpy.Environment()
        self.rng = np.random.default_rng(seed)
        self.rate = peer.ARRIVALS * scale
        self.stations = {
            name: simpy.Resource(self.env, capacity=places * scale)
            for name, places in peer.SERVERS.items()
        }
        self.routes = {name: _cumulated(shares) for name, shares in peer.ROUTES.items()}
        self.waits: dict[str, list[float]] = {name: [] for name in peer.STATIONS}
        self.stays: dict[str, list[tuple[float, float]]] = {name: [] for name in peer.STATIONS}
        self.exits: list[tuple[float, str]] = []
        self.arrived = 0
        self.env.process(self.arrivals())

    def arrivals(self) -> Generator[simpy.Event, Any, None]:
        """Poisson arrivals."""
        while True:
            yield self.env.timeout(self.rng.exponential(1 / self.rate))
            self.arrived += 1
            self.env.process(self.client())

    def client(self) -> Generator[simpy.Event, Any, None]:
        """One client's way."""
        place = "assess"
        while place in self.stations:
            asked = self.env.now
            with self.stations[place].request() as request:
                yield request
                started = self.env.now
                self.waits[place].append(started - asked)
                yield self.env.timeout(self.rng.exponential(peer.MEANS[place]))
            self.stays[place].append((started, self.env.now))
            names, limits = self.routes[place]
            place = names[int(np.searchsorted(limits, self.rng.random(), side="right"))]
        self.exits.append((self.env.now, place))

    def run(self) -> int:
        """Simulate and average; the number of events."""
        self.env.run(until=peer.HORIZON)
        for waits in self.waits.values():
            if waits:
                np.mean(waits)
        return (
            self.arrived + sum(map(len, self.waits.values())) + sum(map(len, self.stays.values()))
        )


def _cumulated(shares: dict[str, float]) -> tuple[list[str], np.ndarray]:
    return list(shares), np.cumsum(list(shares.values()))[:-1]


def run_simpy(scale: int, seed: int) -> int:
    """One replication of the idiomatic SimPy program; the number of events."""
    return SimpyNetwork(scale, seed).run()
