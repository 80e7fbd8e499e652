"""Seats filled on courses, and clients at a time in places."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes

from simflow.charts.amounts import counted
from simflow.charts.chart import Chart, Row
from simflow.charts.data import Run, named
from simflow.charts.highlight import OTHERS, highlighted, look, note
from simflow.charts.key import entries, height, key
from simflow.charts.style import ACCENT, INK, MARK, brief, figure, head, lines
from simflow.charts.verdicts import detailed
from simflow.labels import Lang, number, percent
from simflow.scenario.services import PlacementService

if TYPE_CHECKING:
    from simflow.results import View

ORDER: Final = 80
_ROW: Final = 0.42
_LEFT: Final = 2.6
_FEW: Final = 9.95
"""Numbers of clients below this are said with a decimal."""
_Shown = Callable[[float], str]


def draw(view: View, lang: Lang) -> Chart | None:
    """The chart, or None when there are neither courses nor placements."""
    every, left_out = detailed(view, lang)
    seats = _services(every[0], "seats.{}.filled")
    places = [
        name for name in _services(every[0], "occupancy.{}.mean")
        if isinstance(every[0].scenario.services[name], PlacementService)
    ]  # fmt: skip
    if not seats and not places:
        return None
    chosen = highlighted([_apart(every[0], run, seats, places) for run in every[1:]])
    titles = entries([run.title for run in every], chosen, lang)
    headline = _headline(every[0], seats, places, lang)
    subtitle = _subtitle(every, any(_limit(every[0], name) for name in places), lang)
    subtitle += note(chosen, len(every) - 1, lang) + left_out
    parts = [part for part in (seats, places) if part]
    tall = 0.85 + height(titles) + sum(_ROW * len(part) + 0.8 for part in parts)
    picture, axes = figure(headline, subtitle, height=tall)
    key(picture, titles)
    top = head(picture) + height(titles) + 0.3
    for place, (part, name) in enumerate(
        (p, n) for p, n in ((seats, "seats.{}.filled"), (places, "occupancy.{}.mean")) if p
    ):
        panel = axes if place == 0 else picture.add_axes((0, 0, 1, 1))
        length = _ROW * len(part)
        panel.set_position((_LEFT / 8, (tall - top - length) / tall, 4.95 / 8, length / tall))
        _panel(panel, every, part, name, chosen, lang)
        top += length + 0.8
    table = [
        row for pattern, part in (("seats.{}.filled", seats), ("occupancy.{}.mean", places))
        for row in _rows(every, part, pattern, lang)
    ]  # fmt: skip
    return Chart("seats-places", headline, subtitle, _alt(headline, every[0], seats, places, lang),
                 picture, _columns(lang), tuple(table))  # fmt: skip


def _services(base: Run, pattern: str) -> list[str]:
    """Services with the measure, those with most of it first."""
    found = [name for name in base.scenario.services if base.mean(pattern.format(name))]
    return sorted(found, key=lambda name: -_mean(base, pattern.format(name)))


def _mean(run: Run, name: str) -> float:
    """Mean over the runs; zero when there is no value."""
    return run.mean(name) or 0.0


def _apart(base: Run, run: Run, seats: list[str], places: list[str]) -> float:
    """How far an alternative is from the base, as a part of the longest bar of a panel."""
    found = [0.0]
    for part, pattern in ((seats, "seats.{}.filled"), (places, "occupancy.{}.mean")):
        pairs = [(_mean(base, n), _mean(run, n)) for n in map(pattern.format, part)]
        longest = max((one for one, _ in pairs), default=0.0) or 1.0
        found += [abs(one - other) / longest for one, other in pairs]
    return max(found)


def _limit(base: Run, name: str) -> int | None:
    """Most clients that a service has places for; None when there is no limit."""
    return getattr(base.scenario.services[name], "places", None)


def _panel(
    axes: Axes, every: list[Run], part: list[str], pattern: str, chosen: tuple[int, ...], lang: Lang
) -> None:
    """A row for each service: the base's band and dot, the alternatives' marks, the limit."""
    share = pattern.startswith("seats")
    shown: _Shown = (
        (lambda v: percent(v, lang)) if share else (lambda v: number(v, lang, int(0 < v < _FEW)))
    )
    base = every[0]
    ends = [0.0]
    for y, name in enumerate(part):
        ends += _one(axes, y, every, pattern.format(name), chosen, shown)
        limit = None if share else _limit(base, name)
        if limit is not None:
            axes.plot([limit], [y], "|", color=MARK, ms=15, mew=2.5)
            ends.append(float(limit))
    title = {
        True: {"en": "Seats filled on the courses held", "fi": "Pidettyjen kurssien täyttöaste"},
        False: {"en": "Clients in places at a time", "fi": "Asiakkaita paikoissa yhtä aikaa"},
    }[share][lang]
    axes.set_title(title, loc="left", size=9.5, weight="bold", pad=6)
    # The number above a dot near zero stands clear of the service's name.
    axes.set_xlim(0 if share else -0.03 * max(ends), 1.0 if share else max(ends) * 1.14)
    axes.set_ylim(len(part) - 0.5, -0.5)
    labels = [lines(named(base.scenario.services, name, lang), 34) for name in part]
    axes.set_yticks(range(len(part)), labels, size=9)
    axes.grid(axis="x")
    ticks = [0, 0.25, 0.5, 0.75, 1] if share else axes.get_xticks()
    inside = [tick for tick in ticks if 0 <= tick <= axes.get_xlim()[1]]
    names = [shown(tick) if share else number(tick, lang, int(tick % 1 > 0)) for tick in inside]
    axes.set_xticks(inside, names, size=8.5)


def _one(
    axes: Axes, y: int, every: list[Run], name: str, chosen: tuple[int, ...], shown: _Shown
) -> list[float]:
    """A service's row; gives the values that the axis must reach."""
    ends: list[float] = []
    own = ACCENT if len(every) == 1 else INK
    for place, run in reversed(list(enumerate(every))):
        spread = run.spread(name)
        if spread is None:
            continue
        low, middle, high = spread
        if place == 0:
            axes.plot(
                [low, high],
                [y, y],
                color=own,
                lw=6,
                alpha=0.35 if own == ACCENT else 0.2,
                solid_capstyle="butt",
            )
            axes.plot([middle], [y], "o", color=own, ms=7.5, zorder=4, clip_on=False)
            axes.annotate(shown(middle), (middle, y), (0, 6), textcoords="offset points",
                          ha="center", size=8.5, weight="bold", color=INK, zorder=6,
                          bbox={"fc": "white", "lw": 0, "pad": 0.3, "alpha": 0.7})  # fmt: skip
            ends.append(high)
        else:
            how = look(place - 1, chosen)
            axes.plot([middle], [y + 0.27], how.marker, color=how.colour,
                      ms=8 if how is OTHERS else 6, mec="white", mew=0.5, clip_on=False,
                      zorder=how.above + 1)  # fmt: skip
        ends.append(middle)
    return ends


def _headline(base: Run, seats: list[str], places: list[str], lang: Lang) -> str:
    if seats:
        low, high = seats[-1], seats[0]
        shares = [percent(_mean(base, f"seats.{name}.filled"), lang) for name in (low, high)]
        if len(seats) == 1 or shares[0] == shares[1]:
            return {
                "en": f"Courses are {shares[1]} full",
                "fi": f"Kurssien paikoista on täynnä {shares[1]}",
            }[lang]
        label = brief(named(base.scenario.services, low, lang))
        return {
            "en": f"Least full: {label}, {shares[0]} of seats taken",
            "fi": f"Heikoimmin täyttyy {label}: {shares[0]} paikoista",
        }[lang]
    label = brief(named(base.scenario.services, places[0], lang))
    clients = counted(_mean(base, f"occupancy.{places[0]}.mean"), "clients", lang)
    return {
        "en": f"Most at a time: {label}, {clients}",
        "fi": f"Eniten yhtä aikaa: {label}, {clients}",
    }[lang]


def _subtitle(every: list[Run], limited: bool, lang: Lang) -> str:
    n = number(every[0].results.replications, lang)
    text = {
        "en": f"Dot: mean of {n} runs. Bar: nine runs in ten (5–95 %).",
        "fi": f"Piste: {n} toiston keskiarvo. Palkki: yhdeksän toistoa kymmenestä (5–95 %).",
    }[lang]
    if every[0].results.replications == 1:
        text = {"en": "Dot: one run, no bars.", "fi": "Piste: yksi toisto, ei palkkeja."}[lang]
    if limited:
        text += {
            "en": " Upright line: limit of places.",
            "fi": " Pystyviiva: paikkojen enimmäismäärä.",
        }[lang]
    if len(every) > 1:
        text += {
            "en": "\nMarks below the bars: means of alternatives.",
            "fi": "\nMerkit palkkien alla: vaihtoehtojen keskiarvot.",
        }[lang]
    return text


def _alt(headline: str, base: Run, seats: list[str], places: list[str], lang: Lang) -> str:
    parts = [
        f"{named(base.scenario.services, name, lang)} "
        f"{percent(_mean(base, f'seats.{name}.filled'), lang)}"
        for name in seats
    ] + [
        f"{named(base.scenario.services, name, lang)} "
        f"{number(_mean(base, f'occupancy.{name}.mean'), lang)}"
        for name in places
    ]
    return f"{headline}. {'; '.join(parts)}."


def _columns(lang: Lang) -> tuple[str, ...]:
    return {
        "en": ("Service", "What", "Scenario", "5 %", "Mean", "95 %"),
        "fi": ("Palvelu", "Mitä", "Skenaario", "5 %", "Keskiarvo", "95 %"),
    }[lang]


def _rows(every: list[Run], part: list[str], pattern: str, lang: Lang) -> list[Row]:
    what = {
        True: {"en": "seats filled (share)", "fi": "täytetyt paikat (osuus)"},
        False: {"en": "clients at a time", "fi": "asiakkaita yhtä aikaa"},
    }[pattern.startswith("seats")][lang]
    return [
        (named(every[0].scenario.services, name, lang), what, run.title, *spread)
        for name in part
        for run in every
        if (spread := run.spread(pattern.format(name))) is not None
    ]
