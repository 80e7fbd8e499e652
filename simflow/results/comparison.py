"""The folder of a comparison: a run folder for each scenario, and the differences between them.

::

    manifest.json         versions, seed, the scenarios and the precision asked for
    differences.csv       a line for each alternative and measure: difference, interval, verdict
    changes.csv           a line for each value that an alternative changes of the base
    runs/<scenario>/      an ordinary run folder; the first of the manifest's list is the base
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from simflow.errors import OutputError, UsageError
from simflow.experiment import Change, Comparison, Note, Posterior, Results
from simflow.experiment.cells import guarded, unguarded
from simflow.experiment.paired import EACH, Done
from simflow.experiment.summary import Floats
from simflow.measures import Label, outcome_measures
from simflow.results.exports import write_differences
from simflow.results.files import folder_name, refuse_occupied, versions, write_json, writing
from simflow.results.rows import outcome_columns, outcomes_of
from simflow.results.run import RunFolder, precision_of, read
from simflow.results.scenario import scenario_of
from simflow.scenario import Loaded
from simflow.scenario.goals import OUTCOMES

KIND: Final = "comparison"
_FORMAT: Final = 1
_CHANGE_HEAD: Final = ("alternative", "path", "en", "fi", "old", "new", "origin")


class ComparisonFolder:
    """The folder of one comparison; hand its `stores` and `done` to `simflow.experiment.compare`.

    Parameters
    ----------
    path : Path
        The folder. It must not exist yet (or be empty).
    scenarios : sequence of Loaded
        The base, then the alternatives.
    seed : int
        Seed of the comparison.
    draws : Posterior, optional
        Draws that the replications take.

    Raises
    ------
    OutputError
        When the folder is occupied, cannot be written to, or holds the rest of another
        comparison.
    """

    def __init__(
        self,
        path: Path,
        scenarios: Sequence[Loaded],
        seed: int,
        draws: Posterior | None = None,
    ) -> None:
        each = 1 if draws is None else EACH
        self.path = path = Path(path)
        self.partial = path.with_name(path.name + ".partial")
        self._places = _places([loaded.scenario.name for loaded in scenarios])
        self._identity = {
            "kind": KIND,
            "format": _FORMAT,
            "seed": seed,
            "posterior": None if draws is None else draws.digest,
            "each": each,
            "scenarios": [
                {"name": loaded.scenario.name, "hash": loaded.hash, "folder": f"runs/{place}"}
                for loaded, place in zip(scenarios, self._places, strict=True)
            ],
            "versions": versions(),
        }
        with writing(path):
            refuse_occupied(path)
            self._begin()
            outcomes = [measure.name for measure in outcome_measures(scenarios[0].scenario)]
            self.stores = [
                RunFolder(
                    self.partial / "runs" / place, loaded, seed, draws=draws, each=each,
                    outcomes=outcomes if rank and loaded.scenario.horizon.followed_days else (),
                )
                for rank, (loaded, place) in enumerate(zip(scenarios, self._places, strict=True))
            ]  # fmt: skip

    @property
    def done(self) -> Done:
        """Replications that an interrupted comparison has left, of each scenario."""
        return Done([store.done for store in self.stores],
                    [store.outcomes for store in self.stores])  # fmt: skip

    def _begin(self) -> None:
        manifest = self.partial / "manifest.json"
        if self.partial.exists():
            try:
                found = json.loads(manifest.read_text(encoding="utf-8"))
            except (FileNotFoundError, ValueError):  # stopped before it had begun
                shutil.rmtree(self.partial)
            else:
                self._resume(found)
                return
        (self.partial / "runs").mkdir(parents=True)
        write_json(manifest, {**self._identity, "complete": False})

    def _resume(self, found: dict[str, Any]) -> None:
        if any(found.get(key) != value for key, value in self._identity.items()):
            raise OutputError(
                f"{self.partial}: holds an interrupted comparison of other scenarios, seed or "
                "version; remove it, or choose another folder with --out"
            )
        for place in self._places:  # finished while another could not be
            whole = self.partial / "runs" / place
            if whole.exists():
                os.rename(whole, whole.with_name(place + ".partial"))

    def finish(self, comparison: Comparison, extra: Callable[[Path], object] | None = None) -> Path:
        """Write what is left and give the folder its name.

        Parameters
        ----------
        comparison : Comparison
            All replications.
        extra : callable, optional
            Writes more (charts, a report) into the folder it is given, before it takes its name.

        Raises
        ------
        OutputError
            When it cannot be written; what was finished stays in ``<folder>.partial``.
        """
        folder = self.partial
        with writing(self.path):
            runs = (comparison.base, *comparison.alternatives)
            for store, results in zip(self.stores, runs, strict=True):
                if results.scenario in comparison.outcomes:
                    store.finish_outcomes(comparison.outcomes[results.scenario])
                store.finish(results)
            write_differences(folder / "differences.csv", comparison)
            _write_changes(folder / "changes.csv", comparison)
            write_json(folder / "manifest.json", self._manifest(comparison))
            if extra is not None:
                extra(folder)
            if self.path.exists():
                self.path.rmdir()
            os.rename(folder, self.path)
        return self.path

    def _manifest(self, comparison: Comparison) -> dict[str, Any]:
        precision = comparison.precision
        return {
            **self._identity,
            "complete": comparison.complete,
            "replications": comparison.replications,
            "seconds": round(sum(r.seconds for r in _runs(comparison)), 3),
            "precision": None if precision is None else asdict(precision),
            "confidence": dict(comparison.confidence),
            "cap": comparison.cap,
            "notes": [
                {"alternative": note.alternative, "en": note.text.en, "fi": note.text.fi}
                for note in comparison.notes
            ],
        }


def _runs(comparison: Comparison) -> tuple[Results, ...]:
    return (comparison.base, *comparison.alternatives)


def _places(names: Sequence[str]) -> list[str]:
    """A folder's name for each scenario; different ones even where case does not count."""
    places: list[str] = []
    for name in names:
        place, number = folder_name(name), 2
        while place.casefold() in {known.casefold() for known in places}:
            place, number = f"{folder_name(name)}-{number}", number + 1
        places.append(place)
    return places


def _write_changes(path: Path, comparison: Comparison) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_CHANGE_HEAD)
        for results, changes in zip(comparison.alternatives, comparison.changes, strict=True):
            for change in changes:
                texts = (results.scenario, change.path, *change.sentence, change.old, change.new,
                         change.origin)  # fmt: skip
                writer.writerow(map(guarded, texts))


def read_comparison(folder: Path, manifest: dict[str, Any]) -> Comparison:
    """Read a comparison back from its folder.

    Raises
    ------
    UsageError
        When the folder does not hold a finished comparison.
    """
    try:
        places = [folder / entry["folder"] for entry in manifest["scenarios"]]
        precision = manifest["precision"]
        runs = [read(place) for place in places]
        with (folder / "changes.csv").open(encoding="utf-8", newline="") as file:
            rows = [{key: unguarded(text) for key, text in row.items()}
                    for row in csv.DictReader(file)]  # fmt: skip
        changes = tuple(
            tuple(
                Change(row["path"], Label(row["en"], row["fi"]), row["old"], row["new"],
                       row["origin"])
                for row in rows if row["alternative"] == results.scenario
            )
            for results in runs[1:]
        )  # fmt: skip
        return Comparison(
            base=runs[0],
            alternatives=tuple(runs[1:]),
            precision=None if precision is None else precision_of(precision),
            scenarios=tuple(map(scenario_of, places)),
            changes=changes,
            notes=tuple(
                Note(note["alternative"], Label(note["en"], note["fi"]))
                for note in manifest["notes"]
            ),
            outcomes=_outcomes(places, runs),
            each=manifest.get("each", 1),
            confidence=manifest.get("confidence", {}),
            cap=manifest.get("cap"),
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        message = f"{folder}: does not hold the results of a finished comparison"
        raise UsageError(message) from error


def _outcomes(places: Sequence[Path], runs: Sequence[Results]) -> dict[str, Floats]:
    """Outcomes over the people of base and alternative, by alternative; none in older folders."""
    names = [m.name for m in runs[0].measures if m.name.startswith(OUTCOMES)]
    found = {}
    for place, results in zip(places[1:], runs[1:], strict=True):
        if (place / "outcomes.csv").exists():
            with (place / "outcomes.csv").open(encoding="utf-8", newline="") as file:
                found[results.scenario] = outcomes_of(file, outcome_columns(names))
            if len(found[results.scenario]) != results.replications:
                raise ValueError("other outcomes than replications")
    return found
