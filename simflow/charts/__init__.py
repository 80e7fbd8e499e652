"""Charts of a run; the only floor that knows matplotlib, which it loads when it draws."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simflow.errors import OutputError
from simflow.labels import Lang
from simflow.scenario.schema import Scenario


def draw_all(
    scenario: Scenario,
    values: Mapping[str, NDArray[np.float64]],
    labels: Mapping[str, str],
    folder: Path,
    lang: Lang,
) -> list[Path]:
    """Draw every chart that the results allow, as PNG and SVG.

    Parameters
    ----------
    scenario : Scenario
        What was simulated.
    values : mapping of str to array of float
        Each measure's value in every replication; replications without a value are left out.
    labels : mapping of str to str
        Each measure's label in `lang`.
    folder : Path
        Where the files go; made when missing.
    lang : {"en", "fi"}
        Language of the words.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    OutputError
        When the folder cannot be written to.
    """
    from simflow.charts import caseload_fan, exits_published, style

    finite = {name: kept for name, v in values.items() if len(kept := v[np.isfinite(v)])}
    written: list[Path] = []
    with style.styled():
        charts = {
            "caseload": caseload_fan.draw(scenario, finite, lang),
            "exits-published": exits_published.draw(scenario, finite, labels, lang),
        }
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, chart in charts.items():
                if chart is not None:
                    written += style.save(chart, folder, name)
        except OSError as error:
            raise OutputError(
                f"{folder}: the charts cannot be written ({error.strerror})"
            ) from None
    return written
