"""Who is a client's own worker, and how often the two meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simflow.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    from simflow.model.client import Client
    from simflow.model.risks import Terms
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
    terms = client.profile.terms
    assert terms is not None
    pool, held = world.pools[terms.staff], client.worker
    if terms.keeps_assessor and held is not None and held.pool is pool:
        return
    client.worker = pool.least_loaded(world.env.now)


def interval(terms: Terms, caseload: float, since_progress: float) -> float:
    """Time until the next contact, in days.

    Parameters
    ----------
    terms : Terms
        The rules.
    caseload : float
        Open clients per full-time equivalent of the own worker.
    since_progress : float
        Days since the case last moved.
    """
    days = terms.contact_interval
    if caseload > terms.caseload_reference:
        days *= (caseload / terms.caseload_reference) ** terms.caseload_effect
    if since_progress > terms.stagnates_after:
        months = (since_progress - terms.stagnates_after) / DAYS_PER_MONTH
        days *= min(terms.at_most, 1 + terms.growth * months)
    return days
