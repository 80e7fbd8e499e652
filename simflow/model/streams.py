"""Common random numbers: every draw has an address, so no change elsewhere can shift it.

The address of a draw is (seed, replication, name of the draw, origin, number, occurrence): origin
and number say whose it is (the 17th client of a channel), occurrence counts how often he has made
this draw. Names get a Philox key, the rest of the address is Philox's counter, and the numbers
come in blocks of `BLOCK` neighbours. A block can be made again at any time, so old ones are
dropped and memory does not grow with the clients ever seen.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final, Protocol

import numpy as np
from numpy.random import Generator, Philox, SeedSequence

from simflow.model.laws import Law

BLOCK_BITS: Final = 8
BLOCK: Final = 1 << BLOCK_BITS
"""Neighbours drawn at a time."""


class Keyed(Protocol):
    """Someone or something with draws of its own: a client, an arrival."""

    origin: int
    """Stable number of where it comes from, see `name_key`."""
    number: int
    """Its rank there, from 0."""
    made: dict[Draw, int]
    """How often it has made each draw."""


class Subject:
    """A holder of draws that is no client: one gap between arrivals, one person invited."""

    __slots__ = ("made", "number", "origin")

    def __init__(self, origin: int, number: int) -> None:
        self.origin = origin
        self.number = number
        self.made: dict[Draw, int] = {}


def name_key(name: str) -> int:
    """A 63-bit number that stands for a name, the same on every machine and in every run."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little") >> 1


class Draw:
    """One named draw of the model, such as ``work_trial.duration``."""

    __slots__ = ("_blocks", "_key", "_streams")

    def __init__(self, streams: Streams, name: str) -> None:
        self._streams = streams
        self._key = streams.key(name)
        self._blocks: dict[tuple[Law | None, int, int, int], list[float]] = {}

    def uniform(self, subject: Keyed) -> float:
        """The subject's next uniform number of this name, in [0, 1)."""
        made = subject.made
        occurrence = made.get(self, 0)
        made[self] = occurrence + 1
        number = subject.number
        address = (None, subject.origin, occurrence, number >> BLOCK_BITS)
        block = self._blocks.get(address)
        if block is None:
            block = self._make(address)
        return block[number & (BLOCK - 1)]

    def sample(self, subject: Keyed, law: Law) -> float:
        """The subject's next value of this name, distributed as `law` (its unit)."""
        if law.fixed is not None:
            return law.fixed
        made = subject.made
        occurrence = made.get(self, 0)
        made[self] = occurrence + 1
        number = subject.number
        address = (law, subject.origin, occurrence, number >> BLOCK_BITS)
        block = self._blocks.get(address)
        if block is None:
            block = self._make(address)
        return block[number & (BLOCK - 1)]

    def _make(self, address: tuple[Law | None, int, int, int]) -> list[float]:
        law, origin, occurrence, chunk = address
        numbers = self._streams.uniforms(self._key, origin, occurrence, chunk)
        block: list[float] = (numbers if law is None else law.quantile(numbers)).tolist()
        blocks = self._blocks
        while len(blocks) >= self._streams.most_blocks:
            del blocks[next(iter(blocks))]
        blocks[address] = block
        return block


class Streams:
    """All draws of one replication.

    Parameters
    ----------
    seed : int
        The run's seed.
    replication : int
        Number of the replication, from 0.
    """

    def __init__(self, seed: int, replication: int) -> None:
        self._seed = seed
        self._replication = replication
        self._bits = Philox(key=0)
        self._generator = Generator(self._bits)
        self._state = self._bits.state
        self._draws: dict[str, Draw] = {}
        self.most_blocks = 64
        """Blocks kept of each draw, the oldest dropped first."""

    def keep_for(self, clients: int) -> None:
        """Keep enough blocks for that many clients inside at once, so that few are made again."""
        self.most_blocks = 64 + clients // 4

    def draw(self, name: str) -> Draw:
        """The draw of that name."""
        if name not in self._draws:
            self._draws[name] = Draw(self, name)
        return self._draws[name]

    def key(self, name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
        """Philox key of a draw name."""
        sequence = SeedSequence(self._seed, spawn_key=(self._replication, name_key(name)))
        return sequence.generate_state(2, np.uint64).astype(np.uint64)

    def uniforms(
        self,
        key: np.ndarray[tuple[int, ...], np.dtype[np.uint64]],
        origin: int,
        occurrence: int,
        chunk: int,
    ) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """One block of uniforms, shape (`BLOCK`,)."""
        # Setting the state of one bit generator is a third of the cost of making another.
        state = self._state
        state["state"]["key"] = key
        state["state"]["counter"][:] = (0, chunk, occurrence, origin)
        state["buffer_pos"] = 4
        self._bits.state = state
        return self._generator.random(BLOCK)
