"""What holds for a client: the scenario's values after every overlay, ready for use.

A profile is a combination of channel, segment and needs. Its rules are compiled once for each
set of regimes in force, kept for all replications of the process, and swapped on a regime's date.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Set
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from simflow.model.laws import Law, law_of
from simflow.model.risks import Terms
from simflow.scenario.casework import Casework
from simflow.scenario.schema import Scenario
from simflow.scenario.services import Service
from simflow.scenario.values import Shares, complete

if TYPE_CHECKING:
    from simflow.model.client import Client

BACK = -(10**6)
"""Target of a companion that simply ends."""


class Targets(dict[str, int]):
    """Numbers of the places a client can go: services from 0 up, exits from -1 down."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__({name: rank for rank, name in enumerate(scenario.services)})
        self.update({name: -1 - rank for rank, name in enumerate(scenario.exits)})
        self["back"] = BACK


class Route:
    """The next step: targets with their shares, without those closed to the client."""

    __slots__ = ("_limits", "_none_left", "_shares", "_targets")

    def __init__(self, shares: Shares, targets: Targets, none_left: int | None) -> None:
        full = complete(shares) if shares else {}
        kept = {name: share for name, share in full.items() if share > 0}
        self._targets = [targets[name] for name in kept]
        self._shares = list(kept.values())
        self._limits = list(accumulate(self._shares))[:-1]
        self._none_left = none_left

    def choose(self, client: Client, uniform: float) -> int:
        """The target at this quantile of the shares; another where it is closed to the client."""
        target = self._targets[bisect_right(self._limits, uniform)]
        if target < 0 or not (rule := client.profile.rules[target]).closable:
            return target
        return target if rule.takes(client, target) else self._instead(client, uniform)

    def _instead(self, client: Client, uniform: float) -> int:
        # Where in the closed one's share the number fell is as good as a number of its own.
        place = bisect_right(self._limits, uniform)
        below = self._limits[place - 1] if place else 0.0
        return self._another(client, min(max((uniform - below) / self._shares[place], 0.0), 1.0))

    def _another(self, client: Client, uniform: float) -> int:
        rules = client.profile.rules
        left = [
            (target, share)
            for target, share in zip(self._targets, self._shares, strict=True)
            if target < 0 or rules[target].takes(client, target)
        ]
        if not left:
            if self._none_left is None:
                raise RuntimeError("every next step is closed and no_service_left is not set")
            return self._none_left
        limits = list(accumulate(share for _, share in left))
        return left[bisect_right(limits[:-1], uniform * limits[-1])][0]


@dataclass(slots=True)
class Rule:
    """One service as it holds for a profile."""

    spec: Service
    then: Route
    duration: Law | None
    patience: Law | None
    search: Law | None
    closable: bool
    plain: bool
    """Whether it is a placement with places and a length and nothing else."""
    priority: int

    def takes(self, client: Client, service: int) -> bool:
        """Whether the service is open to the client, by its own and by history's rules."""
        if not self.closable:
            return True
        spec = self.spec
        if not spec.open or (not spec.repeat and client.visits[service]):
            return False
        return spec.at_most is None or client.total.get(service, 0.0) < spec.at_most - 1e-9


@dataclass(slots=True)
class Profile:
    """The rules in force for the clients of one channel, segment and set of needs."""

    rules: list[Rule]
    casework: Casework | None
    terms: Terms | None
    """The casework, ready for use."""
    scenario: Scenario
    benefit_days: Law | None


class Compiler:
    """Makes profiles; one service's values, however often they are met, are compiled once.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    reformed : set of str
        Services that some regime changes: it may bring a limit that counts what was before it, so
        no visit to them is plain.
    """

    def __init__(self, scenario: Scenario, reformed: Set[str]) -> None:
        self._targets = Targets(scenario)
        self._reformed = reformed
        # By identity: rules, terms and profiles keep what they were made of alive.
        self._rules: dict[tuple[int, str | None], Rule] = {}
        self._terms: dict[int, Terms] = {}
        self._profiles: dict[int, Profile] = {}

    def profile(self, scenario: Scenario) -> Profile:
        """Rules of a resolved scenario, the same for all clients who share it."""
        if id(scenario) not in self._profiles:
            self._profiles[id(scenario)] = self._compile(scenario)
        return self._profiles[id(scenario)]

    def _compile(self, scenario: Scenario) -> Profile:
        nothing = scenario.relationship.no_service_left
        none_left = None if nothing is None else self._targets[nothing]
        rules = []
        for name, spec in scenario.services.items():
            key = id(spec), nothing
            if key not in self._rules:
                plain = name not in self._reformed and _is_plain(spec)
                self._rules[key] = _rule(spec, self._targets, none_left, plain)
            rules.append(self._rules[key])
        benefit = None if scenario.costs is None else scenario.costs.benefit
        days = None if benefit is None else law_of(benefit.days_at_start)
        return Profile(rules, scenario.casework, self._terms_of(scenario.casework), scenario, days)

    def _terms_of(self, casework: Casework | None) -> Terms | None:
        if casework is None:
            return None
        if id(casework) not in self._terms:
            self._terms[id(casework)] = Terms(casework)
        return self._terms[id(casework)]


_EXTRAS = (
    "search", "refusal", "patience", "dropout", "companion", "evaluation", "at_most", "max_length",
    "calls", "quota", "full",
)  # fmt: skip


def _is_plain(spec: Service) -> bool:
    return spec.kind == "placement" and all(getattr(spec, part) is None for part in _EXTRAS)


def _rule(spec: Service, targets: Targets, none_left: int | None, plain: bool) -> Rule:
    stay = spec if spec.kind == "placement" else None
    search = stay.search if stay else None
    return Rule(
        spec=spec,
        then=Route(spec.then, targets, none_left),
        duration=law_of(stay.duration) if stay else None,
        patience=law_of(spec.patience.time) if spec.patience else None,
        search=law_of(search.time) if search else None,
        plain=plain,
        priority=stay.priority if stay else 0,
        closable=not spec.open or not spec.repeat or spec.at_most is not None,
    )
