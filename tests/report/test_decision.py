"""What the page tells a steering group to do, for results made up so that the answer is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from simflow.experiment.decision import ranked, standings

from simflow.charts import verdict_table
from simflow.measures import Label
from simflow.report import html
from simflow.results import View
from tests.report.reading import Page
from tests.views import Made, made, view

TITLES = (Label("First", "Eka"), Label("Second", "Toka"), Label("Third", "Kolmas"))
GOALS: dict[str, dict[str, Any]] = {
    "exits.work": {"better": "more", "matters": 1},
    "wait.mean": {"better": "fewer", "matters": 1},
    "cost.total": {"better": "fewer", "matters": 1000},
}


def measures(work: float, wait: float, cost: float) -> tuple[Made, ...]:
    """Effects of the first alternative; the second has half of them the other way."""
    return (
        made("exits.work", "clients", "Ended in work", "Työhön", 50, 2, work),
        made("wait.mean", "days", "Wait", "Odotus", 20, 1, wait),
        made("cost.total", "eur", "Costs", "Kustannukset", 900_000, 3_000, cost),
    )


def made_view(work: float, wait: float, cost: float, alternatives: int = 1, n: int = 40) -> View:
    """A comparison with known effects."""
    return view(alternatives, n, measures=measures(work, wait, cost), goals=GOALS, targets={},
                titles=TITLES)  # fmt: skip


def kinds(found: View) -> list[str]:
    """Standings of the alternatives."""
    assert found.comparison is not None
    return [standing.kind for standing in standings(found.comparison)]


def lead(found: View) -> str:
    """The page's first words of its verdict, in English."""
    words = Page(html(found, "en")).words["en"]
    first = words.index("Verdict", words.index("Verdict") + 1)
    return "".join(words[first + 1 : first + 5])


@pytest.mark.parametrize(
    ("effects", "kind"),
    [
        ((8, -6, 50_000), "better"),
        ((8, 0, 0), "better"),
        ((8, 6, 0), "mixed"),
        ((-8, 0, 0), "worse"),
        ((-8, 0, -50_000), "worse"),
        ((0, 0, -50_000), "cheaper"),
        ((0, 0, 50_000), "dearer"),
        ((0, 0, 0), "unclear"),
    ],
)
def test_standing(effects: tuple[float, float, float], kind: str) -> None:
    assert kinds(made_view(*effects)) == [kind]


def test_a_saving_is_not_recommended_while_a_loss_is_possible() -> None:
    few = view(1, 4, measures=measures(-0.4, 0, -50_000), goals=GOALS, targets={}, titles=TITLES)
    assert kinds(few) == ["saving"]
    assert lead(few).startswith("No alternative is clearly better: no new decision")
    assert "a loss that matters is not ruled out in Ended in work" in Page(html(few, "en")).text(
        "en"
    )


def test_a_circumstance_is_not_recommended() -> None:
    found = made_view(8, -6, 0)
    assert found.comparison is not None
    base, other = found.comparison.scenarios
    happens = other.model_copy(update={"circumstance": True})
    comparison = replace(found.comparison, scenarios=(base, happens))
    assert [standing.kind for standing in standings(comparison)] == ["circumstance"]
    shown = replace(found, comparison=comparison)
    assert lead(shown).startswith("No alternative is clearly better")
    chart = verdict_table.draw(shown, "en")
    assert chart is not None
    assert chart.headline == "No alternative is clearly better than the base"


def test_the_page_and_the_chart_name_the_same_choice() -> None:
    found = made_view(8, -6, 50_000, alternatives=2)
    chart = verdict_table.draw(found, "en")
    assert chart is not None
    assert chart.headline == "First: 2/2 goals better, costs more"


def test_the_better_one_is_chosen_and_its_price_named() -> None:
    found = made_view(8, -6, 50_000, alternatives=2)
    assert kinds(found) == ["better", "worse"]
    text = Page(html(found, "en")).text("en")
    assert lead(found).startswith("Choose First: it is clearly better")
    assert "2 of 2 goals" in text
    assert "Price: it costs" in text
    assert "40 of 40 pairs" in text


def test_no_new_decision() -> None:
    assert lead(made_view(0, 0, 0)).startswith("No alternative is clearly better: no new decision")
    assert lead(made_view(-8, 0, 0)).startswith("No alternative is clearly better")
    assert lead(made_view(8, 6, 0)).startswith("No alternative is better in something without")


def test_one_replication() -> None:
    assert lead(made_view(8, -6, 0, n=1)).startswith(
        "Nothing can be concluded from so few replications (1)"
    )


def test_no_goals() -> None:
    found = view(1, 40, measures=measures(8, -6, 0), goals={}, targets={}, titles=TITLES)
    assert lead(found).startswith("The scenario names no goals")


def test_of_two_better_ones_the_one_better_in_more_goals_comes_first() -> None:
    found = made_view(8, -6, 0, alternatives=4)  # the fourth repeats the first's effects
    assert found.comparison is not None
    order = ranked(standings(found.comparison))
    assert {standing.name for standing in order} == {"other-1", "other-4"}
    assert "too close to call (95\u00a0% interval" in "".join(Page(html(found, "en")).words["en"])


def test_of_equals_the_cheaper_is_chosen() -> None:
    found = made_view(8, -6, 50_000, alternatives=4)
    assert found.comparison is not None
    prices = [
        standing.cost.mean for standing in ranked(standings(found.comparison)) if standing.cost
    ]
    assert prices[0] is not None and prices[1] is not None and prices[0] < prices[1]


def test_a_choice_from_few_runs_says_so() -> None:
    words = "simulate at least 30 before you decide"
    assert words in Page(html(made_view(8, -6, 0, n=12), "en")).text("en")
    assert words in Page(html(made_view(0, 0, 0, n=12), "en")).text("en")
    assert words not in Page(html(made_view(8, -6, 0, n=30), "en")).text("en")
