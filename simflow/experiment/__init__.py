"""Experiments: replications of a scenario, in parallel, to a number or a precision."""

from __future__ import annotations

from simflow.experiment.names import check_measures
from simflow.experiment.runner import (
    BATCH,
    CAP,
    DEFAULT_REPLICATIONS,
    Interrupted,
    Progress,
    Store,
    missing,
    run,
)
from simflow.experiment.summary import Figure, Precision, Results, half_width, to_json
from simflow.experiment.workers import Replication

__all__ = [
    "BATCH",
    "CAP",
    "DEFAULT_REPLICATIONS",
    "Figure",
    "Interrupted",
    "Precision",
    "Progress",
    "Replication",
    "Results",
    "Store",
    "check_measures",
    "half_width",
    "missing",
    "run",
    "to_json",
]
