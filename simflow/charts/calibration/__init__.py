"""Charts of a calibration: each a function of its outcome and a language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simflow.labels import Lang

if TYPE_CHECKING:
    from simflow.calibrate import Outcome
    from simflow.charts.chart import Chart

__all__ = ["calibration_charts", "draw_calibration"]


def calibration_charts(outcome: Outcome, lang: Lang) -> list[Chart]:
    """Every chart of a calibration, in the order in which they are shown."""
    from simflow.charts.calibration import (
        correlations,
        figures,
        forecasts,
        ranks,
        unknowns,
        unseen,
    )  # fmt: skip
    from simflow.charts.style import styled

    with styled():
        parts = (figures, unseen, unknowns, correlations, ranks)
        planned = [one for one in outcome.forecasts if one.loaded.scenario.targets]
        return [
            *(part.draw(outcome, lang) for part in parts),
            *(forecasts.draw(one, lang) for one in planned),
        ]


def draw_calibration(outcome: Outcome, folder: Path, lang: Lang) -> list[Path]:
    """Draw every chart of a calibration, as PNG and SVG, with its table as CSV.

    Raises
    ------
    OutputError
        When the folder cannot be written to.
    """
    from simflow.charts.style import save_all

    return save_all(calibration_charts(outcome, lang), folder)
