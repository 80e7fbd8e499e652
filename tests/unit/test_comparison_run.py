"""Running a comparison: the same streams, draws in pairs, and an end as soon as there is enough."""

from __future__ import annotations

import json

import numpy as np
import pytest

from simflow.errors import UsageError
from simflow.experiment import Comparison, Interrupted, Posterior, Replication, compare, distinct
from simflow.experiment.looks import confidence_at
from simflow.experiment.paired import Done, check_request, looks_up_to
from simflow.experiment.summary import half_width
from simflow.scenario import Loaded
from simflow.scenario.identity import core
from tests.helpers import Floats, load_tree
from tests.unit.test_measures import TREE

QUIET = {"kind": "rate", "rate": "0 per day", "to": "bed"}
ROLES = {
    "outcome.begun": {"role": "primary", "better": "more", "matters": 1},
    "outcome.without_result": {"role": "guard", "better": "fewer", "matters": 1},
}
FOLLOWED = TREE["horizon"] | {"follow_up": "20 days"}


def variant(name: str, places: int = 2, **more: object) -> Loaded:
    """A small scenario with goals that have no roles; `places` is what is decided."""
    goals = {
        "caseload.end": {"better": "fewer", "matters": 1},
        "wait.bed.waiting": {"better": "fewer", "matters": 0.5},
    }
    bed = TREE["services"]["bed"] | {"places": places, "evidence": "made up"}
    return load_tree(TREE | {"name": name, "goals": goals, "services": {"bed": bed}} | more)


def judged(name: str, places: int = 2, **more: object) -> Loaded:
    """The same with a purpose, a guard and a follow-up."""
    return variant(name, places, **{"goals": ROLES, "horizon": FOLLOWED} | more)


def posterior(base: Loaded, *rates: float) -> Posterior:
    """Draws of how many come a day."""
    paths = ("channels.walk_in.rate",)
    return Posterior("p.csv", paths, np.array(rates)[:, None], "x.yaml", core(base.tree, paths))


def test_all_scenarios_run_on_the_same_streams() -> None:
    """The base's replications are those of `run`; a copy under another name differs in nothing."""
    found = compare(variant("base"), [variant("copy"), variant("more", 4)], replications=5)
    assert found.base.values.tobytes() == found.results("copy").values.tobytes()
    assert {d.mean for d in found.differences("copy")} <= {0.0, None}
    assert found.names == ("caseload.end", "wait.bed.waiting")
    wait = found.difference("more", "wait.bed.waiting")
    assert wait.mean is not None and wait.mean < 0
    notes = [note.text.en for note in found.notes if note.alternative == "copy"]
    assert any("changes nothing" in note for note in notes)
    assert found.changes[1][0].sentence.fi.endswith("2 → 4")


def test_replications_grow_to_the_precision_of_the_differences() -> None:
    """Up to what matters, to a number, relative to the base; in tens; no further than the cap."""
    base, others = variant("base"), [variant("more", 4)]
    found = compare(base, others, precision="matters", cap=200)
    assert found.precision is not None and found.precision.size is None
    assert found.precision.measures == found.names
    assert found.replications % 10 == 0 and found.replications < 200
    assert (found.precision.missed, found.precision.pairs) == ((), ())
    for name in found.names:
        half = found.difference("more", name).half_width
        assert half is not None and half <= found.goals[name].matters
    fewer = compare(base, others, precision=50.0)
    assert fewer.replications == 10
    capped = compare(base, others, precision=0.001, measures=["wait.bed.waiting"], cap=15)
    assert capped.replications == 15
    assert capped.precision is not None
    assert capped.precision.pairs == (("more", "wait.bed.waiting"),)
    relative = compare(base, others, precision=0.3, relative=True, measures=["wait.bed.waiting"])
    half = relative.difference("more", "wait.bed.waiting").half_width
    assert half is not None
    assert half <= 0.3 * relative.base.column("wait.bed.waiting").mean()


def test_a_measure_without_any_value_does_not_run_to_the_cap() -> None:
    """Nobody comes: waits have no value, the comparison ends and says what it missed."""
    nobody = variant("nobody", channels={"walk_in": QUIET})
    wait = ["wait.bed.median"]
    found = compare(variant("base"), [nobody], precision=100.0, measures=wait, cap=1000)
    assert found.replications == 10
    assert found.precision is not None
    assert found.precision.pairs == (("nobody", "wait.bed.median"),)
    assert found.difference("nobody", "wait.bed.median").ci is None


def test_processes_and_resuming_change_nothing() -> None:
    base, others = judged("base"), [judged("more", 4), judged("fewer", 1)]

    class Keep:
        def __init__(self) -> None:
            self.rows: list[Floats] = []
            self.outcomes: list[Floats] = []

        def add(self, replication: Replication, /) -> None:
            assert replication.number == len(self.rows)
            self.rows.append(replication.values)
            if replication.outcomes is not None:
                self.outcomes.append(replication.outcomes)

    def stop(done: int, foreseen: int) -> None:
        assert foreseen == 18
        if done == 7:
            raise KeyboardInterrupt

    whole = compare(base, others, replications=6, jobs=2)
    stores = [Keep() for _ in range(3)]
    with pytest.raises(Interrupted):
        compare(base, others, replications=6, stores=stores, on_progress=stop)
    assert [len(store.rows) for store in stores] == [3, 2, 2]
    assert [len(store.outcomes) for store in stores] == [0, 2, 2]
    done = Done([np.array(store.rows) for store in stores],
                [np.array(store.outcomes) for store in stores])  # fmt: skip
    again = compare(base, others, replications=6, done=done)
    for one, other in zip(
        (whole.base, *whole.alternatives), (again.base, *again.alternatives), strict=True
    ):
        assert one.values.tobytes() == other.values.tobytes()
    for name in ("more", "fewer"):
        assert whole.outcomes[name].shape[0] == 6
        assert whole.outcomes[name].tobytes() == again.outcomes[name].tobytes()


def test_what_cannot_be_compared_is_said() -> None:
    base, more = variant("base"), variant("more", 4)
    with pytest.raises(
        UsageError, match=r'no measure "wait.bed.waitign".*did you mean wait.bed.waiting'
    ):
        compare(base, [more], replications=2, measures=["wait.bed.waitign"])
    with pytest.raises(UsageError, match="different scenarios with one name"):
        compare(base, [more, variant("more", 5)], replications=2)
    with pytest.raises(UsageError, match="nothing to compare"):
        compare(base, [base], replications=2)
    with pytest.raises(UsageError, match="no smallest difference that matters is known of exits"):
        compare(base, [more], precision="matters", measures=["exits.home"])
    with pytest.raises(UsageError, match="not both"):
        compare(base, [more], precision=1.0, replications=5)
    for cap in (compare, check_request):
        with pytest.raises(UsageError, match="the base's goals have no roles; give --reps"):
            cap(base, [more], cap=20)


def test_base_and_repetitions_are_left_out_with_a_note() -> None:
    base, more = variant("base"), variant("more", 4)
    kept, notes = distinct(base, [more, base, more])
    assert [loaded.scenario.name for loaded in kept] == ["more"]
    said = json.dumps([note.text.en for note in notes])
    assert "is the base itself" in said and "was given already" in said


# ------------------------------------------------------------------------------ until it is clear


def test_each_alternative_stops_by_itself_and_the_base_runs_on() -> None:
    """What is clear at the first look has 40 replications, what never is has as many as the cap."""
    goals = {name: goal | {"matters": 0.1} for name, goal in ROLES.items()}
    bed = TREE["services"]["bed"] | {"evidence": "made up", "duration": "5.05 days"}
    base = judged("base", goals=goals)
    others = [judged("more", 4), judged("slower", services={"bed": bed}), judged("fewer", 1)]
    seen: list[tuple[int, int]] = []
    found = compare(base, others, cap=100, on_progress=lambda *both: seen.append(both))
    kinds = {verdict.name: verdict.kind for verdict in found.verdicts}
    assert kinds == {"more": "recommended", "slower": "unclear", "fewer": "loss"}
    counts = [results.replications for results in (found.base, *found.alternatives)]
    assert counts == [100, 40, 100, 40]
    assert [len(rows) for rows in found.outcomes.values()] == [40, 100, 40]
    looks = looks_up_to(100, 1)
    assert looks == (40, 100) and found.cap == 100
    first, second = confidence_at(0, looks), confidence_at(1, looks)
    assert found.confidence == {"more": first, "fewer": first, "slower": second}
    assert seen[-1] == (200, 200), "those that go on are counted"
    assert found.difference("fewer", "exits.home").n == 40
    # A number given is run whole, whatever is clear.
    whole = compare(base, others, replications=50)
    assert {results.replications for results in (whole.base, *whole.alternatives)} == {50}
    assert (whole.cap, dict(whole.confidence)) == (None, {})
    same = found.alternatives[0].values
    assert same.tobytes() == whole.alternatives[0].values[:40].tobytes()


def test_a_claim_that_others_undo_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """By Holm's method a claim may fall as others' p grow: it then catches up with them."""
    monkeypatch.setattr("simflow.experiment.paired.LOOKS", (4, 8))

    def settled(found: Comparison, name: str) -> bool:
        return name == "more" and found.replications == 4

    monkeypatch.setattr("simflow.experiment.paired._settled", settled)
    found = compare(judged("base"), [judged("more", 4), judged("fewer", 1)], cap=12)
    assert [results.replications for results in found.alternatives] == [12, 12]
    assert found.confidence["more"] == confidence_at(2, (4, 8, 12))
    straight = compare(judged("base"), [judged("more", 4)], replications=12)
    assert found.alternatives[0].values.tobytes() == straight.alternatives[0].values.tobytes()
    assert found.outcomes["more"].tobytes() == straight.outcomes["more"].tobytes()


@pytest.mark.parametrize(
    ("cap", "each", "looks"),
    [
        (800, 1, (40, 100, 200, 400, 800)),
        (800, 2, (80, 200, 400, 800)),
        (80, 2, (80,)),
        (10, 1, (10,)),
        (101, 1, (40, 100, 101)),
    ],
)
def test_looks(cap: int, each: int, looks: tuple[int, ...]) -> None:
    assert looks_up_to(cap, each) == looks
    spent = sum(1 - confidence_at(look, looks) for look in range(len(looks))) / 2
    assert spent == pytest.approx(0.05), "what one look may err, all of them together may"


def test_without_roles_there_are_a_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simflow.experiment.paired.DEFAULT_REPLICATIONS", 7)
    found = compare(variant("base"), [variant("more", 4)])
    assert (found.replications, found.verdicts, found.cap) == (7, (), None)


# ------------------------------------------------------------------------ draws of a posterior


def test_two_replications_of_each_draw_one_after_the_other() -> None:
    """Replication r takes draw r // 2, in every scenario; the first again after the last."""
    base = judged("base")
    draws = posterior(base, 0.0, 3.0, 0.0)
    found = compare(base, [judged("more", 4)], replications=9, draws=draws)
    assert (found.each, found.point) == (2, False)
    expected = [False, False, True, True, False, False, False, False, True]
    for results in (found.base, *found.alternatives):
        some = results.column("clients.referred") > 0
        assert some.tolist() == expected
    _, asked, _ = found.sides("more", "outcome.asked")
    assert (asked > 0).tolist() == expected
    point = compare(base, [judged("more", 4)], replications=3)
    assert (point.each, point.point) == (1, True)
    busy = found.base.column("clients.referred")[2:4]
    assert busy[0] != busy[1], "two replications of a draw have streams of their own"


def test_few_draws_give_no_advice_but_may_tell_a_loss() -> None:
    base = judged("base", decide={"draws": 40})
    draws = posterior(base, *np.linspace(0.9, 1.1, 30))
    kinds = {}
    for count in (78, 80):
        others = [judged("more", 4), judged("fewer", 1)]
        found = compare(base, others, replications=count, draws=draws)
        kinds[count] = [(v.kind, v.draws) for v in found.verdicts]
    assert kinds == {
        78: [("unclear", 39), ("loss", 39)], 80: [("recommended", 40), ("loss", 40)],
    }  # fmt: skip


def test_a_precision_over_draws_is_that_of_the_interval_shown() -> None:
    """The two replications of a draw are alike: taken for independent, they would stop too soon."""
    base, others = variant("base"), [variant("more", 4)]
    draws = posterior(base, *np.linspace(0.3, 3, 50).reshape(10, 5).T.ravel())
    name = "completed.bed"
    found = compare(base, others, precision=1.5, measures=[name], draws=draws, cap=300)
    assert found.precision is not None and not found.precision.pairs
    half = found.difference("more", name).half_width
    assert half is not None and half <= 1.5
    pairs = found.paired("more", name)[: found.replications - 10]
    shorter = compare(base, others, replications=len(pairs), draws=draws)
    before = shorter.difference("more", name).half_width
    assert before is not None and before > 1.5 >= half_width(pairs), "and it would have"
