"""What differs between two scenarios, in a planner's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from simflow.scenario.loaded import Loaded
from simflow.scenario.merge import Path, at
from simflow.scenario.show import origin_of, written

_SKIPPED = {"simflow", "name", "title", "question", "hypothesis", "key_measures"}
_WORDS = {
    "en": {
        "services": "service", "channels": "channel", "exits": "exit", "staff": "staff pool",
        "segments": "segment", "needs": "need", "regimes": "dated change", "workers": "worker",
        "risks": "risk", "new": "new", "removed": "removed", "not set": "not set",
    },
    "fi": {
        "services": "palvelu", "channels": "kanava", "exits": "päättymistapa",
        "staff": "henkilöstöryhmä", "segments": "asiakasryhmä", "needs": "tarve",
        "regimes": "muutos päivämäärästä", "workers": "työntekijä", "risks": "riski",
        "new": "uusi", "removed": "poistettu", "not set": "ei asetettu",
    },
}  # fmt: skip


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


def diff(a: Loaded, b: Loaded, lang: Literal["en", "fi"] = "en") -> list[Difference]:
    """What changes from `a` to `b`, in the order of the files."""
    found = []
    for path, old, new in _changes(a.tree, b.tree, ()):
        side = b if new is not None else a
        origin = origin_of(side.origins, path)
        place = f"{origin.file}:{origin.line}" if origin.line else origin.file
        sentence = _sentence(path, old, new, side.tree, lang)
        found.append(Difference(".".join(path), sentence, written(old), written(new), place))
    return found


def _changes(old: Any, new: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            if path or key not in _SKIPPED:
                yield from _changes(old.get(key), new.get(key), (*path, str(key)))
    elif old != new or isinstance(old, bool) != isinstance(new, bool):
        yield path, old, new


def _sentence(path: Path, old: Any, new: Any, tree: Any, lang: str) -> str:
    words = _WORDS[lang]
    place = _place(path, tree, lang)
    if isinstance(new, Mapping) and old is None:
        return f"{place}: {words['new']}{_kind(path, words)}"
    if isinstance(old, Mapping) and new is None:
        return f"{place}: {words['removed']}{_kind(path, words)}"
    before = words["not set"] if old is None else written(old)
    after = words["not set"] if new is None else written(new)
    return f"{place}: {before} → {after}"


def _kind(path: Path, words: Mapping[str, str]) -> str:
    kind = words.get(path[-2], "") if len(path) > 1 else ""
    return f" {kind}" if kind else ""


def _place(path: Path, tree: Any, lang: str) -> str:
    """The path by the labels of its parts, without the names of the sections."""
    parts = []
    for rank, part in enumerate(path):
        section = rank == 0 and len(path) > 1 and part in _WORDS["en"]
        if not section and part not in ("change", "workers"):
            parts.append(_label(tree, path[: rank + 1], lang))
    return ", ".join(parts)


def _label(tree: Any, path: Path, lang: str) -> str:
    """Label of the part at a path, or of the service or exit that it names; else its name."""
    sections = ("services", "exits", "segments", "needs", "staff")
    tries = [path, *((section, path[-1]) for section in sections)]
    for place in tries:
        try:
            label = at(tree, place)["label"]
        except (KeyError, TypeError, IndexError):
            continue
        return str(label[lang] if isinstance(label, Mapping) else label)
    return path[-1].replace("_", " ")
