"""What every chart shares: colours, fonts, headline, and files that are the same byte for byte."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import matplotlib
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

ACCENT: Final = "#0072B2"
"""Okabe-Ito blue: the one accent, told from grey by people of any colour vision."""
MARK: Final = "#D55E00"
"""Okabe-Ito vermilion, for published figures; always with a shape of its own as well."""
INK: Final = "#222222"
GREY: Final = "#6B6B6B"
PALE: Final = "#D9D9D9"

_SETTINGS: Final = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": PALE,
    "axes.labelcolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "ytick.left": False,
    "grid.color": "#ECECEC",
    "figure.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "simflow",
    "savefig.dpi": 144,
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw with the settings of the house, whatever those of the machine."""
    with rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)  # type: ignore[arg-type]
        yield


def figure(headline: str, subtitle: str, *, height: float = 4.4) -> tuple[Figure, Axes]:
    """A figure with its message on top and what the bands are below it.

    Parameters
    ----------
    headline : str
        The message, computed from the result; at most ten words.
    subtitle : str
        What is shown, and what the bands are; may have two lines.
    height : float
        Inches.
    """
    picture = Figure(figsize=(8, height))
    top = 0.1
    picture.text(0.02, 1 - top / height, headline, size=14, weight="bold", va="top")
    picture.text(0.02, 1 - 0.46 / height, subtitle, size=9, color=GREY, va="top", linespacing=1.35)
    axes = picture.add_axes((0.02, 0.4 / height, 0.96, 1 - 1.4 / height))
    axes.set_axisbelow(True)
    return picture, axes


def save(picture: Figure, folder: Path, name: str) -> list[Path]:
    """Write ``name.png`` and ``name.svg``; the same figure gives the same bytes.

    Raises
    ------
    OSError
        When the folder cannot be written to.
    """
    paths = [folder / f"{name}.{kind}" for kind in ("png", "svg")]
    for path, metadata in zip(paths, ({"Software": None}, {"Date": None}), strict=True):
        temporary = path.with_name(f".{path.name}")
        picture.savefig(temporary, format=path.suffix[1:], metadata=metadata)
        os.replace(temporary, path)
    return paths
