"""Waiting: the share served by each day, of those who asked, the still waiting counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from matplotlib.axes import Axes

from simflow.charts.chart import Chart, Row
from simflow.charts.data import Run, named
from simflow.charts.key import height, key, marker
from simflow.charts.style import ACCENT, GREY, INK, MARK, brief, figure, head, lines, series
from simflow.charts.verdicts import detailed
from simflow.labels import Lang, interval, number, percent

if TYPE_CHECKING:
    from simflow.results import View

ORDER: Final = 40
_ACROSS: Final = 3
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


class _Queue(NamedTuple):
    """A service and the days at which its curve is known; its limit in days, when it has one."""

    name: str
    label: str
    days: tuple[int, ...]
    limit: float | None


def draw(view: View, lang: Lang) -> Chart | None:
    """The chart, or None when no service has a waiting curve."""
    every, note = detailed(view, lang)
    queues = _queues(every[0], lang)
    if not queues:
        return None
    headline, subtitle = _headline(every, queues[0], lang), _subtitle(every, lang) + note
    titles = [run.title for run in every]
    rows = -(-len(queues) // _ACROSS)
    room = 1.1 + height(titles) + rows * (_PANEL + _BETWEEN)
    picture, first = figure(headline, subtitle, height=room)
    key(picture, titles)
    last = _last_day(every[0], queues)
    panels = [first, *(picture.add_axes((0, 0, 1, 1)) for _ in queues[1:])]
    top = head(picture) + height(titles) + 0.28
    for place, (axes, queue) in enumerate(zip(panels, queues, strict=True)):
        _position(axes, place, top, room)
        _panel(axes, every, queue, last, lang)
    table = tuple(row for queue in queues for row in _rows(every, queue))
    return Chart("waiting-curves", headline, subtitle, _alt(headline, every[0], queues, lang),
                 picture, _columns(lang), table)  # fmt: skip


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
        sure = _known(base, name, tuple(sorted(known)))
        found.append((order, _Queue(name, label, sure, service.wait_limit)))
    return [queue for _, queue in sorted(found, key=lambda item: item[0])[:_MOST]]


def _known(run: Run, name: str, days: tuple[int, ...]) -> tuple[int, ...]:
    """The days up to which the curve is known in nearly all runs."""
    counts = [len(run.values(f"wait.{name}.by.{day}")) for day in days]
    return tuple(day for day, count in zip(days, counts, strict=True)
                 if count and count >= _KNOWN * max(counts))  # fmt: skip


def _last_day(base: Run, queues: list[_Queue]) -> int:
    """The day to which the axes go: nearly all are served by then in every queue."""
    needed = []
    for queue in queues:
        shares = [(day, base.mean(f"wait.{queue.name}.by.{day}") or 0.0) for day in queue.days]
        needed.append(next((day for day, share in shares if share >= 0.9), queue.days[-1]))
    return max(*needed, 56)


def _position(axes: Axes, place: int, top: float, tall: float) -> None:
    column, row = place % _ACROSS, place // _ACROSS
    left = 0.6 + column * (_WIDE + 0.3)
    bottom = tall - top - row * (_PANEL + _BETWEEN) - _PANEL
    axes.set_position((left / 8, bottom / tall, _WIDE / 8, _PANEL / tall))
    if column:
        axes.tick_params(labelleft=False)
    axes.set_axisbelow(True)


def _panel(axes: Axes, every: list[Run], queue: _Queue, last: int, lang: Lang) -> None:
    """One service: the base with its band, the alternatives, the limit."""
    axes.set_title(lines(queue.label, 28), size=9.5, weight="bold", loc="left", pad=8)
    for place, run in reversed(list(enumerate(every))):
        days = [day for day in _known(run, queue.name, queue.days) if day <= last]
        ends = [(day, run.spread(f"wait.{queue.name}.by.{day}")) for day in days]
        known = [(day, *spread) for day, spread in ends if spread is not None]
        if not known:
            continue
        x, low, middle, high = zip(*known, strict=True)
        if place == 0:
            axes.fill_between(x, low, high, color=ACCENT, alpha=0.2, lw=0)
            axes.plot(x, middle, "o-", color=ACCENT, lw=2.4, ms=4, clip_on=False, zorder=4)
        else:
            colour, dashes = series(place - 1)
            axes.plot(x, middle, marker=marker(place - 1), color=colour, dashes=dashes, lw=1.3,
                      ms=4, mec="white", mew=0.4, zorder=3)  # fmt: skip
    axes.set_xlim(0, last)
    axes.set_ylim(0, 1)
    axes.grid(axis="y")
    axes.set_yticks([0, 0.5, 1], [percent(share, lang) for share in (0, 0.5, 1)], size=8.5)
    ticks = [day for day in (28, 91, 182, 273, 364) if day < 0.8 * last or day == last]
    ticks += [] if last in ticks else [last]
    axes.set_xticks([0, *ticks], [number(day, lang) for day in (0, *ticks)], size=8.5)
    axes.set_xlabel({"en": "days waited", "fi": "odotettu, päivää"}[lang], size=8.5, loc="right")
    _note(axes, every[0], queue, last, lang)


def _note(axes: Axes, base: Run, queue: _Queue, last: int, lang: Lang) -> None:
    """What the base reaches: within the limit, or the day by which half are served."""
    if queue.limit is not None and queue.limit <= last:
        day, share = _share(base, queue)
        axes.axvline(day, color=MARK, lw=1.4, ls=(0, (4, 2)), zorder=2)
        text = {
            "en": f"goal {number(day, lang)} days:\n{percent(share, lang)} served",
            "fi": f"tavoite {number(day, lang)} päivää:\n{percent(share, lang)} päässyt",
        }[lang]
        axes.annotate(text, (day, 0.06), (5, 0), textcoords="offset points", size=8.5,
                      color=INK, weight="bold", va="bottom")  # fmt: skip
        return
    median = base.mean(f"wait.{queue.name}.median")
    if median is not None:
        text = {
            "en": f"half within {number(median, lang)} days",
            "fi": f"puolet {number(median, lang)} päivässä",
        }[lang]
        axes.text(last, 0.06, text, size=8.5, color=GREY, ha="right", va="bottom")


def _share(run: Run, queue: _Queue) -> tuple[float, float | None]:
    """A day that matters (the limit, or four weeks), and the mean share served by it."""
    wanted = 28.0 if queue.limit is None else queue.limit
    if wanted not in queue.days and run.has(f"wait.{queue.name}.within"):
        return wanted, run.mean(f"wait.{queue.name}.within")
    day = min(queue.days, key=lambda day: abs(day - wanted))
    return day, run.mean(f"wait.{queue.name}.by.{day}")


def _headline(every: list[Run], queue: _Queue, lang: Lang) -> str:
    day, base = _share(every[0], queue)
    shown, days = percent(base, lang), number(day, lang)
    others = [share for run in every[1:] if (share := _share(run, queue)[1]) is not None]
    label = brief(queue.label, 3)
    if not others:
        return {
            "en": f"{label}: {shown} served within {days} days",
            "fi": f"{label}: {shown} pääsee {days} päivässä",
        }[lang]
    ends = _range(min(others), max(others), lang)
    return {
        "en": f"{label} within {days} days: alternatives {ends}, base {shown}",
        "fi": f"{label} {days} päivässä: vaihtoehdot {ends}, lähtökohta {shown}",
    }[lang]


def _range(low: float, high: float, lang: Lang) -> str:
    if percent(low) == percent(high):
        return percent(low, lang)
    return f"{interval(low * 100, high * 100, lang)}{percent(0, lang)[1:]}"


def _subtitle(every: list[Run], lang: Lang) -> str:
    replications = every[0].results.replications
    n = number(replications, lang)
    if replications == 1:
        line = {
            "en": "Line: one simulated run, so no bands.",
            "fi": "Viiva: yksi toisto, ei alueita.",
        }
    else:
        several = len(every) > 1
        line = {
            "en": f"Line: median of {n} runs. Band: nine runs in ten (5–95 %)"
            f"{' of the base' if several else ''}.",
            "fi": f"Viiva: {n} toiston mediaani. Alue: "
            f"{'lähtökohdan' if several else 'yhdeksän toistoa kymmenestä,'} 5–95 %.",
        }
    rest = {
        "en": "Share served by each day of waiting. {}\nThose still waiting, or who left the "
        "queue, count as long as they waited; a line ends where few are left.",
        "fi": "Palveluun päässeiden osuus odotuspäivittäin. {}\nYhä odottavat ja jonosta lähteneet "
        "ovat mukana odotuksensa ajan; viiva päättyy, kun heitä on vähän.",
    }
    return rest[lang].format(line[lang])


def _alt(headline: str, base: Run, queues: list[_Queue], lang: Lang) -> str:
    parts = []
    for queue in queues:
        day, share = _share(base, queue)
        within = {"en": "by day", "fi": "päivään"}[lang]
        parts.append(f"{queue.label} {within} {number(day, lang)}: {percent(share, lang)}")
    return f"{headline}. {'; '.join(parts)}."


def _columns(lang: Lang) -> tuple[str, ...]:
    return {
        "en": ("Service", "Scenario", "Day", "5 %", "Median", "95 %"),
        "fi": ("Palvelu", "Skenaario", "Päivä", "5 %", "Mediaani", "95 %"),
    }[lang]


def _rows(every: list[Run], queue: _Queue) -> list[Row]:
    return [
        (queue.label, run.title, float(day), *spread)
        for run in every
        for day in _known(run, queue.name, queue.days)
        if (spread := run.spread(f"wait.{queue.name}.by.{day}")) is not None
    ]
