from __future__ import annotations
from typing import Any
from simflow.errors import Problem
def check_sense(loaded: Any) -> list[Problem]:
    return []
