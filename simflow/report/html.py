"""The page: one file that needs nothing else, no script and no network."""

from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from simflow.charts.style import head, svg_text
from simflow.report.words import say

if TYPE_CHECKING:
    from simflow.charts.chart import Chart
    from simflow.report.blocks import Document

_POINTS_AN_INCH: Final = 72
_AIR: Final = 14
"""Points left above a chart without its headline, for a key that stands close below it."""
_NUMBER: Final = re.compile(r"-?\d+\.\d+")
_VIEW: Final = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_IDS: Final = re.compile(r' id="([^"]+)"')
_GLYPH: Final = re.compile(r'<path id="([^"]*?)(DejaVu[^"]+)"( d="[^"]*"[^>]*/>)')


def render(page: Document) -> str:
    """The report as HTML; every text is escaped, whatever a scenario file says."""
    environment = Environment(
        loader=PackageLoader("simflow.report"), autoescape=True, undefined=StrictUndefined,
        keep_trailing_newline=True,
    )  # fmt: skip
    style = resources.files("simflow.report").joinpath("templates/style.css")
    template = environment.get_template("page.html")
    letters: dict[str, str] = {}
    return template.render(
        page=page, lang=page.lang, say=say, style=Markup(style.read_text("utf-8")),
        svg=lambda chart: _svg(chart, letters),
    )  # fmt: skip


def _svg(chart: Chart, letters: dict[str, str]) -> Markup:
    """The chart inline, without headline and subtitle, which the page says in letters.

    Parameters
    ----------
    letters : dict
        Shapes of letters that an earlier chart of the page has brought, by their id: a shape is
        written once. Grows.
    """
    words = chart.figure.texts[:2]
    for text in words:
        text.set_visible(False)
    drawn = svg_text(chart)
    for text in words:
        text.set_visible(True)
    top = head(chart.figure) * _POINTS_AN_INCH - _AIR
    drawn = _VIEW.sub(lambda m: f'viewBox="0 {top:.1f} {m[1]} {float(m[2]) - top:.1f}"', drawn, 1)
    return Markup(_small(_shared(drawn, chart.name, letters)))


def _shared(drawn: str, name: str, letters: dict[str, str]) -> str:
    """Take out the shapes of letters that the page already has."""

    def once(found: re.Match[str]) -> str:
        letter = found[2]
        if letter in letters:
            return ""
        letters[letter] = name
        return f'<path id="{letter}"{found[3]}'

    drawn = _GLYPH.sub(once, drawn)
    return drawn.replace(f'href="#{name}-DejaVu', 'href="#DejaVu')


def _small(drawn: str) -> str:
    """The same picture in fewer bytes: a tenth of a point is enough, and most ids are unused."""
    words, end, shapes = drawn.partition("</desc>")  # figures in words stay as they are
    shapes = re.sub(r">\s+<", "><", shapes)
    drawn = words + end + _NUMBER.sub(_short, re.sub(r"\s*\n\s*", " ", shapes))
    used = set(re.findall(r'(?:href="#|url\(#|#)([\w.-]+)', drawn))
    used |= set(re.search(r'aria-labelledby="([^"]*)"', drawn)[1].split())  # type: ignore[index]
    return _IDS.sub(lambda m: m[0] if m[1] in used else "", drawn)


def _short(found: re.Match[str]) -> str:
    value = float(found[0])
    return format(round(value, 1 if abs(value) >= 2 else 3) or 0.0, "g")
