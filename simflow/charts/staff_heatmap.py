"""How full each pool's working time is, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from simflow.charts.chart import Chart, Row
from simflow.charts.data import Run, means, named, runs
from simflow.charts.style import GREY, INK, MARK, PALE, brief, figure, lines, place, short
from simflow.labels import Lang, month, number, percent

if TYPE_CHECKING:
    from simflow.results import View

ORDER: Final = 70
_MOST: Final = 6
"""Alternatives shown of a pool: those that differ most."""
_FULL: Final = 1.0
_DIFFERS: Final = 0.02
"""Smaller differences of utilisation are not shown."""
_SHADES: Final = LinearSegmentedColormap.from_list("shades", ["#FFFFFF", "#8FBFE0", "#00396B"])
"""White to dark blue: ever darker, so that it reads the same in grey."""

Months = dict[str, float]


class _Line(NamedTuple):
    """A row of cells: a scenario's year in a pool."""

    label: str
    strong: bool
    title: str
    cells: Months
    """Utilisation by month of the year, ``01``."""
    year: str


def draw(view: View, lang: Lang) -> Chart | None:
    """The chart, or None when no pool has a utilisation by month."""
    every = runs(view, lang)
    pools = [pool for pool in every[0].scenario.staff if _months(every[0], pool)]
    if not pools:
        return None
    blocks = [
        (named(every[0].scenario.staff, pool, lang), _lines(every, pool, lang)) for pool in pools
    ]
    headline, subtitle = _headline(every[0], pools, lang), _subtitle(every, lang)
    alone = all(len(block) == 1 for _, block in blocks)
    rows = sum(len(block) + (0.2 if alone else 1.3) for _, block in blocks)
    picture, axes = figure(headline, subtitle, height=1.35 + (0.36 if alone else 0.28) * rows)
    place(axes, left=2.6 if alone else 2.9, right=0.16, bottom=0.12, top=0.25)
    y = 0.1
    for label, block in blocks:
        y += 0.0 if alone else 0.3
        # A heading of two lines grows upwards, away from the row below it.
        at, side = (0.5, "center") if alone else (0.9, "bottom")
        axes.text(-0.15, y + at, lines(label, 30), ha="right", va=side, size=9, weight="bold")
        for line in block:
            y += 0.0 if alone else 1.0
            _row(axes, y, line._replace(label="") if alone else line, lang)
        y += 1.2 if alone else 1.0
    axes.set_ylim(rows + 0.1, 0)
    axes.set_xlim(0, 12)
    axes.xaxis.tick_top()
    axes.set_xticks([k + 0.5 for k in range(12)], [month(k + 1, lang) for k in range(12)], size=8)
    axes.tick_params(length=0)
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    return Chart("staff-heatmap", headline, subtitle, _alt(headline, every[0], pools, lang),
                 picture, _columns(lang), _table(blocks))  # fmt: skip


def _months(run: Run, pool: str) -> Months:
    """Mean utilisation of a pool by month; months without working time are left out."""
    start, end = f"staff.{pool}.month.", ".utilisation"
    found: Months = {}
    for measure in run.results.measures:
        if measure.name.startswith(start) and measure.name.endswith(end):
            mean = run.mean(measure.name)
            if mean is not None:
                found[measure.name.removeprefix(start).removesuffix(end)] = mean
    return found


def _lines(every: list[Run], pool: str, lang: Lang) -> list[_Line]:
    """Rows of a pool: the base, and the alternatives that differ most from it."""
    base = _months(every[0], pool)
    differ = []
    for order, run in enumerate(every[1:]):
        months = _months(run, pool)
        gaps = [abs(months.get(key, 0.0) - base.get(key, 0.0)) for key in {*months, *base}]
        if months.keys() & base.keys() and max(gaps) >= _DIFFERS:
            differ.append((-max(gaps), order, run.title, months))
    chosen = sorted(sorted(differ)[:_MOST], key=lambda item: item[1])
    first = {"en": "Base", "fi": "Lähtökohta"}[lang]
    years = sorted({key[:4] for key in base})
    found = []
    for title, months in [
        (every[0].title, base),
        *((title, months) for *_, title, months in chosen),
    ]:
        named_ = first if months is base else title
        for year in years:
            label = named_ if len(years) == 1 else f"{short(named_, 28)} {year}"
            cells = {key[5:7]: value for key, value in months.items() if key[:4] == year}
            found.append(_Line(label, months is base, title, cells, year))
    return found


def _row(axes: Axes, y: float, line: _Line, lang: Lang) -> None:
    """Cells of a row, each with its value."""
    label = lines(line.label, 40)
    axes.text(-0.15, y + 0.5, label, ha="right", va="center", size=7 if "\n" in label else 8.5,
              linespacing=1.0, color=INK if line.strong else GREY)  # fmt: skip
    for number_ in range(1, 13):
        value = line.cells.get(f"{number_:02d}")
        if value is None:
            axes.text(number_ - 0.5, y + 0.5, "–", ha="center", va="center", size=8.5, color=GREY)
            continue
        over = value > _FULL + 0.005
        axes.add_patch(Rectangle(
            (number_ - 0.96, y + 0.05), 0.92, 0.9, fc=_SHADES(min(value, 1.2) / 1.2),
            ec=MARK if over else PALE, lw=1.8 if over else 0.5,
        ))  # fmt: skip
        axes.text(number_ - 0.5, y + 0.5, number(value * 100, lang), ha="center", va="center",
                  size=8.5, color="white" if value > 0.86 else INK,
                  weight="bold" if over else "normal")  # fmt: skip


def _busiest(base: Run, pools: list[str]) -> tuple[str, str, float]:
    """Pool, month and utilisation where working time is fullest."""
    found = [(value, pool, key) for pool in pools for key, value in _months(base, pool).items()]
    value, pool, key = max(found)
    return pool, key, value


def _headline(base: Run, pools: list[str], lang: Lang) -> str:
    pool, key, value = _busiest(base, pools)
    when = month(int(key[5:7]), lang)
    label = brief(named(base.scenario.staff, pool, lang))
    shown = percent(value, lang)
    if lang == "fi":
        return f"Kiireisin: {label}, {when}kuussa {shown}"
    return f"Busiest: {label}, {shown} in {when}"


def _subtitle(every: list[Run], lang: Lang) -> str:
    average = means(every[0].results.replications, lang)
    text = {
        "en": f"Client work as a percentage of the hours there are for it; {average}.\n"
        "Darker is fuller, framed is over 100 %.",
        "fi": f"Asiakastyö prosentteina siihen varatuista tunneista; {average}.\n"
        "Tummempi on täydempi, kehystetty yli 100 %.",
    }[lang]
    if len(every) == 1:
        return text
    return (
        text
        + {
            "en": " Alternatives: those that differ by two points or more.",
            "fi": " Vaihtoehdoista ne, joissa eroa on vähintään kaksi prosenttiyksikköä.",
        }[lang]
    )


def _alt(headline: str, base: Run, pools: list[str], lang: Lang) -> str:
    parts = []
    for pool in pools:
        values = _months(base, pool).values()
        label = named(base.scenario.staff, pool, lang)
        parts.append(f"{label} {percent(min(values), lang)}–{percent(max(values), lang)}")
    return f"{headline}. {'; '.join(parts)}."


def _columns(lang: Lang) -> tuple[str, ...]:
    return {
        "en": ("Pool", "Scenario", "Month", "Utilisation (share)"),
        "fi": ("Tiimi", "Skenaario", "Kuukausi", "Käyttöaste (osuus)"),
    }[lang]


def _table(blocks: list[tuple[str, list[_Line]]]) -> tuple[Row, ...]:
    return tuple(
        (pool, line.title, f"{line.year}-{key}", value)
        for pool, lines_ in blocks
        for line in lines_
        for key, value in line.cells.items()
    )
