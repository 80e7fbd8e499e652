"""A chart as an element of a page: small, its letters as text, without what the page says itself.

The page says headline and subtitle in letters of its own. Text stays text, so that a reader can
search and copy it: one letter as a shape takes as many bytes as a line of text. Each text carries
the width it was laid out with, so that it fits in whatever font the reader's machine has.
"""

from __future__ import annotations

import io
import re
from html import escape
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import matplotlib
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from simflow.charts.chart import Chart
from simflow.charts.style import FONT, head, styled
from simflow.labels import NO_BREAK

_POINTS_AN_INCH: Final = 72
_AIR: Final = 14
"""Points left above a chart without its headline, for a key that stands close below it."""
_FAMILY: Final = f"{FONT}, Verdana, sans-serif"
_NUMBER: Final = re.compile(r"-?\d+\.\d+")
_PLACED: Final = re.compile(r"translate\(([-\d.]+) ([-\d.]+)\)(?: rotate\(([-\d.]+)\))?")
_TURNED: Final = re.compile(r"rotate\(([-\d.]+) ")
_URL: Final = re.compile(r"url\(#(\w+)\)")
_PATHS: Final = TextToPath()


def svg_text(chart: Chart) -> str:
    """The chart as an SVG element that stands within a page.

    Only ids that it refers to are kept, and they begin with the chart's name, so that charts on
    one page do not take each other's parts. It has a title and a description, fills the width it
    is given, and refers to nothing outside itself.
    """
    root = ElementTree.fromstring(_drawn(chart))
    for node in root.iter():
        node.tag, node.tail = _local(node.tag), None
        node.text = node.text if node.tag == "text" else None
        node.attrib = {_local(name): value for name, value in node.attrib.items()}
    _flatten(root)
    _dress(root)
    _rename(root, f"{chart.name}-")
    for node in root.iter():
        if node.tag == "text":
            _letter(node)
        node.attrib = {
            name: value if name == "href" else _short(value) for name, value in node.attrib.items()
        }
    inside = "".join(ElementTree.tostring(node, "unicode") for node in root)
    return _opened(chart, root.attrib["viewBox"]) + inside + "</svg>\n"


def _drawn(chart: Chart) -> str:
    """Matplotlib's SVG of the chart, without headline and subtitle."""
    words, content = chart.figure.texts[:2], io.StringIO()
    for text in words:
        text.set_visible(False)
    with styled(), matplotlib.rc_context({"svg.fonttype": "none"}):
        chart.figure.savefig(content, format="svg", metadata={"Date": None, "Creator": None})
    for text in words:
        text.set_visible(True)
    return content.getvalue()


def _local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def _flatten(node: Element) -> None:
    """Take out what draws nothing: metadata, styles, and groups that only hold others together."""
    kept: list[Element] = []
    for child in node:
        _flatten(child)
        if child.tag == "g" and not child.attrib.keys() - {"id"}:
            kept += child
        elif child.tag not in ("metadata", "style") and (len(child) or child.attrib):
            kept.append(child)
    node[:] = kept


def _dress(root: Element) -> None:
    """Give each mark its looks where it is defined, and not wherever it is used."""
    marks = {node.attrib["id"]: node for node in root.iter("path") if "id" in node.attrib}
    for node in root.iter("use"):
        marks[node.attrib["href"][1:]].set("style", node.attrib.pop("style"))


def _rename(root: Element, mine: str) -> None:
    """Ids of one's own, only for what is referred to."""
    every = list(root.iter())
    used = [node.attrib["href"][1:] for node in every if node.tag == "use"]
    used += [
        name for node in every for value in node.attrib.values() for name in _URL.findall(value)
    ]
    names = {name: f"{mine}{place}" for place, name in enumerate(dict.fromkeys(used))}
    for node in every:
        called = node.attrib.pop("id", "")
        node.attrib = {
            key: _URL.sub(lambda found: f"url(#{names[found[1]]})", value)
            for key, value in node.attrib.items()
        }
        if called in names:
            node.set("id", names[called])
        if node.tag == "use":
            node.set("href", f"#{names[node.attrib['href'][1:]]}")


def _letter(node: Element) -> None:
    """A text with attributes instead of a long style, and with its width."""
    style = dict(part.split(": ") for part in node.attrib["style"].split("; "))
    size, weight = style["font-size"].removesuffix("px"), style.get("font-weight", "400")
    placed = _PLACED.match(node.attrib["transform"])
    turned = _TURNED.match(node.attrib["transform"])
    x, y = placed.groups()[:2] if placed else (node.attrib["x"], node.attrib["y"])
    turn = float((placed[3] if placed else turned[1] if turned else None) or 0)
    wide = _PATHS.get_text_width_height_descent(
        node.text or "", FontProperties(family=FONT, size=float(size), weight=int(weight)), False
    )[0]
    found = {"x": x, "y": y, "font-size": size, "textLength": f"{wide:.1f}"}
    found |= {
        name: style[name]
        for name in ("font-weight", "text-anchor", "fill", "opacity")
        if style.get(name, "start") != "start"
    }
    if turn:
        found["transform"] = f"rotate({turn:g} {x} {y})"
    node.attrib = found
    # Several spaces, between the parts of a label, would be one in a page.
    node.text = re.sub("  +", lambda gap: NO_BREAK * len(gap[0]), node.text or "")


def _short(value: str) -> str:
    """The same in fewer bytes: a tenth of a point is enough; small numbers keep three decimals."""
    value = re.sub(r"([;:]) ", r"\1", re.sub(r"\s*([A-Za-z])\s+(?=[-\d])", r"\1", value))
    return _NUMBER.sub(_rounded, re.sub(r"\s*\n\s*|\s+", " ", value).strip())


def _rounded(found: re.Match[str]) -> str:
    value = float(found[0])
    return format(round(value, 1 if abs(value) >= 2 else 3) or 0.0, "g")


def _opened(chart: Chart, box: str) -> str:
    """The element's beginning: its window below the headline, its title and its description."""
    top = head(chart.figure) * _POINTS_AN_INCH - _AIR
    wide, tall = map(float, box.split()[2:])
    name = escape(chart.name)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{name}" '
        f'viewBox="0 {top:.1f} {wide:g} {tall - top:.1f}" font-family="{_FAMILY}" '
        f'stroke-linejoin="round" role="img" aria-labelledby="{name}-title {name}-desc">\n'
        f'<title id="{name}-title">{escape(chart.headline)}</title>\n'
        f'<desc id="{name}-desc">{escape(chart.alt)}</desc>'
    )
