"""What differs between two scenarios, in a planner's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from simflow.labels import LANGUAGES, Lang
from simflow.scenario.loaded import Loaded
from simflow.scenario.merge import Path, at
from simflow.scenario.show import origin_of, written
from simflow.scenario.words import key_in_words, label_at, name_in_words, value_in_words

_SKIPPED: Final = {"simflow", "name", "title", "question", "hypothesis", "circumstance",
                   "key_measures", "goals", "targets", "published", "translations"}  # fmt: skip
"""Sections that tell a reader what to make of the results."""
_KINDS: Final[dict[str, tuple[str, str]]] = {
    "services": ("service", "palvelu"), "channels": ("channel", "kanava"),
    "exits": ("exit", "päättymistapa"), "staff": ("staff pool", "henkilöstöryhmä"),
    "segments": ("segment", "asiakasryhmä"), "needs": ("need", "tarve"),
    "workers": ("worker", "työntekijä"), "risks": ("risk", "riski"),
    "regimes": ("dated change", "muutos päivämäärästä"),
}  # fmt: skip
"""Mappings whose entries have names of the planner's, and what an entry is."""
_NAMED: Final = {*_KINDS, "then", "skills", "screens", "mix", "inside", "months"}
"""Mappings whose keys are names, not keys of the format."""
_NEW: Final = ("new", "uusi")
_REMOVED: Final = ("removed", "poistettu")
_FROM: Final = ("from {}", "{} alkaen")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs.

    Attributes
    ----------
    path : str
        Dotted path.
    sentence : str
        In words: ``Coaching, places: 20 → 25``.
    old, new : str
        As written in each; empty where there is none.
    origin : str
        ``file:line`` of the new value (of the old one where it was removed).
    """

    path: str
    sentence: str
    old: str
    new: str
    origin: str


def diff(a: Loaded, b: Loaded, lang: Lang = "en") -> list[Difference]:
    """What changes from `a` to `b`, in the order of the files.

    Labels, and what only tells how the results are judged or read, are left out.
    """
    found = []
    for path, old, new in _changes(a.tree, b.tree, ()):
        side = b if new is not None else a
        origin = origin_of(side.origins, path)
        place = f"{origin.file}:{origin.line}" if origin.line else origin.file
        sentence = _sentence(path, old, new, side.tree, lang)
        found.append(Difference(".".join(path), sentence, written(old), written(new), place))
    return found


def _changes(old: Any, new: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    if old is None and isinstance(new, Mapping) and path and not _is_entry(path):
        old = {}  # a part that is new is told by what it says
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            if path or key not in _SKIPPED:
                yield from _changes(old.get(key), new.get(key), (*path, str(key)))
    elif _is_told(path, old) and (old != new or isinstance(old, bool) != isinstance(new, bool)):
        yield path, old, new


def _is_told(path: Path, old: Any) -> bool:
    """Whether a value is said at all: not a label, nor a date that the place already says."""
    said = path[0] == "regimes" and path[-1] == "from" and old is None
    return "label" not in path and not said


def _is_entry(path: Path) -> bool:
    """Whether a path is of a whole service, channel ... rather than of a change to one."""
    if path[0] == "regimes" or "change" in path:
        return False
    return len(path) > 1 and path[-2] in _KINDS


def _sentence(path: Path, old: Any, new: Any, tree: Any, lang: Lang) -> str:
    place, language = place_in_words(path, tree, lang), LANGUAGES.index(lang)
    kind = f" {_KINDS[path[-2]][language]}" if len(path) > 1 and path[-2] in _KINDS else ""
    if isinstance(new, Mapping) and old is None:
        return f"{place}: {_NEW[language]}{kind}"
    if isinstance(old, Mapping) and new is None:
        return f"{place}: {_REMOVED[language]}{kind}"
    before, after = (value_in_words(value, tree, lang, path[-1]) for value in (old, new))
    if old is None and "change" in path:
        return f"{place}: {after}"  # what it was is not here, but in what the change is laid over
    return f"{place}: {before} → {after}"


def place_in_words(path: Path, tree: Any, lang: Lang) -> str:
    """The path by the labels of its parts, without the names of the sections."""
    parts = []
    for rank, part in enumerate(path):
        before = path[rank - 1] if rank else ""
        last = rank == len(path) - 1
        if before == "regimes":
            parts.append(_since(tree, path[: rank + 1], lang))
        elif before in _NAMED:
            label = label_at(tree, path[: rank + 1], lang)
            parts.append(label or name_in_words(tree, part, lang, before))
        elif last or not (part in _KINDS or part in ("change", "casework")):
            parts.append(key_in_words(part, lang))
    return ", ".join(parts)


def _since(tree: Any, path: Path, lang: Lang) -> str:
    """``from 1 Jan 2015`` for a regime."""
    first = value_in_words(at(tree, path).get("from"), tree, lang)
    return _FROM[LANGUAGES.index(lang)].format(first)
