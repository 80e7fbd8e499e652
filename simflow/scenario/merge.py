"""Putting one part of a scenario over another: maps merge, everything else replaces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Path = tuple[str, ...]
"""The parts of a dotted path."""


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with the values of `over`; neither is changed, what is untouched is shared."""
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            result[key] = merged(old, value)
        else:
            result[key] = value
    return result


def extended(parent: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    """`parent` with the values of `child`, where a null takes away what the parent has."""
    result = dict(parent)
    for key, value in child.items():
        old = result.get(key)
        if value is None and key in parent:
            del result[key]
        elif isinstance(old, Mapping) and isinstance(value, Mapping):
            result[key] = extended(old, value)
        else:
            result[key] = value
    return result


def at(tree: Any, path: Path) -> Any:
    """Value at a path.

    Raises
    ------
    KeyError
        When there is none.
    """
    for part in path:
        if isinstance(tree, list) and part.isdigit() and int(part) < len(tree):
            tree = tree[int(part)]
        elif isinstance(tree, Mapping) and part in tree:
            tree = tree[part]
        else:
            raise KeyError(part)
    return tree


def parts_of(tree: Any, dotted: str) -> Path:
    """The parts of a dotted path; a key of the tree with dots in it, as measures have, is one."""
    path, left = [], dotted.split(".")
    while left:
        heads = {".".join(left[:size]): size for size in range(len(left), 0, -1)}
        inside = isinstance(tree, Mapping)
        head = next((head for head in heads if inside and head in tree), left[0])
        path.append(head)
        left = left[heads[head] :]
        try:
            tree = at(tree, (head,))
        except KeyError:
            tree = None
    return tuple(path)


def nest(path: Path, value: Any) -> dict[str, Any]:
    """A tree that holds the value at the path and nothing else.

    Raises
    ------
    ValueError
        When the path is empty.
    """
    if not path:
        raise ValueError("a path has at least one part")
    for part in reversed(path[1:]):
        value = {part: value}
    return {path[0]: value}


def placed(tree: Any, path: Path, value: Any) -> Any:
    """The tree with the value at the path (lists by rank): mappings merge, `tree` is unchanged."""
    if not path:
        both = isinstance(tree, Mapping) and isinstance(value, Mapping)
        return merged(tree, value) if both else value
    head, rest = path[0], path[1:]
    if isinstance(tree, list) and head.isdigit() and int(head) < len(tree):
        rank = int(head)
        return [*tree[:rank], placed(tree[rank], rest, value), *tree[rank + 1 :]]
    base = tree if isinstance(tree, Mapping) else {}
    return {**base, head: placed(base.get(head), rest, value)}
