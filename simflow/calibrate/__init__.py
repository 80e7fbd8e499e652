"""Calibration: from what was published, and what was believed, to draws that forecasts carry."""

from __future__ import annotations

from simflow.calibrate.outcome import Outcome, Settings
from simflow.calibrate.procedure import calibrate
from simflow.calibrate.read import Calibration, read_calibration
from simflow.calibrate.write import write

__all__ = ["Calibration", "Outcome", "Settings", "calibrate", "read_calibration", "write"]
