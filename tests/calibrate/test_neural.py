"""The cross-check by a neural posterior, in a reduced form; left out where sbi is not installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from simflow.calibrate.neural import Neural
from simflow.calibrate.regression import fit

pytest.importorskip("sbi", reason="sbi is not installed: pip install simflow[calibration]")
RUNS = 2000


@pytest.mark.filterwarnings("default")  # those of PyTorch and sbi about themselves
def test_agrees_with_the_regression_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five counts of six unknowns, as z-scores: medians within the bars of the real model.

    Not fewer unknowns: each layer of the flow leaves one of them without a look at the counts.
    """
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(20)
    z = rng.standard_normal((RUNS, 6))
    mixed = z[:, :5] + 0.5 * z[:, 1:]
    summaries = mixed + 0.5 * rng.standard_normal(mixed.shape)
    observed = np.array([0.8, 0.6, -0.1, 0.0, -0.7])
    neural = Neural(z, summaries, 1).draw(observed, 2000).z
    regression = fit(z, summaries, observed, 2000, 1).z
    # In parts of the prior's range, as the page has them.
    apart = np.abs(norm.cdf(np.median(neural, axis=0)) - norm.cdf(np.median(regression, axis=0)))
    assert apart.mean() <= 0.05 and apart.max() <= 0.20
    assert list(tmp_path.iterdir()) == []
