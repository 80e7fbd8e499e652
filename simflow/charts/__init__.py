"""Charts of a run or a comparison; the only floor that knows matplotlib, loaded when it draws.

Each chart is a module of this package with ``ORDER`` (its place among the charts) and
``draw(view, lang)``, which gives a `Chart`, or None when the results do not allow it. Its name is
the module's, with hyphens. A new module is found by itself. A module that can draw its chart for
a narrow screen as well says so with ``NARROW`` and takes ``narrow=True``.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING, Final
from weakref import finalize

from simflow.errors import UsageError
from simflow.labels import Lang

if TYPE_CHECKING:
    from simflow.charts.chart import Chart
    from simflow.results import View

__all__ = ["charts", "draw_all"]

_Drawn = dict[tuple[str, Lang, bool], "Chart | None"]
_DRAWN: Final[dict[int, _Drawn]] = {}
"""What is drawn already of each view, for as long as the view lives."""


def _modules() -> dict[str, ModuleType]:
    """The modules that draw a chart, by its name, in the order in which charts are shown."""
    found = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    drawing = sorted((m for m in found if hasattr(m, "draw")), key=lambda m: (m.ORDER, m.__name__))
    return {m.__name__.rpartition(".")[2].replace("_", "-"): m for m in drawing}


def charts(
    view: View, lang: Lang, names: Collection[str] | None = None, *, narrow: bool = False
) -> list[Chart]:
    """Charts that the results allow; each is drawn once, however often it is asked for.

    Parameters
    ----------
    view : View
        A run, or a comparison.
    lang : {"en", "fi"}
        Language of the words.
    names : collection of str, optional
        Only these, such as ``caseload-fan``; every chart when left out.
    narrow : bool
        For a narrow screen, 3.6 inches wide. Charts that cannot be narrow are left out: their
        usual drawing has to do.

    Raises
    ------
    UsageError
        When there is no chart of a name asked for.
    """
    modules = _modules()
    unknown = sorted(set(names or ()) - modules.keys())
    if unknown:
        raise UsageError(
            f"there is no chart {', '.join(unknown)}; the charts are {', '.join(modules)}"
        )
    drawn = [
        _chart(view, lang, name, module, narrow)
        for name, module in modules.items()
        if (names is None or name in names) and (not narrow or hasattr(module, "NARROW"))
    ]
    return [chart for chart in drawn if chart is not None]


def _chart(view: View, lang: Lang, name: str, module: ModuleType, narrow: bool) -> Chart | None:
    """A view's chart, drawn unless it has been."""
    from simflow.charts.style import styled

    if id(view) not in _DRAWN:
        _DRAWN[id(view)] = {}
        finalize(view, _DRAWN.pop, id(view))
    known, key = _DRAWN[id(view)], (name, lang, narrow)
    if key not in known:
        with styled():
            wide = {"narrow": True} if narrow else {}
            known[key] = module.draw(view, lang, **wide)
    return known[key]


def draw_all(
    view: View, folder: Path, lang: Lang, names: Collection[str] | None = None
) -> list[Path]:
    """Save charts that the results allow, as PNG and SVG, with their tables as CSV.

    Parameters
    ----------
    view : View
        A run, or a comparison.
    folder : Path
        Where the files go; made when missing.
    lang : {"en", "fi"}
        Language of the words.
    names : collection of str, optional
        Only these; every chart when left out.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    OutputError
        When the folder cannot be written to.
    UsageError
        When there is no chart of a name asked for.
    """
    from simflow.charts.style import save_all

    return save_all(charts(view, lang, names), folder)
