"""SPARQL 1.1 Graph Store HTTP Protocol: whole graphs by their names.

A graph is named by `?graph=IRI`, the default graph by `?default`; an address below `/graphs/` is
itself the name of a graph. Reading is open, writing takes a token.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.dependencies import Service
from api.errors import BadRequest, MethodNotAllowed, UnsupportedMedia
from api.formats import GRAPH, SHORT
from api.limits import whole_body
from api.parameters import absolute_iri, read_parameters, single
from api.sparql import Question, address_of, body_type, send_answer
from graph.errors import NotFound
from graph.workers import UpdateRequest, Upload

ALLOW = "GET, HEAD, PUT, POST, DELETE, OPTIONS"
MULTIPART = "multipart/form-data"
ROOT = "/graphs"
EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_MOST_FILES = 100


@dataclass(frozen=True)
class Target:
    """Which graph a request is about; `name` is None for the default graph."""

    name: str | None

    def __str__(self) -> str:
        return f"the graph {self.name}" if self.name else "the default graph"


class GraphStore:
    """The addresses `/graphs` and below."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Of ASGI: answer one request."""
        service: Service = scope["app"].state.service
        method = scope["method"]
        if method == "OPTIONS":
            await Response(status_code=204, headers={"Allow": ALLOW})(scope, receive, send)
        elif method in ("GET", "HEAD"):
            await _read(scope, receive, send, service)
        elif method in _WRITING:
            await service.gate.admit(scope)
            service.endpoint.check_writable()
            response = await _WRITING[method](scope, receive, service)
            await response(scope, receive, send)
        else:
            raise MethodNotAllowed(f"{method} is not a method of graphs.", {"Allow": ALLOW})


async def _read(scope: Scope, receive: Receive, send: Send, service: Service) -> None:
    target = _target(scope, service)
    await _check_present(target, scope, service)
    question = Question(
        text=EVERYTHING,
        default_graphs=(target.name,) if target.name else None,
        named_graphs=None,
        timeout=None,
        accept=Headers(scope=scope).get("accept"),
        union=False,
    )
    await send_answer(scope, receive, send, question)


async def _put(scope: Scope, receive: Receive, service: Service) -> Response:
    return await _store(_target(scope, service), scope, receive, service, replaces=True)


async def _post(scope: Scope, receive: Receive, service: Service) -> Response:
    if _is_root(scope):
        address = address_of(scope, service).rstrip("/")
        target = Target(f"{address}/{uuid.uuid4()}")
    else:
        target = _target(scope, service)
    return await _store(target, scope, receive, service, replaces=False)


async def _store(
    target: Target, scope: Scope, receive: Receive, service: Service, *, replaces: bool
) -> Response:
    uploads = await _uploaded(scope, receive, service, target)
    is_new = not await _is_present(target, scope, service)
    await service.endpoint.store_graph(target.name, uploads, replaces=replaces)
    return _written(target if is_new else None)


async def _delete(scope: Scope, receive: Receive, service: Service) -> Response:
    target = _target(scope, service)
    await _check_present(target, scope, service)
    # Some stores drop only what was created by name, unless they may be silent about it.
    text = f"DROP SILENT GRAPH <{target.name}>" if target.name else "DROP DEFAULT"
    await service.endpoint.update(UpdateRequest(text))
    return _written(None)


_WRITING: dict[str, Callable[[Scope, Receive, Service], Awaitable[Response]]] = {
    "PUT": _put,
    "POST": _post,
    "DELETE": _delete,
}


def _written(created: Target | None) -> Response:
    """201 with the address of a graph that was made, 204 otherwise."""
    if created is None:
        return Response(status_code=204)
    return Response(status_code=201, headers={"Location": created.name} if created.name else None)


def _is_root(scope: Scope) -> bool:
    return scope["path"].rstrip("/") == ROOT and not scope["query_string"]


def _target(scope: Scope, service: Service) -> Target:
    """The graph that an address names, directly or as a parameter. Raises BadRequest."""
    given = read_parameters(scope["query_string"], service.settings.parameter_count)
    name = single(given, "graph")
    direct = scope["path"].rstrip("/") != ROOT
    if direct + ("default" in given) + (name is not None) != 1:
        raise BadRequest(
            "Name one graph: ?graph=IRI, or ?default for the default graph, "
            f"or an address below {ROOT}/."
        )
    if direct:
        return Target(absolute_iri(address_of(scope, service), "address"))
    return Target(absolute_iri(name, "graph") if name is not None else None)


async def _check_present(target: Target, scope: Scope, service: Service) -> None:
    if not await _is_present(target, scope, service):
        raise NotFound(f"There is no graph {target.name}")


async def _is_present(target: Target, scope: Scope, service: Service) -> bool:
    """Whether there is such a graph; the default graph always is."""
    if target.name is None:
        return True
    return await service.endpoint.has_graph(target.name, scope["client_key"])


async def _uploaded(
    scope: Scope, receive: Receive, service: Service, target: Target
) -> list[Upload]:
    """What the body holds, unread. Raises BadRequest, UnsupportedMedia."""
    headers = Headers(scope=scope)
    # Also where it goes into the default graph, graphs of its own are refused.
    base = target.name or address_of(scope, service)
    if headers.get("content-type", "").lower().startswith(MULTIPART):
        files = await _uploaded_files(scope, receive)
    else:
        kind = GRAPH[body_type(headers, tuple(GRAPH))]
        files = [(await whole_body(receive), kind)]
    client = scope["client_key"]
    return [Upload(body, kind, base_iri=base, graph=base, client=client) for body, kind in files]


async def _uploaded_files(scope: Scope, receive: Receive) -> list[tuple[bytes, str]]:
    """The files of a form, each with its format."""
    try:
        form = await Request(scope, receive).form(max_files=_MOST_FILES, max_fields=_MOST_FILES)
    except MultiPartException as error:
        raise BadRequest(f"The form cannot be read: {error.message}") from None
    try:
        files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
        if not files:
            raise BadRequest("The form holds no file.")
        return [(await file.read(), _type_of(file)) for file in files]
    finally:
        await form.close()


def _type_of(file: UploadFile) -> str:
    """The format of a file in a form, by its type or else by the end of its name."""
    kind = (file.content_type or "").partition(";")[0].strip().lower()
    by_name = SHORT.get((file.filename or "").rpartition(".")[2].lower())
    if not (found := GRAPH.get(kind) or by_name):
        raise UnsupportedMedia(f"A file of type {kind[:80]!r} is not read here.")
    return found
