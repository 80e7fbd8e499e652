"""Chances of benefit and harm: edge cases, and what holds for any data."""

from __future__ import annotations

import numpy as np
import pytest

from simflow.experiment.chances import chances, of_point
from simflow.experiment.looks import LOOKS, confidence_at
from simflow.experiment.skew import skew_interval
from simflow.experiment.summary import half_width


def test_placeholder() -> None:
    assert of_point(np.zeros(6), 1.0).harm.high == 0
    assert chances(np.zeros((30, 2)), 1.0).harm.high < 0.1
    assert confidence_at(0, LOOKS) > 0.9
    values = np.array([1.0, 2.0, 3.0])
    low, high = skew_interval(values)
    assert high - low == pytest.approx(2 * half_width(values))
