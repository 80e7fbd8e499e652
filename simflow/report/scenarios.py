"""Each scenario's card: its question, its hypothesis, what is changed and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from markupsafe import Markup

from simflow.labels import Lang, number, percent
from simflow.report.blocks import Block, Bullets, Facts, Group, Paragraph, Table
from simflow.report.figures import PAIRED, Scale, scale_of
from simflow.report.likely import odds
from simflow.report.marks import goal_of, kind_of
from simflow.report.titles import title_of, titles
from simflow.report.verdict import evidence, label_of, scale_of_difference
from simflow.report.words import has, join, say
from simflow.scenario.schema import Scenario

if TYPE_CHECKING:
    from simflow.experiment import Comparison, Difference, Figure, Judgement, Results, Verdict

_MOST_CHANGES = 8
_EMPTY = Markup("–")


def cards(comparison: Comparison, anchors: dict[str, str], lang: Lang) -> tuple[Group, ...]:
    """The base's card, then one for each alternative."""
    names = titles(comparison, lang)
    base = comparison.scenarios[0]
    first = Group(
        anchors[base.name], say("base_title", lang, title=names[base.name]),
        (_asks(base, None, lang),
         key_figures(comparison.base, names[base.name], lang, published=False)), card=True,
    )  # fmt: skip
    others = zip(comparison.scenarios[1:], comparison.changes, strict=True)
    return (first, *(
        Group(anchors[scenario.name], names[scenario.name], _card(
            comparison, scenario,
            [Markup.escape(getattr(change.sentence, lang)) for change in changes], lang), card=True)
        for scenario, changes in others
    ))  # fmt: skip


def _card(comparison: Comparison, scenario: Scenario, changes: Sequence[Markup],
          lang: Lang) -> tuple[Block, ...]:  # fmt: skip
    verdict, title = comparison.verdict(scenario.name), title_of(scenario, lang)
    asks = _asks(scenario, changes, lang)
    if verdict is None:
        return (asks, *_unjudged(comparison, scenario, title, lang))
    finding = Markup("<strong>{}: {}.</strong> {}").format(
        say("finding", lang), kind_of(verdict, lang), say(f"says_{verdict.kind}", lang)
    )
    clear = [
        *verdict.losses,
        *verdict.gains,
        *(one for one in verdict.money if one.worse or one.better),
    ]
    says = [
        evidence(one.difference, scenario.name, lang) + Markup(" ")
        + goal_of(one, scenario.name, lang)
        for one in clear
    ]  # fmt: skip
    blocks: list[Block] = [asks, Paragraph(finding)]
    blocks += [Bullets(tuple(says))] if says else []
    return (*blocks, _goals(verdict, title, lang))


def _unjudged(comparison: Comparison, scenario: Scenario, title: Markup,
              lang: Lang) -> list[Block]:  # fmt: skip
    """Differences alone, where no verdict can be given."""
    known = {measure.name for measure in comparison.results(scenario.name).measures}
    names = [name for name in comparison.names if name in known]
    rows = tuple(
        _difference(comparison.difference(scenario.name, name), scenario.name, lang)
        for name in names
    )
    note = Paragraph(say("not_judged_note", lang), small=True)
    if not rows:
        return [note]
    heads = tuple(say(key, lang) for key in _HEADS)
    return [note, Table(say("goals_caption", lang, title=title), heads, rows,
                        frozenset(range(1, 6)))]  # fmt: skip


def _asks(scenario: Scenario, changes: Sequence[Markup] | None, lang: Lang) -> Facts:
    pairs = []
    for key, text in (("question", scenario.question), ("hypothesis", scenario.hypothesis)):
        if text is None and changes is None:  # a base has no hypothesis of its own
            continue
        missing = say("not_stated", lang)
        pairs.append((
            say(key, lang), missing if text is None else Markup.escape(getattr(text, lang))
        ))  # fmt: skip
    if changes is not None:
        shown = list(changes[:_MOST_CHANGES]) or [say("changed_nothing", lang)]
        if len(changes) > _MOST_CHANGES:
            more = number(len(changes) - _MOST_CHANGES, lang)
            shown.append(say("changed_more", lang, n=more))
        pairs.append((say("changed", lang), join(shown, "; ")))
    return Facts(tuple(pairs))


_HEADS: Final = ("goal", "no_new", "with_it", "change", "interval", "matters")


def _goals(verdict: Verdict, title: Markup, lang: Lang) -> Table:
    """Goal by goal: base, alternative, change, interval, what matters, probabilities, class."""
    heads = (*_HEADS, "benefit", "harm", "verdict")
    return Table(
        say("goals_caption", lang, title=title), tuple(say(key, lang) for key in heads),
        tuple((*_difference(one.difference, verdict.name, lang), *_odds(one, lang),
               goal_of(one, verdict.name, lang)) for one in verdict.judgements),
        frozenset(range(1, 8)), (2.6, 1.4, 1.5, 1.3, 2.2, 1.4, 1.7, 1.7, 2.0),
    )  # fmt: skip


def _odds(one: Judgement, lang: Lang) -> tuple[Markup, Markup]:
    """B and H with their ranges."""
    return Markup.escape(odds(one.benefit, lang)), Markup.escape(odds(one.harm, lang))


def _difference(difference: Difference, name: str, lang: Lang) -> tuple[Markup, ...]:
    scale = scale_of_difference(difference, name, lang)
    levels = scale.levels(difference.base, difference.alternative, difference.mean)
    matters = None if difference.goal is None else difference.goal.matters
    return (
        with_unit(label_of(difference, lang), scale),
        levels.tagged(difference.base, "base"),
        levels.tagged(difference.alternative, "alternative"),
        scale.tagged(difference.mean, "difference", signed=True),
        scale.interval(difference.ci, PAIRED, signed=True),
        scale.tagged(matters, "matters", exact(matters, scale.unit, lang)),
    )


def with_unit(label: Markup, scale: Scale) -> Markup:
    """A row's name with its unit."""
    after = scale.unit_after().strip()
    return label + Markup(" ({})").format(after) if after else label


def exact(value: float | None, unit: str, lang: Lang) -> str:
    """A given number with the decimals it was given with; a share in per cent."""
    if value is None:
        return "–"
    value = value * 100 if unit == "share" else value
    places = next((p for p in range(4) if abs(value - round(value, p)) < 1e-9), 4)
    return number(value, lang, places)


def key_figures(results: Results, title: Markup, lang: Lang, *, published: bool) -> Table:
    """The key measures; published figures too, when asked for or when there are no key measures."""
    key = results.key_measures
    names = tuple(dict.fromkeys((*key, *results.published))) if published or not key else key
    figures = {figure.measure.name: figure for figure in results.summary()}
    rows = tuple(_key(figures[name], results.scenario, lang) for name in names if name in figures)
    heads = ("measure", "mean", "interval", "spread", "published")
    return Table(
        say("key_caption", lang, title=title), tuple(say(key, lang) for key in heads), rows,
        frozenset({1, 2, 3, 4}), (4, 1.2, 1.8, 1.8, 1.4),
    )  # fmt: skip


def _key(figure: Figure, scenario: str, lang: Lang) -> tuple[Markup, ...]:
    scale = scale_of(figure, scenario, lang)
    given = figure.published
    return (
        with_unit(Markup.escape(getattr(figure.measure.label, lang)), scale),
        scale.tagged(figure.mean, "mean"),
        scale.interval(figure.ci),
        scale.interval(figure.spread, ("p5", "p95")),
        _EMPTY if given is None
        else scale.tagged(given, "published", exact(given, scale.unit, lang)),
    )  # fmt: skip


def targets(scenarios: Sequence[tuple[Scenario, Results]], lang: Lang) -> tuple[Table, ...]:
    """A table of planned figures for each scenario that has any."""
    heads = ("measure", "target", "mean", "spread", "probability", "verdict")
    return tuple(
        Table(
            say("targets_caption", lang, title=title_of(scenario, lang)),
            tuple(say(key, lang) for key in heads), rows, frozenset({1, 2, 3, 4}),
            (3.2, 1.8, 1.4, 1.8, 2.1, 1.8),
        )
        for scenario, results in scenarios
        if (rows := _targets(scenario, results, lang))
    )  # fmt: skip


def _targets(scenario: Scenario, results: Results, lang: Lang) -> tuple[tuple[Markup, ...], ...]:
    figures = {figure.measure.name: figure for figure in results.summary()}
    rows = []
    for name in scenario.targets:
        if name not in figures:
            continue
        figure = figures[name]
        scale = scale_of(figure, results.scenario, lang)
        chance = probability(scenario, results, name)
        rows.append((
            with_unit(Markup.escape(getattr(figure.measure.label, lang)), scale),
            _target(scenario, name, scale, lang),
            scale.tagged(figure.mean, "mean"),
            scale.interval(figure.spread, ("p5", "p95")),
            scale.tagged(chance, "probability", percent(chance, lang)),
            say("undefined" if chance is None
                else "reached" if chance > 0.5 else "not_reached", lang),
        ))  # fmt: skip
    return tuple(rows)


def probability(scenario: Scenario, results: Results, name: str) -> float | None:
    """Share of the replications that reach a planned figure; None when none has a value."""
    target, values = scenario.targets[name], results.column(name)
    values = values[np.isfinite(values)]
    if not len(values):
        return None
    low = -np.inf if target.at_least is None else target.at_least
    high = np.inf if target.at_most is None else target.at_most
    return float(((values >= low) & (values <= high)).mean())


def _target(scenario: Scenario, name: str, scale: Scale, lang: Lang) -> Markup:
    target = scenario.targets[name]
    parts = []
    for key, value in (("at_least", target.at_least), ("at_most", target.at_most)):
        if value is not None and has(key):
            shown = scale.tagged(value, key, exact(value, scale.unit, lang))
            parts.append(say(key, lang, value=shown))
    return join(parts)
