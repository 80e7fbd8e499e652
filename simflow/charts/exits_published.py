"""Simulated figures beside the published ones: exits and participants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes

from simflow.charts.chart import Chart
from simflow.charts.data import Run, measures, runs, said
from simflow.charts.style import ACCENT, GREY, INK, MARK, figure, place, short
from simflow.labels import Lang, number, word

if TYPE_CHECKING:
    from simflow.results import View

ORDER: Final = 55
_PREFIXES: Final = ("exits.", "participants.")


def draw(view: View, lang: Lang) -> Chart | None:
    """The chart of the base; None without published counts, or a range to hold them against."""
    run = runs(view, lang)[0]
    names = [n for n in run.scenario.published if n.startswith(_PREFIXES) and run.has(n)]
    if not names or run.results.replications < 2:
        return None
    published = {name: run.scenario.published[name].value for name in names}
    names.sort(key=lambda name: (not name.startswith("exits."), -published[name]))
    figures = [(name, published[name], _spread(run, name)) for name in names]
    inside = sum(low <= given <= high for _, given, (low, _, high) in figures)
    places, headings = _places(names)
    last = max(places)
    headline = _headline(inside, len(names), lang)
    base = {"en": "Base. ", "fi": "Lähtökohta. "}[lang] if view.comparison is not None else ""
    subtitle = base + _subtitle(run.results.replications, lang)
    picture, axes = figure(headline, subtitle, height=1.75 + 0.34 * (last + 1))
    place(axes, left=3.3, right=0.3)
    top = max(*published.values(), *(ends[2] for _, _, ends in figures), 1.0)
    for row, (_, given, ends) in zip(places, figures, strict=True):
        _one(axes, row, given, ends, top, lang)
    for row, group in headings:
        axes.annotate(
            word(group, lang), (0, row), (-8, 0), ("axes fraction", "data"), "offset points",
            ha="right", va="center", size=9, weight="bold", color=GREY, annotation_clip=False,
        )  # fmt: skip
    labels = {measure.name: said(measure.label, lang) for measure in measures(view, "")}
    axes.set_xlim(0, top * 1.2)
    axes.set_ylim(last + 0.6, -0.6)
    axes.set_yticks(places, [_part(labels[name]) for name in names], size=9)
    axes.grid(axis="x")
    rows = tuple((labels[name], given, *ends) for name, given, ends in figures)
    return Chart("exits-published", headline, subtitle, _alt(headline, figures, labels, lang),
                 picture, _COLUMNS[lang], rows)  # fmt: skip


_COLUMNS: Final[dict[Lang, tuple[str, ...]]] = {
    "en": ("Measure", "Published", "5 %", "Median", "95 %"),
    "fi": ("Mittari", "Julkaistu", "5 %", "Mediaani", "95 %"),
}
_Ends = tuple[float, float, float]


def _spread(run: Run, name: str) -> _Ends:
    ends = run.spread(name)
    assert ends is not None  # only measures with values are asked for
    return ends


def _alt(
    headline: str, figures: list[tuple[str, float, _Ends]], labels: dict[str, str], lang: Lang
) -> str:
    missed = [labels[name] for name, given, (low, _, high) in figures if not low <= given <= high]
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


def _one(axes: Axes, row: int, given: float, ends: _Ends, top: float, lang: Lang) -> None:
    """One measure's row."""
    low, middle, high = ends
    colour = ACCENT if low <= given <= high else GREY
    axes.plot([low, high], [row, row], color=colour, lw=5, alpha=0.45, solid_capstyle="butt")
    axes.plot([middle], [row], "o", color=colour, ms=7)
    axes.plot([given], [row], "D", color="white", mec=MARK, mew=1.8, ms=7, zorder=4)
    text = f"{number(float(middle), lang)} ({number(given, lang)})"
    axes.text(max(high, given) + top * 0.03, row, text, va="center", size=9, color=INK)


def _part(label: str) -> str:
    """The part's own name: what is counted of it stands in the heading of its group."""
    return short(label.rpartition(": ")[0] or label)


def _headline(inside: int, total: int, lang: Lang) -> str:
    return {
        "en": f"{inside} of {total} published counts lie within the simulated range",
        "fi": f"{inside}/{total} julkaistua lukua osuu simuloidulle vaihteluvälille",
    }[lang]


def _subtitle(replications: int, lang: Lang) -> str:
    n = number(replications, lang)
    return {
        "en": f"Dot: median of {n} simulated runs. Bar: nine runs in ten (5–95 %), grey when\n"
        "it misses the published figure. Open diamond: published figure, also in brackets.",
        "fi": f"Piste: {n} toiston mediaani. Palkki: yhdeksän kymmenestä (5–95 %), harmaa,\n"
        "kun julkaistu luku jää ulkopuolelle. Avoin vinoneliö: julkaistu luku, myös suluissa.",
    }[lang]
