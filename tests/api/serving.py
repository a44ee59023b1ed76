"""The service as operators run it: a process of its own on a free port of this machine."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

_STARTED = re.compile(r"Uvicorn running on (http://\S+:(\d+))")


@dataclass(frozen=True)
class Served:
    """A service that runs; `log` is the file that its log goes to."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    data: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, **more: object) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30, **more)  # type: ignore[arg-type]

    def send(self, request: bytes, seconds: float = 10) -> bytes:
        """Send bytes as they are, and return what comes until the service closes or is silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(request)
            found = b""
            try:
                while part := connection.recv(65536):
                    found += part
            except (TimeoutError, ConnectionResetError):
                pass
            return found

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


def token(data: Path, role: str = "curator") -> str:
    """A new token that counts for a data directory."""
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", "token", "new", "--role", role, "--data", str(data)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@contextmanager
def served(data: Path, log: Path, settings: Mapping[str, object] | None = None) -> Iterator[Served]:
    """Serve a data directory with these settings, each by its environment variable."""
    names = {f"SCIPOL_{name.upper()}": str(value) for name, value in (settings or {}).items()}
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SCIPOL_")}
    command = [sys.executable, "-m", "api.cli", "serve", "--data", str(data), "--port", "0"]
    with (
        log.open("wb") as output,
        subprocess.Popen(command, env=kept | names, stdout=output, stderr=output) as process,
    ):
        try:
            yield Served(process, _port(process, log), log, data)
        finally:
            process.kill()


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    """The port that the service took, once it listens."""
    for _ in range(1200):
        if found := _STARTED.search(log.read_text()):
            return int(found[2])
        if process.poll() is not None:
            raise AssertionError(f"the service did not start:\n{log.read_text()}")
        time.sleep(0.05)
    raise AssertionError(f"the service does not listen:\n{log.read_text()}")
