"""One request to a store elsewhere: time, repetition, and what may go wrong with it.

A store elsewhere is not trusted to be well: it may be down, slow, cut off in the middle, behind a
proxy that answers pages of HTML, or end a query early and call that success.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import NamedTuple, Self, TypeVar

import httpx

from graph.errors import QueryError, RemoteStoreError, RemoteStoreTimeout
from graph.remote.address import PREFIX, RemoteAddress

T = TypeVar("T")
# Waiting times before something is tried again, in seconds.
_PAUSES = (0.1, 0.4, 1.6)
# What a proxy or a busy store says when it may be worth another try.
_PASSING = frozenset((429, 502, 503, 504))
_CONNECT_SECONDS = 10.0
_LONGEST_EXPLANATION = 200


@dataclass(frozen=True)
class Reply:
    """What a store answered; the media type is without parameters."""

    status: int
    media_type: str
    headers: Mapping[str, str]
    body: bytes


class Arriving(NamedTuple):
    """What a store answers, while it arrives; the media type is without parameters."""

    media_type: str
    portions: Iterator[bytes]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Request:
    """What to send. `repeatable` is whether sending it twice does the same as sending it once."""

    method: str
    address: str
    repeatable: bool
    accept: str = "*/*"
    form: Mapping[str, str | list[str]] | None = None
    parameters: Mapping[str, str] | None = None
    content: bytes | None = None
    content_type: str | None = None
    # Statuses beside success that are an answer and no failure.
    expected: frozenset[int] = frozenset()


class Exchange:
    """Sends requests to one store. Every error is a child of StoreError, or QueryError (400)."""

    def __init__(self, address: RemoteAddress) -> None:
        """Nothing is sent yet; `close` it in the end."""
        self._address = address
        self._client = httpx.Client(
            auth=_authentication(address),
            # Credentials and queries go where they were meant to go and nowhere else.
            follow_redirects=False,
            headers={"User-Agent": "scipol"},
            limits=httpx.Limits(max_connections=8),
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def send(self, request: Request, seconds: float | None = None) -> Reply:
        """Send a request and read the whole answer, in as many seconds as the address says."""
        deadline = time.monotonic() + (seconds or self._address.seconds)

        def read() -> Reply:
            with self._opened(request, deadline) as response:
                body = b"".join(self._body(response, deadline))
                return Reply(response.status_code, _media_type(response), response.headers, body)

        return _tried_again(read, deadline)

    @contextmanager
    def stream(self, request: Request, seconds: float | None = None) -> Iterator[Arriving]:
        """Send a request and hand on the answer while it arrives.

        The seconds are for its beginning; how long the rest may take is up to who reads it. Once
        it has begun, nothing is tried again.
        """
        deadline = time.monotonic() + (seconds or self._address.seconds)
        try:
            with ExitStack() as stack:
                response = _tried_again(
                    lambda: stack.enter_context(self._opened(request, deadline)), deadline
                )
                portions = self._body(response, math.inf)
                yield Arriving(_media_type(response), portions, response.headers)
        except _Passing as passing:
            raise passing.error from passing.__cause__

    @contextmanager
    def _opened(self, request: Request, deadline: float) -> Iterator[httpx.Response]:
        """The response as soon as its head is there and says success."""
        left = max(deadline - time.monotonic(), 0.001)
        headers = {"Accept": request.accept}
        if request.content_type:
            headers["Content-Type"] = request.content_type
        host = self._address.host
        try:
            with self._client.stream(
                request.method,
                request.address,
                params=request.parameters,
                data=request.form,
                content=request.content,
                headers=headers,
                timeout=httpx.Timeout(left, connect=min(left, _CONNECT_SECONDS)),
            ) as response:
                self._check(request, response, deadline)
                yield response
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            # Nothing was sent, so that trying again is safe whatever it is.
            raise _Passing(
                RemoteStoreError(f"the store at {host} cannot be reached ({_why(error)})")
            ) from error
        except httpx.TimeoutException as error:
            raise RemoteStoreTimeout(
                f"the store at {host} gave no answer within {self._address.seconds:g} seconds; "
                f"ask for less, or raise {PREFIX}_TIMEOUT"
            ) from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            broken = RemoteStoreError(
                f"the store at {host} broke off in the middle of its answer ({_why(error)})"
            )
            if request.repeatable:
                raise _Passing(broken) from error
            raise RemoteStoreError(
                f"{broken}; whether the change was made is not known, look before trying again"
            ) from error
        except (httpx.InvalidURL, httpx.TooManyRedirects) as error:
            raise RemoteStoreError(f"{request.address} cannot be asked: {error}") from error

    def _body(self, response: httpx.Response, deadline: float) -> Iterator[bytes]:
        size = 0
        for portion in response.iter_bytes():
            size += len(portion)
            if size > self._address.bytes:
                raise RemoteStoreError(
                    f"the answer of the store at {self._address.host} is longer than "
                    f"{self._address.bytes >> 20} MB; ask for less"
                )
            # The client's own limit is for each portion, and a drip would never meet it.
            if time.monotonic() > deadline:
                raise RemoteStoreTimeout(
                    f"the store at {self._address.host} did not finish its answer within "
                    f"{self._address.seconds:g} seconds"
                )
            yield portion

    def _check(self, request: Request, response: httpx.Response, deadline: float) -> None:
        """Let only whole answers pass. Raises what the status means."""
        status, host = response.status_code, self._address.host
        if status in request.expected:
            return
        if state := response.headers.get("X-SQL-State"):
            raise RemoteStoreError(
                f"the store at {host} ended the query early ({state[:20]}), the answer is not whole"
            )
        if status == 206:
            raise RemoteStoreError(f"the store at {host} gave a part of the answer only (206)")
        if 200 <= status < 300:
            return
        if 300 <= status < 400:
            there = response.headers.get("Location", "another address")
            raise RemoteStoreError(
                f"the store at {host} says that it moved to {there[:200]}; "
                "give that address if it is right, it is not followed"
            )
        raise self._failure(request, response, self._explanation(response, deadline))

    def _failure(self, request: Request, response: httpx.Response, said: str) -> Exception:
        """What a status of 400 and above means."""
        status, host = response.status_code, self._address.host
        if status == 400:
            return QueryError(f"the store at {host} refuses this: {said}")
        if status in (401, 403):
            return RemoteStoreError(
                f"the store at {host} does not let us do this ({status}); see {PREFIX}_USER, "
                f"{PREFIX}_PASSWORD, {PREFIX}_TOKEN and {PREFIX}_AUTH"
            )
        if status in (404, 405, 410):
            return RemoteStoreError(
                f"there is no endpoint for this at {request.address} ({status}): {said}"
            )
        if status in (408, 504):
            error: RemoteStoreError = RemoteStoreTimeout(
                f"the store at {host} took too long ({status}): {said}"
            )
        else:
            error = RemoteStoreError(f"the store at {host} failed ({status}): {said}")
        if status in _PASSING and request.repeatable:
            return _Passing(error, _retry_after(response))
        return error

    def _explanation(self, response: httpx.Response, deadline: float) -> str:
        """The first words of an error, unless it is a page for people."""
        if _media_type(response) in ("text/html", "application/xhtml+xml"):
            return "it sent a page of HTML"
        start = b""
        for portion in self._body(response, deadline):
            start += portion
            if len(start) > 4 * _LONGEST_EXPLANATION:
                break
        text = " ".join(start.decode("utf-8", "replace").split())
        # Virtuoso repeats the whole query behind its message.
        text = text.partition(" SPARQL query:")[0]
        return re.sub(r"[\x00-\x1f\x7f]", "", text)[:_LONGEST_EXPLANATION] or "it does not say why"


class _Passing(Exception):
    """A failure that may pass; `error` is what to raise where it does not."""

    def __init__(self, error: RemoteStoreError, wait: float = 0.0) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait


def _tried_again(work: Callable[[], T], deadline: float) -> T:
    """What some work gives, at one of several tries. Raises what the last one met."""
    for pause in (*_PAUSES, None):
        try:
            return work()
        except _Passing as passing:
            left = deadline - time.monotonic()
            if pause is None or max(pause, passing.wait) >= left:
                raise passing.error from passing.__cause__
            time.sleep(max(pause, passing.wait))
    raise AssertionError("the last try returns or raises")


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


def _authentication(address: RemoteAddress) -> httpx.Auth | None:
    """How requests say who we are; None where nobody needs to know."""
    if address.token:
        return _Bearer(address.token)
    if address.user is None:
        return None
    kind = httpx.DigestAuth if address.scheme == "digest" else httpx.BasicAuth
    return kind(address.user, address.password)


def _media_type(response: httpx.Response) -> str:
    return str(response.headers.get("Content-Type", "")).partition(";")[0].strip().lower()


def _retry_after(response: httpx.Response) -> float:
    """Seconds that the store asks us to wait; a date counts as none."""
    text = str(response.headers.get("Retry-After", ""))
    return float(text) if text.isdigit() else 0.0


def _why(error: Exception) -> str:
    return str(error)[:100] or type(error).__name__
