"""How relationships end: every exit of one scenario, or the kinds of exit of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from simflow.charts.chart import Chart, Row
from simflow.charts.data import Run, means, named
from simflow.charts.style import GREY, INK, figure, head, lines, place, short
from simflow.charts.verdicts import detailed
from simflow.experiment.summary import Floats
from simflow.labels import Lang, interval, number

if TYPE_CHECKING:
    from simflow.results import View

ORDER: Final = 50
_KINDS: Final = ("work", "education", "transfer", "other")
_WORDS: Final[dict[Lang, dict[str, str]]] = {
    "en": {"work": "Work", "education": "Education", "transfer": "To another service",
           "other": "Other endings"},
    "fi": {"work": "Työhön", "education": "Koulutukseen", "transfer": "Muuhun palveluun",
           "other": "Muut päättymiset"},
}  # fmt: skip
# From dark to pale, so that neighbours are told apart in grey too.
_FILLS: Final = {
    "work": "#0072B2",
    "education": "#4DB898",
    "transfer": "#F0C36D",
    "other": "#EEEEEE",
}
_INKS: Final = {"work": "white", "education": INK, "transfer": INK, "other": INK}


class _Exit(NamedTuple):
    """An exit of a scenario, and its clients in each replication."""

    label: str
    kind: str
    clients: Floats


def draw(view: View, lang: Lang) -> Chart | None:
    """The chart, or None when there are no exits."""
    shown, note = detailed(view, lang)
    every = [run for run in shown if _exits(run, lang)]
    if not every or every[0].results is not view.results:
        return None
    headline = _headline(every, lang)
    draw_ = _several if len(every) > 1 else _single
    return draw_(every, headline, _subtitle(every, lang) + note, lang)


def _exits(run: Run, lang: Lang) -> list[_Exit]:
    """Exits of those who had started, with a value."""
    found = []
    for name, exit_ in run.scenario.exits.items():
        clients = run.values(f"exits.{name}")
        if exit_.kind != "not_started" and len(clients):
            found.append(_Exit(named(run.scenario.exits, name, lang), exit_.kind, clients))
    return found


def _kinds(run: Run, lang: Lang) -> dict[str, float]:
    """Mean clients by kind of exit."""
    found: dict[str, float] = {}
    for exit_ in _exits(run, lang):
        found[exit_.kind] = found.get(exit_.kind, 0.0) + float(exit_.clients.mean())
    return found


def _wanted(run: Run, lang: Lang) -> tuple[float, float]:
    """Mean exits to work or education, and of all."""
    means = _kinds(run, lang)
    return means.get("work", 0.0) + means.get("education", 0.0), sum(means.values())


def _single(every: list[Run], headline: str, subtitle: str, lang: Lang) -> Chart:
    """A row for each exit, below the heading of its kind."""
    exits = sorted(_exits(every[0], lang), key=lambda e: (_KINDS.index(e.kind), -e.clients.mean()))
    kinds = [kind for kind in _KINDS if any(exit_.kind == kind for exit_ in exits)]
    rows = len(exits) + len(kinds)
    picture, axes = figure(headline, subtitle, height=1.35 + 0.29 * rows)
    place(axes, left=3.3, right=0.9, bottom=0.3)
    top = max(*(float(np.percentile(exit_.clients, 95)) for exit_ in exits), 1.0)
    table: list[Row] = []
    labels: list[tuple[int, str]] = []
    y = 0
    for kind in kinds:
        _heading(axes, y, kind, _kinds(every[0], lang)[kind], lang)
        y += 1
        for exit_ in (one for one in exits if one.kind == kind):
            table.append((_WORDS[lang][kind], exit_.label, *_bar(axes, y, exit_, top, lang)))
            labels.append((y, short(exit_.label)))
            y += 1
    axes.set_ylim(rows - 0.4, -0.6)
    axes.set_xlim(0, top * 1.05)
    axes.set_yticks([spot for spot, _ in labels], [label for _, label in labels], size=9)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    columns = {"en": ("Kind", "Exit", "Mean", "5 %", "95 %"),
               "fi": ("Laji", "Päättymistapa", "Keskiarvo", "5 %", "95 %")}[lang]  # fmt: skip
    return Chart("exits-by-kind", headline, subtitle, _alt(headline, every, lang), picture,
                 columns, tuple(table))  # fmt: skip


def _bar(axes: Axes, y: int, exit_: _Exit, top: float, lang: Lang) -> tuple[float, float, float]:
    """An exit's bar with its figures, which are given back."""
    low, high = map(float, np.percentile(exit_.clients, (5, 95)))
    mean = float(exit_.clients.mean())
    axes.barh(y, mean, 0.62, color=_FILLS[exit_.kind], ec=GREY, lw=0.4)
    axes.plot([low, high], [y, y], color="white", lw=3.4, solid_capstyle="butt")
    axes.plot([low, high], [y, y], color=INK, lw=1.4, solid_capstyle="butt")
    text = number(mean, lang)
    if len(exit_.clients) > 1:
        text += f" ({interval(low, high, lang)})"
    axes.text(max(high, mean) + top * 0.02, y, text, va="center", size=9)
    return mean, low, high


def _heading(axes: Axes, y: int, kind: str, clients: float, lang: Lang) -> None:
    axes.annotate(
        _WORDS[lang][kind], (0, y), (-8, 0), ("axes fraction", "data"), "offset points",
        ha="right", va="center", size=9, weight="bold", color=GREY, annotation_clip=False,
    )  # fmt: skip
    axes.annotate(
        number(clients, lang), (0, y), (4, 0), ("axes fraction", "data"),
        "offset points", va="center", size=9, weight="bold", color=GREY,
    )  # fmt: skip


def _several(every: list[Run], headline: str, subtitle: str, lang: Lang) -> Chart:
    """A stacked bar for each scenario, work and education first; the base on top."""
    picture, axes = figure(headline, subtitle, height=1.75 + 0.36 * len(every))
    place(axes, left=3.0, right=0.75, bottom=0.15, top=0.3)
    most = max(_wanted(run, lang)[1] for run in every) or 1.0
    table: list[Row] = []
    for y, run in enumerate(every):
        left, kinds = 0.0, _kinds(run, lang)
        means = {kind: kinds.get(kind, 0.0) for kind in _KINDS}
        for kind, mean in means.items():
            axes.barh(y, mean, 0.72, left=left, color=_FILLS[kind], ec="white", lw=0.8)
            if mean / most > 0.035:
                axes.text(left + mean / 2, y, number(mean, lang), ha="center", va="center",
                          size=9, color=_INKS[kind])  # fmt: skip
            left += mean
        axes.text(left + most * 0.015, y, number(left, lang), va="center", size=9, weight="bold")
        table.append((run.title, *means.values(), left))
    _kind_names(picture, lang)
    axes.set_ylim(len(every) - 0.5, -0.5)
    axes.set_xlim(0, most)
    axes.set_yticks(range(len(every)), [lines(run.title, 38) for run in every], size=9)
    axes.get_yticklabels()[0].set_fontweight("bold")
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    first, total = {"en": ("Scenario", "Total"), "fi": ("Skenaario", "Yhteensä")}[lang]
    columns = (first, *(_WORDS[lang][kind] for kind in _KINDS), total)
    return Chart("exits-by-kind", headline, subtitle, _alt(headline, every, lang), picture,
                 columns, tuple(table))  # fmt: skip


def _kind_names(picture: Figure, lang: Lang) -> None:
    """Names of the kinds below the subtitle, each with a sample of its fill."""
    width, tall = picture.get_size_inches()
    y = 1 - (head(picture) + 0.06) / tall
    for number_, kind in enumerate(_KINDS):
        x = (0.16 + number_ * (width - 0.2) / len(_KINDS)) / width
        sample = Rectangle((x, y - 0.06 / tall), 0.2 / width, 0.12 / tall, fc=_FILLS[kind],
                           ec=GREY, lw=0.4, transform=picture.transFigure)  # fmt: skip
        picture.add_artist(sample)
        picture.text(x + 0.28 / width, y, _WORDS[lang][kind], size=8.5, weight="bold", va="center")


def _headline(every: list[Run], lang: Lang) -> str:
    wanted, total = _wanted(every[0], lang)
    if not total:
        return {"en": "Nobody leaves in this period", "fi": "Kukaan ei lähde tänä aikana"}[lang]
    shown = number(wanted, lang)
    if len(every) == 1:
        return {
            "en": f"{shown} of {number(total, lang)} exits lead to work or education",
            "fi": f"{number(total, lang)} päättyneestä {shown} siirtyy työhön tai koulutukseen",
        }[lang]
    others = [_wanted(run, lang)[0] for run in every[1:]]
    low, high = min(others), max(others)
    ends = number(low, lang) if number(low) == number(high) else interval(low, high, lang)
    return {
        "en": f"To work or education: alternatives {ends}, base {shown}",
        "fi": f"Työhön tai koulutukseen: vaihtoehdoissa {ends}, lähtökohdassa {shown}",
    }[lang]


def _subtitle(every: list[Run], lang: Lang) -> str:
    n = every[0].results.replications
    if len(every) > 1:
        return {
            "en": f"Relationships that ended in the period, by kind of ending; {means(n, lang)}. "
            "Bold: all.",
            "fi": "Kaudella päättyneet asiakkuudet päättymisen lajin mukaan; "
            f"{means(n, lang)}. Lihavoitu: kaikki.",
        }[lang]
    if n == 1:
        return {
            "en": "Relationships that ended in the period. Bar: one run.",
            "fi": "Kaudella päättyneet asiakkuudet. Palkki: yksi toisto.",
        }[lang]
    return {
        "en": f"Relationships that ended in the period. Bar: mean of {number(n, lang)} runs.\n"
        "Line and brackets: nine runs in ten (5–95 %).",
        "fi": f"Kaudella päättyneet asiakkuudet. Palkki: {number(n, lang)} toiston keskiarvo.\n"
        "Viiva ja sulut: yhdeksän toistoa kymmenestä (5–95 %).",
    }[lang]


def _alt(headline: str, every: list[Run], lang: Lang) -> str:
    parts = [
        f"{_WORDS[lang][kind].lower()} {number(clients, lang)}"
        for kind, clients in _kinds(every[0], lang).items()
    ]
    base = {"en": "In the base", "fi": "Lähtökohdassa"}[lang] if len(every) > 1 else every[0].title
    return f"{headline}. {base}: {', '.join(parts)}."
