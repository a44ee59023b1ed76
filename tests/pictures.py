"""The pictures of the README: the explorer over the sample corpus, as a browser shows it.

`python -m tests.pictures FOLDER` builds the graph of the sample corpus, serves it, and writes one
WebP for each screen; `make pictures` puts them where the README looks for them. The same software
gives the same pictures but for the browser's release and the fonts of the machine.
"""

import argparse
import base64
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import httpx
from playwright.sync_api import Page, sync_playwright

from graph.build import build
from graph.resources import data_path
from tests.api.rest import ask
from tests.api.serving import served
from tests.browser import CHROMIUM

WIDTH, HEIGHT, QUALITY = 1280, 760, 84
# A README is read over slow lines too.
MOST_BYTES = 120_000
_FLAGS = (
    *("--disable-gpu", "--no-sandbox", "--hide-scrollbars", "--force-color-profile=srgb"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
GOAL, SPEAKER, BODY = "strengthen basic research", "Xi Jinping", "European Commission"
EVENTS = ("cn-politburo-basic-research-2023", "cn-qiushi-basic-research-2023")

Shot = Callable[[Page, httpx.Client], None]


def start(page: Page, _: httpx.Client) -> None:
    """What there is, and where to begin."""
    page.goto("/")


def explore(page: Page, service: httpx.Client) -> None:
    """A goal with those who want it, and the sentence behind one of the lines."""
    goal, speaker = _id(service, GOAL), _id(service, SPEAKER)
    edge = f"{speaker}|calls-for|{goal}"
    steps = [("step", f"e|{goal}|||12|"), ("step", f"a|{speaker}")]
    page.goto(f"/explore?{urlencode([('seed', goal), *steps, ('select', edge)])}")
    page.wait_for_selector("body[data-ready]")
    page.get_by_test_id("evidence").wait_for()


def paths(page: Page, service: httpx.Client) -> None:
    """How two actors are related, with the sentences of each step."""
    ends = {"from": SPEAKER, "to": BODY}
    ids = {f"{end}_id": _id(service, name) for end, name in ends.items()}
    page.goto(f"/paths?{urlencode(ends | ids)}")
    page.get_by_test_id("path").first.locator("summary").first.click()
    page.get_by_test_id("hop").first.wait_for()


def compare(page: Page, service: httpx.Client) -> None:
    """What two documents share, and what only one of them has."""
    first, second = (_document(service, name) for name in EVENTS)
    page.goto(f"/compare?{urlencode({'a_id': first, 'b_id': second})}")
    page.get_by_test_id("both").wait_for()


def reader(page: Page, service: httpx.Client) -> None:
    """A document with the sentence that was looked for, and the statements in the margin."""
    goal, speaker = _id(service, GOAL), _id(service, SPEAKER)
    edge = f"{speaker}|calls-for|{goal}"
    page.goto(f"/explore?{urlencode([('seed', goal), ('seed', speaker), ('select', edge)])}")
    page.wait_for_selector("body[data-ready]")
    page.get_by_test_id("evidence").get_by_role("link", name="open in document").first.click()
    page.get_by_test_id("reader").wait_for()
    page.evaluate("scrollTo(0, 0)")


SCREENS: Mapping[str, Shot] = {
    shot.__name__: shot for shot in (start, explore, paths, compare, reader)
}


def take(data: Path, folder: Path, log: Path) -> list[Path]:
    """Serve the graph of the sample corpus and take all pictures; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        served(data, log, {"workers": 1, "spare_workers": 0}) as running,
        _page(running.url) as page,
        running.client() as service,
    ):
        return [_taken(page, service, name, folder) for name in SCREENS]


@contextmanager
def _page(address: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        context = browser.new_context(
            base_url=address,
            viewport={"width": WIDTH, "height": HEIGHT},
            color_scheme="light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
        )
        yield context.new_page()
        browser.close()


def _taken(page: Page, service: httpx.Client, name: str, folder: Path) -> Path:
    SCREENS[name](page, service)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    # Playwright itself writes PNG, which is four times the size.
    session = page.context.new_cdp_session(page)
    asked = {"format": "webp", "quality": QUALITY}
    taken = base64.b64decode(session.send("Page.captureScreenshot", asked)["data"])
    session.detach()
    path = folder / f"{name}.webp"
    path.write_bytes(taken)
    return path


def _id(service: httpx.Client, name: str) -> str:
    """The id of the thing with this name."""
    found = ask(service, "/search", q=name)["items"]
    return str(next(item["id"] for item in found if item["label"] == name))


def _document(service: httpx.Client, name: str) -> str:
    found = ask(service, "/documents", limit=100)["items"]
    return str(next(item["id"] for item in found if item["name"] == name))


def main() -> None:
    """Take the pictures, and refuse one that is too large."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as place:
        data = Path(place) / "scipol-data"
        build([data_path("corpus")], data)
        taken = take(data, folder, Path(place) / "log")
    for path in taken:
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")
    if large := [path.name for path in taken if path.stat().st_size > MOST_BYTES]:
        parser.exit(1, f"larger than {MOST_BYTES // 1000} kB: {', '.join(large)}\n")


if __name__ == "__main__":
    main()
