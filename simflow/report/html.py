"""The page: one file that needs nothing else, no script and no network."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from simflow.charts.svg import svg_text
from simflow.report.words import say

if TYPE_CHECKING:
    from simflow.report.blocks import Document


def render(page: Document) -> str:
    """The report as HTML; every text is escaped, whatever a scenario file says."""
    environment = Environment(
        loader=PackageLoader("simflow.report"), autoescape=True, undefined=StrictUndefined,
        keep_trailing_newline=True,
    )  # fmt: skip
    style = resources.files("simflow.report").joinpath("templates/style.css")
    template = environment.get_template("page.html")
    return template.render(
        page=page, lang=page.lang, say=say, style=Markup(style.read_text("utf-8")),
        svg=lambda chart: Markup(svg_text(chart)),
    )  # fmt: skip
