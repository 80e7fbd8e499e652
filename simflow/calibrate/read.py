"""Reading a calibration file: every mistake at once, each at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simflow.calibrate.goals import measures_in
from simflow.calibrate.laws import quantile_of
from simflow.calibrate.schema import CalibrationFile, Split
from simflow.calibrate.space import Space
from simflow.errors import InputError, Problem
from simflow.experiment.names import nearest
from simflow.measures import Label, Measure, measures_of
from simflow.scenario import Loaded, load
from simflow.scenario.explain import near, problem_at, problems_of
from simflow.scenario.merge import at
from simflow.scenario.parts import unit_of
from simflow.scenario.sources import check_sources
from simflow.scenario.yamlfile import Document, Origin, read

_Path = tuple[str, ...]


@dataclass(frozen=True)
class Calibration:
    """A calibration file with the scenario it calibrates.

    Attributes
    ----------
    path : str
        The file as named.
    file : CalibrationFile
        Its content.
    loaded : Loaded
        The scenario.
    space : Space
        Its unknowns.
    measures : dict of str to Measure
        The scenario's measures by name.
    origins : dict
        Where each value of the file stands, and its source.
    forecasts : tuple of Loaded
        Scenarios that are forecast.
    """

    path: str
    file: CalibrationFile
    loaded: Loaded
    space: Space
    measures: dict[str, Measure]
    origins: dict[_Path, Origin]
    forecasts: tuple[Loaded, ...] = ()

    def label(self, target: str) -> Label:
        """Name of a target for readers."""
        own = self.file.targets[target].label
        if own is not None:
            return Label(own.en, own.fi)
        labels = [self.measures[name].label for name in measures_in(target)]
        return Label(*(" + ".join(texts) for texts in zip(*labels, strict=True)))

    def source(self, *path: str) -> str:
        """Where a value of the file is from."""
        for length in range(len(path), -1, -1):
            origin = self.origins.get(path[:length])
            if origin is not None and origin.source:
                return origin.source
        return ""


def read_calibration(path: str | Path) -> Calibration:
    """Read and check a calibration file, and the scenario it names.

    Raises
    ------
    InputError
        With every problem found.
    """
    document = read(Path(path))
    document.tree.setdefault("name", Path(path).stem)
    problems = check_sources(document.tree, document.origins)
    try:
        file = CalibrationFile.model_validate(document.tree)
    except ValidationError as error:
        problems += problems_of(error, document.tree, document.origins, model=CalibrationFile)
        raise _all(problems) from None
    loaded = _scenario(document, file.scenario, ("scenario",), Path(path))
    forecasts = tuple(
        _scenario(document, name, ("forecasts", str(rank)), Path(path))
        for rank, name in enumerate(file.forecasts)
    )
    measures = {measure.name: measure for measure in measures_of(loaded.scenario)}
    problems += _problems(document, file, loaded, list(measures))
    problems += _forecasts(document, loaded, forecasts)
    if problems:
        raise _all(problems)
    space = Space(file, loaded)
    return Calibration(str(path), file, loaded, space, measures, document.origins, forecasts)


def _all(problems: list[Problem]) -> InputError:
    return InputError(sorted(set(problems), key=lambda p: (p.file, p.line, p.column, p.path)))


def _scenario(document: Document, name: str, here: _Path, path: Path) -> Loaded:
    scenario = path.parent / name
    if not scenario.is_file():
        message = f'there is no file "{name}"'
        expected = "the name of a scenario file, seen from this one's folder"
        raise InputError([problem_at(here, message, expected, document.origins)])
    return load(scenario)


def _forecasts(
    document: Document, loaded: Loaded, forecasts: tuple[Loaded, ...]
) -> Iterator[Problem]:
    calibrated, seen = Path(loaded.path).resolve(), set[str]()
    for rank, one in enumerate(forecasts):
        here, name = ("forecasts", str(rank)), one.scenario.name
        if calibrated not in {Path(origin.file).resolve() for origin in one.origins.values()}:
            message = f'"{name}" does not extend the scenario that is calibrated'
            expected = f"a scenario that extends {calibrated.name}"
            yield problem_at(here, message, expected, document.origins)
        elif not (one.scenario.targets or one.scenario.key_measures):
            message = f'"{name}" has neither targets nor key measures to forecast'
            yield problem_at(here, message, "one of them", document.origins)
        if name in seen:
            message = f'"{name}" is forecast already'
            yield problem_at(here, message, "each scenario once", document.origins)
        seen.add(name)


def _problems(
    document: Document, file: CalibrationFile, loaded: Loaded, measures: list[str]
) -> list[Problem]:
    def problem(path: _Path, message: str, expected: str = "", remedy: str = "") -> Problem:
        return problem_at(path, message, expected, document.origins, remedy)

    found: list[Problem] = []
    for name in file.targets:
        for part in measures_in(name):
            if part not in measures:
                message = f'unknown measure "{part}"'
                found.append(problem(("targets", name), message, nearest(part, measures)))
    for rank, name in enumerate(file.held_out):
        if name not in file.targets:
            message = f'"{name}" is held out and is no target'
            found.append(problem(("held_out", str(rank)), message, remedy=near(name, file.targets)))
    if not set(file.targets) - set(file.held_out):
        found.append(problem(("held_out",), "all targets are held out", "some left to fit"))
    if not file.priors and not file.splits:
        found.append(problem(("priors",), "nothing is unknown", "at least one prior or split"))
    found += _priors(file, loaded, problem)
    found += _splits(file, loaded, problem)
    found += _twice(file, problem)
    return found


_Problem = Callable[..., Problem]


def _priors(file: CalibrationFile, loaded: Loaded, problem: _Problem) -> Iterator[Problem]:
    for name, prior in file.priors.items():
        here = ("priors", name)
        yield from _unit((*here, "path"), prior.path, prior.unit, loaded, problem)
        for other in prior.along:
            yield from _unit((*here, "along", other), other, prior.unit, loaded, problem)
        try:
            quantile_of(prior.prior)
        except ValueError as error:
            message, _, expected = str(error).partition("; expected ")
            yield problem((*here, "prior"), message, expected)


def _unit(
    here: _Path, dotted: str, unit: str, loaded: Loaded, problem: _Problem
) -> Iterator[Problem]:
    path = tuple(dotted.split("."))
    try:
        found = unit_of(loaded.tree, path)
    except InputError as error:
        message = f'"{dotted}" is no number of the scenario: {error.problems[0].message}'
        yield problem(here, message, remedy=_near(loaded.tree, path))
        return
    if found != unit:
        message = f'the unit is "{unit}", and the scenario writes "{found}"'
        yield problem((*here[:2], "unit"), message, f'the scenario\'s unit, "{found}"')


def _near(tree: Any, path: _Path) -> str:
    for length in range(len(path)):
        try:
            at(tree, path[: length + 1])
        except KeyError:
            inside = at(tree, path[:length])
            return near(path[length], inside) if isinstance(inside, dict) else ""
    return ""


def _splits(file: CalibrationFile, loaded: Loaded, problem: _Problem) -> Iterator[Problem]:
    for name, split in file.splits.items():
        here = ("splits", name)
        path = tuple(split.path.split("."))
        try:
            shares = at(loaded.tree, path)
        except KeyError:
            message = f'"{split.path}" is no part of the scenario'
            yield problem((*here, "path"), message, remedy=_near(loaded.tree, path))
            continue
        yield from _split(here, split, shares, problem)


def _split(here: _Path, split: Split, shares: Any, problem: _Problem) -> Iterator[Problem]:
    if not isinstance(shares, dict) or not all(
        isinstance(v, str | float | int) for v in shares.values()
    ):
        yield problem((*here, "path"), f'"{split.path}" holds no shares')
        return
    for name in split.dirichlet:
        if name not in shares:
            yield problem(
                (*here, "dirichlet", name), f'unknown share "{name}"', remedy=near(name, shares)
            )
    rest = [name for name, value in shares.items() if value == "rest"]
    if rest and rest[0] not in split.dirichlet:
        message = f'"{rest[0]}" is what the other shares leave over, and has no weight'
        yield problem((*here, "dirichlet"), message, "a weight for it too")
    elif not rest:
        yield problem((*here, "path"), "no share of the split is `rest`", "one that is")


def _twice(file: CalibrationFile, problem: _Problem) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name, prior in file.priors.items():
        for where, path in [(("path",), prior.path), *((("along", p), p) for p in prior.along)]:
            if path in seen:
                message = f'"{path}" has a prior already, {seen[path]}'
                yield problem(("priors", name, *where), message, "one prior for a number")
            seen.setdefault(path, f"priors.{name}")
    for name, split in file.splits.items():
        for share in split.dirichlet:
            path = f"{split.path}.{share}"
            if path in seen:
                message = f'"{path}" has a prior already, {seen[path]}'
                yield problem(("splits", name, "dirichlet", share), message, "one prior only")
            seen.setdefault(path, f"splits.{name}")
