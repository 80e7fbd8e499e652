"""What no single value shows: names that lead nowhere, dates outside the run, dead ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from simflow.errors import Problem
from simflow.scenario.explain import near, problem_at, problems_of
from simflow.scenario.merge import merged
from simflow.scenario.schema import Scenario
from simflow.scenario.values import Part, complete
from simflow.scenario.yamlfile import Origin

if TYPE_CHECKING:
    from simflow.scenario.loaded import Loaded

_Origins = Mapping[tuple[str, ...], Origin]
_SHARED = {"staff", "calendar", "horizon", "exits", "stock", "regimes", "segments", "published"}
"""Parts that are the same for all clients, so no client's overlay can change them."""
_SHARED_IN_SERVICE = {"places", "quota", "room", "calls", "seats", "starts", "sessions", "kind"}
_FIXED = {"horizon", "calendar", "stock", "published", "relationship", "key_measures"}
"""Parts that hold for the whole run, so no regime can change them."""
_EFFECTS = {"next_step", "drift", "recover"}


def check_sources(tree: Mapping[str, Any], origins: _Origins) -> list[Problem]:
    """A problem for each top part that holds a number without a source."""
    lacking: dict[str, tuple[str, ...]] = {}
    for path, value in _leaves(tree, ()):
        origin = origins.get(path)
        number = isinstance(value, int | float) or (isinstance(value, str) and value[:1].isdigit())
        if number and origin is not None and not origin.source and path != ("simflow",):
            lacking.setdefault(path[0], path)
    return [
        problem_at(path, "a number without a source", "", origins,
                   "write `source:` beside it, or at the top of the file for all that follows")
        for path in lacking.values()
    ]  # fmt: skip


def _leaves(tree: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _leaves(value, (*path, str(key)))
    elif isinstance(tree, list):
        for rank, value in enumerate(tree):
            yield from _leaves(value, (*path, str(rank)))
    else:
        yield path, tree


def check_references(loaded: Loaded) -> list[Problem]:
    """Every problem that shows only when the parts are seen together."""
    check = _Check(loaded.scenario, loaded.origins)
    check.whole()
    for prefix, change, client_only in _overlays(loaded.scenario):
        _check_overlay(check, loaded, prefix, change, client_only)
    check.leave()
    return check.problems


def _overlays(scenario: Scenario) -> Iterator[tuple[tuple[str, ...], dict[str, Any], bool]]:
    for kind in ("regimes", "channels", "segments", "needs"):
        for name, part in getattr(scenario, kind).items():
            if part.change:
                yield (kind, name, "change"), part.change, kind != "regimes"


def _check_overlay(
    check: _Check, loaded: Loaded, prefix: tuple[str, ...], change: dict[str, Any], client: bool
) -> None:
    for path, _ in _leaves(change, ()):
        shared = path[0] in (_SHARED if client else _FIXED) or (
            client and path[0] == "services" and len(path) > 2 and path[2] in _SHARED_IN_SERVICE
        )
        if shared or (client and path[0] == "channels"):
            whose = "one group of clients" if client else "a date"
            check.add((*prefix, *path), f"this cannot change for {whose}", "")
            return
        known = getattr(loaded.scenario, path[0], None)
        if isinstance(known, dict) and len(path) > 1 and path[1] not in known:
            check.add((*prefix, *path[:2]), f'unknown name "{path[1]}"', near(path[1], known))
            return
    tree = merged(loaded.tree, change)
    try:
        scenario = Scenario.model_validate(tree)
    except ValidationError as error:
        check.problems += problems_of(error, tree, check.origins, prefix)
        return
    inner = _Check(scenario, check.origins, prefix)
    inner.routes()
    for source, targets in inner.edges.items():
        check.edges.setdefault(source, set()).update(targets)
    check.problems += [p for p in inner.problems if p.path.startswith(".".join(prefix))]


class _Check:
    def __init__(self, scenario: Scenario, origins: _Origins, prefix: tuple[str, ...] = ()) -> None:
        self.scenario = scenario
        self.origins = origins
        self.prefix = prefix
        self.problems: list[Problem] = []
        self.edges: dict[str, set[str]] = {}

    def add(self, path: tuple[str, ...], message: str, expected: str, remedy: str = "") -> None:
        """Note a problem."""
        self.problems.append(problem_at((*self.prefix, *path), message, expected, self.origins, remedy))

    def name(self, path: tuple[str, ...], name: str | None, known: Iterable[str], what: str) -> None:
        """Note a problem when a name is not among those known."""
        names = list(known)
        if name is not None and name not in names:
            self.add(path, f'unknown {what} "{name}"', near(name, names))

    def whole(self) -> None:
        """Check the scenario without its overlays."""
        s = self.scenario
        for name in set(s.services) & set(s.exits):
            self.add(("exits", name), f'"{name}" is a service too', "another name for one of them")
        self.shares(("segments",), {name: part.share for name, part in s.segments.items()})
        self.routes()
        self.channels()
        self.dates()
        self.rest()

    def shares(self, path: tuple[str, ...], shares: Mapping[str, Any]) -> None:
        """Check that shares sum to one."""
        try:
            complete(dict(shares))
        except ValueError as error:
            self.add(path, str(error), "")

    def routes(self) -> None:
        """Check every service's targets, and keep who leads where."""
        s = self.scenario
        companions = {x.companion.service for x in s.services.values() if x.companion}
        meetings = {x.evaluation for x in s.services.values() if x.evaluation}
        for name, spec in s.services.items():
            at = ("services", name)
            self._references(at, spec)
            targets = {target for target, share in spec.then.items() if share != 0}
            places = {*s.services, *s.exits} | ({"back"} if name in companions else set())
            for target in targets:
                self.name((*at, "then", target), target, places, "service or exit")
            if spec.then:
                self.shares((*at, "then"), spec.then)
            elif name not in meetings:
                self.add(at, "`then` is missing: nobody would ever leave this service", "",
                         "say where clients go next, such as `then: {done: rest}`")  # fmt: skip
            self._pairs(at, spec)
            self.edges.setdefault(name, set()).update(targets | set(_targets_in(spec)))
        closable = any(
            not x.repeat or x.at_most is not None or not x.open for x in s.services.values()
        )
        if closable and s.relationship.no_service_left is None:
            self.add(("relationship",), "a service can be closed to a client, and nothing says "
                     "where those go to whom all are closed", "no_service_left: the name of an exit")  # fmt: skip

    def _pairs(self, at: tuple[str, ...], spec: Any) -> None:
        if spec.kind == "placement":
            if (spec.room is None) != (spec.full is None):
                self.add(at, "`room` and `full` go together", "both, or neither")
            if spec.search and spec.search.success < 1 and spec.search.not_found is None:
                self.add((*at, "search"), "`not_found` is missing: searches can fail", "an exit or service")
        if spec.kind == "appointment" and spec.no_show > 0 and spec.lost is None:
            self.add(at, "`lost` is missing: meetings can be missed", "an exit or service")
        if spec.kind == "course" and spec.seats.min > spec.seats.max:
            self.add((*at, "seats"), f"min {spec.seats.min} is more than max {spec.seats.max}", "")
        if spec.kind == "guidance":
            casework = self.scenario.casework
            risks = casework.risks.values() if casework else ()
            if not any(r.leads_to == "next_step" and "guidance" in r.during for r in risks):
                self.add(at, "nobody would ever leave guidance", "",
                         "give `casework` a risk that leads to next_step during guidance")  # fmt: skip

    def _references(self, at: tuple[str, ...], part: Part) -> None:
        """Check names in a part and the parts within it."""
        s = self.scenario
        known: dict[str, tuple[Iterable[str], str]] = {
            "staff": (s.staff, "staff pool"), "service": (s.services, "service"),
            "evaluation": (s.services, "service"),
        }  # fmt: skip
        for target in ("to", "full", "lost", "not_found", "declined"):
            known[target] = ((*s.services, *s.exits), "service or exit")
        for field in type(part).model_fields:
            value = getattr(part, field)
            if isinstance(value, Part):
                self._references((*at, field), value)
            elif field in known and isinstance(value, str):
                self.name((*at, field), value, *known[field])

    def channels(self) -> None:
        """Check where channels lead, who comes by them and who runs them."""
        s = self.scenario
        for name, channel in s.channels.items():
            at = ("channels", name)
            self.name((*at, "to"), channel.to, s.services, "service")
            self.name((*at, "staff"), getattr(channel, "staff", None), s.staff, "staff pool")
            for segment in channel.mix or {}:
                self.name((*at, "mix", segment), segment, s.segments, "segment")
            if channel.mix is not None:
                self.shares((*at, "mix"), channel.mix)
            for need in channel.screens:
                self.name((*at, "screens", need), need, s.needs, "need")
            if channel.kind == "rate":
                sizes = max(channel.batch) if isinstance(channel.batch, dict) else channel.batch
                if channel.rate * s.horizon.days * sizes > 1e7:
                    self.add((*at, "rate"), "more than 10 million arrivals in the run", "a smaller rate")
                if isinstance(channel.batch, dict):
                    self.shares((*at, "batch"), {str(k): v for k, v in channel.batch.items()})
            if channel.kind == "dates":
                for segment in channel.segments:
                    self.name((*at, "segments"), segment, s.segments, "segment")

    def dates(self) -> None:
        """Check that dates lie within the horizon."""
        s = self.scenario
        first = s.horizon.start - dt.timedelta(days=round(s.horizon.warm_up))
        for path, date in _dates(s, ()):
            loose = path[0] in ("horizon", "channels") or path[-1] in ("from_", "until", "first")
            if path[0] == "regimes" and path[-1] == "from_":
                loose = False
            if not loose and not first <= date <= s.horizon.end:
                shown = tuple(part.removesuffix("_") for part in path)
                self.add(shown, f"{date} lies outside the horizon",
                         f"a date from {first} to {s.horizon.end}")  # fmt: skip

    def rest(self) -> None:
        """Check staff, casework, stock, relationship and closing."""
        s = self.scenario
        tasks = [*s.services, *s.channels, "contact", "review"]
        for pool, spec in s.staff.items():
            for skill in spec.skills:
                self.name(("staff", pool, "skills", skill), skill, tasks, "kind of work")
        self.name(("relationship", "starts_after"), s.relationship.starts_after, s.services, "service")
        self.name(("relationship", "no_service_left"), s.relationship.no_service_left, s.exits, "exit")
        self.name(("horizon", "closing_exit"), s.horizon.closing_exit, s.exits, "exit")
        if s.horizon.closes is not None and s.horizon.closing_exit is None:
            self.add(("horizon",), "`closing_exit` is missing", "the exit of those inside when it closes")
        for name, exit_ in s.exits.items():
            if exit_.returns is not None:
                self.name(("exits", name, "returns", "to"), exit_.returns.to, s.services, "service")
        if s.casework is not None:
            self._references(("casework",), s.casework)
            for name, risk in s.casework.risks.items():
                at = ("casework", "risks", name, "leads_to")
                self.name(at, risk.leads_to, (*_EFFECTS, *s.exits), "effect or exit")
        if s.stock is not None:
            for place in s.stock.inside:
                self.name(("stock", "inside", place), place, s.services, "service")
            self.shares(("stock", "inside"), s.stock.inside)
            for place in s.stock.waiting_for:
                self.name(("stock", "waiting_for"), place, s.stock.inside, "place of the stock")
            for segment in s.stock.mix or {}:
                self.name(("stock", "mix", segment), segment, s.segments, "segment")

    def leave(self) -> None:
        """Check that from every service some way leads out."""
        s = self.scenario
        risks = s.casework.risks.values() if s.casework else ()
        if s.horizon.closes is not None or any(r.leads_to in s.exits for r in risks):
            return
        out = set(s.exits) | {"back"}
        grew = True
        while grew:
            new = {n for n, targets in self.edges.items() if n not in out and targets & out}
            grew = bool(new)
            out |= new
        for name, targets in self.edges.items():
            if name not in out and targets:
                self.add(("services", name), f'nobody can ever leave from "{name}": no way leads to an exit',
                         "", "let one of its targets lead to an exit")  # fmt: skip


def _targets_in(part: Part) -> Iterator[str]:
    for field in type(part).model_fields:
        value = getattr(part, field)
        if isinstance(value, Part):
            yield from _targets_in(value)
        elif field in ("to", "full", "lost", "not_found", "declined") and isinstance(value, str):
            yield value


def _dates(part: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dt.date]]:
    if isinstance(part, Part):
        for field in type(part).model_fields:
            yield from _dates(getattr(part, field), (*path, field))
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from _dates(value, (*path, str(key)))
    elif isinstance(part, list):
        for rank, value in enumerate(part):
            yield from _dates(value, (*path, str(rank)))
    elif isinstance(part, dt.date):
        yield path, part
