"""Whether the service lives, and whether it can answer."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.dependencies import service_of
from api.errors import NotReady
from graph.errors import ScipolError
from graph.workers import QueryRequest

_SECONDS = 5.0
_HEADERS = {"Cache-Control": "no-store"}


async def live(request: Request) -> Response:
    """The route `/health/live`: the process answers."""
    return JSONResponse({"status": "alive"}, headers=_HEADERS)


async def ready(request: Request) -> Response:
    """The route `/health/ready`: a question to the data is answered. Raises NotReady."""
    service = service_of(request)
    try:
        async with asyncio.timeout(_SECONDS):
            answer = await service.endpoint.query(QueryRequest("ASK {}", client="health"))
            await answer.close()
    except (ScipolError, TimeoutError) as error:
        raise NotReady(f"No question can be answered at the moment. {error}") from error
    told = {"status": "ready", "data_version": service.endpoint.data_version}
    return JSONResponse(told, headers=_HEADERS)
