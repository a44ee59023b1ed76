"""How much a request may be: headers, address, body, time, and how often a client may come.

The body is counted while it arrives, so that nothing larger is ever held.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import (
    AddressTooLong,
    BadRequest,
    BodyTooSlow,
    ClientGone,
    ContentTooLarge,
    HeadersTooLarge,
    TooManyRequests,
    UnsupportedMedia,
)
from api.parameters import utf8
from api.settings import Settings

_MEGABYTE = 1 << 20
# Percent-encoding makes three bytes of one.
_ENCODED = 3
_LONGEST_ADDRESS = 32_000
_MOST_CLIENTS = 20_000
# The slowest upload that is waited for, in bytes per second.
_SLOWEST = _MEGABYTE / 20
_WITH_BODY = frozenset(("POST", "PUT", "PATCH"))


class RequestLimits:
    """Refuses a request that is more than it may be, before anybody works on it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._buckets = Buckets(settings.client_rate, settings.client_burst)
        # The same clients come again and again.
        self._is_unlimited = lru_cache(maxsize=4096)(self._look_up)
        self._bodies = (
            ("/sparql", settings.query_size * _ENCODED + _MEGABYTE),
            ("/update", settings.update_size * _MEGABYTE * _ENCODED),
            ("/graphs", settings.upload_size * _MEGABYTE),
            ("/api/v1/documents", settings.upload_size * _MEGABYTE),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Of ASGI: answer one request."""
        if scope["type"] == "http":
            if "client_key" not in scope:
                self.admit(scope)
            if scope["method"] in _WITH_BODY:
                receive = self._bounded(scope, receive)
        await self._app(scope, receive, send)

    def admit(self, scope: Scope) -> None:
        """Look at the head of a request, and count it; its `client_key` says that this was done.

        Raises HeadersTooLarge, AddressTooLong, BadRequest, TooManyRequests.
        """
        check_head(scope, self._settings.header_count, self._settings.header_size)
        client = scope["client"][0] if scope["client"] else ""
        key = client_key(client)
        if self._is_unlimited(client):
            # Each connection is a client of its own, since all of them may be for others.
            key = "{}:{}".format(*scope["client"]) if scope["client"] else key
        elif self._settings.client_rate and (wait := self._buckets.take(key)):
            raise TooManyRequests(
                f"This client sends more than {self._settings.client_rate:g} requests a second; "
                f"wait {wait} s.",
                {"Retry-After": str(wait)},
            )
        scope["client_key"] = key

    def _look_up(self, client: str) -> bool:
        """Whether a client may send any number of requests."""
        try:
            address = ip_address(client)
        except ValueError:
            # A test client, or a local socket.
            return True
        return any(address in network for network in self._settings.unlimited_clients)

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        headers = dict(scope["headers"])
        encoding = headers.get(b"content-encoding", b"identity").strip().lower()
        if encoding not in (b"identity", b""):
            raise UnsupportedMedia(
                "Bodies are read as they are; send this one without Content-Encoding."
            )
        path: str = scope["path"]
        most = next((cap for start, cap in self._bodies if path.startswith(start)), _MEGABYTE)
        return BoundedBody(receive, most, self._settings.body_timeout, _length(headers))


class BoundedBody:
    """Receives a body of at most so many bytes, in at most so many seconds."""

    def __init__(self, receive: Receive, most: int, seconds: float, announced: int | None) -> None:
        """Take over `receive`. Raises ContentTooLarge when more than that is announced."""
        self._receive = receive
        self._most = most
        self._seconds = seconds
        self._size = 0
        self._is_whole = False
        self._began: float | None = None
        self._check(announced or 0)

    async def __call__(self) -> Message:
        """The next message. Raises ContentTooLarge, BodyTooSlow."""
        if self._is_whole:
            # What comes now is that the client goes away, and that may take its time.
            return await self._receive()
        now = time.monotonic()
        self._began = self._began or now
        left = self._began + self._seconds + self._size / _SLOWEST - now
        try:
            async with asyncio.timeout(max(left, 0.001)):
                message = await self._receive()
        except TimeoutError:
            raise BodyTooSlow(
                f"The body did not arrive in {now - self._began + left:.0f} s.",
                {"Connection": "close"},
            ) from None
        if message["type"] == "http.request":
            self._size += len(message.get("body", b""))
            self._check(self._size)
            self._is_whole = not message.get("more_body", False)
        return message

    def _check(self, size: int) -> None:
        if size > self._most:
            raise ContentTooLarge(f"The body has more than {self._most:,} bytes.")


class Buckets:
    """A token bucket for each client: it fills steadily, and each request takes one out."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> int:
        """Take one out; otherwise in how many seconds there is one again, at least 1."""
        now = time.monotonic()
        level, then = self._levels.pop(client, (self._burst, now))
        level = min(self._burst, level + (now - then) * self._rate)
        wait = 0 if level >= 1 else math.ceil((1 - level) / self._rate)
        self._levels[client] = (level if wait else level - 1, now)
        if len(self._levels) > _MOST_CLIENTS:
            # Who has not come for longest has a full bucket, or nearly so.
            self._levels.popitem(last=False)
        return wait


@lru_cache(maxsize=4096)
def client_key(address: str) -> str:
    """Who counts as one client: an IPv4 address, or a network of 64 bits, as providers give out."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> 64 << 64))


def check_head(scope: Scope, most_headers: int, most_bytes: int) -> None:
    """Refuse headers and addresses that are too many, too long or broken.

    Raises HeadersTooLarge, AddressTooLong, BadRequest.
    """
    headers = scope["headers"]
    size = sum(len(name) + len(value) + 4 for name, value in headers)
    if len(headers) > most_headers or size > most_bytes:
        raise HeadersTooLarge(
            f"The request has {len(headers)} headers of {size:,} bytes; "
            f"allowed are {most_headers} of {most_bytes:,} bytes."
        )
    raw_path = scope.get("raw_path") or b""
    if len(raw_path) + len(scope["query_string"]) > _LONGEST_ADDRESS:
        raise AddressTooLong(
            f"The address has more than {_LONGEST_ADDRESS:,} bytes; send the query by POST."
        )
    if b"%" in raw_path:
        utf8(unquote_to_bytes(raw_path), "The path")


def _length(headers: dict[bytes, bytes]) -> int | None:
    value = headers.get(b"content-length")
    if value is None:
        return None
    if not value.isdigit():
        raise BadRequest("The Content-Length is not a number.")
    return int(value)


async def whole_body(receive: Receive) -> bytes:
    """All of a body. Raises ClientGone when the client goes away before its end."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)
