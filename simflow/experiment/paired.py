"""Running a comparison: every scenario on the same streams, until the differences are precise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final, Literal

import numpy as np

from simflow.errors import UsageError
from simflow.experiment.comparison import Comparison
from simflow.experiment.draws import Drawn, Posterior
from simflow.experiment.growth import (
    BATCH,
    CAP,
    DEFAULT_REPLICATIONS,
    Growth,
    Interrupted,
    Progress,
    Store,
    check_numbers,
    empty,
)
from simflow.experiment.lineup import changes_of, distinct, notes_on
from simflow.experiment.looks import LOOKS, confidence_at
from simflow.experiment.names import check_measures
from simflow.experiment.summary import Floats, Precision
from simflow.experiment.workers import Source
from simflow.scenario import Loaded

MATTERS: Final = "matters"
"""A precision of the size of each goal's smallest difference that matters."""
EACH: Final = 2
"""Replications of each draw of a posterior: two part what is not known from chance."""
MOST: Final = LOOKS[-1] * EACH
"""Replications after which a verdict that is not clear stays so, when no cap is given."""


@dataclass(frozen=True)
class Done:
    """What there is already of a comparison, of the base and of each alternative kept.

    Attributes
    ----------
    values : sequence of array, shape (replications, measures)
        Measures.
    outcomes : sequence of array, shape (replications, outcomes, 3)
        Of each alternative, outcomes over its people and the base's; empty for the base.
    """

    values: Sequence[Floats]
    outcomes: Sequence[Floats]


def compare(
    base: Loaded,
    alternatives: Sequence[Loaded],
    *,
    replications: int | None = None,
    precision: float | Literal["matters"] | None = None,
    relative: bool = False,
    measures: Sequence[str] = (),
    seed: int = 1,
    jobs: int = 1,
    cap: int | None = None,
    on_progress: Progress | None = None,
    done: Done | None = None,
    stores: Sequence[Store] | None = None,
    draws: Posterior | None = None,
) -> Comparison:
    """Compare a base with alternatives, replication by replication on the same streams.

    Parameters
    ----------
    base : Loaded
        The scenario with no new decision; its goals judge the others.
    alternatives : sequence of Loaded
        The others. The base among them and repetitions are left out.
    replications : int, optional
        How many of each. When neither this nor `precision` is given, and the goals have roles, each
        alternative has as many as its verdict takes; else 100.
    precision : float or "matters", optional
        Add replications, ten at a time, until the half-width of the 95 % interval of the paired
        difference is at most this, for each alternative and each of `measures`, or `cap` is
        reached. In the measure's unit; "matters" is each goal's smallest difference that matters.
        The looks at the interval's width do not look at the difference itself, so they favour
        neither verdict.
    relative : bool
        Whether `precision` is a part of the base's mean instead.
    measures : sequence of str
        Measures to which `precision` applies; the goals when left out, or, when there are none,
        the key measures.
    seed, jobs, on_progress
        As in `run`; progress is over scenarios × replications.
    cap : int, optional
        Most replications of each; 1 000 for a precision, 800 for a verdict when left out.
    done : Done, optional
        Replications already made.
    stores : sequence of Store, optional
        Keep the replications of each, in the same order.
    draws : Posterior, optional
        Draws of a posterior, each for two replications of every scenario.

    Raises
    ------
    InputError
        When a scenario names a measure that does not exist.
    UsageError
        When the numbers, measures or scenarios given cannot be compared.
    Interrupted
        On Ctrl-C; carries the finished replications of the base.
    """
    check_numbers(replications, precision, jobs, CAP if cap is None else cap)
    kept, _ = distinct(base, alternatives)
    scenarios = (base, *kept)
    drawn = [None if draws is None else draws.of(loaded, EACH) for loaded in scenarios]
    found = done or Done([None] * len(scenarios), [()] * len(scenarios))  # type: ignore[list-item]
    comparison = _begun(scenarios, seed, found.values, drawn)
    wanted = _wanted(comparison, measures, precision, relative, cap)
    begun = (comparison.base, *comparison.alternatives)
    sources = [one or other for one, other in zip(drawn, scenarios, strict=True)]
    with Source(sources, seed, jobs, keep_log=False) as source:
        growth = Growth(begun, source, stores or [None] * len(begun), on_progress, found.outcomes)
        try:
            if wanted is not None:
                return _to_precision(comparison, growth, wanted)
            if replications is None and comparison.has_roles:
                return to_verdict(comparison, growth, MOST if cap is None else cap)
            count = DEFAULT_REPLICATIONS if replications is None else replications
            growth.up_to(count, count)
            return _with(comparison, growth, count)
        except KeyboardInterrupt:
            raise Interrupted(replace(growth.results()[0], complete=False)) from None


def looks_up_to(cap: int, each: int) -> tuple[int, ...]:
    """Numbers of replications at which verdicts are looked at, the last of them the cap."""
    return (*(look * each for look in LOOKS if look * each < cap), cap)


def to_verdict(comparison: Comparison, growth: Growth, cap: int) -> Comparison:
    """Add replications of each alternative until its verdict is clear, or the cap is reached."""
    looks = looks_up_to(cap, comparison.each)
    names = [results.scenario for results in comparison.alternatives]
    confidence: dict[str, float] = {}
    counts = dict.fromkeys(names, 0)
    open_ = set(names)
    for look, count in enumerate(looks):
        places = {0, *(1 + names.index(name) for name in open_)}
        growth.up_to(count, cap, places)
        confidence |= dict.fromkeys(open_, confidence_at(look, looks))
        counts |= dict.fromkeys(open_, count)
        comparison = _with(comparison, growth, count, counts)
        comparison = replace(comparison, confidence=dict(confidence), cap=cap)
        # Holm's method holds all claims together: what others become may open one that was clear.
        open_ = {name for name in names if not _settled(comparison, name)}
        if not open_:
            break
    return comparison


def _settled(comparison: Comparison, name: str) -> bool:
    """Whether more replications of an alternative would tell no more that matters."""
    verdict = comparison.verdict(name)
    if verdict is None:  # it is not judged: as many as the first look takes
        return True
    if verdict.kind in ("loss", "trade_off", "circumstance", "other_period"):
        return True  # clear, or never advised
    if not verdict.enough:
        return False
    told = verdict.kind != "unclear" or verdict.reason == "lasting_effect"
    if told and all(one.shown != "unclear" for one in verdict.aims if one.told):
        return True
    chances = [chance for one in verdict.aims for chance in (one.benefit, one.harm)]
    if not comparison.point:
        return all(chance.high - chance.low < NARROW for chance in chances)
    widths = [(one.difference.half_width, one.difference.goal) for one in verdict.aims]
    return all(
        half is not None and goal is not None and half <= goal.matters / 2 for half, goal in widths
    )


NARROW: Final = 0.10
"""A range of a chance so narrow that more replications would tell little more."""


def check_request(
    base: Loaded,
    alternatives: Sequence[Loaded],
    measures: Sequence[str] = (),
    precision: float | Literal["matters"] | None = None,
    cap: int | None = None,
) -> None:
    """Refuse what `compare` would refuse, before anything is run or written.

    Raises
    ------
    InputError, UsageError
        As `compare` does.
    """
    scenarios = (base, *distinct(base, alternatives)[0])
    none = [None] * len(scenarios)
    _wanted(_begun(scenarios, 0, none, none), measures, precision, False, cap)


def _begun(
    scenarios: Sequence[Loaded],
    seed: int,
    done: Sequence[Floats | None],
    drawn: Sequence[Drawn | None],
) -> Comparison:
    """The comparison before any replication, or with those already made."""
    base, *others = scenarios
    begun = [empty(loaded, check_measures(loaded), seed, rows, taken)
             for loaded, rows, taken in zip(scenarios, done, drawn, strict=True)]  # fmt: skip
    return Comparison(
        base=begun[0],
        alternatives=tuple(begun[1:]),
        precision=None,
        scenarios=tuple(loaded.scenario for loaded in scenarios),
        changes=tuple(changes_of(base, other) for other in others),
        notes=notes_on(base, others),
        each=1 if drawn[0] is None else EACH,
    )


def _with(
    comparison: Comparison, growth: Growth, count: int, counts: Mapping[str, int] | None = None
) -> Comparison:
    """The comparison with what there is: the first so many of each, or of each as many as given."""
    base, *others = growth.results(count)
    made = [
        replace(one, values=one.values[: (counts or {}).get(one.scenario, count)]) for one in others
    ]
    outcomes = {
        one.scenario: rows[: len(one.values)]
        for one, rows in zip(made, growth.outcomes()[1:], strict=True)
        if len(rows)
    }
    return replace(comparison, base=base, alternatives=tuple(made), outcomes=outcomes)


def _asked(comparison: Comparison, measures: Sequence[str]) -> tuple[str, ...]:
    """The measures asked for, once all are found to exist on both sides."""
    base = [measure.name for measure in comparison.base.measures]
    others = {m.name for results in comparison.alternatives for m in results.measures}
    for name in measures:
        if name not in base:
            near = ", ".join(get_close_matches(name, base, n=3, cutoff=0.5))
            hint = f"did you mean {near}?" if near else "see simflow run BASE --all"
            there = "; only an alternative has it" if name in others else ""
            raise UsageError(f'the base has no measure "{name}"{there}; {hint}')
        if name not in others:
            raise UsageError(f'no alternative has the measure "{name}"; the base alone does')
    if measures:
        return tuple(dict.fromkeys(measures))
    key = (name for name in comparison.base.key_measures if name in others)
    return comparison.names or tuple(key)


def _wanted(
    comparison: Comparison,
    measures: Sequence[str],
    precision: float | Literal["matters"] | None,
    relative: bool,
    cap: int | None,
) -> Precision | None:
    """The precision asked for, once it, the cap and the measures are found to make sense."""
    names = _asked(comparison, measures)
    if precision is None:
        if cap is not None and not comparison.has_roles:
            raise UsageError(
                "a cap limits replications that stop by themselves, and here they do not: the "
                "base's goals have no roles; give --reps, or --precision"
            )
        return None
    cap = CAP if cap is None else cap
    if not names:
        raise UsageError("the base has no goals and no key_measures; name a measure (--measure)")
    if isinstance(precision, int | float):
        return Precision(float(precision), relative, names, (), cap)
    goals = comparison.goals
    without = [name for name in names if name not in goals or not goals[name].matters > 0]
    if without:
        raise UsageError(
            f"no smallest difference that matters is known of {', '.join(without)}; state it "
            "under `goals` in the base, or give --precision a number, such as 2 or 5%"
        )
    return Precision(None, False, names, (), cap)


def _to_precision(comparison: Comparison, growth: Growth, wanted: Precision) -> Comparison:
    count = 0
    while True:
        count = min(count + BATCH, wanted.cap)
        growth.up_to(count, wanted.cap)
        comparison = _with(comparison, growth, count)
        pairs = missed(comparison, wanted)
        if count >= wanted.cap or not any(_hopeful(comparison, *pair) for pair in pairs):
            names = {name for _, name in pairs}
            short = tuple(name for name in wanted.measures if name in names)
            return replace(comparison, precision=replace(wanted, missed=short, pairs=pairs))


def missed(comparison: Comparison, wanted: Precision) -> tuple[tuple[str, str], ...]:
    """The differences, (alternative, measure), whose interval is wider than wanted.

    A difference that never varies has reached any precision; one without two pairs has not. A
    measure that an alternative does not have is not asked of it.
    """
    found = []
    for results in comparison.alternatives:
        known = {measure.name for measure in results.measures}
        for name in wanted.measures:
            if name in known and not _reached(comparison, results.scenario, name, wanted):
                found.append((results.scenario, name))
    return tuple(found)


def _reached(comparison: Comparison, alternative: str, name: str, wanted: Precision) -> bool:
    """Whether the interval that is shown is as narrow as wanted: over draws, when there are any."""
    difference = comparison.difference(alternative, name)
    half, base = difference.half_width, difference.base
    if half is None or base is None:
        return False
    if wanted.size is None:
        return half <= comparison.goals[name].matters
    return half <= wanted.size * (abs(base) if wanted.relative else 1.0)


def _hopeful(comparison: Comparison, alternative: str, name: str) -> bool:
    """Whether more replications could help: at least one pair has a value."""
    return bool(np.isfinite(comparison.paired(alternative, name)).any())
