"""The PDF: the page's words and charts on paper."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from simflow.errors import OutputError
from simflow.labels import Lang
from simflow.report import write
from simflow.report.pdf import _parts
from simflow.results import View
from tests import views


@pytest.mark.parametrize("lang", ["en", "fi"])
def test_words_pages_and_charts(tmp_path: Path, lang: Lang) -> None:
    _, path = write(views.view(), tmp_path, lang, pdf=True)
    reader = PdfReader(BytesIO(path.read_bytes()))
    pages = [page.extract_text() for page in reader.pages]
    text = "\n".join(pages)
    said = {"en": "One more guidance worker", "fi": "Yksi palveluohjaaja lisää"}[lang]
    assert said in pages[0]
    assert {"en": "Key figures", "fi": "Päämittarit"}[lang] in text
    for number, page in enumerate(pages, 1):
        assert f"{number} / {len(pages)}" in page
    assert sum(len(page.images) for page in reader.pages) >= 6
    assert reader.root_object["/Lang"] == {"en": "en", "fi": "fi"}[lang]
    assert len(path.read_bytes()) < 4_000_000


def test_hostile_texts_are_printed_as_they_are(tmp_path: Path, comparison: View) -> None:
    _, path = write(comparison, tmp_path, "en", pdf=True)
    text = PdfReader(path).pages[0].extract_text()
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
