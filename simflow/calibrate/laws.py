"""Priors as quantile functions: from the unit cube to numbers of the scenario."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simflow.calibrate.schema import Law

Floats = NDArray[np.float64]
Quantile = Callable[[Floats], Floats]

EDGE = 1e-9
"""Nearest that a share comes to 0 or 1, where many laws have no finite value."""


def quantile_of(law: Law) -> Quantile:
    """The quantile function of a prior.

    Raises
    ------
    ValueError
        When there is no such distribution, or it does not take these parameters.
    """
    frozen = _frozen(law)
    low, high = 0.0, 1.0
    if law.range is not None and law.__pydantic_extra__:
        low, high = (float(frozen.cdf(end)) for end in law.range)
        if not high - low > EDGE:
            raise ValueError("the distribution has nothing within the range")
    if not np.isfinite(frozen.ppf([max(low, EDGE), min(high, 1 - EDGE)])).all():
        raise ValueError("these parameters make no distribution")
    return lambda share: np.asarray(frozen.ppf(low + (high - low) * _inside(share)), float)


def beta_quantile(first: float, rest: float) -> Quantile:
    """Quantile function of a stick: the part that one share takes of what is left."""
    from scipy.special import betaincinv

    return lambda share: np.asarray(betaincinv(first, rest, _inside(share)), float)


def _inside(share: Floats) -> Floats:
    return np.clip(share, EDGE, 1 - EDGE)


def _frozen(law: Law) -> Any:
    from scipy import stats

    family = getattr(stats, law.dist, None)
    if not isinstance(family, stats.rv_continuous):
        raise ValueError(f'there is no continuous distribution "{law.dist}" in scipy.stats')
    given = dict(law.__pydantic_extra__)
    if not given and law.range is not None:
        if law.dist != "uniform":
            raise ValueError(f"{law.dist} needs its parameters")
        return stats.uniform(loc=law.range[0], scale=law.range[1] - law.range[0])
    shapes = [name.strip() for name in (family.shapes or "").split(",") if name.strip()]
    unknown = sorted(set(given) - {*shapes, "loc", "scale"})
    missing = [name for name in shapes if name not in given]
    if unknown or missing:
        takes = ", ".join([*shapes, "loc", "scale"])
        wrong = f"does not take {', '.join(unknown)}" if unknown else f"needs {', '.join(missing)}"
        raise ValueError(f"{law.dist} {wrong}; expected {takes}")
    return family(**given)
