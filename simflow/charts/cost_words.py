"""What the chart of costs says in words and numbers: parts, sums, differences, its table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simflow.charts.amounts import Scale, half_of, interval_of, unit_in_table
from simflow.charts.chart import Row
from simflow.charts.data import said
from simflow.charts.style import INK
from simflow.charts.verdicts import titled
from simflow.experiment import ranked
from simflow.labels import NO_BREAK, Lang, number

if TYPE_CHECKING:
    from simflow.charts.data import Run
    from simflow.experiment import Difference
    from simflow.results import View

TOTAL, NET = "cost.total", "cost.net"
# Neighbours differ in lightness, so that they are told apart in grey too.
PARTS: Final[dict[str, tuple[str, str, dict[Lang, str]]]] = {
    "cost.staff": ("#0072B2", "white", {"en": "Staff", "fi": "Henkilöstö"}),
    "cost.courses": ("#A6D5F2", INK, {"en": "Courses", "fi": "Kurssit"}),
    "cost.places": ("#009E73", "white", {"en": "Places", "fi": "Paikat"}),
    "cost.subsidy": ("#F5E663", INK, {"en": "Wage top-ups", "fi": "Palkkatuen kuntalisät"}),
    "cost.benefit": ("#D98B5F", INK, {
        "en": "City's share of the labour market subsidy", "fi": "Työmarkkinatuen kuntaosuus",
    }),
}  # fmt: skip
SUMS: Final[dict[str, dict[Lang, str]]] = {
    TOTAL: {"en": "Total", "fi": "Yhteensä"},
    NET: {"en": "Net*", "fi": "Netto*"},
}
PER: Final[dict[str, dict[Lang, str]]] = {
    "cost.per_started": {"en": "€ per start", "fi": "€ / aloittanut"},
    "cost.per_work_or_education": {
        "en": "€ per exit to\nwork or edu-\ncation",
        "fi": "€ / työhön tai\nkoulutukseen\npäättynyt",
    },
}  # fmt: skip
_WHAT: Final[dict[Lang, tuple[str, str]]] = {
    "en": ("costs", "net costs"), "fi": ("kustannukset", "nettokustannukset"),
}  # fmt: skip


def difference_of(view: View, run: Run, name: str) -> Difference | None:
    """The difference from the base; None of the base itself."""
    if view.comparison is None or run.results is view.results or not run.has(name):
        return None
    return view.comparison.difference(run.results.scenario, name)


def told(run: Run, name: str, shown: Scale) -> str:
    """A mean and its half-width."""
    return shown.told(run.results.figure(name)) if run.has(name) else shown.plain(None)


def changed(item: Difference, shown: Scale) -> str:
    """A difference and its half-width."""
    half = half_of(item.ci)
    return shown.signed(item.mean, half) + ("" if item.ci is None else f" {shown.margin(half)}")


def headline(view: View, shown: list[Run], by: str, units: Scale) -> str:
    """What the scenario to choose costs; without one, between what the clear differences lie."""
    lang = units.lang
    clear = {
        run.results.scenario: (item, run)
        for run in shown
        if (item := difference_of(view, run, by)) and item.clear_of_zero and item.mean is not None
    }
    order = () if view.comparison is None else ranked(view.comparison.verdicts)
    if order and order[0].name in clear:
        item, run = clear[order[0].name]
        return titled(
            run.title, f"{_WHAT[lang][by == NET]} {_change(item, units)}{NO_BREAK}{units.unit}"
        )
    if clear:
        return _between([item for item, _ in clear.values()], by, units)
    found = shown[0].results.figure(TOTAL)
    amount = f"{units.plain(found.mean, half_of(found.ci))}{NO_BREAK}{units.unit}"
    if found.n < 2:
        start = {"en": "One run: the base costs", "fi": "Yksi toisto: lähtökohta maksaa"}
    elif len(shown) == 1:
        start = {"en": "The city pays", "fi": "Kaupunki maksaa"}
    else:
        start = {"en": "No clear difference in costs: about", "fi": "Ei selvää kustannuseroa: noin"}
    return f"{start[lang]} {amount}"


def _change(item: Difference, units: Scale) -> str:
    return units.signed(item.mean, half_of(item.ci))


def _between(clear: list[Difference], by: str, units: Scale) -> str:
    """The smallest and the largest of the clear differences.

    No scenario is named: what one saves it may lose elsewhere, so that a saving alone is no
    message.
    """
    found = dict.fromkeys(_change(item, units) for item in (clear[0], clear[-1]))
    ends = {"en": " to ", "fi": f"{NO_BREAK}…{NO_BREAK}"}[units.lang].join(found)
    start = {
        "en": f"{_WHAT['en'][by == NET].capitalize()} change clearly",
        "fi": f"{_WHAT['fi'][by == NET].capitalize()} muuttuvat selvästi",
    }[units.lang]
    return f"{start}: {ends}{NO_BREAK}{units.unit}"


def subtitle(view: View, net: bool, units: Scale) -> str:
    lang, n = units.lang, view.results.replications
    lines = {
        "en": f"Costs to the city, {units.unit}, ",
        "fi": f"Kaupungin kulut, {units.unit}, ",
    }[lang]
    if n < 2:
        one = {"en": "of a single run: no interval.", "fi": "yksi toisto: ei luottamusväliä."}
        lines += one[lang]
    else:
        lines += {
            "en": f"mean of {number(n, lang)} runs. Black line and ±: 95 % interval",
            "fi": f"{number(n, lang)} toiston keskiarvo. Viiva ja ±: 95 %:n luottamusväli",
        }[lang]
        bold = {"en": "; bold: a change clear of zero", "fi": "; lihavoitu: selvä ero"}[lang]
        lines += f"{bold if view.comparison else ''}."
    note = {
        "en": "\n* Services less the city's share of the subsidy that they save.",
        "fi": "\n* Palvelut vähennettynä työmarkkinatuen kuntaosuudella, jonka ne säästävät.",
    }[lang]
    return lines + (note if net else "")


COLUMNS: Final[dict[Lang, tuple[str, ...]]] = {
    "en": ("Scenario", "Measure", "Unit", "Mean", "95 % from", "95 % to", "Difference",
           "Difference, 95 % from", "Difference, 95 % to", "Runs"),
    "fi": ("Skenaario", "Mittari", "Yksikkö", "Keskiarvo", "95 % alkaen", "95 % asti", "Ero",
           "Ero, 95 % alkaen", "Ero, 95 % asti", "Toistoja"),
}  # fmt: skip


def rows_of(view: View, run: Run, names: list[str], lang: Lang) -> list[Row]:
    """A row for each part and number of a scenario."""
    found: list[Row] = []
    for name in names:
        if not run.has(name):
            continue
        item, change = run.results.figure(name), difference_of(view, run, name)
        ends = (None, None, None) if change is None else (change.mean, *(change.ci or (None,) * 2))
        found.append((
            run.title, said(item.measure.label, lang), unit_in_table(item.measure, lang), item.mean,
            *(interval_of(item) or (None, None)), *ends, float(item.n),
        ))  # fmt: skip
    return found


def sentence(run: Run, by: str, units: Scale) -> str:
    names = [name for name in dict.fromkeys((TOTAL, by)) if run.has(name)]
    sums = [f"{SUMS[name][units.lang].rstrip('*').lower()} {told(run, name, units)}"
            for name in names]  # fmt: skip
    return f"{run.title}: {', '.join(sums)} {units.unit}."
