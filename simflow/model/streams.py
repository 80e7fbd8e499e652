"""Common random numbers: every draw has an address, so no change elsewhere can shift it.

The address of a draw is (seed, replication, name of the draw, origin, number, occurrence): origin
and number say whose it is (the 17th client of a channel), occurrence counts how often he has made
this draw, or says which of his visits it belongs to. Seed and replication make a Philox key, the
rest of the address is Philox's counter, and the numbers come in blocks, for many neighbours at
a time. Neighbours share a cohort that holds their blocks and goes when the last of them is gone, so
memory does not grow with the clients ever seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from typing import Any, Final, Protocol

import numpy as np
from numpy.random import Generator, Philox, SeedSequence

from simflow.model.laws import Law

_LEAST: Final = 32
_MOST: Final = 1024
"""Sizes of an origin's first cohort and of its later ones; in between they double."""
_ROW: Final = 128
"""Least numbers of a block: small cohorts get those of several occurrences at once."""
_WORD: Final = (1 << 64) - 1


@cache
def name_key(name: str) -> int:
    """A 63-bit number that stands for a name, the same on every machine and in every run."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little") >> 1


def seat(number: int) -> tuple[int, int, int]:
    """Cohort of a number, its place there, and the cohort's size.

    The first are small, because many channels bring few; the later ones spread the cost of a block.
    """
    chunk, size = 0, _LEAST
    while size < _MOST and number >= size:
        number -= size
        size *= 2
        chunk += 1
    return chunk + number // size, number % size, size


class Source:
    """Philox with the key of a seed and a replication: the numbers at any address."""

    def __init__(self, seed: int, replication: int) -> None:
        key = SeedSequence(seed, spawn_key=(replication,)).generate_state(2, np.uint64)
        self._bits = Philox(key=key)
        self._random = Generator(self._bits).random
        # Of plain tuples, which takes a third of the time to set that arrays take.
        self._at: dict[str, tuple[int, ...]] = {"key": tuple(key.tolist())}
        self._state: Any = {
            "bit_generator": "Philox", "state": self._at, "buffer": (0, 0, 0, 0), "buffer_pos": 4,
            "has_uint32": 0, "uinteger": 0,
        }  # fmt: skip

    def uniforms(self, name: int, origin: int, chunk: int, block: int, count: int) -> memoryview:
        """The first `count` numbers of a block; name and origin are from `name_key`."""
        # Setting the state of one bit generator is a tenth of the cost of making another. Name and
        # origin share a word of the counter: an odd factor keeps (a, b) and (b, a) apart.
        word = (name * 0x9E3779B97F4A7C15 + origin) & _WORD
        self._at["counter"] = (0, chunk, block, word)
        self._bits.state = self._state
        return self._random(count).data


class Block(Protocol):
    """Numbers by a subject's place."""

    def __getitem__(self, place: int, /) -> float:
        """The number of the subject in that place."""


class _OneByOne:
    """A block of a law whose values cost so much that only those asked for are made."""

    __slots__ = ("_law", "_numbers")

    def __init__(self, law: Law, numbers: Block) -> None:
        self._law = law
        self._numbers = numbers

    def __getitem__(self, place: int) -> float:
        return self._law.value(self._numbers[place])


class Cohort(dict[tuple["Draw", Law | None, int], Block]):
    """Neighbours of one origin, and the numbers drawn for them by draw, law and occurrence."""

    __slots__ = ("chunk", "first", "origin", "size")

    def __init__(self, origin: int, chunk: int, size: int, first: int) -> None:
        self.origin = origin
        self.chunk = chunk
        self.size = size
        self.first = first

    def __missing__(self, address: tuple[Draw, Law | None, int]) -> Block:
        draw, law, occurrence = address
        if law is None:
            self._fill(draw, occurrence)
            return self[address]
        numbers: Any = self[draw, None, occurrence]
        made: Block = (
            _OneByOne(law, numbers) if law.slow else law.quantile(np.frombuffer(numbers)).data
        )
        self[address] = made
        return made

    def _fill(self, draw: Draw, occurrence: int) -> None:
        """Draw the uniform numbers of an occurrence, and of the others in its block."""
        size = self.size
        rows = max(1, _ROW // size)
        block = occurrence // rows
        numbers = draw.source.uniforms(draw.key, self.origin, self.chunk, block, rows * size)
        first = block * rows
        for row in range(rows):
            self[draw, None, first + row] = numbers[row * size : (row + 1) * size]


class Counting(Protocol):
    """A holder of draws: a client."""

    cohort: Cohort
    place: int
    """His rank in the cohort."""
    made: dict[Draw, int]
    """How often he has made each draw that is counted."""


class Draw:
    """One named draw of the model, such as ``work_trial.duration``.

    A draw is made either with `uniform` and `sample`, which count, or with `uniform_at` and
    `sample_at`, which are told the occurrence: a visit's rank, or 0 of what happens once.
    """

    __slots__ = ("key", "source")

    def __init__(self, source: Source, name: str) -> None:
        self.source = source
        self.key = name_key(name)

    def uniform(self, subject: Counting) -> float:
        """The subject's next uniform number of this name, in [0, 1)."""
        made = subject.made
        occurrence = made.get(self, 0)
        made[self] = occurrence + 1
        return subject.cohort[self, None, occurrence][subject.place]

    def sample(self, subject: Counting, law: Law) -> float:
        """The subject's next value of this name, distributed as `law` (its unit)."""
        made = subject.made
        occurrence = made.get(self, 0)
        made[self] = occurrence + 1
        return subject.cohort[self, law, occurrence][subject.place]

    def uniform_at(self, subject: Counting, occurrence: int = 0) -> float:
        """The subject's uniform number of this name for one occurrence, such as a visit's rank."""
        return subject.cohort[self, None, occurrence][subject.place]

    def sample_at(self, subject: Counting, law: Law, occurrence: int = 0) -> float:
        """The subject's value of this name for one occurrence, distributed as `law`."""
        return subject.cohort[self, law, occurrence][subject.place]

    def series(self, origin: int, law: Law | None = None) -> Iterator[float]:
        """The first draw of each number of an origin in turn, distributed as `law`."""
        number = 0
        while True:
            chunk, _, size = seat(number)
            block = Cohort(origin, chunk, size, number)[self, law, 0]
            yield from map(block.__getitem__, range(size))
            number += size


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
        self._source = Source(seed, replication)
        self._draws: dict[str, Draw] = {}
        self._latest: dict[int, Cohort] = {}

    def draw(self, name: str) -> Draw:
        """The draw of that name."""
        found = self._draws.get(name)
        if found is None:
            found = self._draws[name] = Draw(self._source, name)
        return found

    def seat(self, origin: int, number: int) -> tuple[Cohort, int]:
        """Cohort of a number and its place there.

        An origin's numbers ascend, so its latest cohort is at hand.
        """
        latest = self._latest.get(origin)
        if latest is not None and 0 <= number - latest.first < latest.size:
            return latest, number - latest.first
        chunk, place, size = seat(number)
        latest = self._latest[origin] = Cohort(origin, chunk, size, number - place)
        return latest, place
