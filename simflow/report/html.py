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
_DEFINED: Final = re.compile(r"<defs>.*?</defs>", re.DOTALL)
_SHAPE: Final = re.compile(r'<path id="([^"]+)"( d="[^"]*"[^>]*/>)')
_USED: Final = re.compile(r'href="#([^"]+)"')
_PLACED: Final = re.compile(
    r'(<use href="#[^"]+") transform="translate\(([-\d.]+)(?:[ ,]+([-\d.]+))?\)"'
)


def render(page: Document) -> str:
    """The report as HTML; every text is escaped, whatever a scenario file says."""
    environment = Environment(
        loader=PackageLoader("simflow.report"), autoescape=True, undefined=StrictUndefined,
        keep_trailing_newline=True,
    )  # fmt: skip
    style = resources.files("simflow.report").joinpath("templates/style.css")
    template = environment.get_template("page.html")
    shapes: dict[str, str] = {}
    return template.render(
        page=page, lang=page.lang, say=say, style=Markup(style.read_text("utf-8")),
        svg=lambda chart: _svg(chart, shapes),
    )  # fmt: skip


def _svg(chart: Chart, shapes: dict[str, str]) -> Markup:
    """The chart inline, without headline and subtitle, which the page says in letters.

    Parameters
    ----------
    shapes : dict
        Ids of the letters and marks that earlier charts of the page have brought, by their shape:
        each is written once. Grows.
    """
    words = chart.figure.texts[:2]
    for text in words:
        text.set_visible(False)
    drawn = svg_text(chart)
    for text in words:
        text.set_visible(True)
    top = head(chart.figure) * _POINTS_AN_INCH - _AIR
    drawn = _VIEW.sub(lambda m: f'viewBox="0 {top:.1f} {m[1]} {float(m[2]) - top:.1f}"', drawn, 1)
    return Markup(_small(_shared(drawn, shapes)))


def _shared(drawn: str, shapes: dict[str, str]) -> str:
    """Take out the letters and marks that the page already has, and give the others short ids."""
    named: dict[str, str] = {}

    def once(found: re.Match[str]) -> str:
        new = found[2] not in shapes
        named[found[1]] = shapes.setdefault(found[2], f"s{len(shapes)}")
        return f'<path id="{named[found[1]]}"{found[2]}' if new else ""

    drawn = _DEFINED.sub(lambda found: _SHAPE.sub(once, found[0]), drawn)
    drawn = _USED.sub(lambda found: f'href="#{named.get(found[1], found[1])}"', drawn)
    return _PLACED.sub(lambda found: f'{found[1]} x="{found[2]}" y="{found[3] or 0}"', drawn)


def _small(drawn: str) -> str:
    """The same picture in fewer bytes: a tenth of a point is enough."""
    words, end, shapes = drawn.partition("</desc>")  # figures in words stay as they are
    shapes = re.sub(r">\s+<", "><", shapes).replace(' y="0"', "")
    return words + end + _NUMBER.sub(_short, re.sub(r"\s*\n\s*", " ", shapes))


def _short(found: re.Match[str]) -> str:
    value = float(found[0])
    return format(round(value, 1 if abs(value) >= 2 else 3) or 0.0, "g")
