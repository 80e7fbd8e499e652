"""Set-up for all tests."""

from __future__ import annotations

import os

# One thread a process: tests run in parallel already, and sums are then the same everywhere.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
