"""Errors as HTTP: one table from type to status, one shape, the problem document of RFC 9457.

The errors of HTTP itself are below; all others come from `graph`. The status of a type that is not
in the table is that of its nearest parent, so that a child never falls back to 500 by oversight.
"""

from __future__ import annotations

import http
import json
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.negotiation import prefers
from api.plain import plainly
from graph.errors import (
    DataError,
    DocumentError,
    ExtractorError,
    ExtractorStopped,
    Interrupted,
    NotFound,
    QueryError,
    ReadOnlyStore,
    RemoteStoreError,
    RemoteStoreTimeout,
    ScipolError,
    StoreBusy,
    StoreError,
)
from graph.guard import FetchingRefused, QueryRefused, QueryTooLarge
from graph.workers import (
    AnswerTooLarge,
    LimitReached,
    MalformedQuery,
    NoSuchFormat,
    OutOfMemory,
    QueryTimeout,
    QueueFull,
    UpdateFailed,
    UploadError,
    WorkerDied,
)

_LOGGER = logging.getLogger("scipol")
PROBLEM = "application/problem+json"
# Each type of problem has an address under this one.
TYPES = "https://w3id.org/scipol/problem/"
# Texts of the engine can repeat the query; a client needs the beginning.
_LONGEST = 300


class RequestError(ScipolError, HTTPException):
    """A request cannot be answered as it was sent.

    It is an HTTPException as well, since the framework passes those on from where it reads bodies.
    """

    def __init__(self, detail: str, headers: Mapping[str, str] | None = None) -> None:
        ScipolError.__init__(self, detail)
        HTTPException.__init__(self, status_of(type(self)), detail, headers)

    def __str__(self) -> str:
        return self.detail


class BadRequest(RequestError):
    """A parameter is missing, repeated, broken, or contradicts another."""


class Unauthorized(RequestError):
    """Writing needs a token, and there is none, or not a valid one."""


class Forbidden(RequestError):
    """This is not allowed, with whatever token."""


class NoSuchPage(RequestError):
    """There is nothing at this address."""


class MethodNotAllowed(RequestError):
    """The address has other methods."""


class NotAcceptable(RequestError):
    """None of the formats that the client accepts is on offer."""


class Gone(RequestError):
    """What the request goes on from is there no more."""


class BodyTooSlow(RequestError):
    """The body did not arrive in time."""


class ContentTooLarge(RequestError):
    """The body has more bytes than may be sent here."""


class AddressTooLong(RequestError):
    """The address of the request is too long."""


class InvalidParameters(RequestError):
    """Parameters or a body are not as the description of the address has them."""

    def __init__(self, found: Iterable[Mapping[str, object]]) -> None:
        """Take what the framework found, each with its place and what is wrong there."""
        super().__init__("; ".join(_invalid(one) for one in islice(found, 5)))


class UnsupportedMedia(RequestError):
    """The body has a type, an encoding or a compression that is not read here."""


class TooManyRequests(RequestError):
    """The client has to wait."""


class HeadersTooLarge(RequestError):
    """The request has too many headers, or too long ones."""


class ClientGone(Exception):
    """The client closed the connection; there is nobody to answer."""


class NotReady(RequestError):
    """The service cannot answer yet, or any more."""


STATUS: Mapping[type[Exception], int] = {
    ScipolError: 500,
    DataError: 500,
    StoreError: 503,
    StoreBusy: 503,
    ReadOnlyStore: 403,
    RemoteStoreError: 502,
    RemoteStoreTimeout: 504,
    DocumentError: 422,
    ExtractorError: 422,
    ExtractorStopped: 503,
    Interrupted: 503,
    NotFound: 404,
    QueryError: 400,
    MalformedQuery: 400,
    UpdateFailed: 409,
    QueryRefused: 400,
    QueryTooLarge: 413,
    FetchingRefused: 403,
    UploadError: 400,
    NoSuchFormat: 406,
    LimitReached: 503,
    QueryTimeout: 503,
    OutOfMemory: 503,
    AnswerTooLarge: 413,
    QueueFull: 503,
    WorkerDied: 503,
    RequestError: 400,
    BadRequest: 400,
    Unauthorized: 401,
    Forbidden: 403,
    NoSuchPage: 404,
    MethodNotAllowed: 405,
    NotAcceptable: 406,
    Gone: 410,
    BodyTooSlow: 408,
    ContentTooLarge: 413,
    AddressTooLong: 414,
    UnsupportedMedia: 415,
    TooManyRequests: 429,
    HeadersTooLarge: 431,
    NotReady: 503,
    InvalidParameters: 422,
}
# Seconds after which it is worth to come back, where the error does not say so itself.
_RETRY: Mapping[type[Exception], int] = {QueryTimeout: 10, WorkerDied: 1, StoreBusy: 5}
# What an error may tell beside its sentence, under the same name in the document.
_MEMBERS = ("line", "column", "limit", "retry_after", "near", "form")


def status_of(kind: type[Exception]) -> int:
    """The HTTP status of an error type, or of its nearest parent that has one."""
    return next((STATUS[parent] for parent in kind.__mro__ if parent in STATUS), 500)


def problem_name(kind: type[Exception]) -> str:
    """The name of a type in the addresses of problems: `QueryTimeout` is `query-timeout`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.__name__).lower()


def _status(error: Exception) -> int:
    return error.status_code if isinstance(error, HTTPException) else status_of(type(error))


def problem(error: Exception, request_id: str = "") -> Response:
    """The answer to a request that failed: status, headers and problem document."""
    status = _status(error)
    document = {
        "type": f"{TYPES}{problem_name(_named(error))}",
        "title": http.HTTPStatus(status).phrase,
        "status": status,
        "detail": _detail(error, status),
        **_members(error),
    }
    if request_id:
        document["request_id"] = request_id
    headers = dict(getattr(error, "headers", None) or {})
    if retry := getattr(error, "retry_after", None) or _RETRY.get(type(error)):
        headers.setdefault("Retry-After", str(retry))
    headers["Cache-Control"] = "no-store"
    body = json.dumps(document, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return Response(body, status, headers, PROBLEM)


class Problems:
    """Turns what is raised before or beside the handlers into problem documents.

    After the first byte of an answer there is no status left to give: the error goes on, and the
    server breaks the connection, so that nobody takes the part for the whole.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Of ASGI: answer one request."""
        has_begun = False

        async def watch(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except (ClientGone, ClientDisconnect):
            return
        except Exception as error:
            if has_begun or scope["type"] != "http":
                raise
            name = scope.get("request_id", "")
            answer = problem(error, name)
            if answer.status_code == http.HTTPStatus.INTERNAL_SERVER_ERROR:
                _LOGGER.error("failed", exc_info=error, extra={"request_id": name})
            await answer(scope, receive, send)


async def answer_problem(request: Request, error: Exception) -> Response:
    """What the framework calls for an error that a handler raised.

    Whoever reads pages gets a page; programs, and whoever asks them, a problem document.
    """
    id_ = request.scope.get("request_id", "")
    status = _status(error)
    if status == 404 and _reads_pages(request):
        from api.pages import page

        detail = _detail(error, status) if isinstance(error, ScipolError) else ""
        return page("problem.html", status, detail=detail, request_id=id_)
    return problem(error, id_)


def _reads_pages(request: Request) -> bool:
    accept = request.headers.get("accept")
    for_programs = request.url.path.startswith(
        ("/api/", "/sparql", "/update", "/graphs", "/health")
    )
    return not for_programs and prefers(accept, "text/html", (PROBLEM, "application/json"))


def _named(error: Exception) -> type[Exception]:
    """The type to show: ours as they are, what is none of ours by what it means."""
    if isinstance(error, ScipolError):
        return type(error)
    if isinstance(error, HTTPException):
        kinds = {status: kind for kind, status in STATUS.items() if issubclass(kind, RequestError)}
        return kinds.get(error.status_code, RequestError)
    return ScipolError


def _detail(error: Exception, status: int) -> str:
    if isinstance(error, HTTPException):
        return str(error.detail)
    if isinstance(error, ScipolError) and status != http.HTTPStatus.INTERNAL_SERVER_ERROR:
        text = str(error)
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return "Something went wrong on our side; the log has it under the request id."


def _invalid(one: Mapping[str, object]) -> str:
    """What is wrong where; that it is in the query, the path or the body is not worth a word."""
    where = one.get("loc")
    path = list(map(str, where)) if isinstance(where, Sequence) else [str(where)]
    return f"{'.'.join(path[1:] or path)} {plainly(str(one.get('msg')))}"


def _members(error: Exception) -> dict[str, object]:
    found = {name: getattr(error, name, None) for name in _MEMBERS}
    return {name: value for name, value in found.items() if value not in (None, (), "")}
