"""What every chart shares: colours, fonts, headline, and files that are the same byte for byte."""

from __future__ import annotations

import io
import os
import re
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import matplotlib
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simflow.charts.chart import Chart
from simflow.errors import OutputError
from simflow.labels import NO_BREAK

ACCENT: Final = "#0072B2"
"""Okabe-Ito blue: the one accent, told from grey by people of any colour vision."""
MARK: Final = "#D55E00"
"""Okabe-Ito vermilion, for published figures; always with a shape of its own as well."""
INK: Final = "#222222"
GREY: Final = "#6B6B6B"
PALE: Final = "#D9D9D9"
FONT: Final = "DejaVu Sans"
"""The font that matplotlib brings."""

_SETTINGS: Final = {
    "font.family": FONT,
    "font.size": 10,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": PALE,
    "axes.labelcolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.unicode_minus": True,
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
_SIGN: Final = re.compile(r"(\d) (?=[%€])")
_SYLLABLE: Final = re.compile(r"(?<=\w\w)[bcdfghjklmnpqrstvwxz](?=[aeiouyåäö]\w)", re.IGNORECASE)
NARROW_WIDTH: Final = 3.6
"""Inches that a chart for a narrow screen is wide."""
_HEADLINE_SIZE: Final = 14.0
_SUBTITLE_SIZE: Final = 9.0
_HEADLINE_LINE: Final = 0.27
_SUBTITLE_LINE: Final = 0.185
_TOP: Final = 0.1


@contextmanager
def styled() -> Iterator[None]:
    """Draw with the settings of the house, whatever those of the machine."""
    with rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)  # type: ignore[arg-type]
        yield


def wrapped(text: str, width: int) -> str:
    """Lines of at most `width` characters, broken between words; own line breaks are kept.

    A number stays with its sign: ``5–95 %``.
    """
    found = []
    for line in _SIGN.sub(rf"\1{NO_BREAK}", text).split("\n"):
        words = " ".join(_hyphenated(word, width) for word in line.split(" "))
        parts = textwrap.wrap(words.replace("\u00ad", "\u00ad "), width) or [""]
        # A soft hyphen shows at the end of a line, and goes where the word stayed whole.
        found += [re.sub("\u00ad$", "-", part).replace("\u00ad ", "") for part in parts]
    return "\n".join(found)


def balanced(text: str, width: int) -> str:
    """The text in as few lines of `width` as `wrapped` makes, all about as long as the others."""
    count, longest = wrapped(text, width).count("\n"), max(map(len, text.split()), default=0)
    while count and width > longest and wrapped(text, width - 1).count("\n") == count:
        width -= 1
    return wrapped(text, width)


def _hyphenated(word: str, width: int) -> str:
    """A word too long for a line, with a soft hyphen near its middle, before a syllable."""
    if len(word) <= width:
        return word
    breaks = [found.start() for found in _SYLLABLE.finditer(word)] or [len(word) // 2]
    place = min(breaks, key=lambda spot: abs(spot - len(word) / 2))
    halves = (word[:place], word[place:])
    return "\u00ad".join(_hyphenated(half, width - 1) for half in halves)


def short(text: str, most: int = 42) -> str:
    """The text, cut at a word with an ellipsis where it is longer than `most` characters."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    word = cut.rpartition(" ")[0]
    return (word if len(word) > most * 0.75 else cut).rstrip(" ,;:-–(") + "…"


def lines(text: str, width: int, most: int = 2) -> str:
    """The text in at most so many lines of `width` characters, the rest cut with an ellipsis."""
    parts = wrapped(text, width).split("\n")
    if len(parts) <= most:
        return "\n".join(parts)
    return "\n".join([*parts[: most - 1], parts[most - 1][: width - 1].rstrip(" -") + "…"])


def brief(label: str, words: int = 4, most: int = 34) -> str:
    """The first words of a label, for a headline."""
    return short(" ".join(label.split()[:words]), most)


def figure(
    headline: str, subtitle: str, *, height: float = 4.4, width: float = 8.0
) -> tuple[Figure, Axes]:
    """A figure with its message on top and what the bands are below it.

    Parameters
    ----------
    headline : str
        The message, computed from the result; at most ten words. Wrapped where it is too long.
    subtitle : str
        What is shown, and what the bands are. Wrapped as well; two lines are good.
    height, width : float
        Inches. Draw 8 inches wide, so that letters have one size in all charts.

    Returns
    -------
    (Figure, Axes)
        The axes fill the space below the words; move them with `place`.
    """
    picture = Figure(figsize=(width, height))
    big = balanced(headline, int(7.9 * width))
    # Short lines vary more in how wide their letters are.
    small = wrapped(subtitle, int((12.9 if width <= NARROW_WIDTH else 13.8) * width))
    below = _TOP + _HEADLINE_LINE * (big.count("\n") + 1) + 0.06
    left = 0.16 / width
    picture.text(left, 1 - _TOP / height, big, size=_HEADLINE_SIZE, weight="bold", va="top")
    picture.text(
        left, 1 - below / height, small, size=_SUBTITLE_SIZE, color=GREY, va="top", linespacing=1.35
    )
    axes = picture.add_axes((0, 0, 1, 1))
    axes.set_axisbelow(True)
    place(axes)
    return picture, axes


def head(picture: Figure) -> float:
    """Height of the headline and subtitle of a figure of `figure`, in inches."""
    big, small = (text.get_text().count("\n") + 1 for text in picture.texts[:2])
    return _TOP + _HEADLINE_LINE * big + _SUBTITLE_LINE * small + 0.16


def place(
    axes: Axes,
    *,
    left: float = 0.16,
    right: float = 0.16,
    bottom: float = 0.4,
    top: float = 0.0,
) -> None:
    """Put axes below the headline, with margins in inches (`top` is added below the subtitle)."""
    picture = axes.get_figure(root=True)
    assert picture is not None  # axes of `figure`
    width, height = picture.get_size_inches()
    above = head(picture) + top
    axes.set_position((
        left / width, bottom / height,
        max(0.3, width - left - right) / width, max(0.3, height - above - bottom) / height,
    ))  # fmt: skip


def save(chart: Chart, folder: Path) -> list[Path]:
    """Write the chart as PNG and SVG and its table as CSV; the same chart gives the same bytes.

    Raises
    ------
    OSError
        When the folder cannot be written to.
    """
    paths = [folder / f"{chart.name}.{kind}" for kind in ("png", "svg", "csv")]
    for path in paths:
        temporary = path.with_name(f".{path.name}")
        temporary.write_bytes(_bytes(chart, path.suffix[1:]))
        os.replace(temporary, path)
    return paths


def save_all(charts: Sequence[Chart], folder: Path) -> list[Path]:
    """Save charts into a folder, which is made when missing.

    Raises
    ------
    OutputError
        When the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [path for chart in charts for path in save(chart, folder)]
    except OSError as error:
        raise OutputError(f"{folder}: the charts cannot be written ({error.strerror})") from None


def _bytes(chart: Chart, kind: str) -> bytes:
    if kind == "csv":
        return chart.csv().encode()
    metadata = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
    content = io.BytesIO()
    with styled():
        chart.figure.savefig(content, format=kind, metadata=metadata)
    return content.getvalue()
