"""What no single value shows: clients who could not leave, results that need a place to go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from simflow.errors import Problem
from simflow.scenario.casework import Casework
from simflow.scenario.channels import DatesChannel, RateChannel
from simflow.scenario.dates import check_dates
from simflow.scenario.explain import problem_at
from simflow.scenario.goals import check_closing, check_goals
from simflow.scenario.merge import Path
from simflow.scenario.references import BACK, changes_in
from simflow.scenario.routes import check_routes
from simflow.scenario.schema import Scenario
from simflow.scenario.services import AppointmentService, CourseService, PlacementService, Service
from simflow.scenario.together import check_together
from simflow.scenario.values import complete

if TYPE_CHECKING:
    from simflow.scenario.loaded import Loaded

Finding = tuple[Path, str, str]
"""A path, what is wrong there and what is expected."""


def check_sense(loaded: Loaded) -> list[Problem]:
    """Problems of a scenario all of whose values and names are right one by one."""
    variants = list(_variants(loaded))
    findings: dict[Path, tuple[Path, Finding]] = {}
    for prefix, scenario in variants:
        for finding in (*check_values(scenario), *check_dates(scenario)):
            findings.setdefault(finding[0], (prefix, finding))
    whole = (*_whole(loaded.scenario, [s for _, s in variants]),
             *check_routes([s for _, s in variants]))  # fmt: skip
    for finding in whole:
        findings.setdefault(finding[0], ((), finding))
    return [
        problem_at((*prefix, *path), message, expected, loaded.origins)
        for prefix, (path, message, expected) in findings.values()
    ] + check_together(loaded.tree, loaded.origins)


def check_values(scenario: Scenario) -> Iterator[Finding]:
    """What is wrong between one value of a part and another."""
    yield from _shares(scenario)
    yield from _channels(scenario)
    yield from _services(scenario)
    yield from _exits(scenario)
    yield from check_goals(scenario)
    yield from check_closing(scenario)


def _variants(loaded: Loaded) -> Iterator[tuple[Path, Scenario]]:
    yield (), loaded.scenario
    for prefix, _ in changes_in(loaded.tree):
        section, name = prefix[0], prefix[1]
        yield (
            prefix,
            loaded.resolve(
                regimes=(name,) if section == "regimes" else (),
                channel=name if section == "channels" else None,
                segment=name if section == "segments" else None,
                needs=(name,) if section == "needs" else (),
            ),
        )


def _shares(scenario: Scenario) -> Iterator[Finding]:
    shares: dict[Path, dict[str, float | Literal["rest"]]] = {
        ("segments",): {name: segment.share for name, segment in scenario.segments.items()}
    }
    for name, channel in scenario.channels.items():
        if isinstance(channel, RateChannel) and isinstance(channel.batch, dict):
            shares["channels", name, "batch"] = {str(k): v for k, v in channel.batch.items()}
    for path, values in shares.items():
        try:
            complete(values)
        except ValueError as error:
            message, _, expected = str(error).partition("expected ")
            yield path, message.strip(" ,;"), expected


def _channels(scenario: Scenario) -> Iterator[Finding]:
    for name, channel in scenario.channels.items():
        if not isinstance(channel, DatesChannel):
            continue
        dates, segments = len(channel.arrivals), len(channel.segments)
        if not dates:
            yield ("channels", name), "no dates are given", "`arrivals`, or `file` with dates"
        elif segments not in (0, dates):
            message = f"found {segments} segments for {dates} arrivals"
            yield ("channels", name, "segments"), message, "one for each, or none at all"


def _services(scenario: Scenario) -> Iterator[Finding]:
    for name, service in scenario.services.items():
        for path, message, expected in _service(service):
            yield ("services", name, *path), message, expected
        meeting = scenario.services[service.evaluation] if service.evaluation else None
        if meeting is not None and not isinstance(meeting, AppointmentService):
            message = f'"{service.evaluation}" is no appointment'
            yield ("services", name, "evaluation"), message, "a service of `kind: appointment`"


def _service(service: Service) -> Iterator[Finding]:
    to = "the name of a service or exit"
    by_course = service.price is not None and service.price.per in ("course", "seat")
    if service.price is not None and by_course and not isinstance(service, CourseService):
        message = f"a {service.kind} has no price of a {service.price.per}"
        yield ("price",), message, "a price such as 300 eur a start or 40 eur a day"
    if isinstance(service, PlacementService):
        if service.full is None and service.room is not None:
            yield ("full",), "`room` is limited, and `full` is missing", to
        if service.room is None and service.full is not None:
            yield ("room",), "`full` is given, and `room` is missing", "how many can wait"
        search = service.search
        if search is not None and search.success < 1 and search.not_found is None:
            yield ("search", "not_found"), "a search can fail, and `not_found` is missing", to
    if isinstance(service, AppointmentService) and service.no_show > 0 and service.lost is None:
        yield ("lost",), "meetings can be missed, and `lost` is missing", to
    if isinstance(service, CourseService):
        low, high = service.seats.min, service.seats.max
        if low > high or high == 0:
            found = f"found min {low} and max {high}"
            yield ("seats", "min"), found, "at least one seat, and min not above max"
        if service.short == "postpone" and service.postpone_by <= 0:
            yield ("postpone_by",), "a course cannot be postponed by nothing", "a time above zero"


_SUMS = {"total": None, "work": "work", "education": "education", "work_or_education": None}
"""Measures that sum exits: `exits.total`, `exits.work`, … and the kind of exit they sum."""


def _exits(scenario: Scenario) -> Iterator[Finding]:
    kinds = [exit_.kind for exit_ in scenario.exits.values()]
    for name, exit_ in scenario.exits.items():
        if name in _SUMS and not (_SUMS[name] == exit_.kind and kinds.count(exit_.kind) == 1):
            message = f'"{name}" is what the sum of several exits is called, in `exits.{name}`'
            yield ("exits", name), message, "another name, such as " + f"{name}_other"
        if exit_.top_up and not exit_.top_up_for:
            message = "`top_up` is given, and `top_up_for` is missing"
            yield ("exits", name, "top_up_for"), message, "how long the job lasts, such as 8 months"


def _whole(scenario: Scenario, variants: list[Scenario]) -> Iterator[Finding]:
    closable = sorted({name for variant in variants for name in _closable(variant)})
    if closable and scenario.relationship.no_service_left is None:
        yield (
            ("relationship", "no_service_left"),
            f"`no_service_left` is missing, and every next step of a client can be closed "
            f"({', '.join(closable)})",
            f"an exit: {', '.join(scenario.exits)}",
        )
    horizon = scenario.horizon
    if horizon.closes is not None and horizon.closing_exit is None:
        yield ("horizon", "closing_exit"), "`closing_exit` is missing", "the exit of those inside"
    guidance = [n for n, s in scenario.services.items() if s.kind == "guidance"]
    if guidance and scenario.casework is None:
        message = f"`casework` is missing; {', '.join(guidance)} ends only by its risks"
        yield ("casework",), message, "a part `casework` with a risk that leads to next_step"
    elif guidance and scenario.casework is not None and not _ends_guidance(scenario.casework):
        message = f"no risk of casework ends {', '.join(guidance)}"
        expected = "a risk above zero during guidance with `leads_to: next_step`"
        yield ("casework", "risks"), message, expected


def _closable(scenario: Scenario) -> Iterator[str]:
    targets = {t for s in scenario.services.values() for t in s.then if t != BACK}
    for name, service in scenario.services.items():
        closed = not service.repeat or service.at_most is not None or not service.open
        if closed and name in targets:
            yield name


def _ends_guidance(casework: Casework) -> bool:
    return any(
        risk.leads_to == "next_step" and "guidance" in risk.during
        and (risk.supported > 0 or risk.unsupported > 0)
        for risk in casework.risks.values()
    )  # fmt: skip
