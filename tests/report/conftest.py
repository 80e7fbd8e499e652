"""A small comparison, simulated once and saved, with texts that try to break out of the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from simflow.experiment import compare
from simflow.results import ComparisonFolder, RunFolder, View, read_any
from simflow.scenario import load

HOSTILE: Final = (
    """<script>alert(1)</script> "quoted' & <b onmouseover=x()>*bold*</b> {{7*7}} $x^2$"""
)
BASE: Final[dict[str, Any]] = {
    "simflow": 1,
    "source": f"assumption: {HOSTILE}",
    "title": {"en": f"Office {HOSTILE}", "fi": f"Toimisto {HOSTILE}"},
    "question": {"en": f"Question {HOSTILE}", "fi": f"Kysymys {HOSTILE}"},
    "hypothesis": {"en": f"Hypothesis {HOSTILE}", "fi": f"Hypoteesi {HOSTILE}"},
    "horizon": {"start": "2014-01-01", "end": "2014-12-31", "follow_up": "3 months"},
    "segments": {
        "young": {"label": {"en": f"Young {HOSTILE}", "fi": f"Nuoret {HOSTILE}"}, "share": "40 %"},
        "others": {"label": {"en": "Others", "fi": "Muut"}, "share": "rest"},
    },
    "channels": {
        "door": {"label": {"en": f"Door {HOSTILE}", "fi": f"Ovi {HOSTILE}"}, "kind": "rate",
                 "rate": "100 per year", "to": "desk"},
    },
    "services": {
        "desk": {"label": {"en": f"Desk {HOSTILE}", "fi": f"Tiski {HOSTILE}"}, "kind": "placement",
                 "places": 2, "duration": {"dist": "exponential", "mean": "6 days"},
                 "price": "40 eur a day", "wait_limit": "7 days",
                 "then": {"job": "60 %", "school": "rest"}},
    },
    "exits": {
        "job": {"kind": "work", "label": {"en": f"Job {HOSTILE}", "fi": f"Työ {HOSTILE}"}},
        "school": {"kind": "education", "label": {"en": "School", "fi": "Koulu"}},
    },
    "published": {"exits.job": {"value": 55, "reading": HOSTILE}},
    "key_measures": ["clients.started", "caseload.end", "wait.desk.within", "exits.job"],
    "goals": {
        "outcome.begun": {"role": "primary", "better": "more", "matters": 3},
        "outcome.without_result": {"role": "guard", "better": "fewer", "matters": 3},
        "cost.total": {"role": "money", "better": "fewer", "matters": 500},
    },
    "targets": {"exits.job": {"at_least": 60}, "caseload.end": {"at_most": 3}},
}  # fmt: skip
MORE: Final[dict[str, Any]] = {
    "extends": "base.json",
    "title": {"en": f"More {HOSTILE}", "fi": f"Enemmän {HOSTILE}"},
    "source": "test: a made-up change",
    "services": {"desk": {"places": 4}},
}
SLOW: Final[dict[str, Any]] = {
    "extends": "base.json",
    "title": {"en": "Slower", "fi": "Hitaampi"},
    "source": "test: a made-up change",
    "services": {"desk": {"duration": {"mean": "6.5 days"}}},
}


def saved(folder: Path, replications: int, **changed: Any) -> Path:
    """The comparison in a folder of its own."""
    folder.mkdir(parents=True)
    trees = {"base": {**BASE, **changed}, "more": MORE, "slow": SLOW}
    for name, tree in trees.items():
        (folder / f"{name}.json").write_text(json.dumps(tree), encoding="utf-8")
    base, *others = (load(folder / f"{name}.json") for name in trees)
    store = ComparisonFolder(folder / "out", (base, *others), 1)
    found = compare(base, others, replications=replications, seed=1, stores=store.stores)
    return store.finish(found)


def saved_run(folder: Path, replications: int, **changed: Any) -> Path:
    """The base alone, in a folder of its own."""
    from simflow.experiment import run

    folder.mkdir(parents=True)
    (folder / "base.json").write_text(json.dumps({**BASE, **changed}), encoding="utf-8")
    loaded = load(folder / "base.json")
    store = RunFolder(folder / "out", loaded, 1)
    return store.finish(run(loaded, replications=replications, seed=1, jobs=1, store=store))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison of a base and two alternatives."""
    return saved(tmp_path_factory.mktemp("report") / "comparison", 12)


@pytest.fixture(scope="session")
def comparison(folder: Path) -> View:
    """The comparison, read back."""
    return read_any(folder)


@pytest.fixture(scope="session")
def single(tmp_path_factory: pytest.TempPathFactory) -> View:
    """One run, read back."""
    return read_any(saved_run(tmp_path_factory.mktemp("report") / "run", 8))
