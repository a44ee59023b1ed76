"""The SPARQL 1.1 Protocol: read the request, run the query, send the answer.

This is the address that programs use most, so it is plain ASGI: no framework looks at it first.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from api import editor, service_description
from api.dependencies import Service
from api.errors import (
    BadRequest,
    ClientGone,
    MethodNotAllowed,
    NotAcceptable,
    RequestError,
    UnsupportedMedia,
)
from api.formats import ALL, HTML, SHORT, Chosen, choose
from api.limits import whole_body
from api.negotiation import prefers
from api.parameters import FORM, iris, read_parameters, seconds, single, utf8
from api.settings import Settings
from graph.errors import ScipolError
from graph.guard import FetchingRefused
from graph.sparql_text import keywords, update_word
from graph.workers import Answer, MalformedQuery, NoSuchFormat, QueryRequest

if TYPE_CHECKING:
    from graph.workers.exchange import Exchange

T = TypeVar("T")
QUERY_TYPE = "application/sparql-query"
UPDATE_TYPE = "application/sparql-update"
_KINDS = (FORM, QUERY_TYPE)
_TOLD = (b"accept", b"content-type")
ALLOW = "GET, HEAD, POST, OPTIONS"
# Answers that differ from one time to the next have no ETag.
_CHANGING = frozenset(("NOW", "RAND", "UUID", "STRUUID", "BNODE"))
# So long nobody listens whether the client is still there.
_PATIENCE = 0.2
_PORTION = 256 << 10
# The first word of a text that is none of the prologue stands in so many characters.
_PROLOGUE = 20_000


@dataclass(frozen=True)
class Question:
    """A query as the protocol gives it; `text` is None where there is no query.

    `union` says whether the default graph is the union of all where no dataset is named.
    """

    text: str | None
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    timeout: float | None
    accept: str | None
    union: bool


class Asked(NamedTuple):
    """A question that a process works on already, sent when the data had this version.

    `scope["asked"]` is one where `api.express` has begun what it could not finish.
    """

    question: Question
    exchange: Exchange
    version: str


class SparqlEndpoint:
    """The address `/sparql`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Of ASGI: answer one request."""
        service: Service = scope["app"].state.service
        if asked := scope.get("asked"):
            await send_answer(scope, receive, send, asked.question)
            return
        if scope["method"] == "OPTIONS":
            await _send_head(send, 204, {"Allow": ALLOW})
            return
        try:
            question = await read_question(scope, receive, service.settings)
        except RequestError as error:
            if not prefers(", ".join(Headers(scope=scope).getlist("accept")) or None, HTML, ALL):
                raise
            response = await editor.refused_page(service, error)
            response.headers.update(error.headers or {})
            await response(scope, receive, send)
            return
        wants_page = prefers(question.accept, HTML, ALL)
        if wants_page:
            page = editor.answer_page if question.text is not None else editor.empty_page
            watched = _Connection(receive)
            try:
                response = await watched.during(page(scope, service, question))
            finally:
                await watched.close()
            await response(scope, receive, send)
        elif question.text is None:
            response = await service_description.describe(scope, service, question.accept)
            await response(scope, receive, send)
        else:
            await send_answer(scope, receive, send, question)


async def read_question(scope: Scope, receive: Receive, settings: Settings) -> Question:
    """Read a query from a request by any of the three ways of the protocol.

    Raises BadRequest, MethodNotAllowed, UnsupportedMedia.
    """
    if scope["method"] != "POST":
        return understand(scope, b"", settings)
    # What is wrong already is said before anybody waits for the body.
    read_parameters(scope["query_string"], settings.parameter_count)
    _head(scope).kind()
    return understand(scope, await whole_body(receive), settings)


def understand(scope: Scope, body: bytes, settings: Settings) -> Question:
    """Read a query from a request whose body is there. Raises as `read_question` does."""
    head = _head(scope)
    most = settings.parameter_count
    given = read_parameters(scope["query_string"], most)
    method = scope["method"]
    if method in ("GET", "HEAD"):
        text = single(given, "query")
    elif method == "POST":
        text, given = _posted(head, body, given, most)
    else:
        raise MethodNotAllowed(f"{method} is not a method of this address.", {"Allow": ALLOW})
    if "update" in given:
        raise BadRequest("This address answers queries; updates go to /update.")
    return Question(
        text=text,
        default_graphs=iris(given, "default-graph-uri"),
        named_graphs=iris(given, "named-graph-uri"),
        timeout=seconds(given, "timeout"),
        accept=_accept(head.accept, single(given, "format")),
        union=settings.union_default_graph,
    )


def _posted(
    head: _Head, body: bytes, address: dict[str, list[str]], most: int
) -> tuple[str, dict[str, list[str]]]:
    """The query of a POST, and the other parameters."""
    kind = head.kind()
    if "query" in address:
        raise BadRequest("The query of a POST belongs into the body, not into the address.")
    if kind == QUERY_TYPE:
        return utf8(body, "The query"), address
    form = read_parameters(body, most)
    if (text := single(form, "query")) is None and "update" not in form:
        raise BadRequest("The form has no parameter 'query'.")
    return text or "", {
        name: [*address.get(name, ()), *form.get(name, ())] for name in {**address, **form}
    }


def body_type(headers: Headers, known: tuple[str, ...]) -> str:
    """The media type of a body, which must be one of these, in UTF-8. Raises UnsupportedMedia."""
    given = headers.getlist("content-type")
    if len(given) != 1:
        raise UnsupportedMedia(f"Say once what the body is: Content-Type {' or '.join(known)}.")
    kind, *parameters = (part.strip().lower() for part in given[0].split(";"))
    if kind not in known:
        raise UnsupportedMedia(f"A body of {kind[:80]!r} is not read here; send {_list(known)}.")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8"):
            raise UnsupportedMedia(f"Send UTF-8; {value.strip()[:40]!r} is not read here.")
    return kind


class _Head:
    """What the headers say about a question and its answer."""

    def __init__(self, told: tuple[tuple[bytes, bytes], ...]) -> None:
        headers = Headers(raw=list(told))
        self.accept = ", ".join(headers.getlist("accept")) or None
        self._headers = headers
        self._kind: str | None = None

    def kind(self) -> str:
        """The media type of the body. Raises UnsupportedMedia."""
        if self._kind is None:
            self._kind = body_type(self._headers, _KINDS)
        return self._kind


# Clients say the same again and again.
_read_head = lru_cache(maxsize=1024)(_Head)


def _head(scope: Scope) -> _Head:
    return _read_head(tuple(pair for pair in scope["headers"] if pair[0] in _TOLD))


def _accept(header: str | None, short: str | None) -> str | None:
    """What the client takes: a name in the address, short or a media type, wins over the header."""
    if short is None:
        return header
    if "/" in short:
        return short
    if short not in SHORT:
        raise BadRequest(f"There is no format {short[:40]!r}; choose one of {_list(SHORT)}.")
    return SHORT[short]


async def send_answer(scope: Scope, receive: Receive, send: Send, question: Question) -> None:
    """Run a query and send what it gives in a format that the client takes.

    Raises NotAcceptable, and what `Endpoint.query` raises.
    """
    service: Service = scope["app"].state.service
    chosen = choose(question.accept)
    if chosen.is_none:
        raise not_acceptable()
    asked: Asked | None = scope.get("asked")
    etag = None
    if service.endpoint.sees_all_changes:
        version = asked.version if asked else service.endpoint.data_version
        etag = etag_of(version, scope, question, chosen)
    headers = {"Vary": "Accept", "Cache-Control": "no-cache"}
    if etag:
        headers["ETag"] = etag
        if is_known(scope, etag):
            await _send_head(send, 304, headers)
            return
    watched = _Connection(receive)
    answer = await watched.during(ask(service, scope, question, chosen))
    try:
        headers["Content-Type"] = chosen.content_type(answer.form)
        await _send_body(scope, send, answer, headers, watched)
    finally:
        await watched.close()
        await answer.close()


async def ask(service: Service, scope: Scope, question: Question, chosen: Chosen) -> Answer:
    """Have a question answered. Raises what `Endpoint.query` raises."""
    asked: Asked | None = scope.get("asked")
    try:
        if asked:
            return await service.endpoint.answer_of(asked.exchange, asked.version)
        return await service.endpoint.query(request_of(service, scope, question, chosen))
    except (MalformedQuery, FetchingRefused) as error:
        if word := update_word((question.text or "")[:_PROLOGUE]):
            raise BadRequest(
                f"This address only reads, and {word} would change the graph: updates go to "
                "/update, with a token. Nothing was changed."
            ) from error
        raise
    except NoSuchFormat as error:
        raise NotAcceptable(f"{error} Accept one of: {_list(ALL)}.") from error


def request_of(service: Service, scope: Scope, question: Question, chosen: Chosen) -> QueryRequest:
    """A question as the processes get it. Raises BadRequest where the Host header is none."""
    return QueryRequest(
        text=question.text or "",
        formats=chosen.formats,
        default_graphs=question.default_graphs,
        named_graphs=question.named_graphs,
        union=question.union,
        base_iri=address_of(scope, service),
        timeout=question.timeout,
        client=scope["client_key"],
    )


def address_of(scope: Scope, service: Service) -> str:
    """The address of a request as the client knows it, without parameters.

    Raises BadRequest where the Host header is none.
    """
    if service.settings.public_url:
        return f"{str(service.settings.public_url).rstrip('/')}{scope['path']}"
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return _join(scope.get("scheme", "http"), host.decode("latin-1") or "localhost", scope["path"])


@lru_cache(maxsize=256)
def _join(scheme: str, host: str, path: str) -> str:
    if not host.isascii() or set(host) & set("<>\"{}|\\^`/?#@ \t%'") or len(host) > 255:
        raise BadRequest("The Host header is not a host.")
    return f"{scheme}://{host}{path}"


def not_acceptable() -> RequestError:
    """The error for an Accept header that leaves nothing."""
    return NotAcceptable(f"None of the accepted types is on offer; accept one of: {_list(ALL)}.")


def etag_of(version: str, scope: Scope, question: Question, chosen: Chosen) -> str | None:
    """A validator of the answer, which only the data can change; weak, since gzip may come."""
    if scope["method"] == "POST" or not _is_lasting(question.text or ""):
        return None
    parts = scope["query_string"] + chosen.name.encode()
    return f'W/"{version}.{hashlib.blake2b(parts, digest_size=8).hexdigest()}"'


@lru_cache(maxsize=1024)
def _is_lasting(text: str) -> bool:
    # Whoever sends the same query again wants the same answer; only these functions differ.
    upper = text.upper()
    return not any(word in upper for word in _CHANGING) or not keywords(text) & _CHANGING


def is_known(scope: Scope, etag: str) -> bool:
    """Whether the client has the answer already, by its If-None-Match."""
    given = Headers(scope=scope).get("if-none-match")
    return given is not None and etag in (part.strip() for part in given.split(","))


class _Connection:
    """Notices that a client goes away, without listening to those that are answered at once."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._listening: asyncio.Task[None] | None = None
        self._working: asyncio.Task[Any] | None = None
        self._has_gone = False
        self.on_gone: Callable[[], Awaitable[None]] | None = None

    async def during(self, work: Awaitable[T]) -> T:
        """Do some work; it is cancelled when the client goes away, and ClientGone raised."""
        self._working = asyncio.current_task()
        patience = asyncio.get_running_loop().call_later(_PATIENCE, self.gone)
        try:
            return await work
        except asyncio.CancelledError:
            if self._has_gone and self._working:
                self._working.uncancel()
                raise ClientGone from None
            await self.close()
            raise
        except Exception:
            await self.close()
            raise
        finally:
            self._working = None
            patience.cancel()

    def gone(self) -> asyncio.Task[None]:
        """What is done when the client has gone."""
        if self._listening is None:
            self._listening = asyncio.ensure_future(self._listen())
        return self._listening

    async def close(self) -> None:
        """Listen no more."""
        if self._listening:
            await _cancel(self._listening)

    async def _listen(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._has_gone = True
        if self._working:
            self._working.cancel()
        elif self.on_gone:
            await self.on_gone()


async def _cancel(task: asyncio.Future[Any]) -> None:
    if not task.done():
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task


async def _send_body(
    scope: Scope, send: Send, answer: Answer, headers: dict[str, str], connection: _Connection
) -> None:
    if answer.whole is not None:
        headers["Content-Length"] = str(len(answer.whole))
    await _start(send, 200, headers)
    if scope["method"] == "HEAD":
        await send({"type": "http.response.body", "body": b""})
    elif answer.whole is not None and len(answer.whole) <= _PORTION:
        await send({"type": "http.response.body", "body": answer.whole})
    else:
        connection.on_gone = answer.close
        await _stream(send, answer.body, connection.gone())


async def _stream(send: Send, body: AsyncIterator[bytes], gone: asyncio.Task[None]) -> None:
    """Send portion by portion; a failure goes on, so that the connection is broken."""
    try:
        async for portion in body:
            for start in range(0, len(portion), _PORTION):
                part = portion[start : start + _PORTION]
                await send({"type": "http.response.body", "body": part, "more_body": True})
                # Others get their turn between two portions.
                await asyncio.sleep(0)
    except ScipolError:
        if gone.done():
            raise ClientGone from None
        raise
    await send({"type": "http.response.body", "body": b""})


async def _send_head(send: Send, status: int, headers: Mapping[str, str]) -> None:
    await _start(send, status, headers)
    await send({"type": "http.response.body", "body": b""})


async def _start(send: Send, status: int, headers: Mapping[str, str]) -> None:
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
