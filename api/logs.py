"""Logs as one JSON object a line, each of a request carrying the id that its client gets."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics

LOGGER = logging.getLogger("scipol")
_FIT = re.compile(r"[A-Za-z0-9._-]{1,64}")
_OWN_FIELDS = ("request_id", "method", "path", "status", "seconds", "bytes", "client")


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The record with its time, its fields, and the trace of its error, if it has one."""
        moment = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        line |= {name: vars(record)[name] for name in _OWN_FIELDS if name in vars(record)}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up_logs(level: str) -> None:
    """Send the logs of the service and of the server to standard error, as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("scipol", "uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers = [handler] if name != "uvicorn.error" else []
        logger.setLevel(level.upper())
        logger.propagate = name == "uvicorn.error"


class RequestLog:
    """Gives each request an id, measures it, counts it and writes it down."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Of ASGI: answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["request_id"] = name = request_id(scope)
        # A request that went another way at first has begun there.
        start = scope.get("began") or time.perf_counter()
        status = size = 0

        async def watch(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", name.encode())]
            else:
                size += len(message.get("body", b""))
            await send(message)

        self._metrics.in_progress += 1
        try:
            await self._app(scope, receive, watch)
        finally:
            self._metrics.in_progress -= 1
            note(self._metrics, scope, status, time.perf_counter() - start, size)


def note(metrics: Metrics, scope: Scope, status: int, seconds: float, size: int) -> None:
    """Count a request that was answered with so many bytes, and write it down."""
    metrics.count(scope, status, seconds)
    if LOGGER.isEnabledFor(logging.INFO):
        LOGGER.info("request", extra=_fields(scope, status, seconds, size))


def _fields(scope: Scope, status: int, seconds: float, size: int) -> dict[str, Any]:
    return {
        "request_id": scope["request_id"],
        "method": scope["method"],
        "path": scope["path"],
        # 0 stands for a client that went away before it got an answer.
        "status": status,
        "seconds": round(seconds, 6),
        "bytes": size,
        "client": scope["client"][0] if scope["client"] else None,
    }


def request_id(scope: Scope) -> str:
    """The id that a proxy or client gave, if it is fit to be logged, or a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _FIT.fullmatch(value.decode("latin-1")):
            return str(value.decode())
    return token_hex(16)
