"""What scenarios are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from simflow.labels import Lang

if TYPE_CHECKING:
    from simflow.experiment import Comparison
    from simflow.scenario.schema import Scenario


def title_of(scenario: Scenario, lang: Lang) -> Markup:
    """A scenario's title in a language, escaped; its name when it has none."""
    text = scenario.name if scenario.title is None else getattr(scenario.title, lang)
    return Markup.escape(text)


def titles(comparison: Comparison, lang: Lang) -> dict[str, Markup]:
    """Titles of the scenarios compared, by name."""
    return {scenario.name: title_of(scenario, lang) for scenario in comparison.scenarios}
