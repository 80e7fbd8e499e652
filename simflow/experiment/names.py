"""Checking the names of measures that a scenario or a command gives."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from simflow.errors import InputError, Problem
from simflow.measures import Measure, measures_of
from simflow.scenario import Loaded


def _nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    near = near or [other for other in known if other.split(".")[0] == name.split(".")[0]][:5]
    return f"one of {', '.join(near)}" if near else "the name of a measure"


def _problem(loaded: Loaded, path: tuple[str, ...], name: str, known: Sequence[str]) -> Problem:
    inside = [place for key, place in loaded.origins.items() if key[: len(path)] == path]
    file, line, column = "", 0, 0
    if inside:
        file, line, column = inside[0].file, inside[0].line, inside[0].column
    return Problem(
        f'unknown measure "{name}"',
        expected=_nearest(name, known),
        file=str(file),
        line=line,
        column=column,
        path=path[0] if path else "",
    )


def check_measures(loaded: Loaded, asked: Sequence[str] = ()) -> tuple[Measure, ...]:
    """The scenario's measures, once all names of measures are found to exist.

    Parameters
    ----------
    loaded : Loaded
        The scenario, whose `published` and `key_measures` are checked.
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
    given = [(("published", name), name) for name in scenario.published]
    given += [
        (("key_measures", str(place)), name) for place, name in enumerate(scenario.key_measures)
    ]
    given += [((), name) for name in asked]
    problems = []
    for path, name in given:
        if name not in known:
            place = path if any(key[: len(path)] == path for key in loaded.origins) else path[:1]
            problem = _problem(loaded, place, name, known) if path else Problem(
                f'unknown measure "{name}"', expected=_nearest(name, known), path="--measure"
            )
            problems.append(problem)
    if problems:
        raise InputError(problems)
    return measures
