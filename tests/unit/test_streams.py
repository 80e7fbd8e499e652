"""Draws by address: the same whatever was drawn before, and another for any other address."""

from __future__ import annotations

from itertools import islice

import numpy as np

from simflow.model.client import Client
from simflow.model.laws import law_of
from simflow.model.streams import Streams, name_key, seat
from simflow.scenario.values import Distribution

ORIGIN = name_key("walk_in")


def _client(streams: Streams, number: int, origin: int = ORIGIN) -> Client:
    return Client(*streams.seat(origin, number), 0)


def test_every_number_has_a_seat_of_its_own() -> None:
    seats = [seat(number) for number in range(5000)]
    assert len({(chunk, place) for chunk, place, _ in seats}) == len(seats)
    assert all(0 <= place < size for _, place, size in seats)


def test_a_draw_does_not_depend_on_what_was_drawn_before() -> None:
    """Forwards, backwards and from another replication's start, number by number."""
    numbers = [0, 31, 32, 95, 96, 700, 3000]
    first, second = Streams(1, 2), Streams(1, 2)
    ahead = {n: first.draw("x").uniform_at(_client(first, n), 1) for n in numbers}
    second.draw("y").uniform_at(_client(second, 5))
    back = {n: second.draw("x").uniform_at(_client(second, n), 1) for n in numbers[::-1]}
    assert ahead == back


def test_other_addresses_give_other_numbers() -> None:
    found = [
        streams.draw(name).uniform_at(_client(streams, number, origin), occurrence)
        for streams in (Streams(1, 0), Streams(1, 1), Streams(2, 0))
        for name in ("x", "y")
        for origin in (ORIGIN, name_key("x"))
        for number in (0, 40)
        for occurrence in range(6)
    ]
    assert len(set(found)) == len(found)
    assert 0.4 < np.mean(found) < 0.6


def test_a_counted_draw_is_the_numbered_one() -> None:
    streams = Streams(3, 0)
    client, draw = _client(streams, 7), streams.draw("x")
    counted = [draw.uniform(client) for _ in range(5)]
    assert counted == [draw.uniform_at(client, occurrence) for occurrence in range(5)]


def test_a_series_is_the_first_draw_of_each_number() -> None:
    streams = Streams(3, 0)
    draw = streams.draw("gap")
    some = list(islice(draw.series(ORIGIN), 100))
    again = Streams(3, 0)
    other = again.draw("gap")
    assert some == [other.uniform_at(_client(again, n)) for n in range(100)]


def test_values_are_quantiles_of_the_uniforms_block_or_not() -> None:
    """Also of gamma, whose values are made one by one."""
    for spec in ({"dist": "exponential", "mean": "9 days"},
                 {"dist": "gamma", "mean": "9 days", "cv": 0.5, "max": "20 days"}):  # fmt: skip
        law, streams = law_of(Distribution.model_validate(spec)), Streams(5, 0)
        client, draw = _client(streams, 3), streams.draw("x")
        uniform = draw.uniform_at(client, 4)
        expected = float(law.quantile(np.array([uniform]))[0])
        assert abs(draw.sample_at(client, law, 4) - expected) < 1e-12


def test_equal_specifications_share_one_law() -> None:
    """And so their blocks of draws."""
    one, same, other = (Distribution(dist="exponential", mean=f"{n} days") for n in (9, 9, 8))
    assert law_of(one) is law_of(same) is law_of(one)
    assert law_of(other) is not law_of(one)
