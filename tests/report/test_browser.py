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

from simflow.charts.verdicts import KINDS
from simflow.labels import Lang
from simflow.report import write
from simflow.results import View
from tests.views_espoo import EFFECTS, judged

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser")
AXE: Final = "axe-core@4.14.1"
WIDTHS: Final = (1280, 390)
LANGS: Final[tuple[Lang, ...]] = ("en", "fi")
NAMES: Final = [f"{kind}-{lang}" for kind in ("recommended", "trade_off", "many") for lang in LANGS]
TALL: Final = {1280: 3000, 390: 5600}
"""Pixels that both pages of the brief may take."""
SCREEN: Final = 900

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
    found = {
        f"{kinds[0] if len(kinds) == 1 else 'many'}-{lang}": write(
            judged(*kinds), folder / f"{len(kinds)}-{kinds[0]}-{lang}", lang
        )[0]
        for kinds in (("recommended",), ("trade_off",), tuple(EFFECTS))
        for lang in LANGS
    }
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
@pytest.mark.parametrize("name", [*NAMES, "hostile"])
def test_opens_without_errors_requests_or_overflow(
    browser: Any, pages: dict[str, Path], name: str, width: int
) -> None:
    page, wrong = opened(browser, pages[name], width)
    assert wrong == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"the page is {wide} px wide in a window of {width} px"
    assert page.locator("main svg").count() >= 6
    assert page.evaluate("[...document.querySelectorAll('details')].every(e => !e.open)")
    page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_the_brief_is_short_and_its_charts_are_drawn_for_the_screen(
    browser: Any, pages: dict[str, Path], name: str, width: int
) -> None:
    page, _ = opened(browser, pages[name], width)
    annex = page.evaluate("document.querySelector('#annex').getBoundingClientRect().top")
    assert annex <= TALL[width]
    shown = page.evaluate("""[...document.querySelectorAll('.sheet svg')]
        .filter(e => e.getClientRects().length).map(e => [e.id, e.getBoundingClientRect().right,
        e.getBoundingClientRect().bottom])""")
    assert len(shown) == 4
    assert all(right <= width for _, right, _ in shown)
    assert all(name.endswith("-narrow") == (width < 640) for name, _, _ in shown)
    if width == 1280:
        assert shown[0][2] <= SCREEN, "the picture is below the first screen"
    words = page.evaluate("""(() => { const e = document.querySelector('#brief-1').cloneNode(true);
        e.querySelectorAll('svg').forEach(s => s.remove()); return e.textContent })()""")
    assert len(words.split()) <= 300
    page.context.close()


@pytest.mark.parametrize("name", NAMES)
def test_readable_without_javascript(browser: Any, pages: dict[str, Path], name: str) -> None:
    page, wrong = opened(browser, pages[name], java_script_enabled=False)
    assert wrong == []
    kind = "trade_off" if name.startswith("trade") else "recommended"
    assert KINDS[kind][name[-2:]] in page.inner_text("main")  # type: ignore[index]
    page.locator("#part-method > summary").click()
    assert page.locator("#part-method table").first.is_visible()
    page.context.close()


@pytest.mark.parametrize("name", NAMES[:2])
def test_the_keyboard_reaches_skip_link_and_wide_tables(
    browser: Any, pages: dict[str, Path], name: str
) -> None:
    page, _ = opened(browser, pages[name], 390)
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    assert focused == "#brief-1"
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every(e => e.tabIndex === 0)")
    page.context.close()


@pytest.mark.parametrize("name", NAMES[:2])
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
    assert 2 <= len(sheets) <= 4  # what is closed is not printed
    assert KINDS["recommended"][name[-2:]] in sheets[0]  # type: ignore[index]
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
@pytest.mark.parametrize("name", [*NAMES, "hostile"])
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
