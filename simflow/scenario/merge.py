"""Putting one part of a scenario over another: maps merge, everything else replaces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with the values of `over`; neither is changed, what is untouched is shared."""
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        result[key] = merged(old, value) if both else value  # type: ignore[arg-type]
    return result


def at(tree: Any, path: tuple[str, ...]) -> Any:
    """Value at a path.

    Raises
    ------
    KeyError
        When there is none.
    """
    for part in path:
        if isinstance(tree, list):
            tree = tree[int(part)]
        elif isinstance(tree, Mapping):
            tree = tree[part]
        else:
            raise KeyError(part)
    return tree


def nest(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """A tree that holds the value at the path and nothing else."""
    for part in reversed(path):
        value = {part: value}
    assert isinstance(value, dict)
    return value
