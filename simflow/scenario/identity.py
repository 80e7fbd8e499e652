"""What a calibration was made of, and what differs in a scenario that is to use it.

The values that were fitted may change (they are replaced), and so may texts, prices and goals,
which change no run. So may what lies after the period whose figures were fitted: the follow-up,
and dates in it. Everything else must be as it was.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

_FREE: Final = {
    "simflow", "name", "title", "question", "hypothesis", "circumstance", "published",
    "key_measures", "goals", "targets", "costs", "translations", "decide", "posterior",
}  # fmt: skip
_TEXTS: Final = {
    "label", "reason", "price", "benefit", "wait_limit", "begins", "in_touch_for",
    "first_service_within", "follow_up", "repeats", "evidence",
}  # fmt: skip
"""Keys, at any depth, that are for the reader, the accounts, the outcomes or the follow-up."""
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def core(tree: Mapping[str, Any], fitted: Collection[str]) -> dict[str, str]:
    """Values that decide how a scenario runs, by dotted path, without those fitted."""
    horizon = tree.get("horizon", {})
    end = str(horizon.get("end", "9999-12-31"))
    return {
        path: str(value)
        for path, value in _leaves(tree, ())
        if path not in fitted
        and path.partition(".")[0] not in _FREE
        and not _later(path, str(value), end)
    }


def _later(path: str, value: str, end: str) -> bool:
    """Whether a value is a date from the period's last day on, which decides nothing within it."""
    is_end = path in ("horizon.end", "horizon.closes")
    return not is_end and _DATE.fullmatch(value) is not None and value >= end


def digest(content: object) -> str:
    """SHA-256 of plain values."""
    text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def differences(
    tree: Mapping[str, Any], known: Mapping[str, str], fitted: Collection[str]
) -> list[str]:
    """What differs between a scenario and the one that was calibrated, in words.

    Parameters
    ----------
    tree : mapping
        Plain values of the scenario.
    known : mapping
        `core` of the calibrated scenario.
    fitted : collection of str
        Paths that were fitted.
    """
    now = core(tree, fitted)
    return [
        f"{path}: {_word(known.get(path))} when calibrated, {_word(now.get(path))} here"
        for path in sorted({*now, *known})
        if known.get(path) != now.get(path)
    ]


def _word(value: str | None) -> str:
    return "nothing" if value is None else value


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if str(key) not in _TEXTS:
                yield from _leaves(inner, (*path, str(key)))
    elif isinstance(value, list):
        for rank, inner in enumerate(value):
            yield from _leaves(inner, (*path, str(rank)))
    else:
        yield ".".join(path), value
