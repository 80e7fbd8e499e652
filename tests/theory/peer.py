"""The canonical network for Ciw, and what is read from its records."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import ciw
import numpy as np

HORIZON = 3650.0
STATIONS = ("assess", "coaching", "work_trial", "subsidy", "rehab", "case_mgmt")
EXITS = ("not_started", "education", "open_market", "other")
SERVERS = {"assess": 2, "coaching": 6, "work_trial": 30, "subsidy": 30, "rehab": 20, "case_mgmt": 2}
MEANS = {
    "assess": 3.0, "coaching": 20.0, "work_trial": 90.0, "subsidy": 180.0, "rehab": 180.0,
    "case_mgmt": 1.5,
}  # fmt: skip
ROUTES: dict[str, dict[str, float]] = {
    "assess": {"not_started": 0.30, "coaching": 0.28, "work_trial": 0.245, "rehab": 0.175},
    "coaching": {"work_trial": 0.50, "subsidy": 0.20, "education": 0.10, "case_mgmt": 0.20},
    "work_trial": {"subsidy": 0.40, "open_market": 0.15, "case_mgmt": 0.45},
    "subsidy": {"open_market": 0.50, "case_mgmt": 0.30, "other": 0.20},
    "rehab": {"work_trial": 0.30, "case_mgmt": 0.40, "other": 0.30},
    "case_mgmt": {
        "coaching": 0.15, "work_trial": 0.30, "subsidy": 0.15, "rehab": 0.10, "other": 0.30,
    },
}  # fmt: skip
ARRIVALS = 0.34


def network(scale: int = 1) -> ciw.network.Network:
    """The network at a scale; exits are stations of no time, so that Ciw tells them apart."""
    names = (*STATIONS, *EXITS)
    routing = [[ROUTES.get(a, {}).get(b, 0.0) for b in names] for a in names]
    return ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(ARRIVALS * scale)] + [None] * 9,
        service_distributions=[ciw.dists.Exponential(1 / MEANS[name]) for name in STATIONS]
        + [ciw.dists.Deterministic(0.0)] * len(EXITS),
        number_of_servers=[SERVERS[name] * scale for name in STATIONS]
        + [float("inf")] * len(EXITS),
        routing=routing,
    )


@dataclass
class Figures:
    """One replication: clients, exits by kind, and at each station waits and time averages."""

    arrived: int
    exits: dict[str, int]
    waited: dict[str, float]
    """Sum of the waits of those who started before the horizon, days."""
    served: dict[str, int]
    """How many started before the horizon."""
    queue: dict[str, float]
    busy: dict[str, float]


def ciw_replication(seed: int) -> Figures:
    """One replication by Ciw, its records cut at the horizon."""
    ciw.seed(seed)
    simulation = ciw.Simulation(network())
    simulation.simulate_until_max_time(HORIZON)
    records = _records(simulation)
    exits = Counter({name: 0 for name in EXITS})
    names = (*STATIONS, *EXITS)
    waited, served = dict.fromkeys(STATIONS, 0.0), dict.fromkeys(STATIONS, 0)
    queue, busy = dict.fromkeys(STATIONS, 0.0), dict.fromkeys(STATIONS, 0.0)
    for node, asked, started, ended in records:
        name = names[node - 1]
        if name in exits:
            exits[name] += asked < HORIZON
            continue
        queue[name] += (min(started, HORIZON) - asked) / HORIZON
        if started < HORIZON:
            waited[name] += started - asked
            served[name] += 1
            busy[name] += (min(ended, HORIZON) - started) / HORIZON
    arrived = simulation.nodes[0].number_of_individuals
    return Figures(arrived, dict(exits), waited, served, queue, busy)


def _records(simulation: ciw.Simulation) -> list[tuple[int, float, float, float]]:
    """(node, asked, started, ended) of every visit, those still open at the horizon included."""
    closed = [
        (r.node, r.arrival_date, r.service_start_date, r.service_end_date)
        for r in simulation.get_all_records(only=["service"])
    ]
    still = [
        (node.id_number, who.arrival_date, who.service_start_date or np.inf, np.inf)
        for node in simulation.transitive_nodes
        for who in node.all_individuals
    ]
    return closed + [row for row in still if row[1] < HORIZON]
