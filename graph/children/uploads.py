"""Read foreign RDF and write it as N-Quads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any, cast

import pyoxigraph as ox

from graph.children import frames
from graph.children.answering import Refused, Writer

# The engine expands entities without any bound.
_ENTITIES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def parse(request: dict[str, Any], body: bytes, channel: frames.Channel) -> list[bytes]:
    """Send an upload as N-Quads, all but the last portion, which is returned.

    Raises Refused for what is malformed or not allowed in uploads.
    """
    head = frames.pack_json(frames.HEAD, {"form": "graph", "media_type": "application/n-quads"})
    writer = Writer(head, channel)
    try:
        ox.serialize(_quads(request, body), cast(IO[bytes], writer), format=ox.RdfFormat.N_QUADS)
        return writer.rest()
    except (SyntaxError, ValueError, OSError) as error:
        raise malformed(error) from error


def triples_of(request: dict[str, Any], body: bytes) -> list[ox.Triple]:
    """The triples of an upload, with blank nodes of new names. Raises Refused."""
    try:
        return [quad.triple for quad in _quads(request, body)]
    except (SyntaxError, ValueError, OSError) as error:
        raise malformed(error) from error


def _quads(request: dict[str, Any], body: bytes) -> Iterator[ox.Quad]:
    return ox.parse(
        body,
        format=checked_format(request["media_type"], body),
        base_iri=request["base_iri"],
        without_named_graphs=request["graph"] is not None,
        rename_blank_nodes=True,
    )


def checked_format(media_type: str, body: bytes) -> ox.RdfFormat:
    """The format of an upload. Raises Refused for one that is not read, and for tricks."""
    format = ox.RdfFormat.from_media_type(media_type)
    if format is None:
        raise Refused("format", message=media_type)
    _refuse_tricks(format, body)
    return format


def _refuse_tricks(format: ox.RdfFormat, body: bytes) -> None:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise Refused("upload", line=line, column=None, message="it is not UTF-8") from error
    if format == ox.RdfFormat.RDF_XML and (found := _ENTITIES.search(body)):
        line = body.count(b"\n", 0, found.start()) + 1
        message = "document types and entities are not allowed in RDF/XML"
        raise Refused("upload", line=line, column=None, message=message)


def malformed(error: Exception) -> Refused:
    """What the engine says of RDF that it cannot read."""
    place = getattr(error, "lineno", None), getattr(error, "offset", None)
    return Refused("upload", line=place[0], column=place[1], message=str(error)[:300])
