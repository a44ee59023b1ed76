"""Somebody at a browser: a fresh profile, what it complains of, and what it asks for."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.api.serving import Served

READY = "body[data-ready]"
# Milliseconds between two looks at a page. To look at every frame makes it draw every frame.
POLLING = 50
FLAGS = (
    "--disable-gpu",
    "--no-sandbox",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def slowness() -> float:
    """How many times longer than alone something takes on this machine at the moment.

    Budgets of time are multiplied by it, and by two: they are to find what has become slow, not
    that others use the machine.
    """
    wall, cpu = time.perf_counter(), time.process_time()
    while time.process_time() - cpu < 0.15:
        pass
    return max((time.perf_counter() - wall) / 0.15, 1.0) * 2


class Visitor:
    """Somebody with a fresh profile."""

    def __init__(self, browser: Browser, service: Served, **more: Any) -> None:
        self.service = service
        self.complaints: list[str] = []
        self.requests: list[str] = []
        more = {"viewport": {"width": 1300, "height": 850}} | more
        self.context: BrowserContext = browser.new_context(base_url=service.url, **more)
        self.context.set_default_timeout(60_000)
        self.page: Page = self.context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text) if message.type == "error" else None
            ),
        )

    def explore(self, query: str) -> None:
        self.page.goto(f"/explore?{query}")
        self.page.wait_for_selector(READY)

    def view(self) -> dict[str, Any]:
        self.settle()
        found: dict[str, Any] = self.page.evaluate("window.explorer.view()")
        return found

    def settle(self) -> None:
        self.page.wait_for_function("() => !document.body.dataset.busy", polling=POLLING)

    def places(self) -> dict[str, tuple[float, float]]:
        return {node["id"]: (node["x"], node["y"]) for node in self.view()["nodes"]}

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()

    def says(self, words: str) -> None:
        self.page.wait_for_function(
            "words => document.getElementById('live').textContent.includes(words)",
            arg=words,
            polling=POLLING,
        )

    def click_line(self, edge: str) -> None:
        point = self.page.evaluate("edge => window.explorer.at(edge)", edge)
        self.page.mouse.click(point["x"], point["y"])

    def waits_for(self, condition: str, argument: Any = None) -> None:
        self.page.wait_for_function(condition, arg=argument, polling=POLLING)
