"""The PDF: the page's words and charts on paper."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from simflow.charts.verdicts import KINDS
from simflow.errors import OutputError
from simflow.labels import Lang
from simflow.report import write
from simflow.report.pdf import _parts
from simflow.results import View
from tests import views
from tests.views_espoo import EFFECTS, judged, view


@pytest.mark.parametrize("lang", ["en", "fi"])
@pytest.mark.parametrize("kinds", [("recommended",), ("trade_off",), (*EFFECTS, "recommended")])
def test_the_brief_has_two_pages_and_the_rest_is_a_second_file(
    tmp_path: Path, kinds: tuple[str, ...], lang: Lang
) -> None:
    _, brief, annex = write(judged(*kinds), tmp_path, lang, pdf=True)
    assert (brief.name, annex.name) == ("report.pdf", "report-annex.pdf")
    pages = [page.extract_text() for page in PdfReader(brief).pages]
    assert len(pages) == 2
    first = "recommended" if "recommended" in kinds else "trade_off"
    assert KINDS[first][lang] in pages[0]  # type: ignore[index]
    behind = "\n".join(page.extract_text() for page in PdfReader(annex).pages)
    assert {"en": "How the figures were made", "fi": "Miten luvut on laskettu"}[lang] in behind
    for path in (brief, annex):
        reader = PdfReader(BytesIO(path.read_bytes()))
        for number, page in enumerate(reader.pages, 1):
            assert f"{number} / {len(reader.pages)}" in page.extract_text()
        assert reader.root_object["/Lang"] == lang
        assert len(path.read_bytes()) < 4_000_000
    assert sum(len(page.images) for page in PdfReader(brief).pages) == 4


def test_a_run_has_two_pages_as_well(tmp_path: Path) -> None:
    _, brief, _ = write(view(12), tmp_path, "fi", pdf=True)
    assert len(PdfReader(brief).pages) == 2


def test_hostile_texts_are_printed_as_they_are(tmp_path: Path, comparison: View) -> None:
    _, _, annex = write(comparison, tmp_path, "en", pdf=True)
    text = "".join(page.extract_text() for page in PdfReader(annex).pages)
    assert "<script>alert(1)</script>" in text and "&amp;" not in text


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OutputError, match=r"report\.html: the report cannot be written"):
        write(views.view(alternatives=0), tmp_path / "taken", "en")


def test_a_chart_of_very_many_rows_is_cut_between_them() -> None:
    rows = np.full((400, 50), 255, np.uint8)
    rows[(np.arange(400) % 20) < 14] = 0  # fourteen dark lines of a row, six light ones below it
    parts = _parts(Image.fromarray(rows), 150)
    assert sum(part.height for part in parts) == 400
    assert all(part.height <= 150 for part in parts)
    assert [np.asarray(part)[-1, 0] for part in parts[:-1]] == [255, 255]
    assert len(_parts(Image.fromarray(rows), 400)) == 1
