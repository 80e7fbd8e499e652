"""How clients move from step to step: a flow diagram whose heights are clients.

A step's label stands between the two bars that moves come to and leave from, so that no move runs
over it: moves that pass a column have a place of their own there.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Polygon, Rectangle
from matplotlib.path import Path

from simflow.charts.chart import Chart, Row
from simflow.charts.data import Run, means, named, runs, total_of
from simflow.charts.endings import AIMS, FILLS, NAMES, ending_of
from simflow.charts.flow_layout import Layout, Link, Place, laid_out
from simflow.charts.style import GREY, INK, figure, head, lines, place
from simflow.labels import Lang, number

if TYPE_CHECKING:
    from simflow.results import View

ORDER: Final = 60
_SERVICES: Final = 7
"""Services with a place of their own; the others are one."""
_WORDS: Final[dict[str, tuple[str, str]]] = {
    "arrival": ("New clients", "Uudet asiakkaat"),
    "stock": ("Clients at the start", "Asiakkaat alussa"),
    "=other": ("Other services", "Muut palvelut"),
    **{f"={aim}": (NAMES["en"][aim], NAMES["fi"][aim]) for aim in AIMS},
    "=ended": ("Other endings", "Muu päättyminen"),
    "=not_started": ("Did not start", "Ei alkanut"),
    "=inside": ("Still there at the end", "Mukana lopussa"),
}
_GOOD: Final = tuple(f"={aim}" for aim in AIMS)
_STARTS: Final = ("arrival", "stock")
_ALL: Final[dict[Lang, str]] = {"en": "All", "fi": "Kaikki"}
_TO_AIMS: Final[dict[Lang, str]] = {"en": "Work or education", "fi": "Työ tai koulutus"}
_BAR, _END, _STEP = 0.07, 0.2, 0.95
"""Inches: a bar, an arrow of those who go back, and a step with its label at most."""
_LINE, _LETTER, _SIZE = 0.125, 0.06, 7.5
"""Inches that a line and a letter of a label take, and the label's size in points."""
_LEAST: Final = 4 * _LINE + 0.04
"""Inches that a step takes at least: three lines of its name, and its clients."""
_ROOM: Final = 0.2
"""What that is in clients, as a part of all clients."""
_SAID: Final = 0.1
"""Inches of an arrow from which the clients who come back to a step are written out."""
_PALE: Final = "#A9B4BD"


def draw(view: View, lang: Lang) -> Chart | None:
    """The chart of the base, or None when nobody moved or moves were not counted."""
    run = runs(view, lang)[0]
    moves = links(run)
    across = [link for link in moves if link.source != link.target]
    if not across:
        return None
    labels = _labels(run, across, lang)
    clients = _clients(across)
    layout = laid_out(across, 0.03 * clients, 0.008 * clients, _ROOM * clients)
    headline, subtitle = _headline(across, lang), _subtitle(run, view, lang)
    low, high = _span(layout, _ROOM * clients)
    tall = (high - low) / (_ROOM * clients) * _LEAST
    above = head(figure(headline, subtitle)[0])
    picture, axes = figure(headline, subtitle, height=above + tall + 0.2)
    place(axes, left=0.15, right=0.1, bottom=0.1, top=0.1)
    axes.axis("off")
    axes.set_ylim(high, low)
    axes.set_xlim(0, axes.get_position().width * picture.get_size_inches()[0])
    _paint(axes, layout, labels, tall / (high - low), lang)
    columns = {"en": ("From", "To", "Clients (mean)"),
               "fi": ("Mistä", "Mihin", "Asiakkaita (keskiarvo)")}[lang]  # fmt: skip
    rows = tuple((labels[k.source], labels[k.target], k.clients) for k in moves)
    return Chart("flow-sankey", headline, subtitle, _alt(headline, across, labels, lang), picture,
                 columns, (*rows, *_totals(across, labels, lang)))  # fmt: skip


def _clients(across: list[Link]) -> float:
    """All clients: new ones, and those there at the start."""
    return total_of(link.clients for link in across if link.source in _STARTS)


def _into(across: list[Link], *targets: str) -> float:
    """Clients who come to any of the steps."""
    return total_of(link.clients for link in across if link.target in targets)


def _totals(across: list[Link], labels: dict[str, str], lang: Lang) -> list[Row]:
    """Rows of the table for all clients, and for where they end up."""
    ends = [name for name in _WORDS if name in labels and name not in (*_STARTS, "=other")]
    return [
        (_ALL[lang], _ALL[lang], _clients(across)),
        *((_ALL[lang], labels[name], _into(across, name)) for name in ends),
        (_ALL[lang], _TO_AIMS[lang], _into(across, *_GOOD)),
    ]


def _span(layout: Layout, least: float) -> tuple[float, float]:
    """Upper and lower edge of everything, the labels of small steps included, in clients."""
    tops = [(item, 0.0 if item.passing else max(0.0, least - item.size) / 2)
            for item in layout.places.values()]  # fmt: skip
    return (min(item.top - more for item, more in tops),
            max(item.top + item.size + more for item, more in tops))  # fmt: skip


def links(run: Run) -> list[Link]:
    """Mean clients from step to step; small services are one step, and exits of a kind are one.

    Moves within what was made one step are kept as well, from it to itself, so that the sum is
    that of the measures.
    """
    moves = []
    for measure in run.results.measures:
        parts = measure.name.split(".")
        if parts[0] == "flow" and len(parts) == 3:
            mean = run.mean(measure.name)
            if mean:
                moves.append(Link(parts[1], parts[2], mean))
    through: dict[str, float] = {}
    for _, target, clients in moves:
        if target in run.scenario.services:
            through[target] = through.get(target, 0.0) + clients
    large = sorted(through, key=lambda name: -through[name])
    kept = set(large if len(large) <= _SERVICES + 1 else large[:_SERVICES])
    sums: dict[tuple[str, str], float] = {}
    for source, target, clients in moves:
        pair = (_step(run, source, kept), _step(run, target, kept))
        sums[pair] = sums.get(pair, 0.0) + clients
    return [Link(*pair, clients) for pair, clients in sums.items()]


def _step(run: Run, name: str, kept: set[str]) -> str:
    """The step of the diagram that a service, an exit or a beginning belongs to."""
    if name in kept or name in ("arrival", "stock"):
        return name
    if name in run.scenario.services:
        return "=other"
    exit_ = run.scenario.exits.get(name)
    if exit_ is None:
        return "=inside"
    ending = ending_of(exit_)
    return f"={ending}" if ending in (*AIMS, "not_started") else "=ended"


def _labels(run: Run, across: list[Link], lang: Lang) -> dict[str, str]:
    names = {name for link in across for name in link[:2]} | {"=other"}
    return {
        name: _WORDS[name][lang == "fi"]
        if name in _WORDS
        else named(run.scenario.services, name, lang)
        for name in names
    }


def _paint(axes: Axes, layout: Layout, labels: dict[str, str], inch: float, lang: Lang) -> None:
    columns, wide = layout.columns, axes.get_xlim()[1]
    room = min(_STEP, 0.74 * wide / len(columns))
    step = (wide - room) / max(len(columns) - 1, 1)
    x = {name: item.column * step for name, item in layout.places.items()}
    _bands(axes, layout, x, room)
    _ends(axes, layout, x, room)
    moves = [*(link for link, _ in layout.ways), *layout.back]
    for name, item in layout.places.items():
        if not item.passing:
            back = sum(link.clients for link in layout.back if link.target == name)
            words = _label(item, labels[name], back, room, inch, lang)
            comes = any(link.target == name for link in moves)
            goes = any(link.source == name for link in moves)
            _step_at(axes, x[name], item, words, room, comes, goes)


def _bands(axes: Axes, layout: Layout, x: dict[str, float], room: float) -> None:
    """Moves that go on, each a band as wide as its clients all the way, level at its places."""
    places = layout.places
    goes, comes = ({name: item.top for name, item in places.items()} for _ in range(2))
    starts: dict[Link, float] = {}
    for link, _ in sorted(layout.ways, key=lambda one: places[one[1][1]].middle):
        starts[link] = goes[link.source]
        goes[link.source] += link.clients
    for link, way in sorted(layout.ways, key=lambda one: places[one[1][-2]].middle):
        points = [(x[link.source] + room, starts[link])]
        for name in way[1:-1]:
            points += [(x[name], places[name].top), (x[name] + room, places[name].top)]
        points.append((x[link.target], comes[link.target]))
        comes[link.target] += link.clients
        good = link.target in _GOOD
        fill = next((FILLS[aim] for aim in AIMS if link.target == f"={aim}"), _PALE)
        axes.add_patch(PathPatch(_outline(points, link.clients), fc=fill, lw=0,
                                 alpha=0.85 if good else 0.4, zorder=2 if good else 1))  # fmt: skip


def _outline(points: list[tuple[float, float]], tall: float) -> Path:
    """A band through the points of its upper edge, level at each."""
    there = _edge(points)
    back = _edge([(x, top + tall) for x, top in reversed(points)])
    codes = [Path.MOVETO, *[Path.CURVE4] * (len(there) - 1)]
    codes += [Path.LINETO, *[Path.CURVE4] * (len(back) - 1), Path.CLOSEPOLY]
    return Path([*there, *back, points[0]], codes)


def _edge(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points, with two between neighbours that make the way a cubic curve."""
    found = points[:1]
    for (x, top), (next_x, next_top) in pairwise(points):
        middle = (x + next_x) / 2
        found += [(middle, top), (middle, next_top), (next_x, next_top)]
    return found


def _ends(axes: Axes, layout: Layout, x: dict[str, float], room: float) -> None:
    """Moves that go back: an arrow on the right of where they leave, one on the left of where to.

    They are the lowest of what leaves a step or comes to it.
    """
    for name, item in layout.places.items():
        gone = sum(link.clients for link in layout.back if link.source == name)
        come = sum(link.clients for link in layout.back if link.target == name)
        bottom = item.top + item.size
        for clients, start in ((gone, x[name] + room), (come, x[name] - _END)):
            if clients:
                tip = start + _END
                shape = [
                    (start, bottom - clients), (tip - 0.08, bottom - clients),
                    (tip, bottom - clients / 2), (tip - 0.08, bottom), (start, bottom),
                ]  # fmt: skip
                axes.add_patch(Polygon(shape, fc="white", ec=GREY, lw=0.8, zorder=3))


def _label(item: Place, label: str, back: float, room: float, inch: float, lang: Lang) -> str:
    """Name and clients of a step; those who come back to it where there is room to say so."""
    text = f"{lines(label, int((room - 2 * _BAR) / _LETTER), 3)}\n{number(item.size, lang)}"
    tall = (text.count("\n") + 2) * _LINE
    if back * inch > _SAID and tall < item.size * inch:
        returning = number(back, lang)
        text += {"en": f"\n{returning} return", "fi": f"\n{returning} palaa"}[lang]
    return text


def _step_at(
    axes: Axes, x: float, item: Place, text: str, room: float, comes: bool, goes: bool
) -> None:
    """A step: bars where moves come and leave, as tall as its clients, its label between them."""
    for at in [x] * comes + [x + room - _BAR] * goes:
        axes.add_patch(Rectangle((at, item.top), _BAR, item.size, fc=INK, lw=0, zorder=3))
    if comes and goes:
        axes.add_patch(Rectangle((x, item.top), room, item.size, fc="#F3F3F3", lw=0, zorder=1))
    side = "center" if comes and goes else "left" if comes else "right"
    spot = {"left": x + _BAR + 0.05, "right": x + room - _BAR - 0.05, "center": x + room / 2}[side]
    axes.text(spot, item.middle, text, size=_SIZE, ha=side, va="center", linespacing=1.1, zorder=6)


def _headline(across: list[Link], lang: Lang) -> str:
    total = number(_clients(across), lang)
    inside, good = (_into(across, *names) for names in (("=inside",), _GOOD))
    if inside:
        return {
            "en": f"Of {total} clients, {number(inside, lang)} remain, {number(good, lang)} "
            "reach work or education",
            "fi": f"{total} asiakkaasta {number(inside, lang)} jatkaa, {number(good, lang)} "
            "siirtyy työhön tai koulutukseen",
        }[lang]
    return {
        "en": f"Of {total} clients, {number(good, lang)} go to work or education",
        "fi": f"{total} asiakkaasta {number(good, lang)} siirtyy työhön tai koulutukseen",
    }[lang]


def _subtitle(run: Run, view: View, lang: Lang) -> str:
    average = means(run.results.replications, lang)
    base = {"en": "Base. ", "fi": "Lähtökohta. "}[lang] if view.comparison is not None else ""
    text = {
        "en": f"Heights: clients, {average}. In colour: to work or education.\n"
        "White arrows: back to an earlier step, on the right where clients leave, on the left "
        "where they come.",
        "fi": f"Korkeudet: asiakkaita, {average}. Värillä: työhön tai koulutukseen.\n"
        "Valkoiset nuolet: paluu aiempaan vaiheeseen; oikealla lähtevät, vasemmalla tulevat.",
    }[lang]
    return base + text


def _alt(headline: str, across: list[Link], labels: dict[str, str], lang: Lang) -> str:
    largest = sorted(across, key=lambda link: -link.clients)[:5]
    parts = [f"{labels[a]} → {labels[b]} {number(clients, lang)}" for a, b, clients in largest]
    word = {"en": "Largest moves", "fi": "Suurimmat siirtymät"}[lang]
    return f"{headline}. {word}: {'; '.join(parts)}."
