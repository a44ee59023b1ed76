"""What all questions over REST have in common: formats, validators, pages, strict parameters."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import Request, Response, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from pydantic import BaseModel

from api.dependencies import service_of
from api.errors import BadRequest, Gone, NotAcceptable
from api.negotiation import negotiate
from api.parameters import read_parameters

T = TypeVar("T")
JSON, CSV, ZIP = "application/json", "text/csv", "application/zip"
TABLE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; as CSV one line for each item.",
        "content": {CSV: {"schema": {"type": "string"}}},
    }
}
_HEADERS = {"Vary": "Accept", "Cache-Control": "no-cache"}
_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class DataRoute(APIRoute):
    """A question that the data alone decide: who has the answer of this state is told so.

    Parameters that there are not, or that are given twice without being a list, are refused.
    """

    def get_route_handler(self) -> _Handler:
        """The handler, with the checks around it."""
        handle = super().get_route_handler()
        flat = [
            f for f in get_flat_params(self.dependant) if isinstance(f.field_info, params.Query)
        ]
        known = {p.alias: _takes_several(p.field_info.annotation) for p in flat}
        described = self.responses.get(200, {}).get("content", {})
        offers = (ZIP,) if ZIP in described else (JSON, CSV) if CSV in described else (JSON,)

        async def checked(request: Request) -> Response:
            _check_names(request, known)
            media = negotiate(request.headers.get("accept"), offers)
            if media is None:
                raise NotAcceptable(f"This is given as {' or '.join(offers)}.")
            request.state.media = media
            etag = _etag(request, media)
            if request.method == "GET" and _has(request, etag):
                return Response(status_code=304, headers={**_HEADERS, "ETag": etag})
            response = await handle(request)
            for name, value in {**_HEADERS, "ETag": etag}.items():
                response.headers.setdefault(name, value)
            return response

        return checked


Row = BaseModel | Mapping[str, object]


def reply(request: Request, answer: BaseModel, rows: Iterable[Row] = ()) -> Response:
    """The answer as JSON, or its rows as CSV, as the client wants it.

    The address of the next page, where there is one, is in the header `Link` as well.
    """
    following = getattr(answer, "next", None)
    headers = {}
    if following:
        query = [(n, v) for n, v in request.query_params.multi_items() if n != "cursor"]
        target = f"{request.url.path}?{urlencode([*query, ('cursor', following)])}"
        headers["Link"] = f'<{target}>; rel="next"'
    if request.state.media == CSV:
        return Response(as_csv(rows), headers=headers, media_type=f"{CSV}; charset=utf-8")
    return Response(answer.model_dump_json(), headers=headers, media_type=JSON)


def as_csv(rows: Iterable[Row]) -> bytes:
    """Rows as CSV (RFC 4180, UTF-8): what is nested gets columns such as `speaker_label`."""
    flat = [_flat(r.model_dump(mode="json") if isinstance(r, BaseModel) else r) for r in rows]
    columns = list(dict.fromkeys(name for row in flat for name in row))
    output = io.StringIO()
    writer = csv.DictWriter(output, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(flat)
    return output.getvalue().encode()


def page(
    request: Request, version: str, items: Sequence[T], limit: int, cursor: str | None
) -> tuple[Sequence[T], str | None]:
    """The part of a list that a cursor leads to, and the cursor of the next part.

    Raises BadRequest for a cursor of another list, Gone for one of other data.
    """
    start = _offset(request, version, cursor) if cursor else 0
    end = start + limit
    return items[start:end], _cursor(request, version, end) if end < len(items) else None


def _cursor(request: Request, version: str, offset: int) -> str:
    content = json.dumps([version, _list_of(request), offset], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _offset(request: Request, version: str, cursor: str) -> int:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        of_version, of_list, offset = json.loads(base64.b64decode(padded, b"-_", validate=True))
    except (ValueError, TypeError):
        raise BadRequest("The parameter 'cursor' is none that was given here.") from None
    if of_list != _list_of(request) or type(offset) is not int or not 0 < offset < 1 << 53:
        raise BadRequest("The parameter 'cursor' belongs to another list; begin without it.")
    if of_version != version:
        raise Gone("The data have changed since this list was begun; begin again without 'cursor'.")
    return offset


def _list_of(request: Request) -> str:
    """What a list is of, whatever the size of its pages."""
    given = sorted(
        item for item in request.query_params.multi_items() if item[0] not in ("cursor", "limit")
    )
    return hashlib.blake2b(repr((request.url.path, given)).encode(), digest_size=6).hexdigest()


def _etag(request: Request, media: str) -> str:
    parts = f"{request.url.path}?{request.url.query} {media}".encode()
    version = service_of(request).endpoint.data_version
    # Weak: the answer may be compressed on its way.
    return f'W/"{version}.{hashlib.blake2b(parts, digest_size=8).hexdigest()}"'


def _has(request: Request, etag: str) -> bool:
    given = request.headers.get("if-none-match", "")
    return given.strip() == "*" or etag in (part.strip() for part in given.split(","))


def _check_names(request: Request, known: Mapping[str, bool]) -> None:
    most = service_of(request).settings.parameter_count
    for name, values in read_parameters(request.scope["query_string"], most).items():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; it has: {', '.join(known)}."
            raise BadRequest(f"There is no parameter {name[:60]!r} here{hint if known else '.'}")
        if not known[name] and len(values) > 1:
            raise BadRequest(f"The parameter {name!r} is given more than once.")


def _takes_several(annotation: object) -> bool:
    return "list[" in str(annotation)


def _flat(fields: Mapping[str, Any], prefix: str = "") -> dict[str, object]:
    cells: dict[str, object] = {}
    for name, value in fields.items():
        if isinstance(value, Mapping):
            cells.update(_flat(value, f"{prefix}{name}_"))
        elif isinstance(value, list):
            cells[f"{prefix}{name}"] = "; ".join(map(_word, value))
        else:
            cells[f"{prefix}{name}"] = "" if value is None else value
    return cells


def _word(value: object) -> str:
    if isinstance(value, Mapping):
        return str(value.get("label", value.get("id", "")))
    return str(value)
