"""A connection of a client, with the limits that must hold before a request is whole.

httptools reads a request in C and takes a fraction of the time that h11 does, but takes headers of
any length for any time. So its protocol is given a measure and a clock here; how many headers there
are is looked at by `limits.check_head`. Short questions go from here the quick way, `api.express`.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from api.errors import BadRequest, HeadersTooLarge, RequestError, problem
from api.express import Express
from api.settings import Settings

if TYPE_CHECKING:
    from starlette.types import Scope
    from uvicorn._types import ASGI3Application

# How long a client that was refused may go on sending before the connection is closed.
_LINGER_SECONDS = 10.0
# What goes the quick way comes whole in so many seconds, and has no more bytes.
_HELD_SECONDS = 0.05
_HELD_BYTES = 32 << 10


class Together(asyncio.Transport):
    """A transport on which what is written in one go leaves in one piece.

    An answer is written as its head and its body. Each piece costs a call of the system, and wakes
    the client, which takes longer than all that is done for a short query beside.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._pieces: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write when the present turn of the loop is over."""
        if not self._pieces:
            self._loop.call_soon(self._flush)
        self._pieces.append(bytes(data))

    def write_at_once(self, data: bytes) -> None:
        """Write now, behind what was written before."""
        self._flush()
        self._transport.write(data)

    def close(self) -> None:
        """Write what there is, then close."""
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._transport.abort()

    def is_closing(self) -> bool:
        """Whether it is closed, or soon will be."""
        return self._transport.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What is known of the connection."""
        return self._transport.get_extra_info(name, default)

    def pause_reading(self) -> None:
        """Take nothing more for now."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Take again what comes."""
        self._transport.resume_reading()

    def _flush(self) -> None:
        if self._pieces:
            pieces, self._pieces = self._pieces, []
            self._transport.write(b"".join(pieces))


class Connection(HttpToolsProtocol):
    """Measures a request until its headers are complete, and after it was refused.

    `made` makes a class of connections for some settings: the server makes one object of it for
    each connection.
    """

    settings: ClassVar[Settings]
    express: ClassVar[Express | None]

    @classmethod
    def made(cls, settings: Settings, express: Express | None) -> type[Self]:
        """Connections with the limits of these settings, and a quick way, if there is one."""
        return type(cls.__name__, (cls,), {"settings": settings, "express": express})

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._size = 0
        self._is_in_head = True
        self._clock: asyncio.TimerHandle | None = None
        self._refusal: RequestError | None = None
        # A request that may go the quick way, until it is whole.
        self._held: ASGI3Application | None = None
        self._patience: asyncio.TimerHandle | None = None
        self._common = b""
        self._common_of: list[tuple[bytes, bytes]] = []

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Of asyncio: the client has come."""
        self._together = Together(transport, self.loop)
        super().connection_made(self._together)
        self._start_clock(self.settings.header_timeout)

    def connection_lost(self, exc: Exception | None) -> None:
        """Of asyncio: the client has gone."""
        self._stop_clock()
        self._hold_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Of asyncio: some bytes came."""
        if self._refusal:
            return
        super().data_received(data)
        if self._is_in_head and not self.transport.is_closing():
            self._size += len(data)
            if self._clock is None:
                self._start_clock(self.settings.header_timeout)
            if self._size > 2 * self.settings.header_size:
                self._refusal = HeadersTooLarge("The address and headers are too long.")
                self.send_400_response("")

    def on_message_begin(self) -> None:
        """Of httptools: a request begins."""
        super().on_message_begin()
        self._is_in_head = True
        self._size = 0

    def on_headers_complete(self) -> None:
        """Of httptools: its head is there."""
        self._is_in_head = False
        self._stop_clock()
        super().on_headers_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if self.express and app is self.app and cycle is self.cycle and self._may_be_quick():
            self._held = app
            self._patience = self.loop.call_later(_HELD_SECONDS, self._let_go)
        else:
            super()._start_asgi_task(cycle, app)

    def _may_be_quick(self) -> bool:
        """Whether to wait for the rest of the request; not while the client reads no answers."""
        is_query = self.scope["path"] == "/sparql" and self.scope["method"] in ("GET", "POST")
        return is_query and self.cycle.more_body and not self.flow.write_paused

    def on_body(self, body: bytes) -> None:
        """Of httptools: a part of its body is there."""
        super().on_body(body)
        if self._held and len(self.cycle.body) > _HELD_BYTES:
            self._let_go()

    def on_message_complete(self) -> None:
        """Of httptools: all of it is there."""
        super().on_message_complete()
        if self._held and self.express:
            cycle = self.cycle
            finish, go_on = partial(self._finish, cycle), partial(self._go_on, cycle)
            if self.express.take(cast("Scope", self.scope), bytes(cycle.body), finish, go_on):
                self._hold_no_more()
            else:
                self._let_go()

    def _let_go(self) -> None:
        """Send the request that was held the ordinary way."""
        if app := self._hold_no_more():
            super()._start_asgi_task(self.cycle, app)

    def _hold_no_more(self) -> ASGI3Application | None:
        app, self._held = self._held, None
        if self._patience:
            self._patience.cancel()
        return app

    def _go_on(self, cycle: RequestResponseCycle) -> bool:
        """Send a request that went the quick way for a while the ordinary one."""
        if not cycle.disconnected:
            super()._start_asgi_task(cycle, self.app)
        return not cycle.disconnected

    def _finish(self, cycle: RequestResponseCycle, lines: bytes, body: bytes) -> bool:
        """Write a whole answer, as the cycle would."""
        if cycle.disconnected:
            return False
        cycle.response_started = cycle.response_complete = True
        end = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
        self._together.write_at_once(b"".join((self._common_head(), lines, end, body)))
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()
        return True

    def _common_head(self) -> bytes:
        # The server makes a new list when the date has changed.
        if self._common_of is not self.server_state.default_headers:
            self._common_of = self.server_state.default_headers
            common = b"".join(b"%s: %s\r\n" % pair for pair in self._common_of)
            self._common = STATUS_LINE[200] + common
        return self._common

    def on_response_complete(self) -> None:
        """Of the server: it was answered."""
        super().on_response_complete()
        if self.cycle.more_body and not self.transport.is_closing():
            # It was refused unread. Closing now could take the answer from the client, which
            # is still sending; what it sends is thrown away, but not for ever.
            self._start_clock(_LINGER_SECONDS)

    def send_400_response(self, msg: str) -> None:
        """Of the server: refuse what is no request, and close."""
        answer = problem(self._refusal or BadRequest("This is not a valid HTTP request."))
        head = b"".join(b"%s: %s\r\n" % pair for pair in answer.raw_headers)
        self.transport.write(STATUS_LINE[answer.status_code] + head + b"connection: close\r\n\r\n")
        self.transport.write(bytes(answer.body))
        self.transport.close()

    def _start_clock(self, seconds: float) -> None:
        self._stop_clock()
        self._clock = self.loop.call_later(seconds, self.transport.close)

    def _stop_clock(self) -> None:
        if self._clock:
            self._clock.cancel()
            self._clock = None
