"""Values as cells of a CSV: exact, empty where there is none, never a formula."""

from __future__ import annotations

from math import isfinite
from typing import Final


def cell(value: float | None) -> str:
    """A value as text in a CSV, exact; empty when there is none."""
    return "" if value is None or not isfinite(value) else repr(float(value))


FORMULA: Final = tuple("=+-@\t\r'")
"""What a text begins with that a spreadsheet could take for a formula, and the guard itself."""


def guarded(text: str) -> str:
    """A text as a cell of a CSV, with an apostrophe where a spreadsheet would see a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def unguarded(text: str) -> str:
    """The text of a cell that `guarded` made."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text
