"""Where the steps of a flow diagram stand: columns from left to right, and heights in clients.

Steps are put in an order in which as few clients as possible go backwards (Eades, Lin & Smyth
1993, the greedy order). A step stands in the column after the step that most of its clients come
from; an end that several steps lead to stands in the last one. Moves that go back, or stay in a
column, are left out of the columns: they are drawn as ends. A move that passes a column has a
place of its own in it, so that it does not run over steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from simflow.charts.spacing import pooled

_SWEEPS: Final = 12


class Link(NamedTuple):
    """Clients who went from one step to another."""

    source: str
    target: str
    clients: float


@dataclass
class Place:
    """A step, or the place that a move has in a column it passes.

    Attributes
    ----------
    size : float
        Clients: the larger of those who come and those who go.
    top : float
        Upper edge, in clients; grows downwards.
    """

    name: str
    column: int
    size: float
    passing: bool
    top: float = 0.0

    @property
    def middle(self) -> float:
        """Where it stands."""
        return self.top + self.size / 2


@dataclass
class Layout:
    """A flow, laid out.

    Attributes
    ----------
    places : dict of str to Place
        Steps, and places that moves have in columns they pass.
    ways : list of (Link, list of str)
        Moves that go on, each with the places it goes through, from source to target.
    back : list of Link
        Moves that go back or stay in their column.
    """

    places: dict[str, Place] = field(default_factory=dict)
    ways: list[tuple[Link, list[str]]] = field(default_factory=list)
    back: list[Link] = field(default_factory=list)

    @property
    def columns(self) -> list[list[Place]]:
        """Places of each column, from top to bottom."""
        count = 1 + max((place.column for place in self.places.values()), default=-1)
        found: list[list[Place]] = [[] for _ in range(count)]
        for place in sorted(self.places.values(), key=lambda place: place.top):
            found[place.column].append(place)
        return found


def laid_out(
    links: Sequence[Link], gap: float = 1.0, thin_gap: float = 1.0, least: float = 0.0
) -> Layout:
    """Lay a flow out.

    Parameters
    ----------
    links : sequence of Link
        Moves with clients; one for each pair of steps.
    gap, thin_gap : float
        Space, in clients, between steps, and between moves that pass.
    least : float
        Room, in clients, that a step takes at least, for its label.
    """
    layout = Layout()
    column = _columns(links)
    sizes = {name: _size(name, links) for name in column}
    for name, place in column.items():
        layout.places[name] = Place(name, place, sizes[name], passing=False)
    for link in links:
        if column[link.source] >= column[link.target]:
            layout.back.append(link)
            continue
        way = [link.source]
        for passed in range(column[link.source] + 1, column[link.target]):
            name = f"{link.source}>{link.target}@{passed}"
            layout.places[name] = Place(name, passed, link.clients, passing=True)
            way.append(name)
        layout.ways.append((link, [*way, link.target]))
    _stack(layout, gap, thin_gap, least)
    return layout


def _size(name: str, links: Iterable[Link]) -> float:
    comes = sum(link.clients for link in links if link.target == name)
    goes = sum(link.clients for link in links if link.source == name)
    return max(comes, goes)


def _order(links: Sequence[Link]) -> list[str]:
    """Steps in an order in which few clients go backwards."""
    left: list[str] = []
    right: list[str] = []
    rest = list(dict.fromkeys(name for link in links for name in link[:2]))
    while rest:
        live = [k for k in links if k.source in rest and k.target in rest and k[0] != k[1]]
        goes = {name: sum(k.clients for k in live if k.source == name) for name in rest}
        comes = {name: sum(k.clients for k in live if k.target == name) for name in rest}
        ends = [name for name in rest if not goes[name]]
        if ends:
            right = ends + right
            rest = [name for name in rest if name not in ends]
        else:
            starts = [name for name in rest if not comes[name]]
            chosen = starts or [max(rest, key=lambda name: goes[name] - comes[name])]
            left += chosen
            rest = [name for name in rest if name not in chosen]
    return left + right


def _columns(links: Sequence[Link]) -> dict[str, int]:
    """Column of each step: after the one that most of its clients come from; ends in the last."""
    order = _order(links)
    rank = {name: place for place, name in enumerate(order)}
    begins = {name for name in order if all(link.target != name for link in links)}
    ends = {name for name in order if all(link.source != name for link in links)}
    column = dict.fromkeys(order, 0)
    for name in order:
        before = [k for k in links if k.target == name and rank[k.source] < rank[name]]
        if before and name not in ends:
            column[name] = column[max(before, key=lambda link: link.clients).source] + 1
        elif name not in begins:
            column[name] = 1
    last = max(column.values(), default=0) + 1
    for name in ends:
        sources = {link.source for link in links if link.target == name}
        column[name] = last if len(sources) > 1 else column[min(sources)] + 1
    return column


def _stack(layout: Layout, gap: float, thin_gap: float, least: float) -> None:
    """Order the places of each column, and move each towards what it is joined with."""
    joined: dict[str, list[tuple[str, float]]] = {name: [] for name in layout.places}
    for link, way in layout.ways:
        for one, other in pairwise(way):
            joined[one].append((other, link.clients))
            joined[other].append((one, link.clients))
    for place_, place in enumerate(sorted(layout.places.values(), key=lambda place: -place.size)):
        place.top = float(place_)
    for sweep in range(_SWEEPS):
        columns = layout.columns if sweep % 2 == 0 else layout.columns[::-1]
        for column in columns:
            ahead = 1 if sweep % 2 else -1
            wanted = {p.name: _pull(layout, p, joined[p.name], ahead) for p in column}
            _settle(sorted(column, key=lambda p: wanted[p.name]), wanted, gap, thin_gap, least)


def _pull(layout: Layout, place: Place, joined: list[tuple[str, float]], ahead: int) -> float:
    """Mean of the middles of what a place is joined with on one side; its own when nothing."""
    near = [(layout.places[name].middle, clients) for name, clients in joined
            if (layout.places[name].column - place.column) * ahead > 0]  # fmt: skip
    weight = sum(clients for _, clients in near)
    return sum(middle * c for middle, c in near) / weight if weight else place.middle


def _settle(
    column: list[Place], wanted: dict[str, float], gap: float, thin_gap: float, least: float
) -> None:
    """Put places of a column one below the other, each as near as may be to where it wants."""
    rooms = [place.size if place.passing else max(place.size, least) for place in column]
    gaps = [0.0]
    for (one, room), (other, next_room) in pairwise(zip(column, rooms, strict=True)):
        space = thin_gap if one.passing and other.passing else gap
        gaps.append((room + next_room) / 2 + space)
    wants = [wanted[place.name] for place in column]
    for place, middle in zip(column, pooled(wants, gaps, rooms), strict=True):
        place.top = middle - place.size / 2
