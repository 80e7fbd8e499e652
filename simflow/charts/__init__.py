"""Charts of a run or a comparison; the only floor that knows matplotlib, loaded when it draws.

Each chart is a module of this package with ``ORDER`` (its place among the charts) and
``draw(view, lang)``, which gives a `Chart`, or None when the results do not allow it. A new
module is found by itself.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING

from simflow.labels import Lang

if TYPE_CHECKING:
    from simflow.charts.chart import Chart
    from simflow.results import View

__all__ = ["charts", "draw_all"]


def _modules() -> list[ModuleType]:
    """The modules that draw a chart, in the order in which charts are shown."""
    names = sorted(module.name for module in iter_modules(__path__))
    found = [import_module(f"{__name__}.{name}") for name in names]
    return sorted((m for m in found if hasattr(m, "draw")), key=lambda m: (m.ORDER, m.__name__))


def charts(view: View, lang: Lang) -> list[Chart]:
    """Every chart that the results allow.

    Parameters
    ----------
    view : View
        A run, or a comparison.
    lang : {"en", "fi"}
        Language of the words.
    """
    from simflow.charts.style import styled

    with styled():
        drawn = [module.draw(view, lang) for module in _modules()]
    return [chart for chart in drawn if chart is not None]


def draw_all(view: View, folder: Path, lang: Lang) -> list[Path]:
    """Draw every chart that the results allow, as PNG and SVG, with its table as CSV.

    Parameters
    ----------
    view : View
        A run, or a comparison.
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
    from simflow.charts.style import save_all

    return save_all(charts(view, lang), folder)
