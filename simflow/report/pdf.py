"""The report on paper: the same words, figures and charts as the page, as a PDF.

fpdf2 is pure Python and needs no system package; letters come from the fonts that matplotlib
carries, so that Finnish ones, true minus signs and no-break spaces are printed right.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from importlib import resources
from io import BytesIO
from typing import Any, Final

import numpy as np
from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, TextEmphasis
from fpdf.fonts import FontFace
from PIL import Image

from simflow.charts.style import styled
from simflow.report.blocks import (
    Block,
    Bullets,
    Document,
    Facts,
    Group,
    Paragraph,
    Picture,
    Table,
    Twofold,
    plain,
)
from simflow.report.words import join, say

_FONT: Final = "DejaVu"
_FILES: Final = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"}
_MARGIN: Final = 16.0  # millimetres, as all lengths here
_LINE: Final = 1.4  # lines' distance in letter sizes
_MM: Final = 25.4 / 72  # of a point
_DPI: Final = 170
_NAMES: Final = 40.0
"""Width of the names of facts."""
_SIZES: Final = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64)
"""Of letters and pictures of the brief, the largest that fit is taken."""
_LEGIBLE: Final = 0.6
"""A chart that would be smaller than this is set over several pages instead."""
_INK, _SOFT, _ACCENT, _PALE = (31, 35, 40), (87, 96, 106), (0, 90, 140), (234, 243, 249)
_LONG_AGO: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""The date in the file: always the same, so that the same results give the same bytes."""


class _Sheet(FPDF):
    """A4 with the page's number at the foot."""

    colophon = ""
    size = 1.0
    """What sizes of letters and pictures are multiplied by."""

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font(_FONT, size=7.5)
        self.set_text_color(*_SOFT)
        self.cell(0, 4, self.colophon)
        self.set_x(self.l_margin)
        self.cell(0, 4, f"{self.page_no()} / {{nb}}", align=Align.R)


def two_pages(page: Document) -> bytes:
    """The brief as a PDF of two pages, in letters as large as they hold.

    Raises
    ------
    RuntimeError
        When even the smallest letters do not: a fault of simflow.
    """
    for size in _SIZES:
        sheet = _opened(page, plain(page.title), size)
        for number, part in enumerate(page.brief):
            if number:
                sheet.add_page()
            sheet.start_section(plain(part.title))
            _blocks(sheet, part.blocks, 1)
        content = bytes(sheet.output())  # also of one that is too long: it closes the fonts' files
        if sheet.page_no() == len(page.brief):
            return content
    raise RuntimeError(f"the brief has {sheet.page_no()} pages; expected {len(page.brief)}")


def annex(page: Document) -> bytes:
    """Everything behind the brief as a PDF."""
    sheet = _opened(page, plain(say("annex_in", page.lang, title=page.title)), 1.0)
    for section in page.sections:
        _group(sheet, section, 0)
    return bytes(sheet.output())


def _opened(page: Document, title: str, size: float) -> _Sheet:
    """A sheet with its heading."""
    # Fonts are cut down to the letters used; fontTools tells of each table that it drops.
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    sheet = _sheet(page, title)
    sheet.size = size
    sheet.set_font(_FONT, "B", 18)
    _text(sheet, title, 16, bold=True)
    _text(sheet, plain(page.subtitle), 10, colour=_SOFT)
    sheet.ln(2)
    return sheet


def _sheet(page: Document, title: str) -> _Sheet:
    sheet = _Sheet(format="A4")
    folder = resources.files("matplotlib").joinpath("mpl-data/fonts/ttf")
    for style, name in _FILES.items():
        with resources.as_file(folder.joinpath(name)) as path:
            sheet.add_font(_FONT, style, path)
    sheet.set_margin(_MARGIN)
    sheet.set_auto_page_break(True, margin=_MARGIN + 2)
    sheet.set_creation_date(_LONG_AGO)
    sheet.set_title(title)
    sheet.set_lang(page.lang)
    sheet.set_creator("simflow")
    sheet.colophon = plain(page.colophon)
    sheet.add_page()
    return sheet


def _text(sheet: _Sheet, text: str, size: float, *, bold: bool = False,
          colour: tuple[int, int, int] = _INK, indent: float = 0.0) -> None:  # fmt: skip
    size *= sheet.size
    sheet.set_font(_FONT, "B" if bold else "", size)
    sheet.set_text_color(*colour)
    sheet.set_x(sheet.l_margin + indent)
    sheet.multi_cell(0, size * _MM * _LINE, text, align=Align.L, new_x="LMARGIN", new_y="NEXT")


def _group(sheet: _Sheet, group: Group, level: int) -> None:
    title = plain(group.title)
    size = (14, 11.5, 10.5)[min(level, 2)]
    first = group.blocks[0] if group.blocks else None
    below = 40.0 if isinstance(first, Group) else 25.0
    if isinstance(first, Picture):
        below = _size(sheet, first)[1]
    _room(sheet, min(below + 15, sheet.eph))
    sheet.ln(5 if level == 0 else 3)
    sheet.set_font(_FONT, "B", size)
    sheet.start_section(title, level=level)
    _text(sheet, title, size, bold=True, colour=_ACCENT if level == 0 else _INK)
    sheet.ln(1)
    _blocks(sheet, group.blocks, level + 1)


def _room(sheet: _Sheet, height: float) -> None:
    """Begin a new page unless `height` is left on this one."""
    if sheet.will_page_break(height):
        sheet.add_page()


def _blocks(sheet: _Sheet, blocks: Iterable[Block], level: int) -> None:
    for block in blocks:
        match block:
            case Paragraph():
                _paragraph(sheet, block)
            case Bullets():
                for item in block.items:
                    _bullet(sheet, plain(item))
                sheet.ln(1.5)
            case Facts():
                _facts(sheet, block)
            case Table():
                _table(sheet, block)
            case Picture():
                _picture(sheet, block)
            case Twofold():
                _twofold(sheet, block)
            case Group():
                _group(sheet, block, level)


def _paragraph(sheet: _Sheet, block: Paragraph) -> None:
    text = plain(block.text)
    if not block.lead:
        _text(sheet, text, 8 if block.small else 9.5, colour=_SOFT if block.small else _INK)
        sheet.ln(1.2)
        return
    size = 12.5 * sheet.size
    sheet.set_font(_FONT, "B", size)
    sheet.set_text_color(*_INK)
    sheet.set_fill_color(*_PALE)
    sheet.multi_cell(0, size * _MM * _LINE, text, fill=True, align=Align.L, padding=3,
                     new_x="LMARGIN", new_y="NEXT")  # fmt: skip
    sheet.ln(2.5)


def _facts(sheet: _Sheet, block: Facts) -> None:
    """Each name in bold, its text beside it."""
    for name, text in block.pairs:
        _room(sheet, 8)
        size = 9.5 * sheet.size
        sheet.set_font(_FONT, "B", size)
        sheet.set_text_color(*_INK)
        height = size * _MM * _LINE
        top = sheet.get_y()
        sheet.multi_cell(_NAMES, height, plain(name), align=Align.L, new_x="LEFT", new_y="NEXT")
        below = sheet.get_y()
        sheet.set_xy(sheet.l_margin + _NAMES, top)
        sheet.set_font(_FONT, "", size)
        sheet.multi_cell(0, height, plain(text), align=Align.L, new_x="LMARGIN", new_y="NEXT")
        sheet.set_y(max(sheet.get_y(), below))
        sheet.ln(0.8)
    sheet.ln(1.5)


def _twofold(sheet: _Sheet, block: Twofold) -> None:
    """Both lists side by side, in boxes."""
    size = 10 * sheet.size
    sheet.set_font(_FONT, size=size)
    sheet.set_text_color(*_INK)
    sheet.set_draw_color(208, 215, 222)
    sheet.set_fill_color(255, 255, 255)
    head = FontFace(emphasis=TextEmphasis.B, color=_INK, fill_color=(246, 248, 250))
    with sheet.table(text_align=Align.L, headings_style=head, line_height=size * _MM * _LINE,
                     padding=1.5) as table:  # fmt: skip
        sides = (block.left, block.right)
        for cells in ([side[0] for side in sides], [join(side[1], "\n") for side in sides]):
            row = table.row()
            for cell in cells:
                row.cell(plain(cell))
    sheet.ln(2)


def _bullet(sheet: _Sheet, text: str) -> None:
    _room(sheet, 8)
    sheet.set_font(_FONT, size=9.5)
    sheet.set_text_color(*_INK)
    sheet.cell(5, 9.5 * _MM * _LINE, "•")
    _text(sheet, text, 9.5, indent=5)
    sheet.ln(0.6)


def _table(sheet: _Sheet, block: Table) -> None:
    _room(sheet, 28)
    sheet.ln(1)
    _text(sheet, plain(block.caption), 9, bold=True)
    sheet.set_font(_FONT, size=7.5)
    sheet.set_draw_color(208, 215, 222)
    sheet.set_fill_color(255, 255, 255)
    head = FontFace(emphasis=TextEmphasis.B, color=_INK, fill_color=(246, 248, 250))
    aligns = [Align.R if place in block.numeric else Align.L for place in range(len(block.head))]
    options: dict[str, Any] = {"col_widths": block.widths} if block.widths else {}
    with sheet.table(
        text_align=aligns, headings_style=head, line_height=7.5 * _MM * 1.3, padding=0.8,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES, **options,
    ) as table:  # fmt: skip
        for cells in (block.head, *block.rows):
            row = table.row()
            for cell in cells:
                row.cell(plain(cell))
    sheet.ln(3)


def _picture(sheet: _Sheet, block: Picture) -> None:
    """The chart on one page, with its headline in the outline and its alt text.

    One of very many rows, too small to read on one page, goes on over several.
    """
    chart = block.chart
    content = BytesIO()
    with styled():
        chart.figure.savefig(content, format="png", dpi=_DPI, metadata={"Software": None})
    width, height = _size(sheet, block)
    _room(sheet, min(height, sheet.eph - 20) + 2)
    sheet.start_section(chart.headline, level=1)
    most = int((sheet.eph - 20) / width * chart.figure.get_size_inches()[0] * _DPI)
    for part in _parts(Image.open(content), most):
        tall = width * part.height / part.width
        _room(sheet, tall)
        sheet.image(part, w=width, h=tall, alt_text=chart.alt)
    sheet.ln(4)


def _size(sheet: _Sheet, block: Picture) -> tuple[float, float]:
    """Width and height on paper: the full width, or less where one page then holds it."""
    wide, tall = block.chart.figure.get_size_inches()
    width, most = sheet.epw * sheet.size, sheet.eph - 20
    shrink = min(1.0, most / (width * tall / wide))
    shrink = shrink if shrink >= _LEGIBLE else 1.0
    return width * shrink, width * shrink * tall / wide


def _parts(picture: Image.Image, most: int) -> list[Image.Image]:
    """The picture cut into parts of at most so many pixels of height, between its rows."""
    light = np.asarray(picture.convert("L"), float).mean(axis=1)
    cuts = [0]
    while picture.height - cuts[-1] > most:
        last = cuts[-1] + most
        cuts.append(last - int(np.argmax(light[last - most // 5 : last][::-1])))
    ends = [*cuts[1:], picture.height]
    return [picture.crop((0, top, picture.width, end)) for top, end in zip(cuts, ends, strict=True)]
