"""Speed and memory against the bars, as ratios measured side by side: ``make bench``.

Run ``python -m tests.benchmarks.bench_canonical`` for the same without pytest. Nothing here is
asserted: a busy machine is no fault of the program. Every ratio is the median over rounds in
which the engines take turns, in one process, so that a slower moment hits all of them.
"""

from __future__ import annotations

import gc
import os
import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tests.benchmarks import engines

ROUNDS = {1: 25, 10: 5, 100: 1}
"""Rounds at each scale; at K = 100 one takes a minute."""
Engine = Callable[[int], int]


def timed(engine: Engine, seed: int) -> tuple[float, int]:
    """Processor time of a run in seconds, and its events."""
    gc.collect()  # nobody is to clear away what the one before has left
    begun = time.process_time()
    events = engine(seed)
    return time.process_time() - begun, events


def per_event(engine: Engine, seed: int) -> float:
    """Processor time of one event, microseconds."""
    seconds, events = timed(engine, seed)
    return seconds / events * 1e6


def verdict(what: str, value: float, bar: float, at_least: bool = True) -> None:
    """Print one figure beside its bar."""
    met = value >= bar if at_least else value <= bar
    sign = "≥" if at_least else "≤"
    print(
        f"  {'met   ' if met else 'MISSED'}  {what}: {value:.2f} (bar {sign} {bar:g})", flush=True
    )


def take_turns(scale: int) -> dict[str, float]:
    """Median cost of an event by each engine at a scale, microseconds."""
    loaded = engines.canonical(scale)
    rivals: dict[str, Engine] = {
        "simflow": lambda seed: engines.run_simflow(loaded, seed),
        "simpy": lambda seed: engines.run_simpy(scale, seed),
        "ciw": lambda seed: engines.run_ciw(scale, seed),
    }
    if scale > 10:
        del rivals["ciw"]  # minutes at K = 100, and no bar is set there
    if scale == 1:
        for engine in rivals.values():
            engine(0)
    costs: dict[str, list[float]] = {name: [] for name in rivals}
    ratios: dict[str, list[float]] = {name: [] for name in rivals}
    for seed in range(1, ROUNDS[scale] + 1):
        for name, engine in rivals.items():
            costs[name].append(per_event(engine, seed))
        for name in rivals:
            ratios[name].append(costs[name][-1] / costs["simflow"][-1])
    print(f"K = {scale}: µs an event " + ", ".join(
        f"{name} {median(values):.2f}" for name, values in costs.items()), flush=True)  # fmt: skip
    return {name: median(values) for name, values in ratios.items()} | {
        "cost": median(costs["simflow"])
    }


def speed() -> None:
    """Against Ciw and SimPy, and from K = 1 to 100."""
    small, middle, large = (take_turns(scale) for scale in ROUNDS)
    verdict("times faster than Ciw, K = 1", small["ciw"], 4)
    verdict("times faster than idiomatic SimPy, K = 1", small["simpy"], 2)
    verdict("times faster than idiomatic SimPy, K = 10", middle["simpy"], 3)
    verdict("times faster than idiomatic SimPy, K = 100", large["simpy"], 3)
    verdict(
        "growth of the cost of an event, K = 1 to 100", large["cost"] / small["cost"], 1.8, False
    )


def baseline_year() -> None:
    """A replication of the 2014 baseline beside one of the canonical network at K = 1."""
    year, network = engines.baseline(), engines.canonical(1)
    ratios = []
    for seed in range(15):
        times = []
        for loaded in (year, network):
            times.append(timed(partial(engines.run_simflow, loaded), seed)[0])
        if seed:  # the first compiles the scenarios' rules
            ratios.append(times[0] / times[1])
    print(f"Baseline year: {times[0] * 1e3:.1f} ms, canonical K = 1: {times[1] * 1e3:.1f} ms")
    verdict("baseline year / canonical replication", median(ratios), 2, False)


def peak(scale: int, years: int) -> float:
    """Peak memory of a replication whose log is not kept, MB."""
    loaded = engines.canonical(scale, years)
    engines.run_simflow(loaded, 1)
    tracemalloc.start()
    engines.run_simflow(loaded, 1)
    most = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return most


def memory() -> None:
    """Peak memory of 10 and 40 years when the log is not kept, with clients and without."""
    peaks, empty = ([peak(scale, years) for years in (10, 40)] for scale in (1, 0))
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(
        f"Peak memory: 10 years {peaks[0]:.1f} MB, 40 years {peaks[1]:.1f} MB; without clients "
        f"{empty[0]:.1f} and {empty[1]:.1f} MB; process {rss:.0f} MB"
    )
    verdict("memory of 40 years / 10 years", peaks[1] / peaks[0], 1.5, False)
    due = [most - least for most, least in zip(peaks, empty, strict=True)]
    verdict("the part due to clients, 40 years / 10 years", due[1] / due[0], 1.5, False)


def imports() -> None:
    """`import simflow` beside `import numpy`, each in fresh interpreters, taking turns."""
    times: dict[str, list[float]] = {"simflow": [], "numpy": []}
    for _ in range(7):
        for name, values in times.items():
            begun = time.perf_counter()
            subprocess.run([sys.executable, "-c", f"import {name}"], check=True)
            values.append(time.perf_counter() - begun)
    print(", ".join(f"import {name} {median(v) * 1e3:.0f} ms" for name, v in times.items()))
    verdict(
        "import simflow / import numpy", median(times["simflow"]) / median(times["numpy"]), 2, False
    )


def main() -> None:
    """Everything, with verdicts."""
    print("simflow's figures include its log and measures. Bars are those the project set itself.")
    baseline_year()
    imports()
    memory()
    speed()


if __name__ == "__main__":
    main()
