"""Waiting: the share served by each day, of those who asked, the still waiting counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from matplotlib.axes import Axes

from simflow.charts.amounts import between, counted
from simflow.charts.chart import Chart, Row
from simflow.charts.data import Run, named
from simflow.charts.highlight import BASE, highlighted, look, note
from simflow.charts.key import entries, height, key
from simflow.charts.style import (
    ACCENT,
    GREY,
    INK,
    MARK,
    NARROW_WIDTH,
    brief,
    figure,
    head,
    lines,
)
from simflow.charts.verdicts import detailed
from simflow.labels import Lang, number, percent

if TYPE_CHECKING:
    from simflow.results import View

ORDER: Final = 40
NARROW: Final = True
_MOST: Final = 6
_FEW: Final = 5.0
"""Services that fewer ask for are left out."""
_SERVED: Final = 0.95
_KNOWN: Final = 0.9
"""A curve ends where it is known in fewer of the runs: in the others nobody was left to watch, and
those that are known would be the quicker ones."""
_PANEL: Final = 1.85
_BETWEEN: Final = 0.95
_WIDE: Final = 2.2
"""Inches: height of a panel, space between panels, width of a panel."""


class _Queue(NamedTuple):
    """A service and the days at which its curve is known; its limit in days, when it has one."""

    name: str
    label: str
    days: tuple[float, ...]
    limit: float | None

    @property
    def day(self) -> float:
        """The day that is spoken of: the limit, or about four weeks."""
        wanted = 28.0 if self.limit is None else self.limit
        return min(self.days, key=lambda day: abs(day - wanted))


def draw(view: View, lang: Lang, narrow: bool = False) -> Chart | None:
    """The chart, or None when no service has a waiting curve."""
    every, left_out = detailed(view, lang)
    queues = _queues(every[0], lang)
    if not queues:
        return None
    chosen = highlighted([_apart(every[0], run, queues) for run in every[1:]])
    headline = _headline(every, queues[0], lang)
    subtitle = _subtitle(every, lang) + note(chosen, len(every) - 1, lang) + left_out
    titles = entries([run.title for run in every], chosen, lang)
    width, across = (NARROW_WIDTH, 1) if narrow else (8.0, 3)
    down = -(-len(queues) // across) * (_PANEL + _BETWEEN)
    above = head(figure(headline, subtitle, width=width)[0]) + height(titles, width)
    tall = above + 0.28 + down
    picture, first = figure(headline, subtitle, height=tall, width=width)
    key(picture, titles)
    last = _last_day(every[0], queues)
    panels = [first, *(picture.add_axes((0, 0, 1, 1)) for _ in queues[1:])]
    for place, (axes, queue) in enumerate(zip(panels, queues, strict=True)):
        _position(axes, place, above + 0.28, across)
        _panel(axes, every, queue, last, chosen, lang)
    table = tuple(row for queue in queues for row in _rows(every, queue))
    name = "waiting-curves-narrow" if narrow else "waiting-curves"
    return Chart(name, headline, subtitle, _alt(headline, every[0], queues, lang), picture,
                 _columns(lang), table)  # fmt: skip


def _queues(base: Run, lang: Lang) -> list[_Queue]:
    """Services with a wait: those with a limit first, then those asked for most."""
    days: dict[str, list[int]] = {}
    for measure in base.results.measures:
        head_, _, day = measure.name.partition(".by.")
        if day.isdecimal() and head_.startswith("wait.") and base.has(measure.name):
            days.setdefault(head_.removeprefix("wait."), []).append(int(day))
    found = []
    for name, known in days.items():
        service = base.scenario.services.get(name)
        asked = base.mean(f"requests.{name}")
        at_once = base.mean(f"wait.{name}.by.{min(known)}") or 0.0
        if service is None or at_once > _SERVED or (asked is not None and asked < _FEW):
            continue
        label = named(base.scenario.services, name, lang)
        order = (service.wait_limit is None, -(asked or 0.0))
        limit = service.wait_limit
        days_known = set(map(float, known))
        if limit is not None and base.has(f"wait.{name}.within"):
            days_known.add(limit)
        queue = _Queue(name, label, tuple(sorted(days_known)), limit)
        found.append((order, _known(base, queue)))
    return [queue for _, queue in sorted(found, key=lambda item: item[0])[:_MOST]]


def _spread(run: Run, queue: _Queue, day: float) -> tuple[float, float, float] | None:
    """5th percentile, mean and 95th percentile of the share served by a day, where it is known."""
    found = run.spread(f"wait.{queue.name}.by.{day:g}")
    service = run.scenario.services.get(queue.name)
    if found is None and service is not None and service.wait_limit == day:
        return run.spread(f"wait.{queue.name}.within")
    return found


def _known(run: Run, queue: _Queue) -> _Queue:
    """The queue with the days up to which its curve is known in nearly all runs."""
    counts = {day: len(run.values(f"wait.{queue.name}.by.{day:g}")) for day in queue.days}
    most = max(counts.values(), default=0)
    return queue._replace(days=tuple(
        day for day, count in counts.items()
        if (count and count >= _KNOWN * most) or (not count and _spread(run, queue, day))
    ))  # fmt: skip


def _apart(base: Run, run: Run, queues: list[_Queue]) -> float:
    """How far an alternative's curves lie from the base's, where they are furthest apart."""
    found = [0.0]
    for queue in queues:
        for day in _known(run, queue).days:
            one, other = _spread(base, queue, day), _spread(run, queue, day)
            found += [abs(one[1] - other[1])] if one and other else []
    return max(found)


def _last_day(base: Run, queues: list[_Queue]) -> float:
    """The day to which the axes go: nearly all are served by then in every queue."""
    needed = [56.0]
    for queue in queues:
        shares = [(day, _spread(base, queue, day)) for day in queue.days]
        served = [day for day, spread in shares if spread and spread[1] >= 0.9]
        needed.append(min(served, default=queue.days[-1]))
    return max(needed)


def _position(axes: Axes, place: int, top: float, across: int) -> None:
    picture = axes.get_figure(root=True)
    assert picture is not None  # axes of `figure`
    width, tall = picture.get_size_inches()
    row, column = divmod(place, across)
    wide = _WIDE if across > 1 else width - 0.9
    left = 0.6 + column * (_WIDE + 0.3)
    bottom = tall - top - row * (_PANEL + _BETWEEN) - _PANEL
    axes.set_position((left / width, bottom / tall, wide / width, _PANEL / tall))
    if column:
        axes.tick_params(labelleft=False)
    axes.set_axisbelow(True)


def _panel(
    axes: Axes, every: list[Run], queue: _Queue, last: float, chosen: tuple[int, ...], lang: Lang
) -> None:
    """One service: the base with its band, the alternatives, the limit."""
    axes.set_title(lines(queue.label, 28), size=9.5, weight="bold", loc="left", pad=8)
    alone = len(every) == 1
    for place, run in reversed(list(enumerate(every))):
        days = [day for day in _known(run, queue).days if day <= last]
        known = [(day, *spread) for day in days if (spread := _spread(run, queue, day))]
        if not known:
            continue
        x, low, middle, high = zip(*known, strict=True)
        how = look(place - 1, chosen) if place else BASE._replace(colour=ACCENT if alone else INK)
        if place == 0:
            axes.fill_between(x, low, high, color=how.colour, alpha=0.2 if alone else 0.12, lw=0)
        axes.plot(x, middle, marker=how.marker, color=how.colour, dashes=how.dashes,
                  lw=how.width, ms=4, mec="white", mew=0.4, clip_on=place > 0,
                  zorder=how.above)  # fmt: skip
    axes.set_xlim(0, last)
    axes.set_ylim(0, 1)
    axes.grid(axis="y")
    axes.set_yticks([0, 0.5, 1], [percent(share, lang) for share in (0, 0.5, 1)], size=8.5)
    ticks: list[float] = [d for d in (28, 91, 182, 273, 364) if d < 0.8 * last or d == last]
    ticks += [] if last in ticks else [last]
    axes.set_xticks([0, *ticks], [number(day, lang) for day in (0, *ticks)], size=8.5)
    axes.set_xlabel({"en": "days waited", "fi": "odotettu, päivää"}[lang], size=8.5, loc="right")
    _note(axes, every[0], queue, last, lang)


def _note(axes: Axes, base: Run, queue: _Queue, last: float, lang: Lang) -> None:
    """What the base reaches: within the limit, or the day by which half are served."""
    if queue.limit is not None and queue.limit <= last:
        day, share = queue.day, _share(base, queue)
        axes.axvline(day, color=MARK, lw=1.4, ls=(0, (4, 2)), zorder=2)
        days = counted(day, "days", lang)
        text = {
            "en": f"goal {days}:\n{percent(share, lang)} served",
            "fi": f"tavoite {days}:\n{percent(share, lang)} päässyt",
        }[lang]
        axes.annotate(text, (day, 0.06), (5, 0), textcoords="offset points", size=8.5,
                      color=INK, weight="bold", va="bottom")  # fmt: skip
        return
    half = base.mean(f"wait.{queue.name}.median")
    if half is not None:
        text = {
            "en": f"half within {counted(half, 'days', lang)}",
            "fi": f"puolet {number(half, lang)} päivässä",
        }[lang]
        axes.text(last, 0.06, text, size=8.5, color=GREY, ha="right", va="bottom")


def _share(run: Run, queue: _Queue) -> float | None:
    """The share served by the day that is spoken of, in the mean of the runs."""
    spread = _spread(run, queue, queue.day)
    return None if spread is None else spread[1]


def _headline(every: list[Run], queue: _Queue, lang: Lang) -> str:
    shown, days = percent(_share(every[0], queue), lang), counted(queue.day, "days", lang)
    others = [share for run in every[1:] if (share := _share(run, queue)) is not None]
    label, day = brief(queue.label, 3), number(queue.day, lang)
    if not others:
        return {
            "en": f"{label}: {shown} served within {days}",
            "fi": f"{label}: {shown} pääsee {day} päivässä",
        }[lang]
    ends = between(min(others) * 100, max(others) * 100, lang, "share")
    return {
        "en": f"{label} within {days}: alternatives {ends}, base {shown}",
        "fi": f"{label} {day} päivässä: vaihtoehdoissa {ends}, lähtökohdassa {shown}",
    }[lang]


def _subtitle(every: list[Run], lang: Lang) -> str:
    replications = every[0].results.replications
    n = number(replications, lang)
    if replications == 1:
        line = {
            "en": "Line: one simulated run, so no bands.",
            "fi": "Viiva: yksi toisto, joten vaihtelua ei näy.",
        }
    else:
        several = len(every) > 1
        line = {
            "en": f"Line: mean of {n} runs. Band: nine runs in ten (5–95 %)"
            f"{' of the base' if several else ''}.",
            "fi": f"Viiva: {n} toiston keskiarvo. Alue: yhdeksän "
            f"{'lähtökohdan ' if several else ''}toistoa kymmenestä (5–95 %).",
        }
    rest = {
        "en": "Share served by each day of waiting. {}\nThose still waiting, or who left the "
        "queue, count as long as they waited; a line ends where few are left.",
        "fi": "Kuinka suuri osuus on päässyt palveluun mihinkin päivään mennessä. {}\nYhä "
        "odottavat ja jonosta lähteneet ovat mukana odotuksensa ajan; viiva päättyy, kun "
        "jonottajia on enää vähän.",
    }
    return rest[lang].format(line[lang])


def _alt(headline: str, base: Run, queues: list[_Queue], lang: Lang) -> str:
    parts = []
    for queue in queues:
        within = {
            "en": f"within {counted(queue.day, 'days', lang)}",
            "fi": f"{number(queue.day, lang)} päivässä",
        }[lang]
        parts.append(f"{queue.label} {within}: {percent(_share(base, queue), lang)}")
    return f"{headline}. {'; '.join(parts)}."


def _columns(lang: Lang) -> tuple[str, ...]:
    return {
        "en": ("Service", "Scenario", "Day", "5 %", "Mean", "95 %"),
        "fi": ("Palvelu", "Skenaario", "Päivä", "5 %", "Keskiarvo", "95 %"),
    }[lang]


def _rows(every: list[Run], queue: _Queue) -> list[Row]:
    """Points of the curves; the day that is spoken of even where a curve ends before it."""
    return [
        (queue.label, run.title, day, *spread)
        for run in every
        for day in sorted({*_known(run, queue).days, queue.day})
        if (spread := _spread(run, queue, day)) is not None
    ]
