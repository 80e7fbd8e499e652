"""The brief, for comparisons made up so that each class of verdict is known beforehand."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from simflow.charts import charts
from simflow.charts.brief import picture
from simflow.charts.chart import Chart
from simflow.charts.plausible import change_of, range_of
from simflow.charts.style import styled
from simflow.charts.verdicts import GOALS, KINDS, SIGNS, headline, ranked
from simflow.experiment import Comparison, Judgement
from simflow.experiment.chances import Chance
from simflow.labels import LANGUAGES, Lang
from simflow.report import html
from simflow.report.brief.advice import alike, subject
from simflow.report.brief.overturn import hinge
from simflow.report.brief.price import price_of
from simflow.report.likely import likely
from simflow.results import View
from simflow.scenario import load
from tests.report.reading import Page
from tests.views_espoo import EFFECTS, ESPOO, judged, view

CLASSES = {kind: ("trade_off" if kind == "risk" else kind) for kind in EFFECTS}
JARGON = re.compile(
    r"goals? better|95\s%|replication|posterior|interval|\bdraws?\b|p-value|significan|guard|"
    r"primary|holm|scenario|toisto|luottamusväli|posteriori|tilastollis|skenaario|suojattu",
    re.IGNORECASE,
)
MADE = {kind: judged(kind) for kind in EFFECTS}
MANY = judged("recommended", "recommended", *EFFECTS)


def compared(shown: View) -> Comparison:
    """The comparison, which there must be."""
    assert shown.comparison is not None
    return shown.comparison


def page_one(shown: View, lang: Lang) -> str:
    """The words of page one, without its picture's."""
    part = html(shown, lang).partition('id="brief-1"')[2].partition('<section id="brief-2"')[0]
    part = re.sub(r"<svg.*?</svg>", " ", part, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", "<" + part).split())


def plain(chance: Chance, lang: Lang) -> str:
    """A probability as `page_one` has it, with common spaces."""
    return likely(chance, lang).replace("\u00a0", " ")


@pytest.mark.parametrize("kind", EFFECTS)
def test_every_class_is_reached(kind: str) -> None:
    assert [one.kind for one in compared(MADE[kind]).verdicts] == [CLASSES[kind]]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", [*EFFECTS, "many", "run"])
def test_page_one_is_short_and_without_jargon(kind: str, lang: Lang) -> None:
    shown = {"many": MANY, "run": view(20)}.get(kind) or MADE[kind]
    words = page_one(shown, lang)
    assert sum(any(map(str.isalnum, word)) for word in words.split()) <= 300
    assert not JARGON.search(words), JARGON.search(words)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", EFFECTS)
def test_the_advice_begins_with_the_class_and_names_the_people(kind: str, lang: Lang) -> None:
    words = page_one(MADE[kind], lang)
    title = compared(MADE[kind]).scenarios[1].title
    assert title is not None
    start = words.index(KINDS[CLASSES[kind]][lang])  # type: ignore[index]
    assert words.index(getattr(title, lang)) > start
    assert "640" in words


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["trade_off", "risk"])
def test_a_trade_off_prints_its_loss_before_its_gain(kind: str, lang: Lang) -> None:
    words, shown = page_one(MADE[kind], lang), MADE[kind]
    heads = {"en": ("Lost", "Gained"), "fi": ("Menetetään", "Saadaan")}[lang]
    if kind == "risk":
        heads = ({"en": "May be lost", "fi": "Voidaan menettää"}[lang], heads[1])
    lost, gained = (words.index(f" {head} ") for head in heads)
    costs = words.index({"en": "What it costs", "fi": "Mitä maksaa"}[lang])
    assert lost < gained < costs
    verdict = compared(shown).verdicts[0]
    assert any(char.isdigit() for char in words[lost:gained])
    assert plain(verdict.gains[0].benefit, lang) in words[gained:costs]
    loss = (verdict.losses or verdict.risks)[0]
    assert plain(loss.harm, lang) in words[lost:gained]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", [*EFFECTS, "many"])
def test_one_definition_of_every_verdict(kind: str, lang: Lang) -> None:
    """Whatever is printed as a verdict, in a sentence, a table or a chart, is the function's."""
    shown = MANY if kind == "many" else MADE[kind]
    comparison = compared(shown)
    verdicts = {one.name: one for one in comparison.verdicts}
    goals: dict[tuple[str, str], Judgement] = {
        (name, one.difference.measure.name): one
        for name, verdict in verdicts.items()
        for one in verdict.judgements
    }
    source = html(shown, lang)
    marks = re.findall(r"<span (data-verdict=[^>]*)>([^<]*)</span>", source)
    assert len(marks) > 3 * len(verdicts)
    for attributes, text in marks:
        at = dict(re.findall(r'data-(\w+)="([^"]*)"', attributes))
        if "measure" in at:
            one = goals[at["scenario"], at["measure"]]
            assert at["verdict"] == one.shown
            assert text == f"{SIGNS[one.shown]} {GOALS[one.shown][lang]}"
        else:
            verdict = verdicts[at["scenario"]]
            assert (at["verdict"], text) == (verdict.kind, KINDS[verdict.kind][lang])
    with styled():
        drawn = [*charts(shown, lang, ["verdict-table", "forest"])]
    titles = {s.name: getattr(s.title, lang) for s in comparison.scenarios[1:]}
    said = {(titles[name], KINDS[one.kind][lang]) for name, one in verdicts.items()}
    shown_goals = {
        (titles[name], getattr(one.difference.measure.label, lang), GOALS[one.shown][lang])
        for (name, _), one in goals.items()
    }
    for chart in drawn:
        assert {row[:2] for row in chart.rows} == said
        assert {(row[0], row[2], row[16]) for row in chart.rows} == shown_goals
        assert chart.headline == headline(ranked(shown, lang), lang)


def picture_of(shown: View, lang: Lang = "en", narrow: bool = False) -> Chart:
    """The picture of page one, which there must be."""
    with styled():
        chart = picture.draw(shown, lang, narrow)
    assert chart is not None
    return chart


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_picture_repeats_the_verdicts_and_the_range(lang: Lang, narrow: bool) -> None:
    comparison = compared(MANY)
    rows = picture_of(MANY, lang, narrow).rows
    for row, one in zip(rows, ranked(MANY, lang), strict=False):
        change = change_of(comparison, one.verdict.name, "outcome.begun")
        assert change is not None
        assert row[:6] == (one.title, KINDS[one.verdict.kind][lang], change.mean, change.low,
                           change.high, change.asked_in_one)  # fmt: skip


def test_of_many_the_picture_has_the_first_eight_and_says_so() -> None:
    chart = picture_of(MANY)
    assert len(chart.rows) == 8
    assert "The first 8 of 11 alternatives" in chart.subtitle
    assert [row[1] for row in chart.rows[:5]] == [
        "Recommended", "Recommended", "Recommended", "Saving without loss", "Trade-off",
    ]  # fmt: skip
    assert "first 8" not in picture_of(MADE["loss"]).subtitle


def test_a_range_is_that_of_the_true_difference_not_of_its_mean() -> None:
    rng = np.random.default_rng(2)
    true = rng.normal(10, 3, 1000)
    pairs = np.repeat(true, 2) + rng.normal(0, 4, 2000)
    low, high = range_of(pairs, 2, point=False)
    assert low == pytest.approx(10 - 1.645 * 3, abs=0.5)
    assert high == pytest.approx(10 + 1.645 * 3, abs=0.5)
    point = range_of(pairs, 1, point=True)
    assert point[1] - point[0] < 0.6
    assert range_of(pairs[:1], 1, point=True) == (-np.inf, np.inf)


def test_alike_ones_are_named_the_cheaper_first() -> None:
    shown = judged("recommended", "recommended", "trade_off")
    comparison, first = compared(shown), subject(shown)
    assert first is not None and first.kind == "recommended"
    (other,) = alike(comparison, first)
    costs = [one.money[0].difference.mean for one in (first, other)]
    assert costs[0] is not None and costs[1] is not None and costs[0] <= costs[1]
    words = page_one(shown, "en")
    assert "Recommended as well, and not to be told from it in effect: One more" in words
    assert "Both loss and gain: More outreach" in words


def test_nothing_is_recommended_where_nothing_is() -> None:
    words = page_one(judged("loss", "trade_off"), "en")
    assert words.index("Trade-off") < words.index("Not one of the 2 alternatives is recommended")


@pytest.mark.parametrize(
    ("effects", "said"),
    [
        ({"draws": 20}, "Too few years have been simulated"),
        ({"draws": 1500}, "not known well enough"),
    ],
)
def test_what_would_tell(effects: dict[str, int], said: str) -> None:
    assert said in page_one(judged("unclear", **effects), "en")  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_lasting_effect_that_nobody_has_shown_would_tell(lang: Lang) -> None:
    shown = MADE["recommended"]
    base, other = compared(shown).scenarios
    more = load(ESPOO.with_name("startti-more.yaml")).scenario
    scenarios = (base, more.model_copy(update={"name": other.name}))
    seen = replace(shown, comparison=replace(compared(shown), scenarios=scenarios))
    assert [one.reason for one in compared(seen).verdicts] == ["lasting_effect"]
    words = page_one(seen, lang)
    assert {"en": "of which there is no evidence", "fi": "ei ole näyttöä"}[lang] in words
    assert {"en": "Startti coaching", "fi": "Starttivalmennus"}[lang] in words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_roles_nothing_is_recommended(lang: Lang) -> None:
    shown = MADE["recommended"]
    base, *others = compared(shown).scenarios
    goals = {name: goal.model_copy(update={"role": None}) for name, goal in base.goals.items()}
    bare = base.model_copy(update={"goals": goals})
    comparison = replace(compared(shown), scenarios=(bare, *others))
    source = html(replace(shown, scenario=bare, comparison=comparison), lang)
    assert {"en": "does not say what the purpose", "fi": "ei kerro, mikä on palvelun"}[
        lang
    ] in source
    assert "data-verdict" not in source and KINDS["recommended"][lang] not in Page(source).text(
        lang
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_which_numbers_are_used_is_said(lang: Lang) -> None:
    drawn, point = (
        page_one(MADE["loss"], lang),
        page_one(judged("loss", point=True, draws=40), lang),
    )
    assert {"en": "240 plausible sets", "fi": "240 uskottavalla"}[lang] in drawn
    assert {"en": "one set of the model’s numbers", "fi": "yksillä mallin luvuilla"}[lang] in point
    assert {"en": "is due to people asked", "fi": "johtuu ihmisistä"}[lang] in drawn
    fitted = {"en": "read off the same figures", "fi": "luettu samoista luvuista"}[lang]
    assert fitted in drawn and fitted not in point


def test_the_price_is_said_only_where_gain_and_cost_are_sure() -> None:
    for kind in EFFECTS:
        comparison = compared(MADE[kind])
        price = price_of(comparison, comparison.verdicts[0])
        assert (price is not None) == (kind in ("recommended", "trade_off")), kind
    comparison = compared(MADE["recommended"])
    price = price_of(comparison, comparison.verdicts[0])
    assert price is not None and price == price_of(comparison, comparison.verdicts[0])
    gain = change_of(comparison, "recommended-1", "outcome.begun")
    cost = change_of(comparison, "recommended-1", "cost.net")
    assert gain is not None and cost is not None
    assert price.value == pytest.approx(cost.mean / gain.mean)
    assert price.low < price.value < price.high


def test_what_the_gain_hangs_on_is_found_among_the_draws() -> None:
    comparison = compared(MADE["recommended"])
    assert hinge(comparison, comparison.verdicts[0]) is None  # nobody says what was drawn
    paths = ("casework.caseload_effect", "stock.clients", "channels.te_info.invited")
    named = replace(comparison, base=replace(comparison.base, draw_paths=paths))
    found = hinge(named, named.verdicts[0])
    words = page_one(replace(MADE["recommended"], comparison=named), "en")
    assert found is not None and found.path == "casework.caseload_effect" and found.lowest
    assert 9 < found.mean < 12  # of 14 ± 2.5
    assert "is in the lowest fifth of what is plausible" in words


@pytest.mark.parametrize(
    ("chance", "en", "fi"),
    [
        (Chance(0.94, 0.91, 0.97), "very likely (94 %, 91–97 %)",
         "erittäin todennäköistä (94 %, 91–97 %)"),
        (Chance(0.94, 0.89, 0.97), "likely (94 %, 89–97 %)", "todennäköistä (94 %, 89–97 %)"),
        (Chance(0.6, 0.45, 0.75), "60 % (45–75 %)", "60 % (45–75 %)"),
        (Chance(0.5, 0.4, 0.6), "about as likely as not (50 %, 40–60 %)",
         "yhtä todennäköistä kuin ei (50 %, 40–60 %)"),
        (Chance(0.2, 0.05, 0.3), "unlikely (20 %, 5–30 %)", "epätodennäköistä (20 %, 5–30 %)"),
        (Chance(0.0, 0.0, 0.001), "very unlikely (under 1 %)",
         "erittäin epätodennäköistä (alle 1 %)"),
        (Chance(1.0, 0.98, 1.0), "very likely (over 99 %, 98–100 %)",
         "erittäin todennäköistä (yli 99 %, 98–100 %)"),
    ],
)  # fmt: skip
def test_words_of_probability_stand_beside_the_number(chance: Chance, en: str, fi: str) -> None:
    assert plain(chance, "en") == en
    assert plain(chance, "fi") == fi
