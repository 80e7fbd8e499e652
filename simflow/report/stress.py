"""The STRESS-DES items (Monks et al. 2019, doi 10.1080/17477778.2018.1442155)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from simflow import __version__
from simflow.labels import Lang, date, number
from simflow.report.blocks import Block, Facts, Group, Paragraph
from simflow.report.sources import is_assumption
from simflow.report.titles import title_of
from simflow.report.words import join, say
from simflow.results import View
from simflow.scenario.schema import Scenario

_KINDS = ("appointment", "course", "placement", "guidance")


def stress(view: View, lang: Lang) -> tuple[Block, ...]:
    """Six groups of facts: objectives, logic, data, experimentation, implementation, code."""
    parts = (_objectives, _logic, _data, _experimentation, _implementation, _code)
    groups = (
        Group(f"stress-{place}", say(f"stress_{place}", lang), (
            Facts(tuple((say(f"s_{key}", lang), text) for key, text in part(view, lang))),
        ))
        for place, part in enumerate(parts, 1)
    )  # fmt: skip
    return (Paragraph(say("stress_intro", lang)), *groups)


Items = list[tuple[str, Markup]]


def _objectives(view: View, lang: Lang) -> Items:
    scenario, results = view.scenario, view.results
    asked = scenario.question
    question = say("not_stated", lang) if asked is None else Markup.escape(getattr(asked, lang))
    labels = {m.name: getattr(m.label, lang) for m in results.measures}
    key = [Markup.escape(labels.get(name, name)) for name in results.key_measures]
    compared = (scenario,) if view.comparison is None else view.comparison.scenarios
    titles = [title_of(one, lang) for one in compared]
    return [
        ("purpose", say("s_purpose_is", lang, question=question)),
        ("outputs", say("s_outputs_are", lang, n=number(len(results.measures), lang),
                        names=join(key, "; ") or "–")),
        ("aims", say("s_aims_are", lang, n=number(len(titles), lang), names=join(titles, "; "))),
    ]  # fmt: skip


def _logic(view: View, lang: Lang) -> Items:
    scenario = view.scenario
    dated = number(len(scenario.regimes), lang)
    logic = (say("s_scenario_logic_one", lang, n=dated) if view.comparison is None
             else say("s_scenario_logic_is", lang))  # fmt: skip
    segments, needs = _labels(scenario.segments, lang), _labels(scenario.needs, lang)
    entities = (say("s_entities_are", lang, segments=segments, needs=needs) if needs
                else say("s_entities_plain", lang, segments=segments))  # fmt: skip
    return [
        ("overview", say("s_overview_is", lang)),
        ("scenario_logic", logic),
        ("algorithms", say("s_algorithms_are", lang)),
        ("entities", entities),
        ("activities", _activities(scenario, lang)),
        ("resources", _resources(scenario, lang)),
        ("queues", say("s_queues_are", lang)),
        ("entry", say("s_entry_is", lang, channels=_labels(scenario.channels, lang) or "–",
                      exits=_labels(scenario.exits, lang))),
    ]  # fmt: skip


def _labels(parts: Mapping[str, Any], lang: Lang) -> Markup:
    return join([_label(name, part, lang) for name, part in parts.items()])


def _label(name: str, part: Any, lang: Lang) -> Markup:
    label = part.label
    return Markup.escape(name.replace("_", " ") if label is None else getattr(label, lang))


def _activities(scenario: Scenario, lang: Lang) -> Markup:
    def of(kind: str) -> Iterable[Markup]:
        return (_label(name, service, lang) for name, service in scenario.services.items()
                if service.kind == kind)  # fmt: skip

    found = [(kind, list(of(kind))) for kind in _KINDS]
    return join([
        Markup("{}: {}").format(say(f"kind_{kind}", lang), join(labels))
        for kind, labels in found if labels
    ], "; ")  # fmt: skip


def _resources(scenario: Scenario, lang: Lang) -> Markup:
    pools = [
        say("s_resource", lang, label=_label(name, pool, lang),
            n=number(sum(worker.count for worker in pool.workers.values()), lang))
        for name, pool in scenario.staff.items()
    ]  # fmt: skip
    return join(pools) or Markup("–")


def _data(view: View, lang: Lang) -> Items:
    assumed = sum(is_assumption(row) for row in view.sources)
    return [
        ("sources", say("s_sources_are", lang, n=number(len(view.sources), lang),
                        k=number(assumed, lang))),
        ("preprocessing", say("s_preprocessing_is", lang)),
        ("inputs", say("s_inputs_are", lang)),
    ]  # fmt: skip


def _experimentation(view: View, lang: Lang) -> Items:
    horizon, stock = view.scenario.horizon, view.scenario.stock
    if stock is not None:
        initial = say("s_initial_stock", lang, n=number(stock.clients, lang))
    elif horizon.warm_up:
        initial = say("s_initial_warm", lang, n=number(horizon.warm_up, lang))
    else:
        initial = say("s_initial_empty", lang)
    days = number((horizon.end - horizon.start).days + 1, lang)
    start, end = date(horizon.start, lang), date(horizon.end, lang)
    n = number(view.results.replications, lang)
    return [
        ("initial", initial),
        ("length", say("s_length_is", lang, start=start, end=end, n=days)),
        ("estimation", say("s_estimation_is", lang, n=n)),
    ]


def _implementation(view: View, lang: Lang) -> Items:
    found = {"simflow": __version__, **(view.manifest.get("versions") or {})}
    versions = {name: found.get(name, "–") for name in ("simflow", "simpy", "python", "numpy")}
    return [
        ("software", say("s_software_is", lang, **versions)),
        ("sampling", say("s_sampling_is", lang, seed=view.results.seed)),
        ("execution", say("s_execution_is", lang)),
    ]


def _code(view: View, lang: Lang) -> Items:
    return [("code", say("s_code_is", lang))]
