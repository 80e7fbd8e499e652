"""Simulated figures beside the published ones: exits and participants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes

from simflow.charts.chart import Chart
from simflow.charts.data import Run, calibrated, measures, runs, said
from simflow.charts.style import (
    ACCENT,
    GREY,
    INK,
    MARK,
    NARROW_WIDTH,
    figure,
    head,
    lines,
    place,
    short,
)
from simflow.labels import Lang, number, word

if TYPE_CHECKING:
    from simflow.results import View

ORDER: Final = 55
NARROW: Final = True
_PREFIXES: Final = ("exits.", "participants.")


def draw(view: View, lang: Lang, narrow: bool = False) -> Chart | None:
    """The chart of the base; None without published counts, or a range to hold them against."""
    run = runs(view, lang)[0]
    names = [n for n in run.scenario.published if n.startswith(_PREFIXES) and run.has(n)]
    if not names or run.results.replications < 2:
        return None
    published = {name: run.scenario.published[name].value for name in names}
    names.sort(key=lambda name: (not name.startswith("exits."), -published[name]))
    figures = [(name, published[name], _spread(run, name)) for name in names]
    inside = sum(_inside(given, ends) for _, given, ends in figures)
    places, headings = _places(names)
    headline, subtitle = _headline(inside, len(names), lang), _subtitle(view, lang)
    width, left, right = (NARROW_WIDTH, 1.75, 0.85) if narrow else (8.0, 3.3, 0.3)
    tall = head(figure(headline, subtitle, width=width)[0]) + 0.75 + 0.34 * max(places)
    picture, axes = figure(headline, subtitle, height=tall, width=width)
    place(axes, left=left, right=right)
    top = max(*published.values(), *(ends[2] for _, _, ends in figures), 1.0)
    for row, (_, given, ends) in zip(places, figures, strict=True):
        _one(axes, row, given, ends, top, 5 if narrow else 7, lang)
    _headings(axes, headings, 8 if narrow else 9, lang)
    labels = {measure.name: said(measure.label, lang) for measure in measures(view, "")}
    axes.set_xlim(0, top * (1.05 if narrow else 1.2))
    axes.set_ylim(max(places) + 0.6, -0.6)
    parts = [_part(labels[name]) for name in names]
    axes.set_yticks(places, [lines(part, 22) if narrow else part for part in parts],
                    size=8 if narrow else 9)  # fmt: skip
    axes.grid(axis="x")
    axes.locator_params(axis="x", nbins=4 if narrow else 9)
    rows = tuple(
        (labels[name], given, *ends, _READS[lang][_inside(given, ends)])
        for name, given, ends in figures
    )
    name = "exits-published-narrow" if narrow else "exits-published"
    return Chart(name, headline, subtitle, _alt(headline, figures, labels, lang), picture,
                 _COLUMNS[lang], rows)  # fmt: skip


def _headings(axes: Axes, headings: list[tuple[int, str]], size: int, lang: Lang) -> None:
    """What is counted, above each group of rows."""
    for row, group in headings:
        axes.annotate(
            word(group, lang), (0, row), (-8, 0), ("axes fraction", "data"), "offset points",
            ha="right", va="center", size=size, weight="bold", color=GREY, annotation_clip=False,
        )  # fmt: skip


_COLUMNS: Final[dict[Lang, tuple[str, ...]]] = {
    "en": ("Measure", "Published", "5 %", "Mean", "95 %", "Published figure"),
    "fi": ("Mittari", "Julkaistu", "5 %", "Keskiarvo", "95 %", "Julkaistu luku"),
}
_READS: Final[dict[Lang, tuple[str, str]]] = {
    "en": ("outside", "inside"), "fi": ("ulkopuolella", "välillä"),
}  # fmt: skip
_FITTED: Final[dict[Lang, str]] = {
    "en": "\nThe model was fitted to these figures, so agreement is no proof of it.",
    "fi": "\nMalli on sovitettu näihin lukuihin, joten yhtäpitävyys ei todista sitä oikeaksi.",
}
_Ends = tuple[float, float, float]


def _spread(run: Run, name: str) -> _Ends:
    ends = run.spread(name)
    assert ends is not None  # only measures with values are asked for
    return ends


def _inside(given: float, ends: _Ends) -> bool:
    return ends[0] <= given <= ends[2]


def _alt(
    headline: str, figures: list[tuple[str, float, _Ends]], labels: dict[str, str], lang: Lang
) -> str:
    missed = [labels[name] for name, given, ends in figures if not _inside(given, ends)]
    if not missed:
        return headline + "."
    said_ = {"en": "Outside it", "fi": "Sen ulkopuolella"}[lang]
    return f"{headline}. {said_}: {'; '.join(missed)}."


def _places(names: list[str]) -> tuple[list[int], list[tuple[int, str]]]:
    """Row of each name, and of the heading above each group."""
    places: list[int] = []
    headings: list[tuple[int, str]] = []
    for name in names:
        group = name.partition(".")[0]
        if not headings or headings[-1][1] != group:
            headings.append((len(places) + len(headings), group))
        places.append(len(places) + len(headings))
    return places, headings


def _one(
    axes: Axes, row: int, given: float, ends: _Ends, top: float, size: int, lang: Lang
) -> None:
    """One measure's row; where marks are small, its numbers stand right of the axes."""
    low, middle, high = ends
    colour = ACCENT if _inside(given, ends) else GREY
    axes.plot([low, high], [row, row], color=colour, lw=5, alpha=0.45, solid_capstyle="butt")
    axes.plot([middle], [row], "o", color=colour, ms=size)
    axes.plot([given], [row], "D", color="white", mec=MARK, mew=1.8, ms=size, zorder=4)
    text = f"{number(float(middle), lang)} ({number(given, lang)})"
    spot = max(high, given) + top * 0.03 if size > 5 else top * 1.08
    axes.text(spot, row, text, va="center", size=9 if size > 5 else 8, color=INK)


def _part(label: str) -> str:
    """The part's own name: what is counted of it stands in the heading of its group."""
    return short(label.rpartition(": ")[0] or label)


def _headline(inside: int, total: int, lang: Lang) -> str:
    return {
        "en": f"{inside} of {total} published counts lie within the simulated range",
        "fi": f"{total} julkaistusta luvusta {inside} osuu simuloidulle vaihteluvälille",
    }[lang]


def _subtitle(view: View, lang: Lang) -> str:
    n = number(view.results.replications, lang)
    base = {"en": "Base. ", "fi": "Lähtökohta. "}[lang] if view.comparison is not None else ""
    text = {
        "en": f"Dot: mean of {n} simulated runs. Bar: nine runs in ten (5–95 %), grey when it "
        "misses the published figure. Open diamond: published figure, also in brackets.",
        "fi": f"Piste: {n} toiston keskiarvo. Palkki: yhdeksän toistoa kymmenestä (5–95 %), "
        "harmaa, kun julkaistu luku jää ulkopuolelle. Avoin vinoneliö: julkaistu luku, myös "
        "suluissa.",
    }[lang]
    return base + text + (_FITTED[lang] if calibrated(view) else "")
