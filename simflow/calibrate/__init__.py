"""Calibration: from what was published, and what was believed, to draws that forecasts carry."""

from __future__ import annotations

from simflow.calibrate.read import Calibration, read_calibration

__all__ = ["Calibration", "read_calibration"]
