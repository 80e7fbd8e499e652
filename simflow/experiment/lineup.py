"""Which scenarios are compared, and what a reader must know of them beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simflow.errors import UsageError
from simflow.labels import LANGUAGES, Lang, date
from simflow.measures import Label, measures_of
from simflow.scenario import Loaded, Scenario, diff


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an alternative changes.

    Attributes
    ----------
    path : str
        Dotted path of the value.
    sentence : Label
        In words, in English and Finnish: ``Coaching, places: 20 → 25``.
    old, new : str
        As written in each; empty where there is none.
    origin : str
        ``file:line`` of the new value.
    """

    path: str
    sentence: Label
    old: str
    new: str
    origin: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader of the comparison must know.

    Attributes
    ----------
    alternative : str
        Name of the scenario it is about; empty when it is about all.
    text : Label
        The sentence, in English and Finnish.
    """

    alternative: str
    text: Label


def changes_of(base: Loaded, other: Loaded) -> tuple[Change, ...]:
    """What `other` changes of `base`, in both languages."""
    pairs = zip(diff(base, other, "en"), diff(base, other, "fi"), strict=True)
    return tuple(
        Change(en.path, Label(en.sentence, fi.sentence), en.old, en.new, en.origin)
        for en, fi in pairs
    )


def distinct(
    base: Loaded, alternatives: Sequence[Loaded]
) -> tuple[tuple[Loaded, ...], tuple[Note, ...]]:
    """The alternatives without the base itself and without repetitions, and what was left out.

    Raises
    ------
    UsageError
        When none is left, or two different scenarios have one name.
    """
    kept: list[Loaded] = []
    notes: list[Note] = []
    for other in alternatives:
        same = next((known for known in (base, *kept) if _same(known, other)), None)
        if same is None:
            kept.append(other)
        elif same is base:
            notes.append(_note("", "{0}: is the base itself; left out of the alternatives",
                               "{0}: on itse lähtökohta; jätetty pois vaihtoehdoista",
                               other.path))  # fmt: skip
        else:
            notes.append(_note("", "{0}: was given already; compared once",
                               "{0}: annettiin jo; verrataan kerran", other.path))  # fmt: skip
    if not kept:
        raise UsageError(
            f"there is nothing to compare {base.path} with; give at least one other scenario"
        )
    _refuse_namesakes((base, *kept))
    return tuple(kept), tuple(dict.fromkeys(notes))


def _same(a: Loaded, b: Loaded) -> bool:
    """Whether two are one scenario: the same file, or copies of it."""
    return a.hash == b.hash and (
        Path(a.path).resolve() == Path(b.path).resolve() or a.scenario.name == b.scenario.name
    )


def _refuse_namesakes(scenarios: Sequence[Loaded]) -> None:
    first: dict[str, Loaded] = {}
    for loaded in scenarios:
        name = loaded.scenario.name
        if name in first:
            raise UsageError(
                f"{first[name].path} and {loaded.path} are different scenarios with one name, "
                f'"{name}"; give one of them another `name`'
            )
        first[name] = loaded


def notes_on(base: Loaded, alternatives: Sequence[Loaded]) -> tuple[Note, ...]:
    """What can be said of a comparison before it is run."""
    notes: list[Note] = []
    if not base.scenario.goals:
        notes.append(_note(
            "", "The base has no goals, so nothing says which differences are better or matter.",
            "Lähtökohdalla ei ole tavoitteita (goals), joten mikään ei kerro, mitkä erot ovat "
            "parempia tai merkitseviä.",
        ))  # fmt: skip
    for other in alternatives:
        notes += _notes_on(base, other)
    return tuple(notes)


def _notes_on(base: Loaded, other: Loaded) -> list[Note]:
    name, notes = other.scenario.name, []
    files = {Path(origin.file).resolve() for origin in other.origins.values()}
    if Path(base.path).resolve() not in files:
        notes.append(_note(
            name, "“{0}” does not extend {1}: whatever differs between the two is compared.",
            "”{0}” ei perustu tiedostoon {1}: vertailussa on kaikki, missä ne eroavat.",
            name, base.path,
        ))  # fmt: skip
    if not diff(base, other):
        notes.append(_note(name, "“{0}” changes nothing of the base.",
                           "”{0}” ei muuta lähtökohdasta mitään.", name))  # fmt: skip
    ours, theirs = (loaded.scenario for loaded in (base, other))
    if (ours.horizon.start, ours.horizon.end) != (theirs.horizon.start, theirs.horizon.end):
        en, fi = ([name, _period(theirs, lang), _period(ours, lang)] for lang in LANGUAGES)
        notes.append(Note(name, Label(
            "“{}” covers {}, the base {}: the difference is also one between two periods."
            .format(*en),
            "”{}” kattaa ajan {}, lähtökohta ajan {}: ero on myös kahden ajanjakson ero."
            .format(*fi),
        )))  # fmt: skip
    return notes + _lacking(base, other)


def _lacking(base: Loaded, other: Loaded) -> list[Note]:
    """A note when the alternative lacks measures by which it should be judged."""
    known = {measure.name for measure in measures_of(other.scenario)}
    labels = {measure.name: measure.label for measure in measures_of(base.scenario)}
    lacking = [labels.get(goal, Label(goal, goal))
               for goal in base.scenario.goals if goal not in known]  # fmt: skip
    if not lacking:
        return []
    name = other.scenario.name
    en, fi = ("; ".join(getattr(label, lang) for label in lacking) for lang in LANGUAGES)
    return [Note(name, Label(
        f"“{name}” is not judged by what it does not measure: {en}.",
        f"”{name}” ei mittaa näitä, joten sitä ei arvioida niillä: {fi}.",
    ))]  # fmt: skip


def _period(scenario: Scenario, lang: Lang) -> str:
    return f"{date(scenario.horizon.start, lang)} – {date(scenario.horizon.end, lang)}"


def _note(alternative: str, en: str, fi: str, *values: str) -> Note:
    return Note(alternative, Label(en.format(*values), fi.format(*values)))
