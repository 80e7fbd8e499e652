"""How relationships end: every exit of one scenario, or the kinds of exit of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from simflow.charts.amounts import between
from simflow.charts.chart import Chart, Row
from simflow.charts.data import Run, means, named, total_of
from simflow.charts.endings import AIMS, ENDINGS, FILLS, NAMES, Ending, ending_of, ink
from simflow.charts.key import swatch_height, swatches
from simflow.charts.style import (
    GREY,
    INK,
    NARROW_WIDTH,
    figure,
    head,
    lines,
    place,
    short,
)
from simflow.charts.verdicts import detailed
from simflow.experiment.summary import Floats
from simflow.labels import NO_BREAK, Lang, interval, number

if TYPE_CHECKING:
    from simflow.results import View

ORDER: Final = 50
NARROW: Final = True
_ALL: Final[dict[Lang, str]] = {"en": "All", "fi": "Kaikki"}
_TO: Final[dict[Lang, dict[Ending, str]]] = {
    "en": {"open_work": "open work", "subsidised_work": "subsidised work",
           "education": "education"},
    "fi": {"open_work": "avoimille työmarkkinoille", "subsidised_work": "palkkatukityöhön",
           "education": "koulutukseen"},
}  # fmt: skip
_DIGIT: Final = 0.085
"""Inches that a digit takes."""


class _Exit(NamedTuple):
    """An exit of a scenario, and its clients in each replication."""

    label: str
    kind: Ending
    clients: Floats


def draw(view: View, lang: Lang, narrow: bool = False) -> Chart | None:
    """The chart, or None when there are no exits."""
    shown, note = detailed(view, lang)
    every = [run for run in shown if _exits(run, lang)]
    if not every or every[0].results is not view.results:
        return None
    draw_ = _several if len(every) > 1 else _single
    return draw_(every, _headline(every, lang), _subtitle(every, lang) + note, lang, narrow)


def _exits(run: Run, lang: Lang) -> list[_Exit]:
    """Exits of those who had started, with a value."""
    found = []
    for name, exit_ in run.scenario.exits.items():
        clients, kind = run.values(f"exits.{name}"), ending_of(exit_)
        if kind in ENDINGS and len(clients):
            found.append(_Exit(named(run.scenario.exits, name, lang), kind, clients))
    return found


def _kinds(run: Run, lang: Lang) -> dict[Ending, float]:
    """Mean clients by kind of ending, of those that the scenario has."""
    exits = _exits(run, lang)
    return {
        kind: total_of(float(exit_.clients.mean()) for exit_ in exits if exit_.kind == kind)
        for kind in ENDINGS
        if any(exit_.kind == kind for exit_ in exits)
    }


def _total(run: Run, lang: Lang) -> float:
    """Mean clients of all endings."""
    return total_of(float(exit_.clients.mean()) for exit_ in _exits(run, lang))


def _single(every: list[Run], headline: str, subtitle: str, lang: Lang, narrow: bool) -> Chart:
    """A row for each exit, below the heading of its kind."""
    exits = sorted(_exits(every[0], lang), key=lambda e: (ENDINGS.index(e.kind), -e.clients.mean()))
    kinds = _kinds(every[0], lang)
    alone = [kind for kind in kinds
             if [e.label for e in exits if e.kind == kind] == [NAMES[lang][kind]]]  # fmt: skip
    rows = len(exits) + len(kinds) - len(alone)
    width, left, right, wide = (NARROW_WIDTH, 1.75, 0.85, 22) if narrow else (8.0, 3.3, 0.9, 42)
    above = head(figure(headline, subtitle, width=width)[0])
    tall = above + 0.4 + 0.29 * rows
    picture, axes = figure(headline, subtitle, height=tall, width=width)
    place(axes, left=left, right=right, bottom=0.3)
    top = max(*(float(np.percentile(exit_.clients, 95)) for exit_ in exits), 1.0)
    table: list[Row] = []
    labels: list[tuple[int, str]] = []
    y = 0
    for kind, clients in kinds.items():
        table.append((NAMES[lang][kind], _ALL[lang], clients, None, None))
        if kind not in alone:
            _heading(axes, y, kind, clients, lang)
            y += 1
        for exit_ in (one for one in exits if one.kind == kind):
            table.append((NAMES[lang][kind], exit_.label, *_bar(axes, y, exit_, top, lang)))
            labels.append((y, lines(exit_.label, wide) if narrow else short(exit_.label)))
            y += 1
    table.append((_ALL[lang], _ALL[lang], _total(every[0], lang), None, None))
    _bare(axes, rows - 0.4, top * 1.05)
    axes.set_yticks([spot for spot, _ in labels], [label for _, label in labels],
                    size=8 if narrow else 9, linespacing=0.95 if narrow else 1.15)  # fmt: skip
    for text in axes.get_yticklabels():
        # The only exit of its kind is its heading as well.
        if text.get_text() in {NAMES[lang][kind] for kind in alone}:
            text.set(weight="bold", color=GREY)
    columns = {"en": ("Kind", "Exit", "Mean", "5 %", "95 %"),
               "fi": ("Laji", "Päättymistapa", "Keskiarvo", "5 %", "95 %")}[lang]  # fmt: skip
    return Chart(_name(narrow), headline, subtitle, _alt(headline, every, lang), picture,
                 columns, tuple(table))  # fmt: skip


def _name(narrow: bool) -> str:
    return "exits-by-kind-narrow" if narrow else "exits-by-kind"


def _bare(axes: Axes, down: float, right: float) -> None:
    """Limits, and no axis: every bar has its number."""
    axes.set_ylim(down, -0.6)
    axes.set_xlim(0, right)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)


def _bar(axes: Axes, y: int, exit_: _Exit, top: float, lang: Lang) -> tuple[float, float, float]:
    """An exit's bar with its figures, which are given back."""
    low, high = map(float, np.percentile(exit_.clients, (5, 95)))
    mean = float(exit_.clients.mean())
    axes.barh(y, mean, 0.62, color=FILLS[exit_.kind], ec=GREY, lw=0.4)
    axes.plot([low, high], [y, y], color="white", lw=3.4, solid_capstyle="butt")
    axes.plot([low, high], [y, y], color=INK, lw=1.4, solid_capstyle="butt")
    text = number(mean, lang)
    if len(exit_.clients) > 1:
        text += f" ({interval(low, high, lang)})"
    axes.text(max(high, mean) + top * 0.02, y, text, va="center", size=9)
    return mean, low, high


def _heading(axes: Axes, y: int, kind: Ending, clients: float, lang: Lang) -> None:
    axes.annotate(
        NAMES[lang][kind], (0, y), (-8, 0), ("axes fraction", "data"), "offset points",
        ha="right", va="center", size=9, weight="bold", color=GREY, annotation_clip=False,
    )  # fmt: skip
    axes.annotate(
        number(clients, lang), (0, y), (4, 0), ("axes fraction", "data"),
        "offset points", va="center", size=9, weight="bold", color=GREY,
    )  # fmt: skip


def _several(every: list[Run], headline: str, subtitle: str, lang: Lang, narrow: bool) -> Chart:
    """A stacked bar for each scenario, work and education first; the base on top."""
    kinds = [kind for kind in ENDINGS if any(kind in _kinds(run, lang) for run in every)]
    width, left, right, wide = (NARROW_WIDTH, 1.5, 0.5, 19) if narrow else (8.0, 3.0, 0.75, 38)
    names = [NAMES[lang][kind] for kind in kinds]
    room = swatch_height(names, width)
    above = head(figure(headline, subtitle, width=width)[0]) + room
    tall = above + 0.25 + (0.44 if narrow else 0.4) * len(every)
    picture, axes = figure(headline, subtitle, width=width, height=tall)
    place(axes, left=left, right=right, bottom=0.15, top=room)
    most = max(sum(_kinds(run, lang).values()) for run in every) or 1.0
    inch = (width - left - right) / most
    table: list[Row] = []
    for y, run in enumerate(every):
        found = _kinds(run, lang)
        means = {kind: found.get(kind, 0.0) for kind in kinds}
        _stacked(axes, y, means, _total(run, lang), inch, lang)
        table.append((run.title, *means.values(), _total(run, lang)))
    swatches(picture, [(name, FILLS[kind]) for name, kind in zip(names, kinds, strict=True)])
    _bare(axes, len(every) - 0.5, most)
    titles = [lines(run.title, wide, 3 if narrow else 2) for run in every]
    axes.set_yticks(
        range(len(every)), titles, size=8 if narrow else 9, linespacing=0.95 if narrow else 1.15
    )
    axes.get_yticklabels()[0].set_fontweight("bold")
    first, total = {"en": ("Scenario", "Total"), "fi": ("Skenaario", "Yhteensä")}[lang]
    return Chart(_name(narrow), headline, subtitle, _alt(headline, every, lang), picture,
                 (first, *names, total), tuple(table))  # fmt: skip


def _stacked(
    axes: Axes, y: int, means: dict[Ending, float], total: float, inch: float, lang: Lang
) -> None:
    """One scenario's bar, a number in each part that has room for it, and the sum."""
    left = 0.0
    for kind, mean in means.items():
        axes.barh(y, mean, 0.72, left=left, color=FILLS[kind], ec="white", lw=0.8)
        text = number(mean, lang)
        if mean * inch > _DIGIT * len(text) + 0.03:
            axes.text(left + mean / 2, y, text, ha="center", va="center", size=9, color=ink(kind))
        left += mean
    axes.text(left + 0.06 / inch, y, number(total, lang), va="center", size=9, weight="bold")


def _headline(every: list[Run], lang: Lang) -> str:
    base, total = _kinds(every[0], lang), _total(every[0], lang)
    if not total:
        return {"en": "Nobody leaves in this period", "fi": "Kukaan ei lähde tänä aikana"}[lang]
    aims = [kind for kind in AIMS if kind in base][:2]
    n = number(total, lang)
    if not aims:
        return {
            "en": f"Of {n} exits, none to work or education",
            "fi": f"{n} päättyneestä kukaan ei siirry työhön tai koulutukseen",
        }[lang]
    if len(every) == 1:
        shown = [f"{number(base[kind], lang)} {'to ' * (lang == 'en')}{_TO[lang][kind]}"
                for kind in aims]  # fmt: skip
        start = {"en": "1 exit:" if n == "1" else f"{n} exits:", "fi": f"{n} päättyneestä"}[lang]
        return f"{start} {', '.join(shown)}"
    parts = []
    for kind in aims:
        others = [_kinds(run, lang).get(kind, 0.0) for run in every[1:]]
        ends = between(min(others), max(others), lang)
        parts.append((_TO[lang][kind], ends, number(base[kind], lang)))
    return _compared(parts, lang)


def _compared(parts: list[tuple[str, str, str]], lang: Lang) -> str:
    """What each kind ends with in the alternatives and in the base, in ten words."""
    (name, ends, base), *rest = parts
    gap = NO_BREAK  # what belongs together stays on a line
    if lang == "fi":
        text = f"{name.capitalize()} vaihtoehdoissa {ends}, lähtökohdassa{gap}{base}"
        return text + "".join(f"; {n} {e}, lähtökohdassa{gap}{b}" for n, e, b in rest)
    text = f"{name.capitalize()}: alternatives {ends}, base{gap}{base}"
    return text + "".join(f"; {n.split()[0]}: {e}, base{gap}{b}" for n, e, b in rest)


def _subtitle(every: list[Run], lang: Lang) -> str:
    n = every[0].results.replications
    if len(every) > 1:
        return {
            "en": f"Relationships that ended in the period, by kind of ending; {means(n, lang)}. "
            "Bold: total.",
            "fi": "Kauden aikana päättyneet asiakkuudet päättymistavan mukaan; "
            f"{means(n, lang)}. Lihavoitu: yhteensä.",
        }[lang]
    if n == 1:
        return {
            "en": "Relationships that ended in the period. Bar: one run.",
            "fi": "Kauden aikana päättyneet asiakkuudet. Palkki: yksi toisto.",
        }[lang]
    return {
        "en": f"Relationships that ended in the period. Bar: mean of {number(n, lang)} runs.\n"
        "Line and brackets: nine runs in ten (5–95 %).",
        "fi": f"Kauden aikana päättyneet asiakkuudet. Palkki: {number(n, lang)} toiston "
        "keskiarvo.\nViiva ja sulut: yhdeksän toistoa kymmenestä (5–95 %).",
    }[lang]


def _alt(headline: str, every: list[Run], lang: Lang) -> str:
    parts = [
        f"{NAMES[lang][kind].lower()} {number(clients, lang)}"
        for kind, clients in _kinds(every[0], lang).items()
    ]
    base = {"en": "In the base", "fi": "Lähtökohdassa"}[lang] if len(every) > 1 else every[0].title
    return f"{headline}. {base}: {', '.join(parts)}."
