"""Looks at growing numbers of draws, without more wrong claims than at one look.

Whoever looks at a 90 % range after 40, 100, 200 and 400 draws and stops at the first claim makes
more wrong claims than the 5 % of one look. So each look spends a part of the 5 %: by t, the part
of the draws reached, a total of ``alpha log(1 + (e - 1) t)`` is spent (Lan & DeMets 1983,
Biometrika 70, 659-663; the function near Pocock's). A look's range leaves out, on each side, what
that look adds; by Bonferroni the chance of one wrong claim over all looks is at most 5 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import e, log
from typing import Final

LOOKS: Final[tuple[int, ...]] = (40, 100, 200, 400)
"""Draws of the posterior at which the ranges are looked at."""
ALPHA: Final = 0.05
"""Largest chance of a wrong claim over all looks: one side of a 90 % range."""


def confidence_at(look_index: int, looks: Sequence[int] = LOOKS) -> float:
    """Two-sided confidence of the ranges at a look.

    Parameters
    ----------
    look_index : int
        From 0.
    looks : sequence of int
        Draws at each look, ascending; the last is the most that is ever run.
    """
    before = looks[look_index - 1] if look_index else 0
    return 1 - 2 * (_spent(looks[look_index] / looks[-1]) - _spent(before / looks[-1]))


def _spent(part: float) -> float:
    return ALPHA * log(1 + (e - 1) * part)
