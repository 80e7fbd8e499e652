"""What may be run, and is yet worth a word: work that nobody has hours for, names very alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, get_args

from simflow.errors import Problem
from simflow.scenario.channels import Month, OutreachChannel, SessionChannel
from simflow.scenario.explain import problem_at
from simflow.scenario.loaded import Loaded
from simflow.scenario.merge import Path
from simflow.scenario.references import CONTACT
from simflow.scenario.schema import Horizon, Scenario
from simflow.scenario.services import (
    AppointmentService,
    CourseService,
    PlacementService,
    Search,
    Sessions,
)
from simflow.scenario.slips import beside
from simflow.scenario.staff import Pool, Worker

_MEANT: Final = "unless that is what you ask"
_MONTHS: Final = get_args(Month)


class _Use(NamedTuple):
    """Work that takes a pool's time: where that is said, and the kind of work."""

    path: Path
    pool: str
    work: str


def warnings_of(loaded: Loaded) -> list[Problem]:
    """What a planner should know of a scenario that is in order; each as a problem with its place.

    Names in one place that are very alike, and services, channels or casework whose staff pool
    has no hours for them at any time of the run.
    """
    found = (*beside(loaded.tree, loaded.origins), *_without_hours(loaded))
    return sorted(found, key=lambda p: (p.file, p.line, p.column, p.path))


def _without_hours(loaded: Loaded) -> Iterator[Problem]:
    regimes = (loaded.resolve(regimes=(name,)) for name in loaded.scenario.regimes)
    scenarios = [loaded.scenario, *regimes]
    uses = list(dict.fromkeys(use for scenario in scenarios for use in _uses(scenario)))
    for pool in loaded.scenario.staff:
        mine = [use for use in uses if use.pool == pool]
        if not any(_has_hours(scenario, pool) for scenario in scenarios):
            yield from _nobody(loaded, pool, mine)
        else:
            yield from (_unable(loaded, use) for use in mine if not _able(scenarios, use))


def _nobody(loaded: Loaded, pool: str, uses: Sequence[_Use]) -> Iterator[Problem]:
    if uses:
        horizon = loaded.scenario.horizon
        works = ", ".join("casework" if use.work == CONTACT else use.work for use in uses)
        message = f'nobody in staff pool "{pool}" works at any time of the run; it is needed by '
        expected = f"a worker at work between {horizon.start} and {horizon.end}, {_MEANT}"
        path = ("staff", pool, "workers")
        yield problem_at(path, message + works, expected, loaded.origins)


def _unable(loaded: Loaded, use: _Use) -> Problem:
    message = f'the skills of staff pool "{use.pool}" leave no hours for "{use.work}"'
    expected = f"`{use.work}` with a share in staff.{use.pool}.skills, {_MEANT}"
    return problem_at(use.path, message, expected, loaded.origins)


def _uses(scenario: Scenario) -> Iterator[_Use]:
    for path, pool, hours in _work(scenario):
        if pool is not None and hours > 0:
            yield _Use(path, pool, CONTACT if path[0] == "casework" else path[1])


def _work(scenario: Scenario) -> Iterator[tuple[Path, str | None, float]]:
    """Where a pool is named, the pool, and hours of the work."""
    for name, service in scenario.services.items():
        path = ("services", name)
        match service:
            case AppointmentService():
                yield (*path, "staff"), service.staff, service.length
            case PlacementService(search=Search() as search):
                yield (*path, "search", "staff"), search.staff, search.hours
            case CourseService(sessions=Sessions() as sessions):
                yield (*path, "sessions", "staff"), sessions.staff, sessions.hours
    for name, channel in scenario.channels.items():
        match channel:
            case SessionChannel():
                yield ("channels", name, "staff"), channel.staff, channel.hours
            case OutreachChannel():
                yield ("channels", name, "staff"), channel.staff, channel.hours_a_week
    if scenario.casework is not None:
        yield ("casework", "staff"), scenario.casework.staff, scenario.casework.contact_length


def _able(scenarios: Sequence[Scenario], use: _Use) -> bool:
    skills = [scenario.staff[use.pool].skills for scenario in scenarios]
    return any(not one or one.get(use.work, 0) > 0 for one in skills)


def _has_hours(scenario: Scenario, name: str) -> bool:
    pool = scenario.staff[name]
    workers = pool.workers.values() if pool.client_work > 0 else ()
    return any(_works(worker, pool, scenario.horizon) for worker in workers)


def _works(worker: Worker, pool: Pool, horizon: Horizon) -> bool:
    """Whether there is a day on which the worker is in the post, and not away."""
    if not (worker.fte > 0 and worker.count > 0):
        return False
    day = horizon.start - dt.timedelta(days=horizon.warm_up)
    while day <= horizon.end:
        post = (worker.from_ or day) <= day <= (worker.until or day)
        away = any(period.from_ <= day <= period.until for period in worker.away)
        if post and not away and pool.months.get(_MONTHS[day.month - 1], 1) > 0:
            return True
        day += dt.timedelta(days=1)
    return False
