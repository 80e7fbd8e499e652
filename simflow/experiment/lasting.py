"""Courses and placements whose lasting effect nobody has shown, and what hangs on it.

A client in a course or a placement cannot find another job meanwhile (lock-in), so taking one away
looks like a gain within a year, and giving one more like a loss. What it changes afterwards, in the
second year and later, decides (Card, Kluve & Weber 2018, J. European Economic Association 16,
894-931), and a model that has no evidence for it cannot tell. A service that states its `evidence`
is taken at its word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from simflow.model.calendar import dates_of, workdays
from simflow.scenario.services import CourseService, PlacementService, Service
from simflow.scenario.values import complete

if TYPE_CHECKING:
    from simflow.scenario import Scenario

_EFFECTS: Final = ("outcome.begun", "outcome.open_or_education")
"""Beginnings of names of goals that a lasting effect would change; waits and contact are as they
are."""


@dataclass(frozen=True, slots=True)
class Hanging:
    """Services whose supply an alternative changes, and whose lasting effect is not known.

    Attributes
    ----------
    less, more : tuple of str
        Services of which there is less, and more.
    """

    less: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    def undoes(self, measure: str, better: bool, worse: bool) -> bool:
        """Whether a lasting effect could undo what holds of a goal.

        With less of a service a gain, or that nothing is lost, may be lock-in alone; with more of
        it, a loss.
        """
        if not measure.startswith(_EFFECTS):
            return False
        return bool((self.less and not worse) or (self.more and not better))


def hanging(base: Scenario, other: Scenario) -> Hanging:
    """What an alternative's verdict hangs on."""
    less, more = [], []
    for name in dict.fromkeys((*base.services, *other.services)):
        old, new = base.services.get(name), other.services.get(name)
        known = new or old
        if not isinstance(known, CourseService | PlacementService) or known.evidence:
            continue
        before, after = _supply(base, name, old), _supply(other, name, new)
        if any(b > a for b, a in zip(before, after, strict=True)):
            less.append(name)
        if any(a > b for b, a in zip(before, after, strict=True)):
            more.append(name)
    return Hanging(tuple(less), tuple(more))


def _supply(scenario: Scenario, name: str, service: Service | None) -> tuple[float, ...]:
    """Whether there is any, what there is of it in a year, and shares of clients sent to it."""
    if service is None or not service.open:
        return (0.0,) * 4
    sent = sum(complete(other.then).get(name, 0.0) for other in scenario.services.values()
               if other.then)  # fmt: skip
    if isinstance(service, CourseService):
        courses = len(dates_of(service.starts, scenario, workdays(scenario)))
        return 1.0, float(courses), float(courses * service.seats.max), round(sent, 6)
    assert isinstance(service, PlacementService)
    limits = [service.places, service.quota]
    if service.calls is not None:
        calls = len(dates_of(service.calls.when, scenario, workdays(scenario)))
        limits.append(calls * service.calls.posts)
    given = [float(limit) for limit in limits if limit is not None]
    search = 1.0 if service.search is None else service.search.success
    return 1.0, min(given, default=float("inf")), search, round(sent, 6)
