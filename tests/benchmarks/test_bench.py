"""Lets ``make bench`` find the benchmark; it prints verdicts and asserts nothing."""

from __future__ import annotations

import pytest

from tests.benchmarks import bench_canonical


@pytest.mark.bench
def test_bench() -> None:
    """Print the ratios."""
    print()
    bench_canonical.main()
