"""Reading scenarios: parents, values of the command line, changes, origins."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simflow.errors import InputError, OutputError
from simflow.experiment import check_measures
from simflow.scenario import Loaded, load, show, starter, warnings_of, yamlfile
from simflow.scenario.identity import core
from simflow.scenario.merge import at, merged, nest, placed
from simflow.scenario.services import PlacementService
from simflow.scenario.values import Text

ROOT = Path(__file__).parents[2]
SCENARIOS = [*sorted((ROOT / "scenarios").glob("*.yaml")),
             *sorted((ROOT / "tests" / "theory" / "scenarios").glob("*.yaml"))]  # fmt: skip
TREES = st.recursive(
    st.integers() | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)
MAPS = st.dictionaries(st.sampled_from("abc"), TREES, max_size=3)


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return starter(tmp_path / "new")


def child(city: Path, text: str) -> Path:
    path = city.parent / "child.yaml"
    path.write_text(f"extends: {city.name}\n{text}", encoding="utf-8")
    return path


def coaching(loaded: Loaded, *regimes: str, segment: str | None = None) -> PlacementService:
    service = loaded.resolve(regimes, segment=segment).services["coaching"]
    assert isinstance(service, PlacementService)
    return service


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_scenario_of_the_project_loads(path: Path) -> None:
    assert load(path).scenario.name


def test_starter_is_not_overwritten(city: Path) -> None:
    with pytest.raises(OutputError, match="is there already"):
        starter(city.parent)


def test_starter_where_nothing_can_be_written(city: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        starter(city / "below-a-file")


def test_starter_shows_each_part_and_its_example_of_published_figures_is_one(city: Path) -> None:
    text = city.read_text(encoding="utf-8")
    start = text.index("# published:")
    example = text[start : text.index("\n\n", start)]
    city.write_text(text.replace(example, example.replace("# ", "")), encoding="utf-8")
    loaded = load(city)
    scenario = loaded.scenario
    assert list(scenario.published) == ["clients.started", "exits.work"]
    assert scenario.costs is not None
    assert scenario.goals
    assert scenario.key_measures
    check_measures(loaded)
    assert not warnings_of(loaded)


def test_units_become_days_and_hours(city: Path) -> None:
    scenario = load(city).scenario
    assert scenario.name == "my-city"
    assert coaching(load(city)).duration.mean == pytest.approx(3 * 365.25 / 12)
    assert scenario.casework is not None
    assert scenario.casework.contact_length == 0.75


def test_child_keeps_what_it_does_not_name(city: Path) -> None:
    path = child(city, "source: test\nservices: {coaching: {places: 4}}\n")
    base, loaded = load(city), load(path)
    assert loaded.scenario.name == "child"
    assert coaching(loaded).places == 4
    assert coaching(loaded).duration == coaching(base).duration
    assert loaded.origins["services", "coaching", "places"].file == str(path)
    assert loaded.origins["services", "coaching", "kind"].file == str(city)


def test_a_shared_parent_is_parsed_once_and_read_anew_when_it_changes(city: Path) -> None:
    yamlfile._parsed.cache_clear()
    first = load(child(city, "source: test\nservices: {coaching: {places: 4}}\n"))
    assert load(city, [("services.coaching.places", "7")]).scenario.name == "my-city"
    assert yamlfile._parsed.cache_info().misses == 2
    # A load changes nothing of what the next one finds.
    assert load(city).tree["services"]["coaching"]["places"] == 20
    assert load(first.path) == first
    city.write_text(city.read_text(encoding="utf-8").replace("mean: 3 months", "mean: 4 months"))
    assert load(first.path).tree["services"]["coaching"]["duration"]["mean"] == "4 months"


def test_what_a_file_says_of_itself_is_not_inherited(city: Path) -> None:
    own = "question: Why?\nhypothesis: Because.\ncircumstance: true\n"
    city.write_text(own + city.read_text(encoding="utf-8"), encoding="utf-8")
    path = child(city, "source: test\n")
    other = path.rename(path.with_name("one-more_worker.yaml"))
    loaded = load(other)
    assert loaded.scenario.title == Text(en="One more worker", fi="One more worker")
    assert (loaded.scenario.question, loaded.scenario.hypothesis) == (None, None)
    assert not loaded.scenario.circumstance
    assert not any(path[:1] == ("question",) for path in loaded.origins)
    titles = [row.written for row in show(loaded) if row.path.startswith("title")]
    assert titles == ["One more worker"]
    assert core(loaded.tree, ()) == core(load(city).tree, ())  # a posterior fits both


def test_an_own_title_stands_and_one_taken_away_gives_way_to_the_name(city: Path) -> None:
    path = child(city, "name: cut\ntitle: {en: A cut, fi: Leikkaus}\ncircumstance: true\n")
    assert load(path).scenario.title == Text(en="A cut", fi="Leikkaus")
    assert load(path).scenario.circumstance
    assert load(child(city, "title: null\n")).scenario.title == Text(en="Child", fi="Child")
    assert load(path, [("title", "Half")]).scenario.title == Text(en="Half", fi="Half")


def test_null_takes_away(city: Path) -> None:
    path = child(city, "staff: {advisers: {workers: {ben: null}}}\nregimes: null\n")
    assert list(load(path).scenario.staff["advisers"].workers) == ["anna"]
    assert not load(path).scenario.regimes
    with pytest.raises(InputError, match="carl"):
        load(child(city, "staff: {advisers: {workers: {carl: null}}}\n"))


def test_lists_replace(city: Path) -> None:
    path = child(city, "staff: {advisers: {workers: {ben: {away: []}}}}\n")
    assert load(path).scenario.staff["advisers"].workers["ben"].away == []


def test_changes_by_date_and_segment(city: Path) -> None:
    loaded = load(city)
    assert coaching(loaded).places == 20
    assert coaching(loaded, "more_places").places == 25
    dropout = coaching(loaded, "more_places", segment="far_from_work").dropout
    assert dropout is not None
    assert dropout.share == 0.2
    assert loaded.resolve() is loaded.scenario
    assert loaded.resolve(("more_places",)) is loaded.resolve(("more_places",))


def test_source_is_inherited_and_kept(city: Path) -> None:
    loaded = load(city)
    rate = loaded.origins["channels", "te_office", "rate"]
    assert rate.source == "assumption: about three a week"
    assert rate.range == ("8 per month", "16 per month")
    assert loaded.origins["services", "coaching", "places"].source.startswith("assumption: numbers")
    assert loaded.tree["channels"]["te_office"]["rate"] == "12 per month"
    assert "source" not in loaded.tree


def test_set(city: Path) -> None:
    loaded = load(
        city,
        [
            ("services.coaching.places", "30"),
            ("channels.te_office.rate", "9 per month"),
            ("casework.stagnation", "{after: 6 months, growth: 0.25}"),
            ("casework.stagnation.at_most", "3"),
            ("staff.advisers.workers.ben.away.0.until", "2025-08-15"),
            ("horizon.end", "2026-06-30"),
        ],
    )
    assert coaching(loaded).places == 30
    casework = loaded.scenario.casework
    assert casework is not None
    assert casework.stagnation is not None
    assert casework.stagnation.at_most == 3
    away = loaded.scenario.staff["advisers"].workers["ben"].away[0]
    assert (away.from_.day, away.until.day) == (1, 15)
    assert loaded.origins["services", "coaching", "places"].source == "--set"


def test_set_of_a_key_with_dots_in_it(city: Path) -> None:
    loaded = load(city, [("goals.outcome.begun.matters", "5"), ("key_measures.0", "exits.work")])
    assert loaded.scenario.goals["outcome.begun"].matters == 5
    assert loaded.scenario.key_measures[:2] == ["exits.work", "caseload.end"]
    with pytest.raises(InputError, match=r'no "outcom"'):
        load(city, [("goals.outcom.begun.matters", "5")])


def test_pickle_leaves_the_cache(city: Path) -> None:
    loaded = load(city)
    loaded.resolve(("more_places",))
    copy = pickle.loads(pickle.dumps(loaded))
    assert copy == loaded
    assert copy.resolve(("more_places",)) == loaded.resolve(("more_places",))
    assert copy.hash == loaded.hash


def test_hash_is_of_the_values(city: Path) -> None:
    first = load(city).hash
    text = city.read_text(encoding="utf-8")
    city.write_text("# another comment\n" + text.replace("{country: FI}", "{ country:  FI }"))
    assert load(city).hash == first
    city.write_text(text.replace("places: 20", "places: 21"))
    assert load(city).hash != first


def test_dates_from_a_file(city: Path) -> None:
    (city.parent / "arrivals.csv").write_text(
        "date,segment\n2025-02-03,near_work\n2025-02-04,far_from_work\n"
    )
    path = child(
        city,
        "channels:\n  replay: {kind: dates, to: assessment, file: arrivals.csv, repeats: never}\n",
    )
    channel = load(path).scenario.channels["replay"]
    assert channel.kind == "dates"
    assert [date.day for date in channel.arrivals] == [3, 4]
    assert channel.segments == ["near_work", "far_from_work"]


@given(MAPS, MAPS)
def test_merge(base: dict[str, object], over: dict[str, object]) -> None:
    whole = merged(base, over)
    assert merged(whole, over) == whole
    assert merged(base, {}) == base
    assert set(whole) == set(base) | set(over)
    for key, value in over.items():
        if not isinstance(value, dict) or not isinstance(base.get(key), dict):
            assert whole[key] == value


@given(MAPS, st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(tuple), st.integers())
def test_placed_is_found_again(tree: dict[str, object], path: tuple[str, ...], value: int) -> None:
    before = repr(tree)
    assert at(placed(tree, path, value), path) == value
    assert at(nest(path, value), path) == value
    assert repr(tree) == before
