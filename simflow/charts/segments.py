"""People who begin work or education, group by group: what `equity` and the brief draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from simflow.charts.amounts import Scale, scale
from simflow.charts.brief.picture import told
from simflow.charts.data import named, said
from simflow.charts.plausible import Change, change_of
from simflow.charts.verdicts import brief, ranked, titled
from simflow.labels import Lang

if TYPE_CHECKING:
    from simflow.charts.data import Run
    from simflow.experiment import Figure
    from simflow.results import View

HEAD: Final = "outcome.begun_by."
"""Beginning of the names of the measures."""
WHAT: Final[dict[Lang, str]] = {
    "en": "People who begin work or education, by group",
    "fi": "Työn tai koulutuksen aloittaneet ryhmittäin",
}


@dataclass(frozen=True)
class Cell:
    """A group in one scenario; its change is None in the base."""

    group: str
    run: Run
    figure: Figure
    change: Change | None


def groups(view: View) -> list[str]:
    """The groups that are counted, in the scenario's order."""
    known = {measure.name for measure in view.results.measures}
    return [name for name in view.scenario.segments if f"{HEAD}{name}" in known]


def cells_of(view: View, shown: list[Run]) -> list[Cell]:
    """The counts that have a value, group by group and scenario by scenario."""
    return [
        Cell(group, run, run.results.figure(f"{HEAD}{group}"), _change(view, run, group))
        for group in groups(view)
        for run in shown
        if run.has(f"{HEAD}{group}")
    ]


def _change(view: View, run: Run, group: str) -> Change | None:
    if view.comparison is None or run.results is view.results:
        return None
    return change_of(view.comparison, run.results.scenario, f"{HEAD}{group}")


def scale_of(cell: Cell, lang: Lang) -> Scale:
    """How the group's counts are shown."""
    return scale(cell.figure.measure, (), lang)


def title(view: View, group: str, lang: Lang) -> str:
    """What a group is called."""
    return named(view.scenario.segments, group, lang)


def headline(view: View, cells: list[Cell], lang: Lang) -> str:
    """The largest change of the alternative that stands first; of a run, the largest group."""
    changed = [cell for cell in cells if cell.change is not None]
    first = [row.verdict.name for row in ranked(view, lang)[:1]]
    of_first = [cell for cell in changed if cell.run.results.scenario in first] or changed
    if of_first:
        cell = max(of_first, key=lambda one: abs(one.change.mean if one.change else 0.0))
        assert cell.change is not None  # it is among the changed
        size = told(cell.change, scale_of(cell, lang)).partition(" (")[0]
        name = brief(title(view, cell.group, lang), 4, 30)
        message = {"en": f"largest change “{name}” {size}", "fi": f"suurin ero ”{name}” {size}"}
        return titled(cell.run.title, message[lang])
    cell = max(cells, key=lambda one: one.figure.mean or 0.0)
    name = brief(title(view, cell.group, lang), 5, 34)
    count = scale_of(cell, lang).plain(cell.figure.mean, 2.0)
    return {
        "en": f"“{name}”: {count} begin work or education",
        "fi": f"”{name}”: {count} aloittaa työn tai koulutuksen",
    }[lang]


def label(cell: Cell, lang: Lang) -> str:
    """What is measured, in words."""
    return said(cell.figure.measure.label, lang)
