"""The real service on a data directory of the tests, and how it is asked."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from api.app import create_app
from api.settings import Settings
from api.tokens import TokenFile

V1 = "/api/v1"


@contextmanager
def serving(data: Path, **settings: Any) -> Iterator[httpx.Client]:
    """A client of the real service over a data directory, on a port of its own."""
    app = create_app(Settings(data=data, workers=1, spare_workers=0, **settings))
    with running(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", http="h11")
    ) as client:
        yield client


@contextmanager
def running(config: uvicorn.Config) -> Iterator[httpx.Client]:
    """A client of a service that runs in a thread of this process."""
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the service did not start"
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False
        ) as client:
            # It is loaded in a thread; what imports meanwhile disturbs the tests.
            assert client.get("/static/style.css").status_code == 200
            yield client
    finally:
        server.should_exit = True
        thread.join()


def copied(world: Path, to: Path) -> Path:
    """A copy of a data directory, to be changed."""
    shutil.copytree(world, to, dirs_exist_ok=True)
    return to


def token_for(data: Path) -> dict[str, str]:
    """Headers of a curator."""
    return {"Authorization": f"Bearer {TokenFile(data / 'tokens.json').new('curator')}"}


def ask(client: httpx.Client, path: str, **parameters: Any) -> Any:
    """The JSON of an answer that must be good."""
    names = {name.rstrip("_"): value for name, value in parameters.items()}
    response = client.get(f"{V1}{path}", params=names)
    assert response.status_code == 200, response.text
    return response.json()


def find(client: httpx.Client, name: str) -> str:
    """The id of the thing of this name."""
    first = ask(client, "/search", q=name)["items"][0]
    assert name in (first["label"], first["alias"])
    return str(first["id"])
