"""Runs the application under uvicorn."""

from __future__ import annotations

import signal
import socket

import uvicorn

from api.app import create_app
from api.connection import Connection
from api.logs import set_up_logs
from api.settings import Settings, SettingsError
from graph import checkpoints
from graph.layout import DataDirectory


def run(settings: Settings) -> None:
    """Serve until the process is told to stop; requests that run get their time to finish."""
    set_up_logs(settings.log_level)
    for number in (signal.SIGINT, signal.SIGTERM):
        # The server raises the signal again when it has stopped in good order: all is done then.
        signal.signal(number, lambda *_: None)
    uvicorn.Server(configuration(settings)).run()


def check_address(host: str, port: int) -> None:
    """Raise SettingsError where nobody can listen at this address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise SettingsError(
                f"Nobody can listen at {host}:{port} ({reason.lower()}); choose another --port."
            ) from error


def prepare(settings: Settings) -> bool:
    """Make an empty graph where there is none yet, so that documents can be added to it.

    Says whether it did.
    """
    if settings.place().address:
        # Texts, jobs and the index of names are here all the same.
        settings.data.mkdir(parents=True, exist_ok=True)
    elif not checkpoints.numbers(DataDirectory(settings.data)):
        from graph.writer import open_writer

        with open_writer(settings.data) as store:
            store.publish()
        return True
    return False


def configuration(settings: Settings) -> uvicorn.Config:
    """How uvicorn runs with these settings."""
    app = create_app(settings)
    # Behind a proxy, who the client is stands in a header, which the quick way does not read.
    express = None if settings.trusted_proxies else app.express
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=Connection.made(settings, express),
        ws="none",
        loop="auto",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        limit_concurrency=settings.connections,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=int(settings.stop_timeout),
    )
