"""Caseload month by month: the mean year, and how far single years lie from it."""

from __future__ import annotations

import datetime as dt
from math import ceil
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simflow.charts.amounts import between, counted
from simflow.charts.chart import Chart, Row
from simflow.charts.data import BAND, Run
from simflow.charts.highlight import BASE, Look, highlighted, look, note
from simflow.charts.key import Entries, entries, height, key
from simflow.charts.spacing import apart
from simflow.charts.style import ACCENT, GREY, INK, MARK, NARROW_WIDTH, figure, head, place, short
from simflow.charts.verdicts import detailed
from simflow.experiment.summary import Floats
from simflow.labels import Lang, date, month, number

if TYPE_CHECKING:
    from simflow.results import View

ORDER: Final = 30
NARROW: Final = True
_PREFIX: Final = "caseload.month."
_STEADY: Final = 0.05
_OWN: Final = {
    "base": ("base", "lähtökohta"), "once": ("one run", "yksi toisto"),
    "mean": ("mean", "keskiarvo"),
}  # fmt: skip
_OTHER_PERIOD: Final[dict[Lang, str]] = {
    "en": " Without those of another period.",
    "fi": " Ilman toisen ajanjakson vaihtoehtoja.",
}
_TICK: Final = 0.42
"""Inches that the name of a month takes."""


class _End(NamedTuple):
    """What is written at the right end of a line."""

    level: float
    label: str
    colour: str
    strong: bool = False
    dashes: tuple[float, ...] = (1.0, 0.0)


def points(run: Run) -> tuple[list[dt.date], Floats]:
    """Dates, and the caseload at each in every replication, shape (dates, replications)."""
    horizon, results = run.scenario.horizon, run.results
    after = horizon.end + dt.timedelta(1)
    found: dict[dt.date, Floats] = {}
    for measure in results.measures:
        if measure.name.startswith(_PREFIX):
            year, number_ = map(int, measure.name.removeprefix(_PREFIX).split("-")[:2])
            following = dt.date(year + number_ // 12, number_ % 12 + 1, 1)
            found[min(following, after)] = results.column(measure.name)
        elif measure.name == "caseload.start":
            found[horizon.start] = results.column(measure.name)
        elif measure.name == "caseload.end":
            found[after] = results.column(measure.name)
    days = sorted(day for day, values in found.items() if np.isfinite(values).all())
    return days, np.array([found[day] for day in days])


def draw(view: View, lang: Lang, narrow: bool = False) -> Chart | None:
    """The chart, or None when there are fewer than three dates to draw."""
    (base, *others), left_out = detailed(view, lang)
    days, levels = points(base)
    if len(days) < 3 or not levels.shape[1]:
        return None
    bands = np.percentile(levels, BAND, axis=1)
    bands[2] = levels.mean(axis=1)  # as tables say it
    means = _means(others, days)
    chosen = highlighted([abs(float(line[-1] - bands[2][-1])) for _, line in means])
    headline = _headline(bands[2], [line[-1] for _, line in means], lang)
    subtitle = _subtitle(levels.shape[1], bool(others), lang) + note(chosen, len(means), lang)
    subtitle += left_out + (_OTHER_PERIOD[lang] if len(means) < len(others) else "")
    published = view.scenario.published.get("caseload.end")
    if narrow and published is not None:
        subtitle += {"en": " Diamond: published.", "fi": " Vinoneliö: julkaistu."}[lang]
    titles = entries([base.title, *(name for name, _ in means)], chosen, lang) if narrow else []
    picture, axes = _frame(headline, subtitle, titles, bool(means), narrow)
    x = np.array([day.toordinal() for day in days], float)
    ends = _lines(axes, x, bands, means, chosen, levels.shape[1] == 1, lang)
    if published is not None:
        ends.append(_dot(axes, float(x[-1]), published.value, lang))
    _limits(axes, [bands.min(), bands.max(), *(end.level for end in ends)],
            [limit for _, line in means for limit in (line.min(), line.max())])  # fmt: skip
    if titles:
        ends = [end._replace(label=number(end.level, lang)) for end in ends]
    _direct(axes, float(x[-1]), ends)
    _dates(axes, days, x, lang)
    return Chart(
        "caseload-fan-narrow" if narrow else "caseload-fan", headline, subtitle,
        _alt(headline, days, bands, levels.shape[1] == 1, lang), picture,
        *_table(days, bands, means, lang),
    )  # fmt: skip


def _frame(
    headline: str, subtitle: str, titles: Entries, several: bool, narrow: bool
) -> tuple[Figure, Axes]:
    """Picture and axes, with room for what is written at the ends of the lines."""
    width = NARROW_WIDTH if narrow else 8.0
    picture, axes = figure(headline, subtitle, height=4.4 + 0.1 * several, width=width)
    words = head(picture)
    if narrow:
        picture, axes = figure(
            headline, subtitle, height=words + 2.9 + height(titles, width), width=width
        )
    key(picture, titles)
    right = (0.65 if several else 1.25) if narrow else 3.4 if several else 1.45
    place(axes, left=0.5, right=right, bottom=0.5, top=height(titles, width))
    return picture, axes


def _lines(
    axes: Axes,
    x: Floats,
    bands: Floats,
    means: list[tuple[str, Floats]],
    chosen: tuple[int, ...],
    once: bool,
    lang: Lang,
) -> list[_End]:
    """The base's fan and the alternatives; gives what is written at their ends."""
    colour = INK if means else ACCENT
    _fan(axes, x, bands, colour)
    last = float(bands[2][-1])
    ends = [_own(last, "base" if means else "once" if once else "mean", colour, lang)]
    for place_, (name, line) in enumerate(means):
        end = _line(axes, x, line, name, look(place_, chosen), lang)
        ends += [end] if place_ in chosen else []
    if not means and not once:
        ends += [_End(float(bands[row][-1]), f"{BAND[row]} %", GREY) for row in (0, -1)]
    return ends


def _own(level: float, name: str, colour: str, lang: Lang) -> _End:
    """The end of the base's own line."""
    return _End(level, f"{_OWN[name][lang == 'fi']} {number(level, lang)}", colour, True)


def _limits(axes: Axes, levels: list[float], others: list[float]) -> None:
    """From zero up; between several scenarios, only where they are."""
    top = max(*levels, *others, 1.0)
    low = min(*levels, *others) if others else 0.0
    axes.set_ylim(max(0.0, low - 0.12 * (top - low)) if others else 0.0, top + 0.08 * (top - low))
    axes.grid(axis="y")


def _means(others: list[Run], days: list[dt.date]) -> list[tuple[str, Floats]]:
    """Title and mean line of the alternatives that have the same dates."""
    found = []
    for run in others:
        theirs, levels = points(run)
        if theirs == days and levels.shape[1]:
            found.append((run.title, levels.mean(axis=1)))
    return found


def _fan(axes: Axes, x: Floats, bands: Floats, colour: str) -> None:
    faint = 0.5 if colour == INK else 1.0  # of a darker colour, less
    axes.fill_between(x, bands[0], bands[4], color=colour, alpha=0.16 * faint, lw=0)
    axes.fill_between(x, bands[1], bands[3], color=colour, alpha=0.34 * faint, lw=0)
    axes.plot(x, bands[2], color=colour, lw=2.4, zorder=BASE.above)


def _line(axes: Axes, x: Floats, line: Floats, name: str, how: Look, lang: Lang) -> _End:
    """An alternative's mean line."""
    axes.plot(x, line, color=how.colour, lw=how.width, dashes=how.dashes, zorder=how.above)
    last = float(line[-1])
    label = f"{short(name, 44)} {number(last, lang)}"
    return _End(last, label, how.colour, dashes=how.dashes)


def _dot(axes: Axes, x: float, published: float, lang: Lang) -> _End:
    """The published figure."""
    axes.plot([x], [published], "D", color=MARK, ms=7, zorder=5, mec="white", clip_on=False)
    word = {"en": "published", "fi": "julkaistu"}[lang]
    return _End(published, f"{word} {number(published, lang)}", INK, True)


def _headline(mean: Floats, others: list[float], lang: Lang) -> str:
    first, last = (number(float(level), lang) for level in (mean[0], mean[-1]))
    clients = counted(float(mean[-1]), "clients", lang)
    if others:
        ends = between(min(others), max(others), lang, "clients")
        return {
            "en": f"Alternatives end with {ends}, the base with {last}",
            "fi": f"Vaihtoehdoissa lopussa {ends}, lähtökohdassa {last}",
        }[lang]
    change = (mean[-1] - mean[0]) / max(mean[0], 1.0)
    if abs(change) < _STEADY:
        return {
            "en": f"Caseload stays near {clients}",
            "fi": f"Asiakasmäärä pysyy lähes ennallaan: {clients}",
        }[lang]
    grows = change > 0
    return {
        "en": f"Caseload {'grows' if grows else 'falls'} from {first} to {clients}",
        "fi": f"Asiakasmäärä {'kasvaa' if grows else 'laskee'}: {first} → {clients}",
    }[lang]


def _subtitle(replications: int, several: bool, lang: Lang) -> str:
    n = number(replications, lang)
    if replications == 1:
        return {
            "en": "Open clients at the start and each month's end; one simulated run.",
            "fi": "Avoimet asiakkuudet alussa ja kuukausien lopussa; yksi toisto.",
        }[lang]
    if several:
        return {
            "en": f"Open clients at the start and each month's end; lines: means of {n} runs.\n"
            "Bands of the base: the middle half of the runs (dark), nine in ten (pale).\n"
            "The axis does not start at zero.",
            "fi": "Avoimet asiakkuudet alussa ja kuukausien lopussa; "
            f"viivat: {n} toiston keskiarvot.\n"
            "Lähtökohdan alueet: keskimmäinen puolet toistoista (tumma), 9 kymmenestä (vaalea).\n"
            "Asteikko ei ala nollasta.",
        }[lang]
    return {
        "en": f"Open clients at the start and each month's end, {n} simulated runs. Line: mean.\n"
        "Dark band: the middle half of the runs (25–75 %). Pale band: nine runs in ten (5–95 %).",
        "fi": f"Avoimet asiakkuudet alussa ja kuukausien lopussa, {n} toistoa. Viiva: keskiarvo.\n"
        "Tumma alue: keskimmäinen puolet (25–75 %). Vaalea: yhdeksän kymmenestä (5–95 %).",
    }[lang]


def _alt(headline: str, days: list[dt.date], bands: Floats, once: bool, lang: Lang) -> str:
    low, high = float(bands[0][-1]), float(bands[4][-1])
    first, last = (date(day, lang) for day in (days[0], days[-1] - dt.timedelta(1)))
    if once:
        words = {"en": f"Line from {first} to {last}.", "fi": f"Viiva {first}–{last}."}
        return f"{headline}. {words[lang]}"
    return {
        "en": f"{headline}. Line with bands from {first} to {last}; nine runs in ten end "
        f"with {between(low, high, lang, 'clients')}.",
        "fi": f"{headline}. Viiva ja vaihtelualueet {first}–{last}; yhdeksän toistoa kymmenestä "
        f"päättyy lukuun {between(low, high, lang)}.",
    }[lang]


def _table(
    days: list[dt.date], bands: Floats, means: list[tuple[str, Floats]], lang: Lang
) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    day, mean = {"en": ("Date", "Mean"), "fi": ("Päivä", "Keskiarvo")}[lang]
    columns = (day, "5 %", "25 %", mean, "75 %", "95 %", *(name for name, _ in means))
    rows: list[Row] = []
    for place_, when in enumerate(days):
        values = [*bands[:, place_], *(line[place_] for _, line in means)]
        rows.append((when.isoformat(), *map(float, values)))
    return columns, tuple(rows)


def _direct(axes: Axes, x: float, ends: list[_End]) -> None:
    """Labels at the right end, moved apart where they would overlap."""
    picture = axes.get_figure(root=True)
    assert picture is not None  # axes of `figure`
    inches = picture.get_size_inches()[1] * axes.get_position().height
    bottom, top = axes.get_ylim()
    places = apart([end.level for end in ends], (top - bottom) * 0.175 / float(inches))
    down = max(0.0, max(places) - top)
    wide = axes.get_xlim()[1] - axes.get_xlim()[0]
    across = 0.2 / float(picture.get_size_inches()[0] * axes.get_position().width) * wide
    for spot, end in zip(places, ends, strict=True):
        axes.plot([x, x + across], [end.level, spot - down], color=end.colour, lw=0.9,
                  dashes=end.dashes, clip_on=False)  # fmt: skip
        axes.annotate(
            end.label, (x + across, spot - down), (3, 0), textcoords="offset points", va="center",
            annotation_clip=False, color=INK, size=8, weight="bold" if end.strong else "normal",
        )  # fmt: skip


def _dates(axes: Axes, days: list[dt.date], x: Floats, lang: Lang) -> None:
    """Ticks at firsts of months, thinned to at most a dozen; the first one names the day."""
    axes.set_xlim(x[0], x[-1])
    picture = axes.get_figure(root=True)
    assert picture is not None  # axes of `figure`
    inches = float(picture.get_size_inches()[0] * axes.get_position().width)
    step = ceil(len(days) / min(13, inches / _TICK))
    firsts = [day for day in days[:-1] if day.day == 1][::step]
    axes.set_xticks([day.toordinal() for day in firsts])
    several = days[0].year != days[-2].year
    axes.set_xticklabels(
        [f"{month(d.month, lang)}\n{d.year}" if several else month(d.month, lang) for d in firsts],
        size=8 if lang == "fi" else 9, ha="left",
    )  # fmt: skip
    if not several:
        axes.set_xlabel(
            f"{date(days[0], lang)} – {date(days[-1] - dt.timedelta(1), lang)}", size=9, loc="left"
        )
