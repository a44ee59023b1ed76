"""The application: what a request meets, in order.

SPARQL and the addresses for operators are answered as soon as the processes run. The rest, which is
`api.site`, is loaded beside them; who asks for it in the first second or two waits for it.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.datastructures import State
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from api import health
from api.dependencies import Service, running_service
from api.errors import Problems
from api.express import Express
from api.limits import RequestLimits
from api.logs import RequestLog
from api.metrics import Metrics, show_metrics
from api.negotiation import wants_gzip
from api.security import SecurityHeaders
from api.settings import Settings
from api.sparql import SparqlEndpoint

_LOGGER = logging.getLogger("scipol")


def create_app(settings: Settings) -> Application:
    """The service for these settings; its processes run between start and stop of the app."""
    return Application(settings)


class Application:
    """Leads requests past what holds for all of them to what answers them."""

    def __init__(self, settings: Settings) -> None:
        self.state = State()
        self.state.metrics = Metrics(self._status)
        self._settings = settings
        self._site: asyncio.Task[ASGIApp] | None = None
        self._sparql = SparqlEndpoint()
        self._router = Router(
            [
                Route("/health/live", health.live),
                Route("/health/ready", health.ready),
                Route("/metrics", show_metrics),
            ],
            redirect_slashes=False,
            default=self._answer_by_site,
            lifespan=self._lifespan,
        )
        # The last meets a request first.
        app: ASGIApp = Gzip(self._lead)
        app = limits = RequestLimits(app, settings)
        app = Problems(app)
        app = SecurityHeaders(app)
        self._entrance = RequestLog(app, self.state.metrics)
        self.express = Express(self._service, limits, self.state.metrics)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Of ASGI: answer one request, or live through start and stop."""
        scope["app"] = self
        if scope["type"] == "http":
            await self._entrance(scope, receive, send)
        else:
            await self._router(scope, receive, send)

    async def _lead(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead the address that programs use most past any router."""
        app = self._sparql if scope["path"] == "/sparql" else self._router
        await app(scope, receive, send)

    async def _answer_by_site(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._site is not None, "requests come after the start"
        site = await asyncio.shield(self._site)
        await site(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, app: object) -> AsyncIterator[None]:
        async with running_service(self._settings) as service:
            self.state.service = service
            self._site = asyncio.create_task(_load_site(service))
            self._site.add_done_callback(_tell_failure)
            yield
            await asyncio.wait((self._site,))
            if not self._site.exception():
                await service.jobs.close()
            del self.state.service

    def _service(self) -> Service | None:
        service: Service | None = getattr(self.state, "service", None)
        return service

    def _status(self) -> dict[str, Any]:
        service = self._service()
        return service.endpoint.status() if service else {}


async def _load_site(service: Service) -> ASGIApp:
    """Import and make what the first answers do not need, in a thread."""

    def load() -> ASGIApp:
        from api.site import create_site

        service.load()
        return create_site(service)

    usual = sys.getswitchinterval()
    # Those who ask meanwhile are not to wait for the interpreter.
    sys.setswitchinterval(usual / 10)
    try:
        site = await asyncio.to_thread(load)
    finally:
        sys.setswitchinterval(usual)
    service.jobs.start()
    return site


def _tell_failure(loading: asyncio.Task[ASGIApp]) -> None:
    if error := loading.exception():
        _LOGGER.error("the site could not be loaded", exc_info=error)


class Gzip:
    """Compresses what is worth it for clients that want it, and only for those."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._compressed = GZipMiddleware(app, minimum_size=1400, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Of ASGI: answer one request."""
        app = self._compressed if wants_gzip(scope["headers"]) else self._plain
        await app(scope, receive, send)
