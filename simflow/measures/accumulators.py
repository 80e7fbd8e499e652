"""Running sums that turn rows into figures without keeping the rows.

Sums of floats are added row by row, in the order of the log, so that a figure does not depend on
where one chunk of rows ends and the next begins.
"""

from __future__ import annotations

from math import nan
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Keys = NDArray[np.intp]

_BITS: Final = 52 - 7
"""Bits of a float below those that number the bins: 128 bins an octave."""
_SMALLEST: Final = 2.0**-14
"""Days (about 5 seconds); anything shorter falls into the first bin."""
_LARGEST: Final = 2.0**19
"""Days (about 1 400 years)."""
_OFFSET: Final = int(np.float64(_SMALLEST).view(np.int64) >> _BITS) - 1
_BINS: Final = int(np.float64(_LARGEST).view(np.int64) >> _BITS) - _OFFSET + 2
_ONE: Final = np.int32(1)
"""Of the same type as the numbers it is added to, which makes it quick."""
_SAME: Final = 1e-9
"""Days within which two times are the same; absorbs rounding of sums of floats."""


class Counter:
    """Counts by key."""

    def __init__(self, size: int) -> None:
        self.counts = np.zeros(size, np.int64)

    def add(self, keys: Keys) -> None:
        """Count one for each key."""
        if len(keys):
            self.counts += np.bincount(keys, minlength=len(self.counts))

    def count(self, key: int) -> float:
        """Count of a key."""
        return float(self.counts[key])

    def total(self) -> float:
        """Count of all keys."""
        return float(self.counts.sum())


class Sum:
    """Sums of a value by key."""

    def __init__(self, size: int) -> None:
        self.sums = np.zeros(size)

    def add(self, keys: Keys, values: Floats) -> None:
        """Add each value to its key."""
        np.add.at(self.sums, keys, values)

    def sum(self, key: int) -> float:
        """Sum of a key."""
        return float(self.sums[key])


class Tally(Sum):
    """Sums of a value by key, and how many they are of."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.counts = np.zeros(size, np.int64)

    def add(self, keys: Keys, values: Floats) -> None:
        """Add each value to its key, and count it."""
        super().add(keys, values)
        self.counts += np.bincount(keys, minlength=len(self.counts))

    def mean(self, key: int) -> float:
        """Mean value of a key; NaN when it has none."""
        count = self.counts[key]
        return float(self.sums[key] / count) if count else nan


class Grid:
    """How many are inside, by group, at fixed moments.

    Parameters
    ----------
    groups : int
        Number of groups.
    points : array of float
        The moments in days, ascending. `step` is their distance when it is even.
    """

    def __init__(self, groups: int, points: ArrayLike, step: float | None = None) -> None:
        self.points = np.asarray(points, float)
        self._step = step
        self._width = len(self.points) + 1
        # Half of the usual size: with a point a day, this is what a long run needs most of.
        self._changes = np.zeros(groups * self._width, np.int32)

    def add(self, groups: Keys, start: Floats, stop: Floats) -> None:
        """Count stays from `start` to just before `stop` (infinite when still inside)."""
        if len(groups) and len(self.points):
            base = groups * self._width
            np.add.at(self._changes, base + self._index(start), _ONE)
            np.add.at(self._changes, base + self._index(stop), -_ONE)

    def _index(self, times: Floats) -> Keys:
        if self._step is None:
            return np.asarray(np.searchsorted(self.points, times), np.intp)
        index = np.ceil((times - self.points[0]) / self._step)
        return np.asarray(np.clip(index, 0, len(self.points)), np.intp)

    def levels(self) -> NDArray[np.int32]:
        """Numbers inside, shape (groups, points)."""
        return np.cumsum(self._changes.reshape(-1, self._width)[:, :-1], axis=1, dtype=np.int32)


def _edged(bins: NDArray[Any], used: Keys) -> NDArray[Any]:
    """The bins used of each curve, with a column of zeros before and after them."""
    table = bins.reshape(-1, _BINS)
    edged = np.zeros((len(table), len(used) + 2), bins.dtype)
    edged[:, 1:-1] = table[:, used]
    return edged


def _from_here_on(numbers: NDArray[np.int32]) -> NDArray[np.int64]:
    """Sums of each column and all after it."""
    return np.asarray(numbers[:, ::-1].cumsum(axis=1)[:, ::-1], np.int64)


class Survival:
    """Kaplan-Meier curves by key, from histograms with 128 bins an octave.

    A bin remembers the mean of its events, so that equal times are reported exactly; others are
    off by less than 0.8 %. `limits` are edges of bins, so shares within a limit are exact.

    Parameters
    ----------
    size : int
        Number of curves.
    limits : sequence of float
        A limit in days for each curve; infinite where there is none.
    """

    def __init__(self, size: int, limits: ArrayLike | None = None) -> None:
        self._limits = np.full(size, np.inf) if limits is None else np.asarray(limits, float)
        self._beyond = self._limits + _SAME if np.isfinite(self._limits).any() else None
        # All times, and those of them until the event; four bytes each, as most stay zero.
        self._times, self._events = (np.zeros(size * _BINS, np.int32) for _ in range(2))
        self._sums = np.zeros(size * _BINS)
        self._entered: NDArray[np.int32] | None = None
        self._used = np.zeros(_BINS, np.bool_)

    def _bins(self, keys: Keys, times: Floats) -> Keys:
        inside = np.minimum(np.maximum(times, _SMALLEST / 2), _LARGEST)
        bins = np.maximum((inside.view(np.int64) >> _BITS) - _OFFSET, 0)
        if self._beyond is not None:
            bins += times > self._beyond[keys]
        self._used[bins] = True
        return np.asarray(keys * _BINS + bins, np.intp)

    def add(self, keys: Keys, times: Floats, happened: NDArray[np.bool_]) -> None:
        """Add times (days) until the event, or until censored where it has not `happened`."""
        bins = self._bins(keys, times)
        np.add.at(self._times, bins, _ONE)
        events = np.flatnonzero(happened)
        bins = bins[events]
        np.add.at(self._events, bins, _ONE)
        np.add.at(self._sums, bins, times[events])

    def enter(self, keys: Keys, times: Floats) -> None:
        """Let lives come under observation only at an age (days), where that is above zero."""
        late = np.flatnonzero(times > 0)
        if len(late):
            if self._entered is None:
                self._entered = np.zeros_like(self._times)
            np.add.at(self._entered, self._bins(keys[late], times[late]), _ONE)

    def curves(self) -> Curves:
        """The curves as they stand."""
        # Only bins with something in them, and one before and one after all of them.
        used = np.flatnonzero(self._used)
        bins = np.concatenate([[-1], used, [_BINS]])
        events, risk = _edged(self._events, used), _from_here_on(_edged(self._times, used))
        if self._entered is not None:  # not yet under observation: those who enter in a later bin
            entered = _edged(self._entered, used)
            risk = risk - (_from_here_on(entered) - entered)
        stay = 1 - np.divide(events, risk, out=np.zeros(risk.shape), where=risk > 0)
        survival = np.cumprod(np.maximum(stay, 0), axis=1)
        return Curves(bins, survival, risk, events, _edged(self._sums, used), self._limits)


class Curves:
    """Kaplan-Meier curves, read at a share or at their limit."""

    def __init__(
        self,
        bins: NDArray[np.intp],
        survival: Floats,
        risk: NDArray[np.int64],
        events: NDArray[np.int32],
        sums: Floats,
        limits: Floats,
    ) -> None:
        self._bins = bins
        self._survival, self._risk, self._events = survival, risk, events
        self._sums, self._limits = sums, limits

    def quantile(self, key: int, share: float) -> float:
        """Time by which the event has happened to a share; NaN when the curve does not reach it."""
        curve, events = self._survival[key], self._events[key]
        place = int((-curve).searchsorted(share - 1 - _SAME))
        while place < len(events) and not events[place]:
            place += 1
        return float(self._sums[key, place] / events[place]) if place < len(events) else nan

    def within(self, key: int) -> float:
        """Share to whom it has happened within the limit; NaN when the curve ends before it."""
        limit = float(self._limits[key])
        found = np.float64(min(max(limit, _SMALLEST / 2), _LARGEST)).view(np.int64) >> _BITS
        bin_ = max(int(found) - _OFFSET, 0)
        survival = float(self._survival[key, np.searchsorted(self._bins, bin_, "right") - 1])
        risk = self._risk[key, np.searchsorted(self._bins, bin_)]
        if not self._risk[key, 0] or (survival > 0 and not risk):
            return nan
        return 1 - survival

    def at(self, ages: Floats) -> Floats:
        """Share to whom it has happened by each age, shape (curves, ages).

        NaN where the curve ends before. A bin that an age cuts counts when its mean does.
        """
        bins = (ages.view(np.int64) >> _BITS) - _OFFSET
        bins = bins + (ages > self._limits[:, None] + _SAME)
        rows, places = np.arange(len(bins))[:, None], np.searchsorted(self._bins, bins, "right") - 1
        late = self._bins[places] == bins
        late &= self._sums[rows, places] > (ages + _SAME) * self._events[rows, places]
        survival = self._survival[rows, places - late]
        ended = (survival > 0) & (self._risk[rows, np.searchsorted(self._bins, bins)] == 0)
        return np.where(ended | (self._risk[:, :1] == 0), nan, 1 - survival)
