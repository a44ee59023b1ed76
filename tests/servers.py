"""Real servers of other makers on loopback, each with a folder and ports of its own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from graph.remote.address import RemoteAddress

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
RDFLIB_ENDPOINT = Path(sys.executable).with_name("rdflib-endpoint")
VIRTUOSO = "virtuoso-t"

_VIRTUOSO_INI = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = temp.db
TransactionFile = temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CaseMode = 2
DirsAllowed = .
VADInstallDir = .
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
MaxQueryMem = 256M
ThreadsPerQuery = 1
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = 100000
"""


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], address: str, folder: Path | None = None, seconds: float = 60
) -> Iterator[subprocess.Popen[bytes]]:
    """A server that answers at an address; ended when the block is left."""
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + seconds
        while not _answers(address):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start")
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(address: str) -> bool:
    try:
        httpx.get(address, timeout=5, trust_env=False)
    except httpx.TransportError:
        return False
    return True


@contextmanager
def oxigraph(folder: Path | None = None) -> Iterator[tuple[RemoteAddress, int]]:
    """The server of Oxigraph, in memory or in a folder: its addresses and its process."""
    base = f"http://127.0.0.1:{free_port()}"
    command = [str(OXIGRAPH), "serve", "--bind", base.removeprefix("http://")]
    if folder:
        command += ["--location", str(folder)]
    with running(command, base) as process:
        yield RemoteAddress(f"{base}/query", f"{base}/update", f"{base}/store"), process.pid


@contextmanager
def virtuoso(folder: Path) -> Iterator[RemoteAddress]:
    """Virtuoso with an empty database in a folder."""
    if not shutil.which(VIRTUOSO):
        raise FileNotFoundError(VIRTUOSO)
    port = free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(_VIRTUOSO_INI.format(sql=free_port(), http=port))
    base = f"http://127.0.0.1:{port}"
    command = [VIRTUOSO, "+foreground", "+configfile", str(ini)]
    with running(command, f"{base}/sparql", folder):
        yield RemoteAddress(
            f"{base}/sparql-auth",
            f"{base}/sparql-auth",
            f"{base}/sparql-graph-crud-auth",
            user="dba",
            password="dba",
            scheme="digest",
        )
