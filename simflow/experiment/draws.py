"""Draws of a posterior: what replications take as the numbers that nobody knows for sure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simflow.errors import InputError, UsageError
from simflow.scenario import Loaded, load
from simflow.scenario.identity import differences
from simflow.scenario.parts import number_at, parts_at, touched_by, unit_of

Floats = NDArray[np.float64]
_GUESSED = ("assumption", "calibrated")
"""Beginnings of sources of numbers that are not known."""
_SAME = 1e-6
_DIGITS = 0.006
"""Relative difference of a draw written with three digits."""
_SHOWN = 8
"""Differences named in a message."""


@dataclass(frozen=True)
class Posterior:
    """Equally likely sets of numbers for a scenario.

    Attributes
    ----------
    file : str
        The file they were read from.
    paths : tuple of str
        Dotted paths of the numbers.
    values : array, shape (draws, paths)
        The numbers, each in the unit that the scenario writes.
    scenario : str
        Name of the file of the scenario that was calibrated.
    core : dict
        What that scenario was, but for the numbers fitted and what changes no run.
    numbers : dict
        What that scenario said of the numbers fitted, when they were; empty where it is not known.
    """

    file: str
    paths: tuple[str, ...]
    values: Floats
    scenario: str
    core: Mapping[str, str]
    numbers: Mapping[str, float] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 of the draws."""
        return hashlib.sha256(repr(self.paths).encode() + self.values.tobytes()).hexdigest()

    def check(self, loaded: Loaded, *, force: bool = False) -> None:
        """Refuse a scenario that neither is nor extends the one calibrated.

        What a scenario says over the calibrated one, in a file that extends it or with ``--set``,
        may differ; the calibrated file itself must be as it was. Its fitted numbers may be those of
        one draw instead: any other would be passed over for those of the draws.

        Parameters
        ----------
        loaded : Loaded
            The scenario that is to use the draws.
        force : bool
            Whether to use them all the same.

        Raises
        ------
        UsageError
            When the scenario is another one; says what differs.
        """
        base = self._base(loaded)
        found = differences(base, self.core, self.paths) + self._edited(base)
        if not found or force:
            return
        more = len(found) - _SHOWN
        listed = [*found[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]
        raise UsageError(
            f"{self.file}: was fitted to another scenario than {loaded.path}; calibrate again, or "
            "use it all the same with --force. What differs:\n    " + "\n    ".join(listed)
        )

    def _edited(self, base: Mapping[str, Any]) -> list[str]:
        """Fitted numbers that the calibrated file says otherwise, in words."""
        now = {path: _number(base, path) for path in self.paths}
        changed = {
            path: (was, number)
            for path, was in self.numbers.items()
            if (number := now.get(path)) is not None and abs(number - was) > _SAME * abs(was)
        }
        values = np.array([np.nan if now[path] is None else now[path] for path in self.paths])
        apart = np.abs(self.values - values) > np.maximum(_DIGITS * np.abs(self.values), 1e-9)
        whole = np.abs(self.values - values) <= 0.5  # a count is rounded from its draw
        counts = values == np.round(values)
        if not changed or not (apart & ~(whole & counts)).any(axis=1).all():
            return []
        return [
            f"{path}: {was:g} when calibrated, {number:g} here, and the posterior's own would be "
            "used; change it in a file that extends this one, or with --set"
            for path, (was, number) in changed.items()
        ]

    def of(self, loaded: Loaded, each: int = 1) -> Drawn:
        """The draws for a scenario, each for so many replications.

        A number that the scenario itself sets, over the calibrated one, keeps its ratio to it
        (shares, the ratio of their odds): 20 % more invitations are 20 % more of any draw. A
        number that it has from a source, rather than assumes, is known: it stays as written.
        """
        base = self._base(loaded)
        kept, columns = [], []
        for rank, path in enumerate(self.paths):
            own, was = _number(loaded.tree, path), _number(base, path)
            if own is not None and (own == was or not _known(loaded, path)):
                kept.append(path)
                columns.append(_moved(self.values[:, rank], own, was, path, loaded))
        return Drawn(loaded, self.file, tuple(kept), np.stack(columns, axis=1), each)

    def usable(self, scenarios: Sequence[Loaded], count: int) -> Posterior:
        """The first `count` draws that make a valid scenario of each of these.

        Raises
        ------
        InputError
            When no draw does.
        """
        drawn = [self.of(loaded) for loaded in scenarios if self._differs(loaded)]
        if not drawn:
            return self
        rows: list[int] = []
        for row in range(len(self.values)):
            try:
                for one in drawn:
                    one.at(row)
            except InputError as error:
                wrong = error
            else:
                rows.append(row)
            if len(rows) == count:
                break
        if not rows:
            raise wrong
        return replace(self, values=self.values[rows])

    def _differs(self, loaded: Loaded) -> bool:
        """Whether the scenario says something else where a fitted number has a say."""
        base = self._base(loaded)
        places = {place for path in self.paths for place in touched_by(tuple(path.split(".")))}
        return any(parts_at(loaded.tree, place) != parts_at(base, place) for place in places)

    def _base(self, loaded: Loaded) -> Mapping[str, Any]:
        """Values of the calibrated file that the scenario is or extends; its own without one."""
        files = {o.file for o in loaded.origins.values() if Path(o.file).name == self.scenario}
        return _tree(sorted(files)[0]) if files else loaded.tree


@cache
def _tree(file: str) -> Mapping[str, Any]:
    return load(file).tree


def _number(tree: Mapping[str, Any], path: str) -> float | None:
    """The number at a path as the scenario writes it; None where there is none."""
    try:
        return number_at(tree, tuple(path.split(".")))
    except InputError:
        return None


def _known(loaded: Loaded, path: str) -> bool:
    """Whether a scenario has a number from a source, such as the clients carried over."""
    parts = tuple(path.split("."))
    origins = (loaded.origins.get(parts[:length]) for length in range(len(parts), -1, -1))
    source = next((origin.source for origin in origins if origin is not None), "")
    return not source.startswith(_GUESSED)


def _moved(values: Floats, own: float, was: float | None, path: str, loaded: Loaded) -> Floats:
    """Draws for a number that a scenario has changed from `was` to `own`."""
    if was is None or own == was or was == 0:
        return values if own == was else np.full_like(values, own)
    if unit_of(loaded.tree, tuple(path.split("."))) == "%" and 0 < own < 100 and 0 < was < 100:
        odds = own / (100 - own) * (100 - was) / was
        return np.asarray(100 * odds * values / (100 + (odds - 1) * values), float)
    return np.asarray(values * own / was, float)


@dataclass(frozen=True)
class Drawn:
    """A scenario whose replications take the draws of a posterior, `each` one after the other.

    Attributes
    ----------
    loaded : Loaded
        The scenario.
    file : str
        The posterior's file.
    paths : tuple of str
        Dotted paths of the numbers taken from it.
    values : array, shape (draws, paths)
        The numbers.
    each : int
        Replications of each draw: replication r takes draw r // each, and the first again after
        the last.
    """

    loaded: Loaded
    file: str
    paths: tuple[str, ...]
    values: Floats
    each: int = 1
    _last: list[tuple[int, Loaded]] = field(default_factory=list, repr=False, compare=False)
    """The draw used last: its other replications follow at once."""

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_last": []}

    def at(self, replication: int) -> Loaded:
        """The scenario as a replication simulates it.

        Raises
        ------
        InputError
            When the numbers of the draw make no valid scenario of this one.
        """
        draw = replication // self.each % len(self.values)
        if self._last and self._last[0][0] == draw:
            return self._last[0][1]
        numbers = dict(zip(self.paths, self.values[draw].tolist(), strict=True))
        try:
            loaded = self.loaded.with_values(numbers)
            self._last[:] = [(draw, loaded)]
            return loaded
        except InputError as error:
            message = f"draw {draw} of {self.file} makes no valid scenario: "
            raise InputError(
                [replace(problem, message=message + problem.message) for problem in error.problems]
            ) from None
