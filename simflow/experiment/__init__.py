"""Experiments: replications of a scenario, in parallel, to a number or a precision."""

from __future__ import annotations

from simflow.experiment.comparison import Comparison
from simflow.experiment.difference import Difference
from simflow.experiment.draws import Posterior
from simflow.experiment.growth import (
    BATCH,
    CAP,
    DEFAULT_REPLICATIONS,
    Interrupted,
    Progress,
    Store,
)
from simflow.experiment.lineup import Change, Note, distinct
from simflow.experiment.names import check_measures, resolve_measures
from simflow.experiment.paired import check_request, compare
from simflow.experiment.posterior_file import read_posterior
from simflow.experiment.runner import missing, run
from simflow.experiment.summary import Figure, Precision, Results, half_width, to_json
from simflow.experiment.verdict import Judgement, Verdict, ranked
from simflow.experiment.workers import Replication

__all__ = [
    "BATCH",
    "CAP",
    "DEFAULT_REPLICATIONS",
    "Change",
    "Comparison",
    "Difference",
    "Figure",
    "Interrupted",
    "Judgement",
    "Note",
    "Posterior",
    "Precision",
    "Progress",
    "Replication",
    "Results",
    "Store",
    "Verdict",
    "check_measures",
    "check_request",
    "compare",
    "distinct",
    "half_width",
    "missing",
    "ranked",
    "read_posterior",
    "resolve_measures",
    "run",
    "to_json",
]
