"""The application: what it offers, in the order in which a request meets it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.dependencies import running_service
from api.errors import answer_problem
from api.settings import Settings
from graph.errors import ScipolError


def create_app(settings: Settings) -> FastAPI:
    """The service for these settings; its processes run between start and stop of the app."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running_service(settings) as service:
            app.state.service = service
            yield

    app = FastAPI(
        title="Scipol",
        summary="A knowledge graph of science policy in which every fact shows its sentence.",
        version=version("scipol"),
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url="/api/v1/docs",
        redoc_url=None,
    )
    for kind in (ScipolError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, answer_problem)
    return app
