"""Who is a client's own worker, and how often the two meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simflow.scenario.casework import Casework, Stagnation
from simflow.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    from simflow.model.client import Client
    from simflow.model.world import World


def choose_worker(world: World, client: Client) -> None:
    """Give the client his own worker.

    Parameters
    ----------
    world : World
        The replication.
    client : Client
        Whose relationship starts; `worker` may already be who held the first meeting.
    """
    spec = client.profile.casework
    assert spec is not None
    pool, held = world.pools[spec.staff], client.worker
    if spec.worker == "assessor" and held is not None and held.pool is pool:
        return
    client.worker = pool.least_loaded(world.env.now)


def interval(spec: Casework, caseload: float, since_progress: float) -> float:
    """Time until the next contact, in days.

    Parameters
    ----------
    spec : Casework
        The rules.
    caseload : float
        Open clients per full-time equivalent of the own worker.
    since_progress : float
        Days since the case last moved.
    """
    crowded: float = max(1.0, caseload / spec.caseload_reference) ** spec.caseload_effect
    return spec.contact_interval * crowded * _stretch(spec.stagnation, since_progress)


def _stretch(stagnation: Stagnation | None, since_progress: float) -> float:
    if stagnation is None or since_progress <= stagnation.after:
        return 1.0
    months = (since_progress - stagnation.after) / DAYS_PER_MONTH
    return min(stagnation.at_most, 1 + stagnation.growth * months)
