"""Checking the names of measures that a scenario or a command gives."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from simflow.errors import InputError, Problem
from simflow.measures import Measure, measures_of
from simflow.scenario import Loaded


def nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    near = near or [other for other in known if other.split(".")[0] == name.split(".")[0]][:5]
    return f"one of {', '.join(near)}" if near else "the name of a measure"


def _problem(loaded: Loaded, path: tuple[str, ...], name: str, known: Sequence[str]) -> Problem:
    found = [place for key, place in loaded.origins.items() if key[: len(path)] == path]
    found = found or [place for key, place in loaded.origins.items() if key[:1] == path[:1]]
    file, line, column = (found[0].file, found[0].line, found[0].column) if found else ("", 0, 0)
    return Problem(
        f'unknown measure "{name}"',
        expected=nearest(name, known),
        file=str(file),
        line=line,
        column=column,
        path=path[0],
    )


def check_measures(loaded: Loaded, asked: Sequence[str] = ()) -> tuple[Measure, ...]:
    """The scenario's measures, once all names of measures are found to exist.

    Parameters
    ----------
    loaded : Loaded
        The scenario, whose `published`, `key_measures`, `goals` and `targets` are checked.
    asked : sequence of str
        Names given on the command line.

    Raises
    ------
    InputError
        With every unknown name, its place and the nearest names that exist.
    """
    measures = measures_of(loaded.scenario)
    known = [measure.name for measure in measures]
    scenario = loaded.scenario
    given: list[tuple[tuple[str, ...], str]] = [
        (("published", name), name) for name in scenario.published
    ]
    given += [
        (("key_measures", str(place)), name) for place, name in enumerate(scenario.key_measures)
    ]
    given += [(("goals", name), name) for name in scenario.goals]
    given += [(("targets", name), name) for name in scenario.targets]
    given += [(("--measure",), name) for name in asked]
    problems = [_problem(loaded, path, name, known) for path, name in given if name not in known]
    if problems:
        raise InputError(problems)
    return measures
