"""The application: what it offers, in the order in which a request meets it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from api import explorer, health, linked_data, relationships, void
from api.dependencies import Service, running_service
from api.errors import Problems, answer_problem
from api.graph_store import GraphStore
from api.limits import RequestLimits
from api.logs import RequestLog
from api.metrics import Metrics, show_metrics
from api.negotiation import accepts_gzip
from api.pages import STATIC
from api.security import SecurityHeaders
from api.settings import Settings
from api.sparql import SparqlEndpoint
from api.update import update
from graph.errors import ScipolError

# Groups of REST routes, each under its own prefix.
ROUTERS: tuple[APIRouter, ...] = (relationships.router, explorer.router)


def create_app(settings: Settings) -> FastAPI:
    """The service for these settings; its processes run between start and stop of the app."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running_service(settings) as service:
            app.state.service = service
            yield
            del app.state.service

    app = FastAPI(
        title="Scipol",
        summary="A knowledge graph of science policy in which every fact shows its sentence.",
        version=version("scipol"),
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url="/api/v1/docs",
        redoc_url=None,
    )
    app.router.routes[:0] = routes()
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC))
    for kind in (ScipolError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, answer_problem)
    app.state.metrics = Metrics(lambda: _status(app))
    # The last that is added meets a request first.
    app.add_middleware(Shortcut, path="/sparql", to=SparqlEndpoint())
    app.add_middleware(Gzip)
    app.add_middleware(RequestLimits, settings=settings)
    app.add_middleware(Problems)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestLog, metrics=app.state.metrics)
    return app


def routes() -> list[BaseRoute]:
    """The addresses of the standards but `/sparql`, and those for operators."""
    graphs = GraphStore()
    return [
        Route("/update", AnyMethod(update)),
        Route("/graphs", graphs),
        Route("/graphs/{name:path}", graphs),
        Route("/id/{name:path}", AnyMethod(linked_data.thing)),
        Route("/ns", AnyMethod(linked_data.vocabulary)),
        Route("/ns.{suffix}", AnyMethod(linked_data.vocabulary)),
        Route("/voc", AnyMethod(linked_data.schemes)),
        Route("/voc.{suffix}", AnyMethod(linked_data.schemes)),
        Route("/voc/{scheme}", AnyMethod(linked_data.scheme)),
        Route("/voc/{scheme}/{code}", AnyMethod(linked_data.thing)),
        Route("/graph/{name:path}", AnyMethod(linked_data.named_graph)),
        Route(void.PATH, void.show_void),
        Route("/health/live", health.live),
        Route("/health/ready", health.ready),
        Route("/metrics", show_metrics),
    ]


class Shortcut:
    """Leads one address past the router and its machinery, which take as long as a short query."""

    def __init__(self, app: ASGIApp, path: str, to: ASGIApp) -> None:
        self._app = app
        self._path = path
        self._to = to

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Of ASGI: answer one request."""
        app = self._to if scope.get("path") == self._path else self._app
        await app(scope, receive, send)


class Gzip:
    """Compresses what is worth it for clients that want it, and only for those."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._compressed = GZipMiddleware(app, minimum_size=1400, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Of ASGI: answer one request."""
        app = self._compressed if scope["type"] == "http" and _wants_gzip(scope) else self._plain
        await app(scope, receive, send)


def _wants_gzip(scope: Scope) -> bool:
    given = [value for name, value in scope["headers"] if name == b"accept-encoding"]
    return bool(given) and accepts_gzip(b",".join(given).decode("latin-1"))


class AnyMethod:
    """A handler that gets every method, so that it can say itself which it has."""

    def __init__(self, handler: Callable[[Request], Awaitable[Response]]) -> None:
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Of ASGI: answer one request."""
        response = await self._handler(Request(scope, receive, send))
        await response(scope, receive, send)


def _status(app: FastAPI) -> dict[str, Any]:
    service: Service | None = getattr(app.state, "service", None)
    return service.endpoint.status() if service else {}
