"""Places of labels and steps, moved apart where they would overlap."""

from __future__ import annotations

from collections.abc import Sequence


def apart(places: Sequence[float], gap: float) -> list[float]:
    """Places moved so that neighbours are at least `gap` apart, each as little as may be.

    Their order is kept.
    """
    order = sorted(range(len(places)), key=lambda item: places[item])
    moved = pooled([places[item] for item in order], [gap] * len(places), [1.0] * len(places))
    back = dict(zip(order, moved, strict=True))
    return [back[item] for item in range(len(places))]


def pooled(wanted: Sequence[float], gaps: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Places in the order given, each at least its gap after the one before it.

    Of all such places, those with the least weighted sum of squared moves: neighbours that are
    too close are pooled, and a pool stands at the mean of what its members want (the pool of
    adjacent violators; Barlow et al. 1972).

    Parameters
    ----------
    wanted : sequence of float
        Where each would like to be.
    gaps : sequence of float
        Smallest distance from the one before; the first has no meaning.
    weights : sequence of float
        What each counts for; above zero.
    """
    offsets = [sum(gaps[1 : place + 1]) for place in range(len(wanted))]
    pools: list[tuple[float, float, int]] = []  # level, weight, members
    for want, offset, weight in zip(wanted, offsets, weights, strict=True):
        pools.append((want - offset, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, heavy, few), (other, light, more) = pools[-2:]
            level = (one * heavy + other * light) / (heavy + light)
            pools[-2:] = [(level, heavy + light, few + more)]
    levels = [level for level, _, members in pools for _ in range(members)]
    return [level + offset for level, offset in zip(levels, offsets, strict=True)]
