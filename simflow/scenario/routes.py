"""The graph of next steps: where clients come in, and whether they can get out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from simflow.scenario.merge import Path
from simflow.scenario.references import BACK
from simflow.scenario.schema import Scenario
from simflow.scenario.services import AppointmentService, PlacementService, Service


def check_routes(variants: Sequence[Scenario]) -> Iterator[tuple[Path, str, str]]:
    """Services without a next step, or that nobody can leave; the first variant is the base."""
    base = variants[0]
    entered = _entered(variants)
    after = {s.evaluation for v in variants for s in v.services.values() if s.evaluation}
    aside = {s.companion.service for v in variants for s in v.services.values() if s.companion}
    targets = f"shares of services and exits, e.g. `{{{next(iter(base.exits))}: 1}}`"
    for name, service in base.services.items():
        needs_then = name in entered or name in aside or name not in after
        if needs_then and not service.then:
            yield ("services", name, "then"), "`then` is missing: where clients go next", targets
        elif BACK in service.then and name in entered:
            message = f'"{BACK}" ends a companion, but clients also come to {name} by itself'
            yield ("services", name, "then"), message, "a service of its own for each use"
    free = _free(variants)
    for name, service in base.services.items():
        if name not in free and service.then:
            message = f'nobody can leave "{name}": no way from it leads to an exit'
            expected = "a share above zero for one of: " + ", ".join(base.exits)
            yield ("services", name, "then"), message, expected


def _entered(variants: Sequence[Scenario]) -> set[str]:
    """Services that clients come to as a step of their own."""
    found: set[str] = set()
    for variant in variants:
        found |= {channel.to for channel in variant.channels.values()}
        found |= {e.returns.to for e in variant.exits.values() if e.returns}
        found |= set(variant.stock.inside) if variant.stock else set()
        for service in variant.services.values():
            found |= set(_targets(service))
    return found & set(variants[0].services)


def _targets(service: Service) -> Iterator[str]:
    """Every place a service can send a client to."""
    yield from (name for name, share in service.then.items() if share == "rest" or share > 0)
    for part in (service.patience, service.dropout):
        if part is not None:
            yield part.to
    if service.companion is not None and service.companion.declined:
        yield service.companion.declined
    if isinstance(service, PlacementService):
        if service.refusal is not None:
            yield service.refusal.to
        if service.search is not None and service.search.not_found:
            yield service.search.not_found
        if service.full:
            yield service.full
    if isinstance(service, AppointmentService) and service.lost:
        yield service.lost


def _free(variants: Sequence[Scenario]) -> set[str]:
    """Services from which some way leads out."""
    base = variants[0]
    ways: dict[str, set[str]] = defaultdict(set)
    for variant in variants:
        for name, service in variant.services.items():
            ways[name] |= set(_targets(service))
            if service.evaluation:
                ways[service.evaluation] |= ways[name] | {name}
                ways[name] |= set(_targets(variant.services[service.evaluation]))
    out = set(base.exits) | {BACK}
    free = {name for variant in variants for name in _carried_out(variant)}
    while True:
        more = {name for name, to in ways.items() if name not in free and to & (out | free)}
        if not more:
            return free
        free |= more


def _carried_out(scenario: Scenario) -> set[str]:
    """Services that casework or the closing date takes clients out of."""
    everything, casework = set(scenario.services), scenario.casework
    if scenario.horizon.closes is not None:
        return everything
    if casework is None:
        return set()
    if casework.time_limit is not None or (casework.review and casework.review.closes > 0):
        return everything
    guidance = {n for n, s in scenario.services.items() if s.kind == "guidance"}
    found: set[str] = set()
    for risk in casework.risks.values():
        if risk.leads_to in scenario.exits and (risk.supported > 0 or risk.unsupported > 0):
            found |= guidance if "guidance" in risk.during else set()
            found |= everything - guidance if {"waiting", "service"} & set(risk.during) else set()
    return found
