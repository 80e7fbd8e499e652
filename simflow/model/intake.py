"""Who comes: clients made as they are referred, and those there at the start."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from simflow.model.client import Client
from simflow.model.laws import law_of
from simflow.model.plan import STOCK
from simflow.model.rules import Profile
from simflow.model.streams import Draw, name_key
from simflow.scenario.values import Shares, complete

if TYPE_CHECKING:
    from simflow.model.world import World


class _Need(NamedTuple):
    """A need as it holds for the clients of one channel and segment."""

    name: str
    bit: int
    share: float
    draw: Draw
    screened: float
    screen: Draw


class Intake:
    """Makes clients, each with his segment, his needs and the rules that hold for him.

    Parameters
    ----------
    world : World
        The replication.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._count = 0
        names = world.names
        self._alike = len(names.segments) == 1 and not names.needs
        """Whether all clients of a channel are of one kind, so that nothing has to be drawn."""
        self._numbers = {name: rank for rank, name in enumerate(names.channels)}
        self._origins = {name: name_key(name) for name in names.channels}
        self._first_segment = names.segments[0]
        self._firsts: dict[str, int] = {}
        """Where those who come by a channel go first."""
        self._only: dict[str, Profile] = {}
        self._profiles: dict[tuple[Any, ...], Profile] = {}
        self._needs: dict[tuple[str, str], list[_Need]] = {}
        self._segments: dict[str, dict[str, float]] = {}

    def refer(self, channel: str, number: int, segment: str | None = None) -> Client | None:
        """A client comes by a channel; None when screening shows that he should not."""
        world = self._world
        client = self._client(channel, number, segment)
        if client is not None:
            if channel not in self._firsts:
                self._firsts[channel] = world.target(world.scenario.channels[channel].to)
            world.pathway.arrive(client, self._firsts[channel])
        return client

    def reform(self) -> None:
        """Other regimes are in force: their rules hold for everyone from now on."""
        for key, profile in self._profiles.items():
            new = self._world.plan.profile(self._world.regimes, *key)
            for part in fields(Profile):
                setattr(profile, part.name, getattr(new, part.name))
        self._firsts.clear()
        self._needs.clear()
        self._segments.clear()

    def _client(self, channel: str, number: int, segment: str | None = None) -> Client | None:
        world = self._world
        client = Client(*world.streams.seat(self._origins[channel], number))
        if not self._alike:
            if not self._mixed(client, channel, segment):
                return None
        elif channel in self._only:
            client.profile = self._only[channel]
        else:
            client.profile = self._only[channel] = self._profile(channel, self._first_segment, ())
        client.channel = self._numbers[channel]
        client.id = self._count
        client.referred = client.progress_at = world.env.now
        self._count += 1
        world.inside[client.id] = client
        return client

    def _mixed(self, client: Client, channel: str, segment: str | None) -> bool:
        """Draw segment and needs; False when screening keeps the client out."""
        if segment is None:
            segment = self._segment(client, channel)
        client.segment = self._world.names.segments.index(segment)
        key = channel, segment
        if key not in self._needs:
            self._needs[key] = self._needs_of(*key)
        has = []
        for need in self._needs[key]:
            if need.draw.uniform(client) < need.share:
                client.needs |= need.bit
                has.append(need.name)
                if need.screened and need.screen.uniform(client) < need.screened:
                    return False
        client.profile = self._profile(channel, segment, tuple(has))
        return True

    def _needs_of(self, channel: str, segment: str) -> list[_Need]:
        draw, spec = self._world.streams.draw, self._world.scenario.channels.get(channel)
        screens = {} if spec is None else spec.screens
        needs = self._profile(channel, segment, ()).scenario.needs.items()
        return [
            _Need(name, 1 << rank, values.share, draw(f"need.{name}"), screens.get(name, 0.0),
                  draw(f"screen.{name}"))
            for rank, (name, values) in enumerate(needs)
        ]  # fmt: skip

    def _segment(self, client: Client, channel: str) -> str:
        if channel not in self._segments:
            self._segments[channel] = self._mix(channel)
        shares = self._segments[channel]
        if len(shares) == 1:
            return next(iter(shares))
        return _pick(shares, self._world.streams.draw("segment").uniform(client))

    def _mix(self, channel: str) -> dict[str, float]:
        """Shares of the segments among those who come by a channel."""
        scenario = self._world.scenario
        source = scenario.stock if channel == STOCK else scenario.channels[channel]
        mix: Shares | None = source.mix if source is not None else None
        if not mix:
            segments = self._profile(channel, None, ()).scenario.segments
            mix = {name: spec.share for name, spec in segments.items()}
        return complete(mix) if len(mix) > 1 else dict.fromkeys(mix, 1.0)

    def _profile(self, channel: str, segment: str | None, needs: tuple[str, ...]) -> Profile:
        key = (channel if channel in self._world.scenario.channels else None, segment, needs)
        if key not in self._profiles:
            full = self._world.plan.profile(self._world.regimes, *key)
            self._profiles[key] = replace(full)
        return self._profiles[key]

    # Those there at the start

    def place_stock(self) -> None:
        """Put the clients of the starting stock where they are."""
        world, stock = self._world, self._world.scenario.stock
        if stock is None:
            return
        places, draw = complete(stock.inside), world.streams.draw
        long, lately = law_of(stock.since), law_of(stock.elapsed)
        for number in range(stock.clients):
            client = self._client(STOCK, number)
            assert client is not None
            since = draw("stock.since").sample(client, long)
            elapsed = min(draw("stock.elapsed").sample(client, lately), since)
            place = _pick(places, draw("stock.place").uniform(client))
            world.pathway.resume(client, place, since, elapsed, place in stock.waiting_for)


def _pick(shares: dict[str, float], uniform: float) -> str:
    total = 0.0
    for name, share in shares.items():
        total += share
        if uniform < total:
            return name
    return next(name for name, share in reversed(shares.items()) if share > 0)
