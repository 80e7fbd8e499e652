"""Common random numbers: what does not change between two scenarios is the same in both."""

from __future__ import annotations

import numpy as np

from simflow.model.log import Outcome
from tests.functional.city import city, waited
from tests.helpers import Run, load_tree, run, runs


def _by_visit(made: Run, service: str) -> dict[tuple[int, int], float]:
    visits = made.visits_to(service)
    done = visits.where(visits["outcome"] == Outcome.COMPLETED)
    return {
        (int(client), int(visit)): float(ended - started)
        for client, visit, started, ended in zip(
            done["client"], done["visit"], done["started"], done["ended"], strict=True
        )
    }


def test_one_more_worker_shifts_no_other_draw() -> None:
    """Same arrivals, same people, same lengths of stay and same routes, to the last bit."""
    one = run(load_tree(city()))
    two = run(load_tree(city(staff__team__workers__worker__count=2)))
    for column in ("client", "referred", "channel", "segment", "needs"):
        a, b = (made.clients.rows[np.argsort(made.clients["client"])] for made in (one, two))
        rank = ("client", "channel", "segment", "needs", "referred").index(column)
        np.testing.assert_array_equal(a[:, rank], b[:, rank])
    few, many = _by_visit(one, "trial"), _by_visit(two, "trial")
    both = few.keys() & many.keys()
    assert len(both) > 50
    for key in both:
        assert abs(few[key] - many[key]) < 1e-9, key
    # What follows the first visit to the placement: the same for everyone who finished it in both.
    for client, visit in both:
        if (client, visit + 1) in few.keys() & many.keys():
            assert abs(few[client, visit + 1] - many[client, visit + 1]) < 1e-9


def test_a_service_more_shifts_no_draw() -> None:
    """A new service, unused, and a new channel leave the old clients' stays as they were."""
    plain = run(load_tree(city()))
    more = city()
    more["services"] = {
        "new": {"kind": "placement", "duration": "5 days", "then": {"left": "rest"}}
    } | more["services"]
    more["channels"] = {
        "other": {"kind": "rate", "to": "new", "rate": "3 per day"}
    } | more["channels"]  # fmt: skip
    changed = run(load_tree(more))
    rank = changed.names.channels.index("walk_in")
    came = changed.clients.where(changed.clients["channel"] == rank)["referred"]
    np.testing.assert_array_equal(np.sort(came), np.sort(plain.clients["referred"]))
    lengths = [sorted(_by_visit(made, "trial").values()) for made in (plain, changed)]
    np.testing.assert_allclose(lengths[0], lengths[1], atol=1e-9)


def test_pairing_cuts_the_variance_of_a_difference() -> None:
    """The same replications for both scenarios, against different ones for each."""
    near = [
        np.array([waited(made, "trial") for made in runs(load_tree(city(
            services__trial__places=places, staff__team__workers__worker__count=2)), 120)])
        for places in (18, 20)
    ]  # fmt: skip
    paired = np.var(near[1][:60] - near[0][:60], ddof=1)
    unpaired = np.var(near[1][60:] - near[0][:60], ddof=1)
    print(f"variance of the difference: unpaired {unpaired:.4g}, paired {paired:.4g}, "
          f"ratio {unpaired / paired:.1f}")  # fmt: skip
    assert unpaired > 3 * paired
