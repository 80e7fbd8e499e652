"""The textbook formulas, each with where it comes from."""

from __future__ import annotations

from math import factorial

import numpy as np
from numpy.typing import NDArray


def erlang_b(servers: int, offered: float) -> float:
    """Share of arrivals lost in M/G/c/c (Erlang 1917), by the usual recursion."""
    blocking = 1.0
    for n in range(1, servers + 1):
        blocking = offered * blocking / (n + offered * blocking)
    return blocking


def erlang_c(servers: int, offered: float) -> float:
    """Share of arrivals that wait in M/M/c (Erlang 1917)."""
    blocking = erlang_b(servers, offered)
    return servers * blocking / (servers - offered * (1 - blocking))


def mmc_wait(servers: int, arrivals: float, service: float) -> float:
    """Mean wait in M/M/c; `service` is the mean service time."""
    offered = arrivals * service
    return erlang_c(servers, offered) * service / (servers - offered)


def mg1_wait(arrivals: float, service: float, cv: float) -> float:
    """Mean wait in M/G/1 (Pollaczek 1930, Khinchine 1932)."""
    load = arrivals * service
    return load * service * (1 + cv**2) / (2 * (1 - load))


def batch_wait(batches: float, sizes: dict[int, float], service: float) -> float:
    """Mean wait in M^[X]/M/1 (Gross and Harris, section 3.1)."""
    first = sum(size * part for size, part in sizes.items())
    second = sum(size**2 * part for size, part in sizes.items())
    load = batches * first * service
    inside = load * (first + second) / (2 * first * (1 - load))
    return inside / (batches * first) - service


def cobham_waits(rates: list[float], services: list[float]) -> list[float]:
    """Mean waits by class in M/M/1 with non-preemptive priorities, best first (Cobham 1954)."""
    residual = sum(rate * service**2 for rate, service in zip(rates, services, strict=True))
    waits, before = [], 0.0
    for rate, service in zip(rates, services, strict=True):
        after = before + rate * service
        waits.append(residual / ((1 - before) * (1 - after)))
        before = after
    return waits


def erlang_a(servers: int, arrivals: float, service: float, patience: float) -> NDArray[np.float64]:
    """Steady-state law of the number inside M/M/c+M, from its birth and death rates (Palm 1957)."""
    n = np.arange(1, 400)
    deaths = np.minimum(n, servers) / service + np.maximum(n - servers, 0) / patience
    weights = np.concatenate([[1.0], np.cumprod(arrivals / deaths)])
    return weights / weights.sum()


def mmc_law(servers: int, offered: float, upto: int) -> NDArray[np.float64]:
    """Steady-state law of the number inside M/M/c, for 0 … upto."""
    tail = offered**servers / factorial(servers) / (1 - offered / servers)
    empty = 1 / (sum(offered**n / factorial(n) for n in range(servers)) + tail)
    law = [empty]
    for n in range(1, upto + 1):
        law.append(law[-1] * offered / min(n, servers))
    return np.array(law)
