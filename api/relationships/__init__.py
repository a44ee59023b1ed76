"""Relationship questions over REST, under `/api/v1`: one module for each group of routes."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.relationships import catalogue, connections, overviews, papers, statements, things
from api.schemas import Problem

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": description,
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    for status, description in (
        (400, "A parameter has no meaning; the sentence says which."),
        (404, "There is nothing of this name; `near` holds what comes near."),
        (406, "The answer is not given in what `Accept` asks for."),
        (410, "The data have changed since the list was begun."),
        (414, "The address is too long."),
        (422, "A parameter has the wrong form."),
        (429, "This client asks too often; see `Retry-After`."),
        (431, "The headers are too long."),
        (503, "Too much is asked at once, or it takes too long; see `Retry-After`."),
    )
}
_WRITING: dict[int | str, dict[str, Any]] = {
    status: {**_PROBLEMS[400], "description": description}
    for status, description in (
        (401, "A token is needed."),
        (403, "This may not be done."),
        (413, "The body is too large."),
        (415, "The body is of a kind that is not read."),
    )
}
_NEEDED: dict[int | str, dict[str, Any]] = {500: {"model": Problem, "description": "A fault."}}

router = APIRouter(prefix="/api/v1", responses={**_PROBLEMS, **_NEEDED})
for _module in (things, statements, connections, overviews, catalogue, papers):
    router.include_router(_module.router)
router.include_router(papers.writing, responses=_WRITING)
