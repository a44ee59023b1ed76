"""The process that writes for the service: updates one after another, and publishes them.

    python -m graph.children.writer DATA MEMORY

Updates that arrived together share one checkpoint. An update is acknowledged only when it is in
a checkpoint; killed at any moment, the store keeps what was committed.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

from graph import checkpoints
from graph.children import frames, sandbox
from graph.children.answering import Refused, syntax_report
from graph.children.uploads import checked_format, malformed
from graph.errors import QueryError, ScipolError
from graph.layout import DataDirectory
from graph.writer import WritableStore, open_writer

# So many updates at most wait for one checkpoint.
_TOGETHER = 64
# After these the engine may refuse to write until it is opened again.
_FATAL = ("memory", "store")


def _serve(store: WritableStore, channel: frames.Channel) -> None:
    """Carry out updates until the parent goes away."""
    while frame := channel.receive():
        done = 0
        while frame:
            report = _carry_out(store, frame, channel)
            channel.send(frames.pack_json(frames.DONE, report))
            if report.get("error") in _FATAL:
                return
            done += 1
            frame = channel.receive() if done < _TOGETHER and channel.has_more() else None
        try:
            store.publish()
        except OSError as error:
            channel.send(frames.pack_json(frames.PUBLISHED, {"error": str(error)[:300]}))
            return
        channel.send(frames.pack_json(frames.PUBLISHED, {}))


def _carry_out(
    store: WritableStore, frame: tuple[bytes, bytes], channel: frames.Channel
) -> dict[str, Any]:
    """Carry out one update or upload; what went wrong is part of the answer."""
    kind, request = frame[0], json.loads(frame[1])
    try:
        if kind == frames.LOAD:
            _load(store, request, channel)
        else:
            store.update(request["text"], request["base_iri"])
    except Refused as refusal:
        return refusal.report
    except MemoryError:
        return {"error": "memory"}
    except SyntaxError as error:
        return syntax_report(str(error), request["text"])
    except QueryError as error:
        return {"error": "query", "message": str(error)[:300]}
    except OSError as error:
        return {"error": "store", "message": str(error)[:300]}
    return {}


def _load(store: WritableStore, request: dict[str, Any], channel: frames.Channel) -> None:
    body = channel.receive()
    assert body is not None, "an upload follows its description at once"
    format = checked_format(request["media_type"], body[1])
    graph, base = request["graph"], request["base_iri"]
    try:
        store.load_graph(graph, body[1], format, base, replaces=request["replaces"])
    except (SyntaxError, ValueError) as error:
        raise malformed(error) from error


def _run(data: Path, memory: int, channel: frames.Channel) -> None:
    try:
        with open_writer(data) as store:
            # What a killed predecessor committed may not have been published.
            store.publish()
            sandbox.limit_memory(memory)
            denied = sandbox.deny_sockets()
            channel.send(frames.pack_json(frames.READY, {"sockets_denied": denied}))
            _serve(store, channel)
            # By now the readers have gone on from those that they held at the last update.
            checkpoints.clean(DataDirectory(data))
    except (ScipolError, OSError) as error:
        report = {"error": type(error).__name__, "message": str(error)}
        with contextlib.suppress(OSError):
            channel.send(frames.pack_json(frames.FAILURE, report))


def main() -> None:
    """Serve the socket that is the standard input."""
    data, memory = Path(sys.argv[1]), int(sys.argv[2])
    sandbox.die_with_parent()
    frames.serve(_run, data, memory)


if __name__ == "__main__":
    main()
