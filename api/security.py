"""Headers that every answer carries, and who may read answers from other sites."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Pages name their own policy; data may do nothing at all.
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
# Who may write is told by a token, so that other sites can never write for a visitor.
_PRIVATE = ("/update", "/graphs", "/metrics", "/health")
_METHODS = "GET, HEAD, POST, OPTIONS"
_EXPOSED = "ETag, Link, Location, Content-Location, Retry-After, X-Request-Id, Warning"


class SecurityHeaders:
    """Adds the headers; lets every site read what may be read, without credentials."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Of ASGI: answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_public = not scope["path"].startswith(_PRIVATE)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"] = list(message.get("headers", ()))
                headers += _RAW_PUBLIC if is_public else _RAW
                if not any(name == b"content-security-policy" for name, _ in headers):
                    headers.append(_RAW_POLICY)
            await send(message)

        if is_public and scope["method"] == "OPTIONS" and _is_preflight(scope):
            await _allow(send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)


def _is_preflight(scope: Scope) -> bool:
    return any(name == b"access-control-request-method" for name, _ in scope["headers"])


async def _allow(send: Send) -> None:
    headers = MutableHeaders(
        {
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": "*",
            "Access-Control-Max-Age": "86400",
            "Vary": "Access-Control-Request-Method, Access-Control-Request-Headers",
        }
    )
    await send({"type": "http.response.start", "status": 204, "headers": headers.raw})
    await send({"type": "http.response.body", "body": b""})


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


_RAW = _raw(_ALWAYS)
_RAW_PUBLIC = _RAW + _raw(
    {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": _EXPOSED}
)
((_RAW_POLICY),) = _raw({"Content-Security-Policy": DATA_POLICY})
# What an answer with data carries that every site may read.
FOR_DATA = (*_RAW_PUBLIC, _RAW_POLICY)
