"""Documents from the web: one GET, which can reach public hosts only, in limited time and size.

The name of the host is resolved here, every address it has is checked, and the connection goes to
the address that was checked, so that a second resolution cannot lead elsewhere. Redirects start
anew with the same checks. Proxies of the environment are not used, as they resolve names unseen.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

from graph.documents.base import FetchedSource, ReadOptions, too_large
from graph.errors import DocumentError

_MOST_REDIRECTS = 5
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_HEADERS = (
    (b"User-Agent", b"scipol (https://w3id.org/scipol)"),
    (b"Accept", b"text/html, application/pdf, text/*, */*;q=0.5"),
    # Packed answers could unpack to more than the limit.
    (b"Accept-Encoding", b"identity"),
    (b"Connection", b"close"),
)
_MEDIA_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)")
_CHARSET = re.compile(r"""(?i);\s*charset\s*=\s*["']?([\w.:-]{1,40})""")
# Networks inside IPv6 that stand for IPv4 addresses, and where in the address these are.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: its body and the media type that the server gives for it, lower case."""

    source: FetchedSource
    media_type: str


class _Refused(Exception):
    """The connection is refused for the reason given; httpcore lets it through unchanged."""


def fetch(address: str, options: ReadOptions) -> Fetched:
    """The document at an http or https address. Raises DocumentError."""
    deadline = time.monotonic() + options.timeout
    backend = _Backend(deadline, options.allow_private_hosts)
    try:
        with httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), network_backend=backend, retries=0
        ) as pool:
            return _follow(pool, address, options)
    except httpcore.TimeoutException as error:
        reason = f"took longer than the limit of {options.timeout:g} seconds"
        raise DocumentError(address, reason) from error
    except _Refused as error:
        raise DocumentError(address, str(error)) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise DocumentError(address, f"cannot be fetched ({error})") from error


def _follow(pool: httpcore.ConnectionPool, address: str, options: ReadOptions) -> Fetched:
    """The answer at the end of the redirects."""
    url = _parsed(address)
    for _ in range(_MOST_REDIRECTS + 1):
        request = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        host = (b"Host", url.netloc)
        with pool.stream("GET", request, headers=[host, *_HEADERS]) as response:
            headers = _decoded(response.headers)
            if response.status not in _REDIRECTS:
                return _answer(address, str(url), response, headers, options)
        if "location" not in headers:
            raise _Refused("redirects without saying where to")
        url = _parsed(headers["location"], url)
    raise _Refused(f"redirects more than {_MOST_REDIRECTS} times")


def _parsed(address: str, base: httpx.URL | None = None) -> httpx.URL:
    """The address, absolute and without fragment. Raises _Refused."""
    try:
        url = base.join(address) if base else httpx.URL(address)
    except (httpx.InvalidURL, ValueError) as error:
        raise _Refused(f"is not a valid address ({error})") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise _Refused(f"leads to {url.scheme}:, only http and https addresses are read")
    if url.userinfo:
        raise _Refused("contains a user name or password; addresses are stored, so leave it out")
    return url.copy_with(fragment=None)


def _answer(
    address: str,
    final: str,
    response: httpcore.Response,
    headers: dict[str, str],
    options: ReadOptions,
) -> Fetched:
    if response.status != 200:
        raise _Refused(f"the server answers with status {response.status}")
    if headers.get("content-encoding", "identity") != "identity":
        raise _Refused("the server sends it packed although asked not to")
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > options.max_bytes:
        raise _Refused(too_large("is", options.max_bytes))
    data = bytearray()
    for piece in response.iter_stream():
        data += piece
        if len(data) > options.max_bytes:
            raise _Refused(too_large("is", options.max_bytes))
    kind = headers.get("content-type", "")
    media_type, charset = _MEDIA_TYPE.match(kind), _CHARSET.search(kind)
    source = FetchedSource(address, final, bytes(data), charset[1] if charset else None)
    return Fetched(source, media_type[1].lower() if media_type else "")


def _decoded(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


class _Backend(httpcore.NetworkBackend):
    """Connects to checked addresses only, and lets nothing outlast the deadline."""

    def __init__(self, deadline: float, allow_private_hosts: bool) -> None:
        self._deadline = deadline
        self._allow_private_hosts = allow_private_hosts
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, check, and connect to the first address that answers."""
        addresses = _resolved(host, port)
        if not self._allow_private_hosts:
            for address in addresses:
                if not is_public(address):
                    raise _Refused(
                        f"the host {host} is not public ({address}); --allow-private-hosts reads it"
                    )
        problem: Exception = httpcore.ConnectError("no address")
        for address in addresses:
            try:
                stream = self._sockets.connect_tcp(address, port, _remaining(self._deadline))
            except httpcore.ConnectError as error:
                problem = error
            else:
                return _Stream(stream, self._deadline)
        raise problem


class _Stream(httpcore.NetworkStream):
    """A connection on which every wait ends at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _remaining(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _remaining(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, _remaining(self._deadline))
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _remaining(deadline: float) -> float:
    """Seconds left. Raises httpcore's timeout where there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


def _resolved(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _Refused(f"the host {host} is unknown") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet, also where IPv6 wraps an IPv4 one."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        if found in _NAT64:
            found = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        elif found.ipv4_mapped or found.sixtofour:
            found = found.ipv4_mapped or found.sixtofour or found
        elif found.teredo or found not in _GLOBAL_UNICAST:
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved)
