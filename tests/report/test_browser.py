"""The page in a real browser: Debian's Chromium, driven by Playwright; nothing is downloaded.

Skipped where there is no Chromium; ``.ci/browser`` installs it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from pypdf import PdfReader

from simflow.report import write
from simflow.results import View
from tests import views

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser")
AXE: Final = "axe-core@4.14.1"
WIDTHS: Final = (1280, 390)
LANGS: Final = ("en", "fi")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None,
        reason="chromium is not installed; .ci/browser (or: apt-get install chromium) does it",
    ),
]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, comparison: View) -> dict[str, Path]:
    """Reports to open: a rich one in each language, and one with hostile texts."""
    folder = tmp_path_factory.mktemp("pages")
    found = {lang: write(views.view(), folder / lang, lang)[0] for lang in LANGS}  # type: ignore[arg-type]
    return {**found, "hostile": write(comparison, folder / "hostile", "en")[0]}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a window and without a network."""
    with playwright.sync_playwright() as driver:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
                   "--disable-component-update", "--disable-sync", "--no-first-run",
                   "--host-resolver-rules=MAP * ~NOTFOUND"]  # fmt: skip
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=options)
        yield chromium
        chromium.close()


def opened(browser: Any, path: Path, width: int = 1280, **context: Any) -> tuple[Any, list[str]]:
    """The page, and everything that went wrong while it opened."""
    page = browser.new_context(viewport={"width": width, "height": 900}, **context).new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
    page.on(
        "request",
        lambda request: (
            wrong.append(f"request: {request.url}")
            if request.url != path.as_uri() and not request.url.startswith("data:")
            else None
        ),
    )
    page.goto(path.as_uri())
    return page, wrong


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", [*LANGS, "hostile"])
def test_opens_without_errors_requests_or_overflow(
    browser: Any, pages: dict[str, Path], name: str, width: int
) -> None:
    page, wrong = opened(browser, pages[name], width)
    assert wrong == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"the page is {wide} px wide in a window of {width} px"
    assert page.locator("main svg").count() >= 6
    page.context.close()


@pytest.mark.parametrize("name", LANGS)
def test_readable_without_javascript(browser: Any, pages: dict[str, Path], name: str) -> None:
    page, wrong = opened(browser, pages[name], java_script_enabled=False)
    assert wrong == []
    assert {"en": "Choose", "fi": "Valitkaa"}[name] in page.inner_text("main")
    page.locator("summary").first.click()
    assert page.locator("details table").first.is_visible()
    page.context.close()


@pytest.mark.parametrize("name", LANGS)
def test_the_keyboard_reaches_skip_link_and_wide_tables(
    browser: Any, pages: dict[str, Path], name: str
) -> None:
    page, _ = opened(browser, pages[name], 390)
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    assert focused == "#part-verdict"
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every(e => e.tabIndex === 0)")
    page.context.close()


@pytest.mark.parametrize("name", LANGS)
def test_prints_to_pdf_with_nothing_cut(browser: Any, pages: dict[str, Path], name: str) -> None:
    page, _ = opened(browser, pages[name])
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1000})  # an A4 sheet within its margins
    cut = page.evaluate("""[...document.querySelectorAll('main table, main svg, main p, main h2')]
        .filter(e => e.getClientRects().length && e.getBoundingClientRect().right > 690)
        .map(e => e.outerHTML.slice(0, 80))""")
    assert cut == []
    content = page.pdf(prefer_css_page_size=True)
    sheets = [sheet.extract_text() for sheet in PdfReader(BytesIO(content)).pages]
    assert 4 <= len(sheets) <= 40
    assert {"en": "Choose", "fi": "Valitkaa"}[name] in sheets[0]
    page.context.close()


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core's source, from the npm registry."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, and axe-core comes from it")
    folder = tmp_path_factory.mktemp("axe")
    done = subprocess.run(
        [npm, "install", "--no-save", "--no-audit", "--no-fund", "--prefix", str(folder), AXE],
        cwd=folder, capture_output=True, text=True, timeout=180, stdin=subprocess.DEVNULL,
        env={**os.environ, "npm_config_update_notifier": "false"},
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"npm could not fetch {AXE}: {done.stderr.strip()[-300:]}")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", [*LANGS, "hostile"])
def test_axe_finds_no_serious_violation(
    browser: Any, pages: dict[str, Path], axe: str, name: str, width: int
) -> None:
    page, _ = opened(browser, pages[name], width)
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    page.evaluate(axe)
    found = page.evaluate("axe.run()")["violations"]
    serious = [
        (item["id"], item["help"], [node["html"][:120] for node in item["nodes"][:3]])
        for item in found
        if item["impact"] in ("serious", "critical")
    ]
    assert serious == [], json.dumps(serious, indent=1)
    page.context.close()
