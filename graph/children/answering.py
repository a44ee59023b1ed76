"""Run one query on an engine and write the answer as frames."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import IO, Any, cast

import pyoxigraph as ox

from graph.children import frames
from ontology.vocabulary import PREFIXES

_PREFIXES = dict(PREFIXES)
_PORTION = 64 << 10
_PLACE = re.compile(r"error at (\d+):(\d+): ?")
_UNKNOWN_FUNCTION = re.compile(r"The custom function <([^>]*)> is not supported")
_SOLUTIONS = ox.QueryResultsFormat
_WITH_PREFIXES = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.RDF_XML)
# What XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_XML_TYPES = ("application/sparql-results+xml", "application/rdf+xml")


class Refused(Exception):
    """The request cannot be answered; `report` says why in words that both ends know."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.report = {"error": error, **more}


class Writer:
    """A file for the engine to write to, which sends portions on."""

    def __init__(self, head: bytes, channel: frames.Channel, is_xml: bool = False) -> None:
        self._waiting = [head]
        self._portion: list[bytes] = []
        self._size = 0
        self._channel = channel
        self._is_xml = is_xml
        self._tail = b""

    def write(self, data: bytes) -> int:
        """Take what the engine writes; waits while the parent does not read."""
        data = bytes(data)
        self._portion.append(data)
        self._size += len(data)
        if self._size >= _PORTION:
            self._pack()
            self._channel.send(*self._waiting)
            self._waiting = []
        return len(data)

    def flush(self) -> None:
        """The engine calls this at the end; `rest` is what is to be sent then."""

    def rest(self) -> list[bytes]:
        """The frames that were not sent."""
        if self._size:
            self._pack()
        return self._waiting

    def _pack(self) -> None:
        portion = b"".join(self._portion)
        if self._is_xml:
            # A character may lie across the boundary.
            if _NOT_XML.search(self._tail + portion):
                raise Refused("xml")
            self._tail = portion[-2:]
        self._waiting.append(frames.pack(frames.DATA, portion))
        self._portion, self._size = [], 0


def answer(engine: ox.Store, request: dict[str, Any], channel: frames.Channel) -> list[bytes]:
    """Answer a query, send all portions but the last, and return what is left to send.

    Raises Refused for what the query or the chosen format makes impossible.
    """
    try:
        found = evaluate(engine, request)
        form = form_of(found)
        media_type = request["formats"].get(form)
        if media_type is None:
            raise Refused("form", form=form)
        writer = Writer(_head(form, media_type), channel, media_type in _XML_TYPES)
        serialise(found, media_type, writer)
        return writer.rest()
    except SyntaxError as error:
        raise Refused(**syntax_report(str(error), request["text"])) from error
    except (ValueError, RuntimeError, OSError) as error:
        raise Refused("query", message=str(error)[:300]) from error


@lru_cache(maxsize=64)
def _head(form: str, media_type: str) -> bytes:
    return frames.pack_json(frames.HEAD, {"form": form, "media_type": media_type})


def evaluate(
    engine: ox.Store, request: dict[str, Any]
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Run the query; functions that nobody knows are errors of their expressions only."""
    functions: dict[ox.NamedNode, Any] = {}
    default, named = request["default_graphs"], request["named_graphs"]
    if default is not None or named is not None:
        # What is not given of a dataset is empty.
        default = [ox.NamedNode(g) for g in default or ()]
        named = [ox.NamedNode(g) for g in named or ()]
    text: str = request["text"]
    # To read all of them takes the engine as long as a short query.
    prefixes = {name: iri for name, iri in _PREFIXES.items() if f"{name}:" in text}
    while True:
        try:
            return engine.query(
                text,
                base_iri=request["base_iri"],
                prefixes=prefixes,
                use_default_graph_as_union=request["union"],
                default_graph=default,
                named_graphs=named,
                custom_functions=functions,
            )
        except RuntimeError as error:
            unknown = _UNKNOWN_FUNCTION.search(str(error))
            if not unknown or len(functions) > 100:
                raise
            functions[ox.NamedNode(unknown[1])] = lambda *_: None


def form_of(found: object) -> str:
    """What an answer is: `bindings`, `boolean` or `graph`."""
    if isinstance(found, ox.QuerySolutions):
        return "bindings"
    return "boolean" if isinstance(found, ox.QueryBoolean) else "graph"


def serialise(
    found: ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple],
    media_type: str,
    writer: Writer,
) -> None:
    """Write an answer in a format."""
    file = cast(IO[bytes], writer)
    if isinstance(found, ox.QuerySolutions | ox.QueryBoolean):
        found.serialize(file, format=_SOLUTIONS.from_media_type(media_type))
        return
    format = ox.RdfFormat.from_media_type(media_type)
    prefixes = _PREFIXES if format in _WITH_PREFIXES else None
    ox.serialize(found, file, format=format, prefixes=prefixes)


def syntax_report(message: str, text: str) -> dict[str, Any]:
    """Where a text is wrong; the engine lists its whole grammar, of no use to a reader."""
    place = _PLACE.match(message)
    if not place:
        return {"error": "syntax", "line": None, "column": None, "detail": message[:300]}
    line, column = int(place[1]), int(place[2])
    content = [*text.split("\n"), "", ""][line - 1]
    before = content[: column - 1]
    # Back to the beginning of the word in which the engine gave up.
    start = len(before) - len(re.split(r"\s", before)[-1])
    rest = content[start:].strip()
    detail = f"near {rest[:40]!r}" if rest else "it ends too early"
    return {"error": "syntax", "line": line, "column": start + 1, "detail": detail}
