"""Caseload month by month: the median year, and how far single years lie from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from simflow.charts.style import ACCENT, GREY, INK, MARK, figure
from simflow.labels import Lang, date, month, number
from simflow.scenario.schema import Scenario

Floats = NDArray[np.float64]

_PREFIX = "caseload.month."
_QUANTILES = (5, 25, 50, 75, 95)


def points(scenario: Scenario, values: Mapping[str, Floats]) -> tuple[list[dt.date], Floats]:
    """Dates, and the caseload at each in every replication, shape (dates, replications)."""
    horizon = scenario.horizon
    found: dict[dt.date, Floats] = {}
    for name in sorted(values):
        if name.startswith(_PREFIX):
            year, number_ = map(int, name.removeprefix(_PREFIX).split("-")[:2])
            following = dt.date(year + number_ // 12, number_ % 12 + 1, 1)
            found[min(following, horizon.end + dt.timedelta(1))] = values[name]
    if "caseload.start" in values:
        found[horizon.start] = values["caseload.start"]
    if "caseload.end" in values:
        found[horizon.end + dt.timedelta(1)] = values["caseload.end"]
    days = sorted(found)
    return days, np.array([found[day] for day in days])


def draw(scenario: Scenario, values: Mapping[str, Floats], lang: Lang) -> Figure | None:
    """The chart, or None when there are fewer than three dates to draw.

    Parameters
    ----------
    scenario : Scenario
        Gives the dates and the published figure at the end.
    values : mapping of str to array of float
        Each measure's value in every replication.
    lang : {"en", "fi"}
        Language of the words.
    """
    days, levels = points(scenario, values)
    if len(days) < 3:
        return None
    bands = np.percentile(levels, _QUANTILES, axis=1)
    published = scenario.published.get("caseload.end")
    picture, axes = figure(_headline(bands[2], lang), _subtitle(levels.shape[1], lang))
    x = np.array([day.toordinal() for day in days], float)
    axes.set_position((0.065, 0.1, 0.765, 0.68))
    axes.grid(axis="y")
    axes.fill_between(x, bands[0], bands[4], color=ACCENT, alpha=0.16, lw=0)
    axes.fill_between(x, bands[1], bands[3], color=ACCENT, alpha=0.34, lw=0)
    axes.plot(x, bands[2], color=ACCENT, lw=2.2)
    ends = [(float(bands[row][-1]), label) for row, label in _labels(lang)]
    if published is not None:
        axes.plot([x[-1]], [published.value], "D", color=MARK, ms=7, zorder=5, mec="white",
                  clip_on=False)  # fmt: skip
        word = {"en": "published", "fi": "julkaistu"}[lang]
        ends.append((published.value, f"{word} {number(published.value, lang)}"))
    top = max(float(bands.max()), 0.0 if published is None else published.value, 1.0)
    axes.set_ylim(0, top * 1.08)
    _direct(axes, float(x[-1]), ends, top, number(float(bands[2][-1]), lang))
    _dates(axes, days, x, lang)
    return picture


def _headline(median: Floats, lang: Lang) -> str:
    first, last = (number(float(level), lang) for level in (median[0], median[-1]))
    change = (median[-1] - median[0]) / max(median[0], 1.0)
    if abs(change) < 0.05:
        return {
            "en": f"Caseload stays near {last} clients",
            "fi": f"Asiakasmäärä pysyy noin {last} asiakkaassa",
        }[lang]
    grows = change > 0
    return {
        "en": f"Caseload {'grows' if grows else 'falls'} from {first} to {last} clients",
        "fi": f"Asiakasmäärä {'kasvaa' if grows else 'laskee'}: {first} → {last} asiakasta",
    }[lang]


def _subtitle(replications: int, lang: Lang) -> str:
    n = number(replications, lang)
    return {
        "en": f"Open clients at the start and each month's end, {n} simulated runs. Line: median.\n"
        "Dark band: the middle half of the runs (25–75 %). Pale band: nine runs in ten (5–95 %).",
        "fi": f"Avoimet asiakkuudet alussa ja kuukausien lopussa, {n} ajoa. Viiva: mediaani.\n"
        "Tumma alue: keskimmäinen puolet ajoista (25–75 %). Vaalea: yhdeksän kymmenestä (5–95 %).",
    }[lang]


def _labels(lang: Lang) -> tuple[tuple[int, str], ...]:
    median = {"en": "median", "fi": "mediaani"}[lang]
    return ((0, "5 %"), (2, median), (4, "95 %"))


def _direct(axes: Axes, x: float, ends: list[tuple[float, str]], top: float, median: str) -> None:
    """Labels at the right end, moved apart where they would overlap."""
    gap, below = top * 0.058, -np.inf
    for level, label in sorted(ends):
        place = max(level, below + gap)
        below = place
        is_median = label in ("median", "mediaani")
        strong = is_median or not label.endswith("%")
        axes.annotate(
            f"{label} {median}" if is_median else label, (x, place), (10, 0),
            textcoords="offset points", va="center", annotation_clip=False,
            color=ACCENT if is_median else INK if strong else GREY,
            weight="bold" if strong else "normal", size=9,
        )  # fmt: skip


def _dates(axes: Axes, days: list[dt.date], x: Floats, lang: Lang) -> None:
    """Ticks at firsts of months, thinned to at most a dozen; the first one names the day."""
    axes.set_xlim(x[0], x[-1])
    step = -(-len(days) // 13)
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
