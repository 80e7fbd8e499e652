"""The report for the steering group: a brief of two pages and its annex, from the results alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from simflow.errors import OutputError
from simflow.labels import Lang

if TYPE_CHECKING:
    from simflow.results import View

__all__ = ["html", "write"]


def html(view: View, lang: Lang) -> str:
    """The report as one self-contained HTML page.

    Parameters
    ----------
    view : View
        A run or a comparison.
    lang : {"en", "fi"}
        Language of every word on the page.
    """
    from simflow.report.html import render
    from simflow.report.page import document

    return render(document(view, lang))


def write(view: View, folder: str | Path, lang: Lang, pdf: bool = False) -> list[Path]:
    """Write ``report.html`` into a folder, made when missing.

    With `pdf`, also ``report.pdf``, the two pages of the brief, and ``report-annex.pdf``.

    Returns
    -------
    list of Path
        The files written; the same view gives the same bytes.

    Raises
    ------
    OutputError
        When the folder cannot be written to.
    """
    from simflow.report.html import render
    from simflow.report.page import document

    page = document(view, lang)
    contents = {"report.html": render(page).encode()}
    if pdf:
        from simflow.report.pdf import annex, two_pages

        contents |= {"report.pdf": two_pages(page), "report-annex.pdf": annex(page)}
    return [put(Path(folder) / name, content) for name, content in contents.items()]


def put(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all."""
    temporary = path.with_name(f".{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        os.replace(temporary, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"{path}: the report cannot be written ({reason}); choose another place with --out"
        ) from None
    return path
