"""Services to ask. Take `service` to read (the small world of `tests/graph/small_world.py`, with
settings as they come), `writable` to write (an empty graph, a token, the plain default graph).
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.serving import Served, served, token


@pytest.fixture(scope="session")
def service(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("service")
    data = shutil.copytree(world, folder / "data")
    with served(data, folder / "log", {"workers": 2}) as running:
        yield running


@pytest.fixture(scope="session")
def client(service: Served) -> Iterator[httpx.Client]:
    with service.client() as client:
        yield client


@pytest.fixture(scope="session")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("writable")
    (folder / "token").write_text(token(folder / "data"))
    settings = {"workers": 1, "union_default_graph": "false", "upload_size": 2, "update_size": 1}
    with served(folder / "data", folder / "log", settings) as running:
        yield running


@pytest.fixture(scope="session")
def writer(writable: Served) -> Iterator[httpx.Client]:
    """A client that may write."""
    given = (writable.data.parent / "token").read_text()
    with writable.client(headers={"Authorization": f"Bearer {given}"}) as client:
        yield client
