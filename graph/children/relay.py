"""A process that passes one request at a time on to a store elsewhere, and may be killed any time.

    python -m graph.children.relay MEMORY NICE

The store is named in its environment, as `graph.remote.address` reads it. A query is parsed here
first: only what is one query of the standard goes out, never an update in its clothes. What comes
back is read and written anew, so that nonsense, a part, or another format is never passed on.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph.children import frames, sandbox
from graph.children.answering import Refused, Writer, evaluate, form_of, serialise, syntax_report
from graph.children.uploads import parse, triples_of
from graph.errors import QueryError, ScipolError
from graph.remote.address import address_from
from graph.remote.store import Dataset, RemoteStore
from graph.sparql_text import standalone
from graph.store import data_version
from ontology.vocabulary import PREFIXES

# The store's answer is given up so much before this process is ended, so that it can say why.
_SHARE = 0.9
_XML_TYPES = ("application/sparql-results+xml", "application/rdf+xml")


class _Relay:
    """The connection to the store, and what to do with each frame."""

    def __init__(self, store: RemoteStore, channel: frames.Channel) -> None:
        self._store = store
        self._channel = channel
        self._doing = {
            frames.QUERY: self._query,
            frames.PARSE: self._parse,
            frames.UPDATE: self._update,
            frames.LOAD: self._load,
            frames.VERSION: self._version,
        }

    def serve(self) -> None:
        """Pass requests on until the parent goes away."""
        while frame := self._channel.receive():
            kind, payload = frame
            if kind not in self._doing:
                continue
            started = time.monotonic()
            try:
                last = self._doing[kind](json.loads(payload))
            except Refused as refusal:
                self._fail(refusal.report)
            except ScipolError as error:
                self._fail({"error": type(error).__name__, "message": str(error)})
            except MemoryError:
                self._fail({"error": "memory"})
                return
            else:
                # What was sent to be stored leaves the process large.
                retiring = kind in (frames.PARSE, frames.LOAD)
                seconds = time.monotonic() - started
                end = {"seconds": seconds, "retiring": retiring, "number": 0}
                self._channel.send(*last, frames.pack_json(frames.END, end))
                if retiring:
                    return

    def _fail(self, report: Mapping[str, Any]) -> None:
        self._channel.send(frames.pack_json(frames.FAILURE, report))

    def _query(self, request: dict[str, Any]) -> list[bytes]:
        form = _form(request)
        media_type = request["formats"].get(form)
        if media_type is None:
            raise Refused("form", form=form)
        text = _with_base(request)
        dataset = Dataset(
            _graphs(request["default_graphs"]), _graphs(request["named_graphs"]), request["union"]
        )
        seconds = request["seconds"] * _SHARE
        head = frames.pack_json(frames.HEAD, {"form": form, "media_type": media_type})
        writer = Writer(head, self._channel, media_type in _XML_TYPES)
        if form == "boolean":
            serialise(self._store.yes_or_no(text, dataset, seconds), media_type, writer)
        elif form == "bindings":
            with self._store.solutions(text, dataset, seconds) as rows:
                serialise(rows, media_type, writer)
        else:
            with self._store.triples(text, dataset, seconds) as triples:
                serialise(triples, media_type, writer)
        return writer.rest()

    def _parse(self, request: dict[str, Any]) -> list[bytes]:
        return parse(request, self._body(), self._channel)

    def _update(self, request: dict[str, Any]) -> list[bytes]:
        text = request["text"]
        try:
            # On nothing, to see that it is an update of the standard, and where it is not.
            ox.Store().update(text, base_iri=request["base_iri"], prefixes=dict(PREFIXES))
        except SyntaxError as error:
            raise Refused(**{**syntax_report(str(error), text), "what": "update"}) from error
        except (ValueError, RuntimeError, OSError):
            # What cannot be done with nothing may be possible there.
            pass
        try:
            self._store.update(_with_base(request), request["seconds"] * _SHARE)
        except QueryError as error:
            raise Refused("UpdateFailed", message=str(error)) from error
        return []

    def _load(self, request: dict[str, Any]) -> list[bytes]:
        bodies = [(about, self._body()) for about in request["uploads"]]
        triples = [t for about, body in bodies for t in triples_of(about, body)]
        self._store.write_graph(
            request["graph"],
            triples,
            replaces=request["replaces"],
            seconds=request["seconds"] * _SHARE,
        )
        return []

    def _version(self, request: dict[str, Any]) -> list[bytes]:
        """What the store holds, in short; the number of quads tells of what no build has made."""
        version = f"{data_version(self._store)}-{len(self._store):x}"
        return [frames.pack(frames.DATA, version.encode())]

    def _body(self) -> bytes:
        frame = self._channel.receive()
        assert frame is not None, "a body follows its description at once"
        return frame[1]


def _form(request: dict[str, Any]) -> str:
    """The form of a query, which has to be one. Raises Refused."""
    text = request["text"]
    try:
        return form_of(evaluate(ox.Store(), request))
    except SyntaxError as error:
        raise Refused(**syntax_report(str(error), text)) from error
    except (ValueError, RuntimeError, OSError) as error:
        raise Refused("query", message=str(error)[:300]) from error


def _graphs(given: list[str] | None) -> tuple[str, ...] | None:
    return None if given is None else tuple(given)


def _with_base(request: dict[str, Any]) -> str:
    """The text with the address that its relative IRIs are read against."""
    base, text = request["base_iri"], standalone(request["text"])
    # In front of the prefixes, as SPARQL 1.0 had it: some engines know no other place.
    return f"BASE {ox.NamedNode(base)} {text}" if base else text


def _run(data: Path, memory: int, channel: frames.Channel) -> None:
    address = address_from(os.environ)
    assert address is not None, "the parent names the store"
    with RemoteStore(address) as store:
        sandbox.limit_memory(memory)
        channel.send(frames.pack_json(frames.READY, {"sockets_denied": False}))
        _Relay(store, channel).serve()


def main() -> None:
    """Serve the socket that is the standard input."""
    memory, nice = int(sys.argv[1]), int(sys.argv[2])
    sandbox.die_with_parent()
    sandbox.yield_to_others(nice)
    frames.serve(_run, Path(), memory)


if __name__ == "__main__":
    main()
