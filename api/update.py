"""SPARQL 1.1 Update over HTTP, for those who hold a token."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import service_of
from api.errors import BadRequest, MethodNotAllowed
from api.limits import whole_body
from api.parameters import FORM, iris, read_parameters, single, utf8
from api.sparql import UPDATE_TYPE, address_of, body_type
from graph.workers import UpdateRequest

ALLOW = "POST, OPTIONS"


async def update(request: Request) -> Response:
    """The route `/update`. The next query sees what the update did."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ALLOW})
    service = service_of(request)
    if request.method != "POST":
        raise MethodNotAllowed("Updates are sent by POST.", {"Allow": ALLOW})
    # Before the body is read: who may not write is not listened to.
    await service.gate.admit(request.scope)
    service.endpoint.check_writable()
    wanted = await _read(request, service.settings.parameter_count)
    number = await service.endpoint.update(wanted)
    return Response(status_code=204, headers={"Scipol-Data-Number": str(number)})


async def _read(request: Request, most: int) -> UpdateRequest:
    given = read_parameters(request.scope["query_string"], most)
    kind = body_type(Headers(scope=request.scope), (UPDATE_TYPE, FORM))
    if "update" in given or "query" in given:
        raise BadRequest("An update belongs into the body, not into the address.")
    body = await whole_body(request.receive)
    if kind == FORM:
        form = read_parameters(body, most)
        text = single(form, "update")
        if text is None or "query" in form:
            raise BadRequest("The form of an update has the parameter 'update', and no 'query'.")
        given = {name: [*given.get(name, ()), *form.get(name, ())] for name in {**given, **form}}
    else:
        text = utf8(body, "The update")
    return UpdateRequest(
        text=text,
        using_graphs=iris(given, "using-graph-uri"),
        using_named=iris(given, "using-named-graph-uri"),
        base_iri=address_of(request.scope, service_of(request)),
    )
