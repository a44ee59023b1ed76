"""A real browser, where one is installed: pages are opened in it and read back."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

# The first has no windows, and takes half the processor time of the others.
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((p for p in map(shutil.which, _BROWSERS) if p), None)
needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="NO BROWSER: install chromium, or pages are only parsed, not opened"
)
# No name is resolved, so that neither a page nor the browser itself reaches anybody.
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND",
    *("--disable-dev-shm-usage", "--window-size=1400,1000", "--virtual-time-budget=3000"),
)


def grave_faults(page: Page) -> set[tuple[str, str]]:
    """What shuts people out of the page that is open, in light and in dark: rule and element.

    Rules of axe-core; in the dark, colours are all that may differ.
    """
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = set()
    for scheme, run in (("light", "{}"), ("dark", "{runOnly: ['color-contrast']}")):
        page.emulate_media(color_scheme=scheme)
        result = page.evaluate(f"() => axe.run({{resultTypes: ['violations'], ...{run}}})")
        assert len(result["passes"]) > (15 if scheme == "light" else 0)
        found |= {
            (one["id"], node["html"][:150])
            for one in result["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        }
    page.emulate_media(color_scheme="light")
    return found


def opened(page: Path, *flags: str) -> str:
    """The document as the browser has it after its scripts ran."""
    assert CHROMIUM
    with tempfile.TemporaryDirectory() as profile:
        command = [CHROMIUM, *_FLAGS, f"--user-data-dir={profile}", *flags, "--dump-dom"]
        done = subprocess.run(
            [*command, page.absolute().as_uri()], capture_output=True, timeout=90, check=True
        )
    return done.stdout.decode()


@contextmanager
def visited(page: Path) -> Iterator[tuple[Page, list[str]]]:
    """A tab with the page, to click in, and the addresses that were asked for."""
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--disable-gpu", "--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND"],
        )
        try:
            tab = browser.new_page(viewport={"width": 1000, "height": 760})
            tab.on("request", lambda request: asked.append(request.url))
            tab.goto(page.as_uri())
            yield tab, asked
        finally:
            browser.close()
