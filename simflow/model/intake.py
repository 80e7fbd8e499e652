"""Who comes: clients made as they are referred, and those there at the start."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, fields
from itertools import accumulate
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from simflow.model.client import Client
from simflow.model.laws import law_of
from simflow.model.log import Answer
from simflow.model.plan import STOCK
from simflow.model.rules import Profile
from simflow.model.streams import Draw, name_key
from simflow.scenario.values import Shares, complete

if TYPE_CHECKING:
    from simflow.model.world import World


@dataclass(slots=True)
class _Need:
    """A need as it holds for the clients of one channel and segment."""

    name: str
    bit: int
    share: float
    draw: Draw
    screened: float
    screen: Draw


@dataclass(slots=True)
class _Kind:
    """The clients of one channel and segment."""

    segment: int
    needs: list[_Need]
    profiles: dict[int, Profile]
    """By the needs they have, as bits; those met so far."""


@dataclass(slots=True)
class _Source:
    """A channel, as far as its clients differ by it."""

    number: int
    origin: int
    first: int
    """Where they go first; -1 for the stock, whose clients are somewhere already."""
    kinds: list[_Kind]
    limits: list[float]
    """Shares of the kinds, cumulated, without the last."""


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
        self._services = len(world.names.services)
        self._profiles: dict[tuple[Any, ...], Profile] = {}
        self._sources: dict[str, _Source] = {}
        self._kinds: dict[tuple[str, str], _Kind] = {}
        self._segment = world.streams.draw("segment")
        followed = world.scenario.horizon.followed_days > 0
        self._write = world.log.writer("people") if followed else None

    def note(self, channel: str, number: int, client: int, answer: Answer) -> None:
        """Write who was asked, and what they answered, where a follow-up asks for it."""
        if self._write is not None:
            origin = self._world.names.channels.index(channel)
            self._write((origin, number, self._world.env.now, client, answer))

    def refer(self, channel: str, number: int, segment: str | None = None) -> Client | None:
        """A client comes by a channel; None when screening shows that he should not."""
        source = self._sources.get(channel) or self._source(channel)
        client = self._client(channel, source, number, segment)
        if client is None:
            self.note(channel, number, -1, Answer.SCREENED)
            return None
        if self._write is not None:
            self.note(channel, number, client.id, Answer.COMES)
        self._world.pathway.arrive(client, source.first)
        return client

    def reform(self) -> None:
        """Other regimes are in force: their rules hold for everyone from now on."""
        for key, profile in self._profiles.items():
            new = self._world.plan.profile(self._world.regimes, *key)
            for part, value in zip(_PARTS, _values(new), strict=True):
                setattr(profile, part, value)
        self._sources.clear()
        self._kinds.clear()

    def _client(
        self, channel: str, source: _Source, number: int, segment: str | None = None
    ) -> Client | None:
        world = self._world
        client = Client(*world.streams.seat(source.origin, number), self._services)
        if segment is not None:
            kind = self._kind(channel, segment)
        elif source.limits:
            uniform = self._segment.uniform_at(client)
            kind = source.kinds[bisect_right(source.limits, uniform)]
        else:
            kind = source.kinds[0]
        if kind.needs and not _draw_needs(client, kind):
            return None
        needs = client.needs
        client.profile = kind.profiles.get(needs) or self._meet(channel, kind, needs)
        client.segment = kind.segment
        client.channel = source.number
        client.id = self._count
        client.referred = client.progress_at = world.env.now
        self._count += 1
        world.inside[client.id] = client
        return client

    # What is remembered of channels, until other regimes are in force

    def _source(self, channel: str) -> _Source:
        segments, limits = _limits(self._mix(channel))
        world = self._world
        spec = world.scenario.channels.get(channel)
        source = self._sources[channel] = _Source(
            number=world.names.channels.index(channel),
            origin=name_key(channel),
            first=-1 if spec is None else world.target(spec.to),
            kinds=[self._kind(channel, segment) for segment in segments],
            limits=limits,
        )
        return source

    def _kind(self, channel: str, segment: str) -> _Kind:
        """Clients of a channel and segment, none of whose profiles has been met."""
        kind = self._kinds.get((channel, segment))
        if kind is None:
            rank = self._world.names.segments.index(segment)
            kind = _Kind(rank, self._needs_of(channel, segment), {})
            self._kinds[channel, segment] = kind
        return kind

    def _needs_of(self, channel: str, segment: str) -> list[_Need]:
        draw, spec = self._world.streams.draw, self._world.scenario.channels.get(channel)
        screens = {} if spec is None else spec.screens
        needs = self._profile(channel, segment, ()).scenario.needs.items()
        return [
            _Need(name, 1 << rank, values.share, draw(f"need.{name}"), screens.get(name, 0.0),
                  draw(f"screen.{name}"))
            for rank, (name, values) in enumerate(needs)
        ]  # fmt: skip

    def _mix(self, channel: str) -> dict[str, float]:
        """Shares of the segments among those who come by a channel."""
        scenario = self._world.scenario
        source = scenario.stock if channel == STOCK else scenario.channels[channel]
        mix: Shares | None = source.mix if source is not None else None
        if not mix:
            segments = self._profile(channel, None, ()).scenario.segments
            mix = {name: spec.share for name, spec in segments.items()}
        return complete(mix) if len(mix) > 1 else dict.fromkeys(mix, 1.0)

    def _meet(self, channel: str, kind: _Kind, needs: int) -> Profile:
        """The profile of a kind's clients with some needs, met for the first time."""
        names = tuple(need.name for need in kind.needs if need.bit & needs)
        profile = self._profile(channel, self._world.names.segments[kind.segment], names)
        kind.profiles[needs] = profile
        return profile

    def _profile(self, channel: str, segment: str | None, needs: tuple[str, ...]) -> Profile:
        key = (channel if channel in self._world.scenario.channels else None, segment, needs)
        profile = self._profiles.get(key)
        if profile is None:
            full = self._world.plan.profile(self._world.regimes, *key)
            # The replication's own, which its regimes change; `dataclasses.replace` takes 5 times
            # as long.
            profile = self._profiles[key] = Profile(*_values(full))
        return profile

    # Those there at the start

    def place_stock(self) -> None:
        """Put the clients of the starting stock where they are."""
        world, stock = self._world, self._world.scenario.stock
        if stock is None:
            return
        draw, resume = world.streams.draw, world.pathway.resume
        since, elapsed, place = draw("stock.since"), draw("stock.elapsed"), draw("stock.place")
        long, lately = law_of(stock.since), law_of(stock.elapsed)
        places, limits = _limits(complete(stock.inside))
        source = self._source(STOCK)
        for number in range(stock.clients):
            client = self._client(STOCK, source, number)
            assert client is not None
            self.note(STOCK, number, client.id, Answer.COMES)
            days = since.sample_at(client, long)
            there = min(elapsed.sample_at(client, lately), days)
            name = places[bisect_right(limits, place.uniform_at(client))]
            resume(client, name, days, there, name in stock.waiting_for)


_PARTS: Final = tuple(part.name for part in fields(Profile))
_values: Final = attrgetter(*_PARTS)


def _draw_needs(client: Client, kind: _Kind) -> bool:
    """Draw the client's needs; False when screening keeps him out."""
    for need in kind.needs:
        if need.draw.uniform_at(client) < need.share:
            client.needs |= need.bit
            if need.screened and need.screen.uniform_at(client) < need.screened:
                return False
    return True


def _limits(shares: dict[str, float]) -> tuple[list[str], list[float]]:
    """What has a share, and the upper limits of the shares of all but the last."""
    kept = {name: share for name, share in shares.items() if share > 0}
    return list(kept), list(accumulate(kept.values()))[:-1]
