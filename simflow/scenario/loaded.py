"""From a file's name to a validated scenario, its overlays and the origin of every value."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simflow.errors import InputError, Problem
from simflow.scenario.explain import fields_at, near, problems_of
from simflow.scenario.merge import at, merged, placed
from simflow.scenario.overlays import check_overlays, overlaid
from simflow.scenario.references import check_references
from simflow.scenario.schema import Scenario
from simflow.scenario.sense import check_sense
from simflow.scenario.sources import check_sources
from simflow.scenario.yamlfile import Document, Origin, parse, read

_Key = tuple[tuple[str, ...], str | None, str | None, tuple[str, ...]]


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
            self._cache[key] = self._overlaid(names)
        return self._cache[key]

    def _overlaid(self, names: list[tuple[str, str]]) -> Scenario:
        change: dict[str, Any] = {}
        for kind, name in names:
            change = merged(change, self.tree.get(kind, {}).get(name, {}).get("change", {}))
        if not change:
            return self.scenario
        try:
            return overlaid(self.scenario, merged(self.tree, change), change)
        except ValidationError as error:
            whole = merged(self.tree, change)
            together = " + ".join(".".join(name) for name in names)
            raise InputError(
                [
                    replace(problem, message=f"{together} together: {problem.message}")
                    for problem in problems_of(error, whole, self.origins)
                ]
            ) from None

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_cache": {}}

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
    document = _with_parent(Path(path), ())
    wrong = [problem for dotted, text in sets for problem in _set(document, dotted, text)]
    if wrong:
        raise InputError(wrong)
    _read_dates(document)
    document.tree.setdefault("name", Path(path).stem)
    document.tree.pop("extends", None)
    tree, origins = document.tree, document.origins
    problems = check_sources(tree, origins) + check_references(tree, origins)
    scenario: Scenario | None = None
    try:
        scenario = Scenario.model_validate(tree)
    except ValidationError as error:
        problems += problems_of(error, tree, origins)
    known = {tuple(problem.path.split(".")) for problem in problems}
    problems += check_overlays(tree, origins, known)
    if scenario is not None and not problems:
        loaded = Loaded(str(path), tree, origins, scenario)
        problems += check_sense(loaded)
        if not problems:
            return loaded
    raise InputError(sorted(set(problems), key=lambda p: (p.file, p.line, p.column, p.path)))


def _with_parent(path: Path, children: tuple[Path, ...]) -> Document:
    if path.resolve() in children:
        chain = " extends ".join(child.name for child in (*children, path))
        raise InputError([Problem(f"`extends` goes in a circle: {chain}",
                                  remedy="remove one of them", file=str(path))])  # fmt: skip
    document = read(path)
    parent_name = document.tree.get("extends")
    if parent_name is None:
        return document
    origin = document.origins[("extends",)]
    parent = path.parent / str(parent_name)
    if not isinstance(parent_name, str) or not parent.is_file():
        problem = Problem(f'there is no file "{parent_name}" to extend',
                          "the name of one scenario file, seen from this one's folder", "",
                          origin.file, origin.line, origin.column, "extends")  # fmt: skip
        raise InputError([problem])
    base = _with_parent(parent, (*children, path.resolve()))
    base.tree.pop("name", None)
    tree = merged(base.tree, document.tree)
    return Document(document.file, tree, base.origins | document.origins)


def _set(document: Document, dotted: str, text: str) -> list[Problem]:
    """Put one value of the command line into the document."""
    path = tuple(dotted.split("."))
    for length, part in enumerate(path[:-1]):
        try:
            at(document.tree, path[: length + 1])
        except KeyError:
            here = at(document.tree, path[:length])
            optional = fields_at(path[:length], document.tree)
            if part not in optional:
                remedy = near(part, [*(here if isinstance(here, dict) else ()), *optional])
                message = f'--set names an unknown value: there is no "{part}"'
                return [Problem(message, remedy=remedy, path=dotted)]
            break
    try:
        given = parse(text, path)
    except InputError as error:
        return list(error.problems)
    document.tree = placed(document.tree, path, given.tree)
    stale = [old for old in document.origins if old[: len(path)] == path]
    for old in stale:
        del document.origins[old]
    document.origins |= given.origins
    return []


def _read_dates(document: Document) -> None:
    """Replace a channel's `file` by the dates in it."""
    channels = document.tree.get("channels")
    if not isinstance(channels, dict):
        return
    for name, channel in channels.items():
        if isinstance(channel, dict) and isinstance(channel.get("file"), str):
            path = ("channels", name, "file")
            origin = document.origins[path]
            file = Path(origin.file).parent / channel["file"]
            try:
                with file.open(encoding="utf-8-sig", newline="") as handle:
                    rows = list(csv.DictReader(handle))
                dates = [row["date"] for row in rows]
            except (OSError, KeyError, UnicodeDecodeError, csv.Error):
                problem = Problem(f'cannot read dates from "{channel["file"]}"',
                                  "a CSV file with a column `date`", "", origin.file, origin.line,
                                  origin.column, ".".join(path))  # fmt: skip
                raise InputError([problem]) from None
            new = {key: value for key, value in channel.items() if key != "file"}
            new["arrivals"] = dates
            if rows and rows[0].get("segment"):
                new["segments"] = [row["segment"] for row in rows]
            document.tree = document.tree | {"channels": channels | {name: new}}
            channels = document.tree["channels"]
