"""How the figures were made, in words that a steering group can follow and a statistician sign."""

from __future__ import annotations

from statistics import median

from markupsafe import Markup

from simflow.experiment import Comparison, Precision
from simflow.labels import Lang, date, number, percent
from simflow.measures import Measure
from simflow.report.blocks import Block, Bullets, Facts, Group, Paragraph, Table
from simflow.report.figures import Scale, rounded
from simflow.report.scenarios import exact
from simflow.report.sources import source_text
from simflow.report.verdict import missed_of
from simflow.report.words import join, say
from simflow.results import View


def comparisons(comparison: Comparison | None) -> int:
    """How many claims of *better* Holm's correction holds together."""
    if comparison is None:
        return 0
    return sum(len(verdict.aims) for verdict in comparison.verdicts)


def method(view: View, lang: Lang) -> tuple[Block, ...]:
    """Replications, error and risk, verdicts, precision."""
    comparison = view.comparison
    horizon = view.scenario.horizon
    n = view.results.replications
    runs = [say("method_once" if n == 1 else "method_runs", lang, n=number(n, lang),
                start=date(horizon.start, lang), end=date(horizon.end, lang),
                seed=view.results.seed)]  # fmt: skip
    if comparison is not None:
        runs.append(say("method_crn", lang))
        runs += _pairing(comparison, lang)
    error = [say(key, lang) for key in ("method_error", "method_risk", "method_digits")]
    groups = [
        Group("method-runs", say("method_runs_title", lang), _paragraphs(runs)),
        Group("method-error", say("method_error_title", lang), _paragraphs(error)),
    ]
    if comparison is not None:
        groups.append(Group("method-verdict", say("method_verdict_title", lang),
                            _verdicts(view, comparison, lang)))  # fmt: skip
    precision = view.results.precision if comparison is None else comparison.precision
    if precision is not None:
        groups.append(Group("method-precision", say("precision_title", lang),
                            (_precision(precision, view, lang),)))  # fmt: skip
    return tuple(groups)


def _paragraphs(texts: list[Markup]) -> tuple[Block, ...]:
    return tuple(Paragraph(text) for text in texts)


def _pairing(comparison: Comparison, lang: Lang) -> list[Markup]:
    ratios = [ratio for name in comparison.names for ratio in _ratios(comparison, name)]
    if not ratios:
        return []
    low, middle, high = (_times(end, lang) for end in (min(ratios), median(ratios), max(ratios)))
    return [say("method_pairing", lang, low=low, median=middle, high=high)]


def _ratios(comparison: Comparison, name: str) -> list[float]:
    """Variance of a goal's differences without pairs over that with them, where it is known."""
    found = (comparison.difference(r.scenario, name) for r in comparison.alternatives)
    return [d.variance_ratio for d in found if d.variance_ratio is not None]


def _times(ratio: float, lang: Lang) -> str:
    return rounded(ratio, lang, 1 if ratio < 10 else 0)


def _verdicts(view: View, comparison: Comparison, lang: Lang) -> tuple[Block, ...]:
    blocks: list[Block] = _rule(view, comparison, lang)
    sources = {row.path: row.source for row in view.sources}
    labels = {measure.name: measure for measure in view.results.measures}
    rows = tuple(
        (
            Markup.escape(getattr(measure.label, lang)),
            say(f"role_{goal.role or 'none'}", lang),
            say(f"wanted_{goal.better}", lang),
            _matters(measure, goal.matters, lang),
            _gain(comparison, name, lang),
            source_text(sources.get(f"goals.{name}.matters", ""), view.scenario, lang),
        )
        for name, goal in view.scenario.goals.items()
        if (measure := labels.get(name)) is not None
    )
    if rows:
        heads = ("goal", "role", "wanted", "matters", "pairing", "source")
        blocks.append(Table(say("goals_of", lang), tuple(say(key, lang) for key in heads), rows,
                            frozenset({3, 4}), (3, 1.4, 1.4, 1.6, 1.4, 3.2)))  # fmt: skip
    return tuple(blocks)


def _rule(view: View, comparison: Comparison, lang: Lang) -> list[Block]:
    """Who is counted, the purpose and the guards, the probabilities, and the classes."""
    if not comparison.has_roles:
        return [Paragraph(say("no_roles", lang))]
    decide = view.scenario.decide
    shares = {
        key: percent(getattr(decide, key), lang) for key in ("likely", "unlikely", "trade_off")
    }
    m = number(comparisons(comparison), lang)
    keys = ["rule_population", "rule_purpose",
            "rule_point" if comparison.point else "rule_chances", "rule_goal", "rule_alternative",
            "rule_holm", "rule_looks", "rule_lasting", "rule_range"]  # fmt: skip
    draws = number(decide.draws, lang)
    return [Paragraph(say(key, lang, m=m, draws=draws, **shares)) for key in keys]


def _gain(comparison: Comparison, name: str, lang: Lang) -> Markup:
    """What pairing gained in a goal: the median over the alternatives."""
    ratios = _ratios(comparison, name)
    return Markup.escape(_times(median(ratios), lang) if ratios else "–")


def _matters(measure: Measure, value: float, lang: Lang) -> Markup:
    scale = Scale("", measure.name, measure.unit, 0, lang)
    shown = exact(value, measure.unit, lang) + scale.unit_after(change=True)
    return Markup.escape(shown)


def _precision(precision: Precision, view: View, lang: Lang) -> Block:
    cap = number(precision.cap, lang)
    if precision.size is None:
        text = say("precision_matters", lang, cap=cap)
    elif precision.relative:
        size = percent(precision.size, lang, 0 if precision.size >= 0.01 else 1)
        text = say("precision_relative", lang, size=size, cap=cap)
    else:
        text = say("precision_absolute", lang, size=exact(precision.size, "", lang), cap=cap)
    missed = missed_of(view, lang)
    reached = (say("precision_missed", lang, names=join(missed, "; ")) if missed
               else say("precision_reached", lang))  # fmt: skip
    return Bullets((text, reached))


def versions(view: View, lang: Lang) -> tuple[Block, ...]:
    """Scenario, hash, seed and software, so that the run can be made again."""
    packages = view.manifest.get("versions") or {}
    listed = ", ".join(f"{name} {version}" for name, version in sorted(packages.items()))
    pairs = [
        (say("v_scenario", lang), Markup("<code>{}</code>").format(view.results.scenario)),
        (say("v_hash", lang), Markup('<code class="hash">{}</code>').format(view.results.hash)),
        (say("v_seed", lang), Markup.escape(str(view.results.seed))),
        (say("v_replications", lang), Markup.escape(number(view.results.replications, lang))),
        (say("v_packages", lang), Markup.escape(listed)),
    ]
    return (Facts(tuple(pairs)),)
