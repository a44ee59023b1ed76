"""The description of `/api/v1` as a page, made from its OpenAPI document.

The usual viewers load themselves from other hosts, which no page here does.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.pages import page

router = APIRouter(include_in_schema=False)
PATH = "/api/v1/docs"
_METHODS = ("get", "post", "put", "delete")


class _Parameter(NamedTuple):
    """What an operation can be told, and where it is put: in the path, the query or a header."""

    name: str
    place: str
    kind: str
    is_needed: bool
    description: str


class _Operation(NamedTuple):
    """What can be asked or done at an address, under the name of its group."""

    group: str
    method: str
    path: str
    description: str
    parameters: tuple[_Parameter, ...]
    answers: tuple[tuple[str, str], ...]


@router.get(PATH)
async def reference(request: Request) -> Response:
    """Every operation with its parameters and answers."""
    found = sorted(_operations(request.app.openapi()), key=lambda one: (one.group, one.path))
    groups = [(name, list(some)) for name, some in groupby(found, lambda one: one.group)]
    return page("reference.html", groups=groups)


@router.get("/docs")
async def docs() -> Response:
    """Where many look first."""
    return RedirectResponse(PATH)


def _operations(document: Mapping[str, Any]) -> list[_Operation]:
    return [
        _Operation(
            group=(operation.get("tags") or ["more"])[0],
            method=method.upper(),
            path=path,
            description=operation.get("description") or operation.get("summary", ""),
            parameters=tuple(map(_parameter, operation.get("parameters", ()))),
            answers=tuple(
                (status, answer["description"])
                for status, answer in sorted(operation.get("responses", {}).items())
            ),
        )
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in _METHODS
    ]


def _parameter(given: Mapping[str, Any]) -> _Parameter:
    schema = given.get("schema", {})
    kinds = [_kind(one) for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    notes = [given.get("description") or schema.get("description", "")]
    if schema.get("default") is not None:
        notes.append(f"Without it: {schema['default']}.")
    if examples := schema.get("examples"):
        notes.append(f"For example: {examples[0]}")
    return _Parameter(
        name=given["name"],
        place=given["in"],
        kind=" or ".join(kinds),
        is_needed=given.get("required", False),
        description=" ".join(filter(None, notes)),
    )


def _kind(schema: Mapping[str, Any]) -> str:
    """The type of a value in a few words: its choices, its bounds."""
    if choices := schema.get("enum"):
        return ", ".join(map(str, choices))
    kind = str(schema.get("format") or schema.get("type", "text"))
    if kind == "array":
        return f"{_kind(schema.get('items', {}))}, repeated"
    bounds = [
        f"{word} {schema[bound]}"
        for bound, word in (("minimum", "from"), ("maximum", "to"))
        if bound in schema
    ]
    return " ".join(["text" if kind == "string" else kind, *bounds])
