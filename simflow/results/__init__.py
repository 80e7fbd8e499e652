"""Folders of results: written whole or not at all, gone on with after a stop, and read back."""

from __future__ import annotations

from simflow.results.comparison import ComparisonFolder
from simflow.results.run import RunFolder, read
from simflow.results.view import View, read_any, view_of
from simflow.scenario.sources import SourceRow

__all__ = ["ComparisonFolder", "RunFolder", "SourceRow", "View", "read", "read_any", "view_of"]
