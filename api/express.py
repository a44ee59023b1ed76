"""The quick way for short questions: no task, no middleware, one piece of answer.

Most questions to `/sparql` are plain, and answered in less time than all that stands around them
takes. Those go this way: the same looks at the request, the same process, the same headers, but
called straight from the connection. Whatever is not plain, is wrong, has to wait, takes long, fails
or is large goes the ordinary way, at once or from where it has got to; nothing is refused here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from starlette.types import Scope

from api.dependencies import Service
from api.formats import ALL, HTML, Chosen, choose
from api.limits import RequestLimits
from api.logs import note, request_id
from api.metrics import Metrics
from api.negotiation import prefers, wants_gzip
from api.security import FOR_DATA
from api.sparql import Asked, etag_of, request_of, understand
from graph.errors import ScipolError

# Headers that change what is done, and that few requests have.
_NOT_PLAIN = frozenset(
    (b"if-none-match", b"content-encoding", b"transfer-encoding", b"expect", b"upgrade")
)
# After so many seconds the ordinary way takes over, which notices when a client goes away.
_PATIENCE = 0.2
# Larger answers are streamed, or compressed where the client wants that.
_LARGEST = 256 << 10
_WORTH_GZIP = 1400
_SECURITY = b"".join(b"%s: %s\r\n" % pair for pair in FOR_DATA)
_BEGINNING = b"vary: Accept\r\ncache-control: no-cache\r\n"


class Express:
    """Answers what it can of the questions of one application."""

    def __init__(
        self, service: Callable[[], Service | None], limits: RequestLimits, metrics: Metrics
    ) -> None:
        """`service` gives what runs, None before the start and after the end."""
        self._service = service
        self._limits = limits
        self._metrics = metrics

    def take(
        self,
        scope: Scope,
        body: bytes,
        finish: Callable[[bytes, bytes], bool],
        go_on: Callable[[], bool],
    ) -> bool:
        """Take a request, if it is one for this way; the rest of it is whole.

        Then either `finish` is called with the lines of the head and the body, both for status 200,
        or `go_on`, after which the ordinary way has it. Both tell whether the client is there.
        """
        service = self._service()
        if service is None or not service.endpoint.sees_all_changes or not _is_plain(scope):
            return False
        scope["began"] = time.perf_counter()
        try:
            self._limits.admit(scope)
            question = understand(scope, body, service.settings)
            chosen = choose(question.accept)
            if question.text is None or chosen.is_none or prefers(question.accept, HTML, ALL):
                return False
            version = service.endpoint.data_version
            exchange = service.endpoint.query_now(request_of(service, scope, question, chosen))
        except ScipolError:
            # The ordinary way meets the same error, and knows how to tell it.
            return False
        if exchange is None:
            return False
        self._metrics.in_progress += 1
        ride = _Ride(scope, Asked(question, exchange, version), chosen, self._metrics)
        ride.begin(finish, go_on)
        return True


class _Ride:
    """One question on its way."""

    def __init__(self, scope: Scope, asked: Asked, chosen: Chosen, metrics: Metrics) -> None:
        self._scope = scope
        self._asked = asked
        self._chosen = chosen
        self._metrics = metrics

    def begin(self, finish: Callable[[bytes, bytes], bool], go_on: Callable[[], bool]) -> None:
        """Wait for the answer, but not for long."""
        self._finish, self._go_on = finish, go_on
        loop = asyncio.get_running_loop()
        self._clock = loop.call_later(_PATIENCE, self._change)
        self._asked.exchange.on_begun = self._arrive

    def _arrive(self) -> None:
        self._clock.cancel()
        exchange = self._asked.exchange
        size = exchange.size
        fits = size <= _LARGEST and not (size >= _WORTH_GZIP and wants_gzip(self._scope["headers"]))
        whole = exchange.whole() if fits else None
        if whole is None:
            self._change()
            return
        self._metrics.in_progress -= 1
        self._scope["request_id"] = request_id(self._scope)
        is_there = self._finish(self._lines(exchange.head["form"], len(whole)), whole)
        seconds = time.perf_counter() - self._scope["began"]
        note(self._metrics, self._scope, 200 if is_there else 0, seconds, len(whole))

    def _change(self) -> None:
        """Go the ordinary way from here."""
        self._clock.cancel()
        self._metrics.in_progress -= 1
        self._asked.exchange.on_begun = lambda: None
        self._scope["asked"] = self._asked
        if not self._go_on():
            self._scope["request_id"] = request_id(self._scope)
            self._asked.exchange.abandon()
            note(self._metrics, self._scope, 0, time.perf_counter() - self._scope["began"], 0)

    def _lines(self, form: str, size: int) -> bytes:
        """The head of the answer, as the ordinary way makes it."""
        etag = etag_of(self._asked.version, self._scope, self._asked.question, self._chosen)
        return b"%s%scontent-type: %s\r\ncontent-length: %d\r\n%sx-request-id: %s\r\n" % (
            _BEGINNING,
            b"etag: %s\r\n" % etag.encode() if etag else b"",
            self._chosen.content_type(form).encode(),
            size,
            _SECURITY,
            self._scope["request_id"].encode(),
        )


def _is_plain(scope: Scope) -> bool:
    return _NOT_PLAIN.isdisjoint(name for name, _ in scope["headers"])
