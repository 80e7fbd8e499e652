"""Names of measures that a scenario or a command gives: checked, and found by a part of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from simflow.errors import InputError, Problem
from simflow.measures import Measure, measures_of
from simflow.scenario import Loaded

_GLOB = frozenset("*?[]")
_WORD = re.compile(r"[^\W\d_]{3,}")
_SHOWN = 8
"""Most names that an error lists."""


def nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=3, cutoff=0.6)
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


def matching(measures: Sequence[Measure], text: str) -> list[Measure]:
    """Measures whose name or label (in either language) a text is part of, in any case.

    With ``*``, ``?`` or ``[…]`` the text is a pattern for the whole of a name or label.
    """
    wanted = _plain(text)
    glob = bool(_GLOB & set(text))
    return [
        measure
        for measure in measures
        if any(fnmatchcase(one, wanted) if glob else wanted in one for one in _texts(measure))
    ]


def resolve_measures(loaded: Loaded, asked: Sequence[str]) -> tuple[str, ...]:
    """Names of the measures that a command asks for, each once, in the order asked.

    Parameters
    ----------
    loaded : Loaded
        The scenario.
    asked : sequence of str
        Each a name, a pattern of names or labels such as ``wait.*``, a label, or a part of a name
        or label that only one measure has; in any case, labels in English or Finnish.

    Raises
    ------
    InputError
        With each text that fits no measure, or several without being a pattern.
    """
    measures = measures_of(loaded.scenario) if asked else ()
    found: dict[str, None] = {}
    problems = []
    for text in asked:
        fitting = _fitting(measures, text)
        if len(fitting) == 1 or (fitting and _GLOB & set(text)):
            found |= dict.fromkeys(measure.name for measure in fitting)
        else:
            problems.append(_several(text, fitting) if fitting else unknown(measures, text))
    if problems:
        raise InputError(problems)
    return tuple(found)


def unknown(measures: Sequence[Measure], text: str) -> Problem:
    """The problem of a text that fits no measure, with names, or words of them, that are near."""
    names = {one: measure.name for measure in measures for one in _texts(measure)}
    words = list(dict.fromkeys(word for one in names for word in _WORD.findall(one)))
    wanted = _plain("".join(letter for letter in text if letter not in _GLOB))
    near = dict.fromkeys(names[one] for one in get_close_matches(wanted, names, n=5, cutoff=0.6))
    close = list(near)[:3] or get_close_matches(wanted, words, n=3, cutoff=0.7)
    expected = (
        f"one of {', '.join(close)}"
        if close
        else nearest(text, list(dict.fromkeys(names.values())))
    )
    remedy = "" if close else "`simflow measures FILE` lists them all"
    return Problem(f'unknown measure "{text}"', expected, remedy, path="--measure")


def _fitting(measures: Sequence[Measure], text: str) -> list[Measure]:
    """The measure of that very name or label; where there is none, those it is part of."""
    whole = [measure for measure in measures if _plain(text) in _texts(measure)]
    named = [measure for measure in measures if measure.name == text]
    return named or whole or matching(measures, text)


def _several(text: str, fitting: Sequence[Measure]) -> Problem:
    names = [measure.name for measure in fitting]
    more = f" … ({len(names)} in all)" if len(names) > _SHOWN else ""
    return Problem(
        f'"{text}" fits {len(names)} measures',
        f"one of {', '.join(names[:_SHOWN])}{more}",
        f'"*{text}*" takes all of them',
        path="--measure",
    )


def _texts(measure: Measure) -> tuple[str, ...]:
    return tuple(_plain(text) for text in (measure.name, *measure.label))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())  # also a no-break space
