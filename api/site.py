"""What the framework runs: pages, linked data, updates, graphs, questions over REST.

It takes longer to import than the service may take to start; `api.app` loads it beside.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from api import explorer, linked_data, relationships, void
from api.dependencies import Service
from api.errors import InvalidParameters, Problems, answer_problem
from api.graph_store import GraphStore
from api.pages import STATIC
from api.update import update
from graph.errors import ScipolError

# Groups of REST routes, each under its own prefix.
ROUTERS: tuple[APIRouter, ...] = (relationships.router, explorer.router)

_DESCRIPTION = """\
Every fact comes with its sentence and a confidence, the probability that it is right.
[What confidences are worth](/api/v1/reliability) was measured: of facts that were said to be so
sure, how many were right. The [quality card](/quality) says how good the extractors are. Answers
are complete, however unsure a fact is, unless `confidence` asks for less.
"""


def create_site(service: Service) -> FastAPI:
    """The site over a service that runs."""
    site = FastAPI(
        title="Scipol",
        summary="A knowledge graph of science policy in which every fact shows its sentence.",
        description=_DESCRIPTION,
        version=version("scipol"),
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    site.router.routes[:0] = routes()
    for router in ROUTERS:
        site.include_router(router)
    site.mount("/static", StaticFiles(directory=STATIC))
    for kind in (ScipolError, HTTPException):
        site.add_exception_handler(kind, answer_problem)
    site.add_exception_handler(RequestValidationError, _answer_invalid)
    # Inside as well: of what gets through to it, the framework makes a page of its own.
    site.add_middleware(Problems)
    site.state.service = service
    return site


def routes() -> list[BaseRoute]:
    """The addresses of the standards but `/sparql`."""
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
    ]


class AnyMethod:
    """A handler that gets every method, so that it can say itself which it has."""

    def __init__(self, handler: Callable[[Request], Awaitable[Response]]) -> None:
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Of ASGI: answer one request."""
        response = await self._handler(Request(scope, receive, send))
        await response(scope, receive, send)


async def _answer_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return await answer_problem(request, InvalidParameters(error.errors()))
