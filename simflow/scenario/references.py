"""Names that stand for another part: each must be one that the scenario has.

A new place in the format where a name is used needs one line in `_USES`, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simflow.errors import Problem
from simflow.scenario.explain import near, problem_at
from simflow.scenario.merge import Path, at
from simflow.scenario.yamlfile import Origin

BACK = "back"
"""Target of a service given alongside another: it just ends, the other goes on."""
CONTACT = "contact"
"""The kind of work that casework is, among a pool's skills."""
_RESERVED = {BACK, "rest", CONTACT, "stock"}

_USES: tuple[tuple[str, str], ...] = (
    # Where (`*` any name or rank, a last `#` the names themselves), and what kind of name.
    ("channels.*.to", "service"),
    ("channels.*.staff", "pool"),
    ("channels.*.mix.#", "segment"),
    ("channels.*.segments.*", "segment"),
    ("channels.*.screens.#", "need"),
    ("services.*.then.#", "target"),
    ("services.*.evaluation", "service"),
    ("services.*.staff", "pool"),
    ("services.*.patience.to", "target"),
    ("services.*.dropout.to", "target"),
    ("services.*.refusal.to", "target"),
    ("services.*.full", "target"),
    ("services.*.lost", "target"),
    ("services.*.companion.service", "service"),
    ("services.*.companion.declined", "target"),
    ("services.*.search.staff", "pool"),
    ("services.*.search.not_found", "target"),
    ("services.*.sessions.staff", "pool"),
    ("staff.*.skills.#", "work"),
    ("costs.staff.#", "pool"),
    ("casework.staff", "pool"),
    ("casework.risks.*.leads_to", "outcome"),
    ("casework.review.to", "exit"),
    ("casework.time_limit.to", "exit"),
    ("exits.*.returns.to", "service"),
    ("relationship.starts_after", "service"),
    ("relationship.no_service_left", "exit"),
    ("horizon.closing_exit", "exit"),
    ("stock.mix.#", "segment"),
    ("stock.inside.#", "service"),
    ("stock.waiting_for.*", "service"),
)
_PARTS = {
    "services": "service", "exits": "exit", "staff": "pool", "segments": "segment",
    "needs": "need", "channels": "channel",
}  # fmt: skip
_CALLED = {
    "target": "service or exit", "work": "kind of work", "outcome": "outcome", "pool": "staff pool"
}  # fmt: skip

Origins = Mapping[Path, Origin]


def names_in(tree: Mapping[str, Any]) -> dict[str, list[str]]:
    """Names the scenario has, by what they name."""
    names = {kind: _keys(tree.get(section)) for section, kind in _PARTS.items()}
    names["segment"] = names["segment"] or ["all"]
    names["target"] = [*names["service"], *names["exit"]]
    names["work"] = [*names["service"], *names["channel"], CONTACT]
    names["outcome"] = ["next_step", "drift", "recover", *names["exit"]]
    return names


def companions(tree: Mapping[str, Any]) -> set[str]:
    """Services given alongside another, in the scenario or any change to it."""
    trees = [tree, *(change for _, change in changes_in(tree))]
    found = (hit for part in trees for hit in find(part, ("services", "*", "companion", "service")))
    return {name for _, name in found if isinstance(name, str)}


def changes_in(tree: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Each `change` of a regime, channel, segment or need, with its path."""
    for section in ("regimes", "channels", "segments", "needs"):
        for name in _keys(tree.get(section)):
            part = tree[section][name]
            change = part.get("change") if isinstance(part, Mapping) else None
            if isinstance(change, Mapping):
                yield (section, name, "change"), change


def check_references(tree: Mapping[str, Any], origins: Origins) -> list[Problem]:
    """Problems with names, in the scenario and in every change to it."""
    names, aside = names_in(tree), companions(tree)
    problems = _names_themselves(names, origins)
    problems += _unknown(tree, (), names, aside, origins)
    for prefix, change in changes_in(tree):
        problems += _unknown(change, prefix, names, aside, origins)
        for section, kind in _PARTS.items():
            for name in _keys(change.get(section)):
                if name not in names[kind]:
                    path = (*prefix, section, name)
                    problems.append(_problem(path, kind, name, names[kind], origins))
    return problems


def _names_themselves(names: Mapping[str, list[str]], origins: Origins) -> list[Problem]:
    problems = []
    for section, kind in _PARTS.items():
        for name in names[kind]:
            path = (section, name)
            if name in _RESERVED:
                message = f'"{name}" is a word of the format and cannot name a {kind}'
                problems.append(problem_at(path, message, "another name", origins))
            if kind == "exit" and name in names["service"]:
                message = f'"{name}" names a service and an exit'
                problems.append(problem_at(path, message, "two different names", origins))
            if kind == "channel" and name in names["service"]:
                message = f'"{name}" names a channel and a service'
                problems.append(problem_at(path, message, "two different names", origins))
    return problems


def _unknown(
    tree: Mapping[str, Any],
    prefix: Path,
    names: Mapping[str, list[str]],
    aside: set[str],
    origins: Origins,
) -> Iterator[Problem]:
    for pattern, kind in _USES:
        for path, name in find(tree, tuple(pattern.split("."))):
            if not isinstance(name, str) or name in names[kind]:
                continue
            if kind == "target" and name == BACK:
                if path[1] not in aside:
                    message = f'"{BACK}" is only for a service that is the companion of another'
                    expected = near("", names["target"])
                    yield problem_at((*prefix, *path), message, expected, origins)
                continue
            yield _problem((*prefix, *path), kind, name, names[kind], origins)


def _problem(path: Path, kind: str, name: str, known: list[str], origins: Origins) -> Problem:
    called = _CALLED.get(kind, kind)
    remedy = near(name, known)
    article = "an" if called[0] in "aeo" else "a"
    expected = f"the name of {article} {called}" + ("" if known else ", but there is none")
    return problem_at(path, f'unknown {called} "{name}"', expected, origins, remedy)


def find(tree: Any, pattern: Path, done: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Paths that a pattern fits, with what stands there; `*` any name or rank, `#` the names."""
    if not pattern:
        yield done, tree
        return
    head, rest = pattern[0], pattern[1:]
    if head == "#":
        for key in _keys(tree):
            yield (*done, key), key
    elif head == "*":
        steps = _keys(tree) if isinstance(tree, Mapping) else range(_length(tree))
        for step in steps:
            yield from find(at(tree, (str(step),)), rest, (*done, str(step)))
    elif isinstance(tree, Mapping) and head in tree:
        yield from find(tree[head], rest, (*done, head))


def _keys(part: Any) -> list[str]:
    return [str(key) for key in part] if isinstance(part, Mapping) else []


def _length(part: Any) -> int:
    return len(part) if isinstance(part, list) else 0
