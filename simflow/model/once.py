"""What is the same in every replication is made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


def once(kept: int) -> Callable[[Callable[[*Ts], T]], Callable[[*Ts], T]]:
    """Remember what a function gives for its last few arguments, told apart by identity.

    Parameters
    ----------
    kept : int
        Results remembered, and their arguments with them.
    """

    def remembering(make: Callable[[*Ts], T]) -> Callable[[*Ts], T]:
        # The arguments stay alive as long as they are known, so their identity stays their own.
        known: dict[tuple[int, ...], tuple[tuple[*Ts], T]] = {}

        @wraps(make)
        def remembered(*parts: *Ts) -> T:
            key = tuple(map(id, parts))
            if key not in known:
                if len(known) >= kept:
                    del known[next(iter(known))]
                known[key] = parts, make(*parts)
            return known[key][1]

        return remembered

    return remembering
