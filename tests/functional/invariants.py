"""What must hold for the log of any scenario."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from simflow.model.log import Outcome
from tests.helpers import Run, Table

CLOSE = 1e-6
"""Days; times are sums of floats."""
NOT_INSIDE = (Outcome.MISSED, Outcome.LOST)


def until(table: Table, end: float) -> NDArray[np.float64]:
    """When each row ended; the end of the run for what is still open."""
    return np.where(np.isnan(table["ended"]), end, table["ended"])


def times_in_order(run: Run) -> None:
    """Asked, started, ended, in this order and within the run."""
    visits, clients = run.visits, run.clients
    begun = visits.where(~np.isnan(visits["started"]))
    assert (begun["started"] >= begun["requested"] - CLOSE).all()
    assert (until(begun, run.end) >= begun["started"] - CLOSE).all()
    assert (until(visits, run.end) >= visits["requested"] - CLOSE).all()
    assert (until(visits, run.end) <= run.end + CLOSE).all()
    for column in ("started", "served", "last_contact"):
        happened = clients.where(~np.isnan(clients[column]))
        assert (happened[column] >= happened["referred"] - CLOSE).all(), column
        assert (until(happened, run.end) >= happened[column] - CLOSE).all(), column
    ongoing = visits["outcome"] == Outcome.ONGOING
    assert (np.isnan(visits["ended"]) == ongoing).all()


def clients_add_up(run: Run) -> None:
    """Who came in has left or is inside, once; nobody gone is in a service."""
    clients, visits = run.clients, run.visits
    inside = np.isnan(clients["ended"])
    assert ((clients["exit"] == -1) == inside).all()
    open_ids = clients["client"][inside]
    assert len(set(open_ids)) == len(open_ids), "two open relationships of one client"
    everybody = set(clients["client"])
    assert everybody == set(range(len(everybody))), "a client without a row"
    assert set(visits["client"]) <= everybody
    ongoing = visits.where(visits["outcome"] == Outcome.ONGOING)
    assert set(ongoing["client"]) <= set(open_ids)
    main = ongoing["client"][ongoing["alongside"] == 0]
    assert len(set(main)) == len(main), "in two places at the end"
    assert set(main) == set(open_ids), "open, but neither waiting nor in a service"
    _visits_within_relationships(run)


def _visits_within_relationships(run: Run) -> None:
    clients, visits = run.clients, run.visits
    low, high = {}, {}
    for client, first, last in zip(
        clients["client"], clients["referred"], until(clients, run.end), strict=True
    ):
        low[client] = min(first, low.get(client, np.inf))
        high[client] = max(last, high.get(client, -np.inf))
    for client, asked, ended in zip(
        visits["client"], visits["requested"], until(visits, run.end), strict=True
    ):
        assert low[client] - CLOSE <= asked and ended <= high[client] + CLOSE


def came_by_channel(run: Run) -> None:
    """Bookings at sessions are referrals; given dates come on their dates."""
    clients = run.clients
    first = clients.where(np.unique(clients["client"], return_index=True)[1])
    for rank, name in enumerate(run.names.channels):
        came = int((first["channel"] == rank).sum())
        spec = run.loaded.scenario.channels.get(name)
        if name == "stock":
            stock = run.loaded.scenario.stock
            assert came == (stock.clients if stock else 0)
        elif spec is not None and spec.kind == "dates":
            assert came == len(spec.arrivals)
        elif spec is not None and spec.kind == "sessions":
            sessions = run.table("sessions")
            here = sessions.where(sessions["channel"] == rank)
            assert came == here["booked"].sum()
            assert (here["booked"] <= here["attended"]).all()
            assert (here["attended"] <= here["invited"]).all()


def nobody_in_two_places(run: Run) -> None:
    """Visits of a client that are not companions never overlap, nor their waiting."""
    visits = run.visits
    main = visits.where((visits["alongside"] == 0) & (visits["outcome"] != Outcome.MISSED))
    ended = until(main, run.end)
    order = np.lexsort((ended, main["requested"], main["client"]))
    same = np.diff(main["client"][order]) == 0
    gaps = main["requested"][order][1:] - ended[order][:-1]
    assert (gaps[same] >= -CLOSE).all()


def _occupancy_after(table: Table, end: float) -> NDArray[np.int64]:
    """Number inside after each change; at one moment, leaving comes before entering."""
    steps = np.concatenate([np.ones(len(table)), -np.ones(len(table))])
    times = np.concatenate([table["started"], until(table, end)])
    order = np.lexsort((steps, np.round(times, 9)))
    return np.cumsum(steps[order]).astype(np.int64)


def no_place_twice(run: Run) -> None:
    """Never more inside than places, and no more starts in a year than the quota."""
    horizon = run.loaded.scenario.horizon
    for name, spec in run.loaded.scenario.services.items():
        if spec.kind != "placement":
            continue
        visits = run.visits_to(name)
        begun = visits.where(~np.isnan(visits["started"]))
        if spec.places is not None and len(begun):
            assert _occupancy_after(begun, run.end).max() <= spec.places
        starts = begun["started"][begun["started"] >= 0]
        zero = horizon.start - dt.timedelta(days=round(horizon.warm_up))
        years = [(zero + dt.timedelta(days=float(day))).year for day in starts + CLOSE]
        # A year's quota is new on 1 January; the run's first year has one too, however late.
        if spec.quota is not None and spec.calls is None and years:
            assert max(np.unique(years, return_counts=True)[1]) <= spec.quota


def no_course_over_its_seats(run: Run) -> None:
    """Held courses have between the fewest and the most; the rest were cancelled."""
    courses = run.table("courses")
    held = courses.where(~np.isnan(courses["held"]))
    assert (held["enrolled"] <= held["seats"]).all()
    for name, spec in run.loaded.scenario.services.items():
        if spec.kind != "course":
            continue
        rank = run.names.services.index(name)
        here = held.where(held["service"] == rank)
        assert (here["enrolled"] >= spec.seats.min).all()
        assert (courses["enrolled"][np.isnan(courses["held"])] == 0).all()
        visits = run.visits_to(name)
        started = visits["started"][visits["started"] >= 0]
        assert len(started) == here["enrolled"].sum()
        assert np.isin(np.round(started, 6), np.round(here["held"], 6)).all()


def no_worker_over_his_hours(run: Run) -> None:
    """Work of a worker in a day and in a month is within his hours; none on closed days."""
    from simflow.model.calendar import daily_hours, day_zero

    work, available = run.table("work"), run.table("available")
    assert (work["hours"] > 0).all()
    hours = daily_hours([(day_zero(run.loaded.scenario.horizon), run.loaded.scenario)])
    for rank, key in enumerate(run.names.workers):
        mine = work.where(work["worker"] == rank)
        days = np.floor(mine["time"] + CLOSE).astype(int)
        used = np.bincount(days, mine["hours"], minlength=len(hours[key]))
        assert (used <= np.array(hours[key]) + CLOSE).all(), key
        months = available.where(available["worker"] == rank)
        edges = np.append(months["time"], run.end + 1)
        by_month = np.histogram(mine["time"], edges, weights=mine["hours"])[0]
        assert (by_month <= months["hours"] + CLOSE).all(), key


def nobody_meets_two_at_once(run: Run) -> None:
    """Pieces of work of one worker follow each other; none overlaps another."""
    work = run.table("work")
    for worker in np.unique(work["worker"]):
        mine = work.where(work["worker"] == worker)
        order = np.argsort(mine["time"], kind="stable")
        start, stop = mine["time"][order], (mine["time"] + mine["hours"] / 24)[order]
        assert (start[1:] >= stop[:-1] - CLOSE).all(), run.names.workers[int(worker)]


def history_rules(run: Run) -> None:
    """Nothing that is not to be repeated is; totals and single stays keep to their limits."""
    for name, spec in run.loaded.scenario.services.items():
        visits = run.visits_to(name)
        begun = visits.where(~np.isnan(visits["started"]) & (visits["started"] >= 0))
        stays = until(begun, run.end) - begun["started"]
        if not spec.repeat and len(begun):
            assert np.unique(begun["client"], return_counts=True)[1].max() == 1, name
        if spec.at_most is not None and len(begun):
            total = np.bincount(begun["client"].astype(int), stays)
            assert total.max() <= spec.at_most + CLOSE, name
        if spec.kind == "placement" and spec.max_length is not None:
            assert (stays <= spec.max_length + CLOSE).all(), name


ALL = (
    times_in_order, clients_add_up, came_by_channel, nobody_in_two_places, no_place_twice,
    no_course_over_its_seats, no_worker_over_his_hours, nobody_meets_two_at_once, history_rules,
)  # fmt: skip
