"""The city's share of labour market subsidy, followed client by client.

Counted for everyone referred, from the referral (for those there at the start: from the start of
their relationship) to the end of the window, whether they start, leave or stay:

- Who left before the window opens, and does not come back, is left out.
- Paid days are those paid before the referral (`benefit_days` of the log) and those since: 21.5
  in a month on subsidy. The city pays its share of a day by the bracket that the number of paid
  days lies in, at the rate and the brackets in force on the date.
- In a promoting service days are paid and counted, but the state pays all of them. In a service
  of support `none`, a subsidised job, none is paid, and the count stands still. A client who
  waits for a service is as outside it. A service given alongside another changes nothing.
- An exit to work or education ends it; after other exits it goes on without support to the end
  of the window (by `benefit` of an exit otherwise). Who comes back goes on from his count.
- The sum is a definite integral: with S(p) the city's share of the first p days, a stay in one
  bracket or across several costs S(after) - S(before). Nothing is counted day by day.

`avoided` is what the same clients would have cost the city on subsidy all along, less what they
cost: unlike the share itself, it does not grow just because more clients are referred.
"""

from __future__ import annotations

from math import inf

import numpy as np

from simflow.measures.accumulators import Floats, Keys, Sum
from simflow.measures.frame import Bools, Frame, Relations, Visits
from simflow.measures.prices import CO_FUNDED, NONE, PROMOTING, prices_of
from simflow.scenario.moves import returning
from simflow.units import DAYS_PER_MONTH

_Spell = tuple[float, float, int]
"""From, to, and the service; `services` + a support stands for time between relationships."""


class Followed:
    """Clients' subsidy, folded from the log; remembers the spells of those inside.

    Who has left by an exit from which one can return is remembered to the end, too.
    """

    def __init__(self, frame: Frame, days_a_month: float) -> None:
        self.frame = frame
        self.prices = prices_of(frame.scenario)
        self.pace = days_a_month / DAYS_PER_MONTH
        self.sums = Sum(2)
        self.services = len(frame.names.services)
        self.special: Bools = np.any(
            [prices.support != CO_FUNDED for prices in self.prices], axis=0
        )
        may_return = returning(frame.scenario)
        self.returning = np.array([name in may_return for name in frame.names.exits] + [False])
        self.spells: dict[int, list[_Spell]] = {}
        self.away: dict[int, tuple[float, float, int]] = {}
        """Since when, paid days by then, and the support since, of those who may come back."""

    @property
    def cost(self) -> float:
        """The city's share in the window, in euros."""
        return self.sums.sum(0)

    @property
    def avoided(self) -> float:
        """What it would have been without services and exits, less what it is."""
        return self.sums.sum(1) - self.sums.sum(0)

    def visits(self, rows: Visits) -> None:
        """Remember stays in services with another support."""
        chosen = np.flatnonzero(rows.begun & self.special[rows.service] & (rows["alongside"] == 0))
        columns = (rows["client"], rows.started, rows.stop, rows.service)
        for client, *spell in zip(*(column[chosen].tolist() for column in columns), strict=True):
            self.spells.setdefault(int(client), []).append((spell[0], spell[1], spell[2]))

    def clients(self, rows: Relations) -> None:
        """Follow each relationship to its end, and on where its exit says so."""
        client, exit_, since, paid = (
            rows.keys("client"), rows.keys("exit"), rows["referred"], rows["benefit_days"]
        )  # fmt: skip
        for some in self._in_turn(client):
            self._follow(client[some], exit_[some], since[some], paid[some], rows.stop[some])

    def _in_turn(self, client: Keys) -> list[Keys]:
        """Rows in groups in which nobody is twice: a return needs what came before it."""
        if not self.returning.any():
            return [np.arange(len(client))]
        times: dict[int, int] = {}
        turn = []
        for number in client.tolist():
            times[number] = times.get(number, -1) + 1
            turn.append(times[number])
        return [np.flatnonzero(np.array(turn) == rank) for rank in range(max(turn) + 1)]

    def _follow(self, client: Keys, exit_: Keys, since: Floats, paid: Floats, stop: Floats) -> None:
        after = self._support_after(exit_, stop)
        returning = self.returning[exit_]
        first = np.ones(len(since), np.bool_)
        spells: list[_Spell] = []
        place: list[int] = []
        stops = stop.tolist()
        for rank, number in enumerate(client.tolist()):
            if number not in self.spells and number not in self.away:
                continue
            if number in self.away:
                gone, paid[rank], support = self.away.pop(number)
                spells.append((gone, since[rank], self.services + support))
                place.append(rank)
                since[rank], first[rank] = gone, gone < self.frame.begin
            mine = self._spells(number, stops[rank])
            spells += mine
            place += [rank] * len(mine)
        # Who left before the window opens is no client of it.
        now = stop >= self.frame.begin
        until = np.where((after == CO_FUNDED) & ~returning & now, inf, stop)
        until = np.minimum(until, self.frame.end)
        paid_by = self._add(since, paid, until, np.array(place, np.intp), spells)
        alone = first & now
        self._add_alone(since[alone], paid[alone])
        for rank in np.flatnonzero(returning).tolist():
            left = float(stop[rank]), float(paid_by[rank]), int(after[rank])
            self.away[int(client[rank])] = left

    def close(self) -> None:
        """Those who have not come back go on to the end of the window."""
        on = [
            (since, paid)
            for since, paid, support in self.away.values()
            if support == CO_FUNDED and since >= self.frame.begin
        ]
        self.away = {}
        if on:
            since, paid = np.array(on).T
            self._add(since, paid, np.full(len(on), self.frame.end), np.zeros(0, np.intp), [])

    def _spells(self, client: int, stop: float) -> list[_Spell]:
        """Spells of the relationship that ended then, and not of one after a return."""
        found = self.spells.pop(client, [])
        later = [spell for spell in found if spell[0] >= stop]
        if later:
            self.spells[client] = later
        return found[: len(found) - len(later)]

    def _support_after(self, exit_: Keys, stop: Floats) -> Keys:
        found = np.zeros(len(exit_), np.intp)
        for prices in self.prices:
            now = (exit_ >= 0) & (stop >= prices.begin)
            found[now] = prices.exit_support[exit_[now]]
        return found

    def _add_alone(self, since: Floats, paid: Floats) -> None:
        """What clients would cost without any service or exit."""
        for prices in self.prices:
            begin, end = (np.maximum(at, since) - since for at in (prices.begin, prices.end))
            cost = prices.paid(paid + self.pace * end) - prices.paid(paid + self.pace * begin)
            self.sums.add(np.ones(len(since), np.intp), cost)

    def _add(
        self, since: Floats, paid: Floats, until: Floats, place: Keys, spells: list[_Spell]
    ) -> Floats:
        """Add what clients cost between two times; their paid days by the second.

        Parameters
        ----------
        since, until : array, shape (clients,)
            Days.
        paid : array, shape (clients,)
            Paid days by `since`.
        place : array of int
            Whose each spell is, in order.
        spells : list
            Spells in order of time for each client.
        """
        place, start, stop, support = self._cut(place, spells, until)
        paused = np.where(support == NONE, stop - start, 0.0)
        before = np.cumsum(paused) - paused  # by the spell's start, less those of other clients
        before -= before[np.searchsorted(place, place)] if len(place) else 0.0
        count = len(since)

        def paid_by(at: Floats) -> Floats:
            out = np.bincount(place, np.clip(at[place] - start, 0.0, paused), count)
            return np.asarray(paid + self.pace * (at - since - out), np.float64)

        promoted = np.flatnonzero(support == PROMOTING)
        whose, gap = place[promoted], before[promoted]
        for prices in self.prices:
            ends = (np.clip(at, since, until) for at in (prices.begin, prices.end))
            begin, end = (prices.paid(paid_by(at)) for at in ends)
            self.sums.add(np.zeros(count, np.intp), end - begin)
            inside = [np.clip(at[promoted], prices.begin, prices.end) for at in (start, stop)]
            low, high = (
                prices.paid(paid[whose] + self.pace * (at - since[whose] - gap)) for at in inside
            )
            self.sums.add(np.zeros(len(whose), np.intp), low - high)
        return paid_by(until)

    def _cut(
        self, place: Keys, spells: list[_Spell], until: Floats
    ) -> tuple[Keys, Floats, Floats, Keys]:
        """Spells as arrays, cut where prices change, each with its support in force."""
        table = np.array(spells, np.float64).reshape(-1, 3)
        service = table[:, 2].astype(np.intp)
        stop = np.minimum(table[:, 1], until[place])
        parts = []
        for rank, prices in enumerate(self.prices):
            first = -inf if rank == 0 else prices.begin
            low, high = np.maximum(table[:, 0], first), np.minimum(stop, prices.end)
            kept = np.flatnonzero(high > low)
            support = np.append(prices.support, [CO_FUNDED, PROMOTING, NONE])[service[kept]]
            parts.append((place[kept], low[kept], high[kept], support))
        if len(parts) == 1:
            return parts[0]
        whose, start, end, support = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((start, whose))
        return whose[order], start[order], end[order], support[order]
