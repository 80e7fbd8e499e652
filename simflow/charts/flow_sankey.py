"""How clients move from step to step: a flow diagram whose widths are clients."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Polygon, Rectangle
from matplotlib.path import Path

from simflow.charts.chart import Chart
from simflow.charts.data import Run, means, named, runs
from simflow.charts.flow_layout import Layout, Link, Place, laid_out
from simflow.charts.style import ACCENT, GREY, INK, brief, figure, lines, place
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
    "=work": ("Work", "Työ"),
    "=education": ("Education", "Koulutus"),
    "=ended": ("Other endings", "Muu päättyminen"),
    "=not_started": ("Did not start", "Ei alkanut"),
    "=inside": ("Still there at the end", "Mukana lopussa"),
}
_GOOD: Final = ("=work", "=education")
_TALL: Final = 4.9
"""Inches of the diagram."""
_BAR: Final = 0.11
_END: Final = 0.26
_LABELS: Final = 1.25
_MATTERS: Final = 0.2
_SAID: Final = 0.06
"""Part of the height from which a return is written out."""
_PALE: Final = "#A9B4BD"


def draw(view: View, lang: Lang) -> Chart | None:
    """The chart of the base, or None when nobody moved or moves were not counted."""
    run = runs(view, lang)[0]
    moves = links(run)
    across = [link for link in moves if link.source != link.target]
    if not across:
        return None
    labels = _labels(run, across, lang)
    headline, subtitle = _headline(across, labels, lang), _subtitle(run, view, lang)
    clients = sum(link.clients for link in across if link.source in ("arrival", "stock"))
    layout = laid_out(across, 0.03 * clients, 0.008 * clients, 0.13 * clients)
    picture, axes = figure(headline, subtitle, height=_TALL + 1.1)
    place(axes, left=0.2, right=0.1, bottom=0.15, top=0.05)
    _paint(axes, layout, labels, lang)
    columns = {"en": ("From", "To", "Clients (mean)"),
               "fi": ("Mistä", "Mihin", "Asiakkaita (keskiarvo)")}[lang]  # fmt: skip
    rows = tuple((labels[k.source], labels[k.target], k.clients) for k in moves)
    return Chart("flow-sankey", headline, subtitle, _alt(headline, across, labels, lang), picture,
                 columns, rows)  # fmt: skip


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
    return f"={exit_.kind}" if exit_.kind in ("work", "education", "not_started") else "=ended"


def _labels(run: Run, across: list[Link], lang: Lang) -> dict[str, str]:
    names = {name for link in across for name in link[:2]} | {"=other"}
    return {
        name: _WORDS[name][lang == "fi"]
        if name in _WORDS
        else named(run.scenario.services, name, lang)
        for name in names
    }


def _paint(axes: Axes, layout: Layout, labels: dict[str, str], lang: Lang) -> None:
    columns = layout.columns
    spots = [item for column in columns for item in column]
    low = min(item.top for item in spots)
    high = max(item.top + item.size for item in spots)
    axes.set_ylim(high, low)
    picture = axes.get_figure(root=True)
    assert picture is not None  # axes of `figure`
    wide = axes.get_position().width * picture.get_size_inches()[0]
    axes.set_xlim(0, wide)
    axes.axis("off")
    step = (wide - _LABELS) / max(len(columns) - 1, 1)
    x = {item.name: item.column * step for item in spots}
    _bands(axes, layout, x)
    _ends(axes, layout, x, lang)
    for item in spots:
        if not item.passing:
            last = item.column == len(columns) - 1
            _step_at(axes, x[item.name], item, labels[item.name], _LABELS if last else step, lang)


def _bands(axes: Axes, layout: Layout, x: dict[str, float]) -> None:
    """Moves that go on, each a band as wide as its clients all the way."""
    places = layout.places
    goes, comes = ({name: item.top for name, item in places.items()} for _ in range(2))
    starts: dict[Link, float] = {}
    for link, _ in sorted(layout.ways, key=lambda one: places[one[1][1]].middle):
        starts[link] = goes[link.source]
        goes[link.source] += link.clients
    for link, way in sorted(layout.ways, key=lambda one: places[one[1][-2]].middle):
        points = [(x[link.source] + _BAR, starts[link])]
        points += [(x[name], places[name].top) for name in way[1:-1]]
        points.append((x[link.target], comes[link.target]))
        comes[link.target] += link.clients
        good = link.target in _GOOD
        axes.add_patch(PathPatch(_outline(points, link.clients), fc=ACCENT if good else _PALE,
                                 alpha=0.6 if good else 0.45, lw=0))  # fmt: skip


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
        third = (next_x - x) / 3
        found += [(x + third, top), (next_x - third, next_top), (next_x, next_top)]
    return found


def _ends(axes: Axes, layout: Layout, x: dict[str, float], lang: Lang) -> None:
    """Moves that go back: an end on the right of where they leave, one on the left of where to."""
    for name, item in layout.places.items():
        gone = sum(link.clients for link in layout.back if link.source == name)
        come = sum(link.clients for link in layout.back if link.target == name)
        bottom = item.top + item.size
        for clients, start, tip in (
            (gone, x[name] + _BAR, x[name] + _BAR + _END),
            (come, x[name] - _END, x[name] - _END * 0.55),
        ):
            if clients:
                notch = _END * 0.45
                shape = [
                    (start, bottom - clients), (tip, bottom - clients),
                    (tip + notch, bottom - clients / 2), (tip, bottom), (start, bottom),
                ]  # fmt: skip
                axes.add_patch(Polygon(shape, fc="white", ec=GREY, lw=0.9))
        if come > _SAID * abs(axes.get_ylim()[1] - axes.get_ylim()[0]):
            axes.text(x[name] - _END * 0.62, bottom - come / 2, number(come, lang), rotation=90,
                      size=8, ha="center", va="center")  # fmt: skip


def _step_at(axes: Axes, x: float, item: Place, label: str, room: float, lang: Lang) -> None:
    axes.add_patch(Rectangle((x, item.top), _BAR, item.size, fc=INK, lw=0))
    text = f"{lines(label, max(8, int(room * 13)), 3)}\n{number(item.size, lang)}"
    axes.text(
        x + _BAR + 0.05, item.middle, text, size=8, va="center", weight="bold", linespacing=1.1,
        bbox={"fc": "white", "alpha": 0.7, "lw": 0, "pad": 0.8}, zorder=6,
    )  # fmt: skip


def _returns(across: list[Link]) -> dict[str, float]:
    """Clients who come to a step from a later one."""
    found: dict[str, float] = {}
    for link in laid_out(across).back:
        found[link.target] = found.get(link.target, 0.0) + link.clients
    return found


def _headline(across: list[Link], labels: dict[str, str], lang: Lang) -> str:
    total = sum(link.clients for link in across if link.source in ("arrival", "stock"))
    good = sum(link.clients for link in across if link.target in _GOOD)
    returns = _returns(across)
    name = max(returns, key=lambda step: returns[step], default=None)
    if name is not None and returns[name] >= _MATTERS * total:
        label = brief(labels[name])
        shown = number(returns[name], lang)
        return {
            "en": f"Later steps lead back to {label} {shown} times",
            "fi": f"{label}: takaisin palataan {shown} kertaa",
        }[lang]
    return {
        "en": f"Of {number(total, lang)} clients, {number(good, lang)} go to work or education",
        "fi": f"{number(total, lang)} asiakkaasta {number(good, lang)} saa työn tai opiskelupaikan",
    }[lang]


def _subtitle(run: Run, view: View, lang: Lang) -> str:
    average = means(run.results.replications, lang)
    base = {"en": "Base. ", "fi": "Lähtökohta. "}[lang] if view.comparison is not None else ""
    return (
        base
        + {
            "en": f"Widths: clients, {average}. Blue: to work or education.\n"
            "White arrows: back to an earlier step, on the right where clients leave, on the left "
            "where they come.",
            "fi": f"Leveydet: asiakkaita, {average}. "
            "Sininen: työhön tai koulutukseen.\n"
            "Valkoiset nuolet: paluu aiempaan vaiheeseen, oikealla lähtevät, vasemmalla tulevat.",
        }[lang]
    )


def _alt(headline: str, across: list[Link], labels: dict[str, str], lang: Lang) -> str:
    largest = sorted(across, key=lambda link: -link.clients)[:5]
    parts = [f"{labels[a]} → {labels[b]} {number(clients, lang)}" for a, b, clients in largest]
    word = {"en": "Largest moves", "fi": "Suurimmat siirtymät"}[lang]
    return f"{headline}. {word}: {'; '.join(parts)}."
