"""The space of unknowns: the unit cube, and the numbers of the scenario that a point stands for.

A point has one coordinate for each prior and one for each stick of a split. The first stick is
the part that the first share takes of the whole, the next the part that the second takes of what
is left, and so on; with the beta laws used here the shares have a Dirichlet distribution. The
coordinates are independent and uniform under the prior, so `z`, their normal quantile, is the
space in which the posterior is fitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simflow.calibrate.laws import EDGE, Quantile, beta_quantile, quantile_of
from simflow.calibrate.schema import CalibrationFile, Prior, Split
from simflow.measures import Label
from simflow.measures.frame import named
from simflow.scenario import Loaded
from simflow.scenario.merge import at
from simflow.scenario.values import Text
from simflow.units import share

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Unknown:
    """A number of the scenario that is not known.

    Attributes
    ----------
    name : str
        Short name: that of the prior, or ``split.share``.
    path : str
        Its dotted path in the scenario.
    unit : str
        Unit of its values.
    label : Label
        Name for readers, in English and Finnish.
    free : bool
        Whether it is set; False for the share that is the rest of its split.
    """

    name: str
    path: str
    unit: str
    label: Label
    free: bool = True


class _Number:
    """One prior: one coordinate, and the numbers that move with it."""

    width = 1

    def __init__(self, name: str, prior: Prior) -> None:
        label = _label(prior.label, name)
        self.unknowns = [Unknown(name, prior.path, prior.unit, label)]
        self.along = prior.along
        self._quantile = quantile_of(prior.prior)

    def values(self, cube: Floats) -> Floats:
        return self._quantile(cube)  # shape (points, 1)


class _Shares:
    """One split: a coordinate for each stick, a value for each share."""

    along: Mapping[str, float] = {}

    def __init__(self, name: str, split: Split, loaded: Loaded) -> None:
        shares = at(loaded.tree, tuple(split.path.split(".")))
        fixed = [value for other, value in shares.items() if other not in split.dirichlet]
        self._total = 1.0 - sum(share(value) for value in fixed)
        weights = list(split.dirichlet.values())
        self.width = len(weights) - 1
        self._sticks: list[Quantile] = [
            beta_quantile(weights[k], sum(weights[k + 1 :])) for k in range(self.width)
        ]
        self._percent = [isinstance(shares[other], str) for other in split.dirichlet]
        whole = _label(split.label, name)
        self.unknowns = []
        for other in split.dirichlet:
            one = _part(loaded, other)
            label = Label(f"{whole.en}: {one.en}", f"{whole.fi}: {one.fi}")
            path, free = f"{split.path}.{other}", shares[other] != "rest"
            self.unknowns.append(Unknown(f"{name}.{other}", path, "%", label, free))

    def values(self, cube: Floats) -> Floats:
        left = np.full(len(cube), self._total)
        columns = []
        for k, stick in enumerate(self._sticks):
            taken = left * stick(cube[:, k])
            columns.append(taken)
            left = left - taken
        columns.append(left)
        scale = np.where(self._percent, 100.0, 1.0)
        return np.asarray(np.stack(columns, axis=1) * scale, float)


def _label(text: Text | None, name: str) -> Label:
    plain = name.replace("_", " ")
    return Label(plain, plain) if text is None else Label(text.en, text.fi)


def _part(loaded: Loaded, name: str) -> Label:
    """Label of a service or exit, or the name itself."""
    scenario = loaded.scenario
    for parts in (scenario.services, scenario.exits, scenario.segments):
        if name in parts:
            return named(name, parts[name])
    if name == "back":
        return Label("back to guidance", "takaisin ohjaukseen")
    return _label(None, name)


class Space:
    """All unknowns of a calibration.

    Parameters
    ----------
    file : CalibrationFile
        The priors.
    loaded : Loaded
        The scenario; its fixed shares are taken off the splits.

    Attributes
    ----------
    unknowns : tuple of Unknown
        The columns of `values`.
    width : int
        Coordinates of a point.
    """

    def __init__(self, file: CalibrationFile, loaded: Loaded) -> None:
        self._blocks: list[_Number | _Shares] = [
            _Number(name, prior) for name, prior in file.priors.items()
        ]
        self._blocks += [_Shares(name, split, loaded) for name, split in file.splits.items()]
        self.unknowns = tuple(u for block in self._blocks for u in block.unknowns)
        self.width = sum(block.width for block in self._blocks)
        self._along: dict[str, tuple[int, float]] = {}
        first = 0
        for block in self._blocks:
            self._along |= {path: (first, factor) for path, factor in block.along.items()}
            first += len(block.unknowns)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that a point sets."""
        return (*(u.path for u in self.unknowns if u.free), *self._along)

    def values(self, cube: Floats) -> Floats:
        """Values of the unknowns.

        Parameters
        ----------
        cube : array, shape (points, width)
            Coordinates between 0 and 1.

        Returns
        -------
        array, shape (points, unknowns)
            In each unknown's unit.
        """
        columns, first = [], 0
        for block in self._blocks:
            columns.append(block.values(cube[:, first : first + block.width]))
            first += block.width
        return np.concatenate(columns, axis=1)

    def settings(self, values: Floats) -> dict[str, float]:
        """Numbers to set in the scenario, by path, for the values of one point."""
        found = {
            unknown.path: float(value)
            for unknown, value in zip(self.unknowns, values, strict=True)
            if unknown.free
        }
        found |= {path: float(values[k]) * factor for path, (k, factor) in self._along.items()}
        return found


def to_z(cube: Floats) -> Floats:
    """Normal quantiles of coordinates."""
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(cube, EDGE, 1 - EDGE)), float)


def to_cube(z: Floats) -> Floats:
    """Coordinates of normal quantiles."""
    from scipy.special import ndtr

    return np.asarray(np.clip(ndtr(z), EDGE, 1 - EDGE), float)
