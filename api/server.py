"""Runs the application under uvicorn, with the limits that must hold before a request is whole.

httptools reads a request in C and takes a fraction of the time that h11 does, but takes headers of
any length for any time. So its protocol is given a measure and a clock here; how many headers there
are is looked at by `limits.check_head`.
"""

from __future__ import annotations

import asyncio
import signal
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.app import create_app
from api.errors import BadRequest, HeadersTooLarge, RequestError, problem
from api.logs import set_up_logs
from api.settings import Settings
from graph import checkpoints
from graph.layout import DataDirectory

# How long a client that was refused may go on sending before the connection is closed.
_LINGER_SECONDS = 10.0


def run(settings: Settings) -> None:
    """Serve until the process is told to stop; requests that run get their time to finish."""
    set_up_logs(settings.log_level)
    for number in (signal.SIGINT, signal.SIGTERM):
        # The server raises the signal again when it has stopped in good order: all is done then.
        signal.signal(number, lambda *_: None)
    uvicorn.Server(configuration(settings)).run()


def prepare(settings: Settings) -> None:
    """Make an empty graph where there is none yet, so that documents can be added to it."""
    if not checkpoints.numbers(DataDirectory(settings.data)):
        from graph.writer import open_writer

        with open_writer(settings.data) as store:
            store.publish()


def configuration(settings: Settings) -> uvicorn.Config:
    """How uvicorn runs with these settings."""
    return uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        http=bounded_protocol(settings),
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


class Together:
    """The transport of an answer: what is written in one go leaves in one piece.

    An answer is written as its head and its body. Each piece costs a call of the system, and wakes
    the client, which takes longer than all that is done for a short query beside.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Write when the present turn of the loop is over."""
        if not self._pieces:
            self._loop.call_soon(self._flush)
        self._pieces.append(data)

    def close(self) -> None:
        """Write what there is, then close."""
        self._flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether it is closed, or soon will be."""
        return self._transport.is_closing()

    def _flush(self) -> None:
        if self._pieces:
            pieces, self._pieces = self._pieces, []
            self._transport.write(b"".join(pieces))


def bounded_protocol(settings: Settings) -> type[HttpToolsProtocol]:
    """The protocol of a connection, with the limits of these settings."""

    class BoundedProtocol(HttpToolsProtocol):
        """Measures a request until its headers are complete, and after it was refused."""

        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            self._size = 0
            self._is_in_head = True
            self._clock: asyncio.TimerHandle | None = None
            self._refusal: RequestError | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._together = Together(transport, self.loop)
            self._start_clock(settings.header_timeout)

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_clock()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if self._refusal:
                return
            super().data_received(data)
            if self._is_in_head and not self.transport.is_closing():
                self._size += len(data)
                if self._clock is None:
                    self._start_clock(settings.header_timeout)
                if self._size > 2 * settings.header_size:
                    self._refusal = HeadersTooLarge("The address and headers are too long.")
                    self.send_400_response("")

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self._is_in_head = True
            self._size = 0

        def on_headers_complete(self) -> None:
            self._is_in_head = False
            self._stop_clock()
            super().on_headers_complete()
            self.cycle.transport = self._together  # type: ignore[assignment]

        def on_response_complete(self) -> None:
            super().on_response_complete()
            if self.cycle.more_body and not self.transport.is_closing():
                # It was refused unread. Closing now could take the answer from the client, which
                # is still sending; what it sends is thrown away, but not for ever.
                self._start_clock(_LINGER_SECONDS)

        def send_400_response(self, msg: str) -> None:
            answer = problem(self._refusal or BadRequest("This is not a valid HTTP request."))
            head = b"".join(b"%s: %s\r\n" % pair for pair in answer.raw_headers)
            self.transport.write(
                STATUS_LINE[answer.status_code] + head + b"connection: close\r\n\r\n"
            )
            self.transport.write(bytes(answer.body))
            self.transport.close()

        def _start_clock(self, seconds: float) -> None:
            self._stop_clock()
            self._clock = self.loop.call_later(seconds, self.transport.close)

        def _stop_clock(self) -> None:
            if self._clock:
                self._clock.cancel()
                self._clock = None

    return BoundedProtocol
