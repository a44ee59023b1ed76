"""Fixture A (`service`): sixty things, hostile names, undated and parallel relations, an island.
Fixture B (`big`): twenty thousand things. Both are for reading only. The browser runs as long as
the tests of one module: what drives it keeps an event loop that other tests would stumble over.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.api.explorer import big_world, world
from tests.api.explorer.visitor import FLAGS, Visitor
from tests.api.rest import find
from tests.api.serving import Served, served
from tests.browser import CHROMIUM
from tests.graph.small_world import BASIC, FUND, SPEAKER

_SETTINGS = {"workers": 1, "spare_workers": 0}


@pytest.fixture(scope="session")
def explored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data directory of fixture A."""
    data = tmp_path_factory.mktemp("explored")
    world.store(data)
    return data


@pytest.fixture(scope="module")
def service(explored: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(explored, tmp_path_factory.mktemp("log") / "log", _SETTINGS) as running:
        yield running


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("big")
    big_world.store(folder / "data")
    with served(folder / "data", folder / "log", _SETTINGS) as running:
        with running.client() as client:
            # The first question makes the network and the index; people wait for it once.
            client.get("/explore?top=5", timeout=280).raise_for_status()
            client.get("/api/v1/search?q=number", timeout=280).raise_for_status()
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        assert CHROMIUM
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture
def visitor(browser: Browser, service: Served) -> Iterator[Visitor]:
    visitor = Visitor(browser, service)
    yield visitor
    visitor.context.close()


@pytest.fixture(scope="module")
def ids(service: Served) -> dict[str, str]:
    with service.client() as client:
        names = {
            "hub": world.TELESCOPES,
            "agency": world.AGENCY,
            "tides": world.TIDES,
            "basic": BASIC,
            "fund": FUND,
            "jose": SPEAKER,
            "ursula": "Ursula Lone",
            "eve": "Eve Hacker",
        }
        return {key: find(client, name) for key, name in names.items()}
