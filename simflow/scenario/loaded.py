"""From a file's name to a validated scenario, its overlays and the origin of every value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simflow.errors import InputError, Problem
from simflow.scenario.document import name_it, read_dates, set_value, with_parent
from simflow.scenario.explain import problem_at, problems_of
from simflow.scenario.merge import nest, placed
from simflow.scenario.overlays import check_overlays
from simflow.scenario.parts import (
    Name,
    Parts,
    Place,
    change_of,
    mixtures,
    part_of,
    places_in,
    put,
    touched_by,
    value_of,
    written,
)
from simflow.scenario.references import changes_in, check_references
from simflow.scenario.schema import Scenario
from simflow.scenario.sense import check_sense, check_values
from simflow.scenario.slips import check_new_in_changes
from simflow.scenario.sources import check_sources
from simflow.scenario.yamlfile import Origin

_Key = tuple[tuple[str, ...], str | None, str | None, tuple[str, ...]] | tuple[Name, ...]


@dataclass(frozen=True)
class Loaded:
    """A scenario as read: validated values, and where each comes from.

    Attributes
    ----------
    path : str
        The file as named.
    tree : dict
        Plain merged values, as written.
    origins : dict
        Path of a value to its `Origin`.
    scenario : Scenario
        The values without any overlay.
    """

    path: str
    tree: dict[str, Any]
    origins: dict[tuple[str, ...], Origin]
    scenario: Scenario
    _cache: dict[_Key, Scenario] = field(default_factory=dict, repr=False, compare=False)
    _parts: Parts = field(default_factory=dict, repr=False, compare=False)
    _places: dict[Name, tuple[Place, ...]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def hash(self) -> str:
        """SHA-256 of the values, whatever the layout of the file."""
        text = json.dumps(self.tree, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def resolve(
        self,
        regimes: tuple[str, ...] = (),
        channel: str | None = None,
        segment: str | None = None,
        needs: tuple[str, ...] = (),
    ) -> Scenario:
        """The scenario with overlays over it: regimes, then channel, segment and needs.

        Raises
        ------
        InputError
            When the combination is not a valid scenario.
        """
        key = (regimes, channel, segment, needs)
        if key not in self._cache:
            names = [("regimes", name) for name in regimes]
            names += [("channels", channel)] if channel else []
            names += [("segments", segment)] if segment else []
            names += [("needs", name) for name in needs]
            # Overlays that change nothing are left out, so that like clients share one scenario.
            real = tuple(name for name in names if self._touched(name))
            if real not in self._cache:
                self._cache[real] = self._overlaid(real)
            self._cache[key] = self._cache[real]
        return self._cache[key]

    def with_values(self, values: Mapping[str, float]) -> Loaded:
        """The scenario with other numbers, at the cost of a few milliseconds.

        Parameters
        ----------
        values : mapping of str to float
            Dotted path of a number of the scenario to its new value, in the unit in which the
            scenario writes it: 18.5 where it says ``15 %`` stands for ``18.5 %``. A whole number
            stays one.

        Raises
        ------
        InputError
            When a path holds no number, or the values make an invalid scenario, alone or under
            any mixture of overlays.
        """
        tree = self.tree
        stale: set[Place] = set()
        for dotted, number in values.items():
            path = tuple(dotted.split("."))
            tree = placed(tree, path, written(tree, path, number))
            stale |= touched_by(path)
        parts = {key: part for key, part in self._parts.items() if key[:2] not in stale}
        new = replace(self, tree=tree, _cache={}, _parts=parts)
        new._read(sorted(stale))
        return new

    def _read(self, stale: Sequence[Place]) -> None:
        """Read the parts that changed, under every mixture of overlays that touches them.

        `replace` has made this object, and nobody else has seen it yet.
        """
        changes = list(changes_in(self.tree))
        over: dict[Place, tuple[Name, ...]] = {
            place: tuple((path[0], path[1]) for path, c in changes if place in places_in(c))
            for place in stale
        }
        read: dict[Place, Any] = {}
        # Parts that few overlays touch come first: what is wrong there is found at little cost.
        for place, names in sorted(over.items(), key=lambda item: (len(item[1]), item[0])):
            for mixture in ((), *mixtures(names)):
                try:
                    part = part_of(self._parts, self.tree, place, mixture)
                except ValidationError as error:
                    raise InputError(self._together(error, place, mixture)) from None
                if not mixture:
                    read[place] = part
        scenario = put(self.scenario, read)
        problems = [
            problem_at(path, message, expected, self.origins)
            for path, message, expected in check_values(scenario)
        ]
        if problems:
            raise InputError(problems)
        object.__setattr__(self, "scenario", scenario)

    def _overlaid(self, names: tuple[Name, ...]) -> Scenario:
        found: dict[Place, list[Name]] = {}
        for name in names:
            for place in self._touched(name):
                found.setdefault(place, []).append(name)
        if not found:
            return self.scenario
        new: dict[Place, Any] = {}
        for place, by in found.items():
            try:
                new[place] = part_of(self._parts, self.tree, place, tuple(by))
            except ValidationError as error:
                raise InputError(self._together(error, place, by)) from None
        return put(self.scenario, new)

    def _touched(self, name: Name) -> tuple[Place, ...]:
        """The parts that an overlay touches: the same whatever the values are."""
        if name not in self._places:
            self._places[name] = tuple(places_in(change_of(self.tree, name)))
        return self._places[name]

    def _together(
        self, error: ValidationError, place: Place, names: Sequence[Name]
    ) -> list[Problem]:
        inside = tuple(part for part in place if part)
        whole = nest(inside, value_of(self.tree, place, names))
        prefix = (*names[-1], "change") if names else ()
        together = " and ".join(".".join(name) for name in names) + " together: "
        return [
            replace(problem, message=(together if len(names) > 1 else "") + problem.message)
            for problem in problems_of(error, whole, self.origins, prefix, inside)
        ]

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_cache": {}, "_parts": {}, "_places": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def load(path: str | Path, sets: Sequence[tuple[str, str]] = ()) -> Loaded:
    """Read, merge and validate a scenario file.

    Parameters
    ----------
    path : str or Path
        The file.
    sets : sequence of (path, text)
        Values that replace those of the file, by dotted path, as YAML text.

    Raises
    ------
    InputError
        With every problem found.
    """
    document = with_parent(Path(path), ())
    wrong = [problem for dotted, text in sets for problem in set_value(document, dotted, text)]
    if wrong:
        raise InputError(wrong)
    read_dates(document)
    name_it(document, Path(path))
    document.tree.pop("extends", None)
    tree, origins = document.tree, document.origins
    slips = document.slips + check_new_in_changes(tree, origins)
    problems = check_sources(tree, origins) + check_references(tree, origins)
    scenario: Scenario | None = None
    try:
        scenario = Scenario.model_validate(tree)
    except ValidationError as error:
        problems += problems_of(error, tree, origins)
    known = {tuple(problem.path.split(".")) for problem in problems}
    problems += check_overlays(tree, origins, known)
    # What is wrong inside a part that should not be there is told by its name.
    names = tuple(f"{slip.path}." for slip in slips)
    problems = slips + [p for p in problems if not f"{p.path}.".startswith(names)]
    if scenario is not None and not problems:
        loaded = Loaded(str(path), tree, origins, scenario)
        problems += check_sense(loaded)
        if not problems:
            return loaded
    raise InputError(sorted(set(problems), key=lambda p: (p.file, p.line, p.column, p.path)))
