from __future__ import annotations
from typing import Any
from simflow.errors import Problem
def check_references(loaded: Any) -> list[Problem]:
    return []
