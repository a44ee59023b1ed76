"""A service that speaks the chat protocol of OpenAI, on loopback: a real server, a small reader.

What it answers about a text it finds with the rules, so that its answers are about that text. A
test may have it misbehave first: `script` holds what is done with the first requests, one each.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from graph.extract.rules import RuleExtractor
from graph.records import Document, Text

Respond = Callable[["Handler"], None]
MODEL = "small-reader"


@dataclass(frozen=True)
class Asked:
    """One request: when it came in, its JSON, and who sent it."""

    at: float
    body: dict[str, Any]
    authorization: str | None

    @property
    def said(self) -> str:
        """What is told beside the instruction."""
        return str(self.body["messages"][1]["content"])

    @property
    def part(self) -> str:
        """The part of a text that is asked about."""
        return self.said.partition("\n<<<\n")[2].rpartition("\n>>>")[0]


class Handler(BaseHTTPRequestHandler):
    """One connection, and what is asked over it now."""

    protocol_version = "HTTP/1.1"
    server: Peer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked = Asked(time.monotonic(), body, self.headers.get("Authorization"))
        respond = self.server.next_response(self)
        respond(self)

    @property
    def part(self) -> str:
        """The part of a text that is asked about."""
        return self.asked.part

    def say(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def answer(self, content: object, finish: str = "stop", **more: object) -> None:
        """Answer with the words of a model."""
        words = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        message = {"role": "assistant", "content": words, **more}
        choice = {"index": 0, "message": message, "finish_reason": finish}
        usage = {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200}
        self.say(200, json.dumps({"choices": [choice], "usage": usage}).encode())

    def log_message(self, *_: object) -> None:
        pass


class Peer(ThreadingHTTPServer):
    """The server; `seen` are the requests that came in."""

    daemon_threads = True

    def __init__(self, script: Sequence[Respond], always: Respond) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[Asked] = []
        self._script = list(script)
        self._always = always
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def next_response(self, handler: Handler) -> Respond:
        with self._lock:
            self.seen.append(handler.asked)
            return self._script.pop(0) if self._script else self._always

    def handle_error(self, *_: object) -> None:
        """The client goes away in the middle, as it should."""


def read_it(handler: Handler) -> None:
    """Answer truly."""
    handler.answer(findings(handler.part))


def findings(part: str) -> dict[str, list[dict[str, object]]]:
    """What the rules find in a part, as a model would say it."""
    found = RuleExtractor().extract(Text(document=Document(name="part"), content=part))
    return {
        "entities": [
            {"id": e.id, "type": e.type, "mentions": sorted({m.text for m in e.mentions})}
            for e in found.entities
        ],
        "statements": [
            {
                "speaker": s.speaker,
                "modality": s.modality,
                "content": list(s.content),
                "addressee": list(s.addressee),
                "evidence": s.evidence.text,
            }
            for s in found.statements
        ],
        "relations": [
            {
                "subject": r.subject,
                "predicate": r.predicate,
                "object": r.object,
                "evidence": r.evidence.text,
            }
            for r in found.relations
        ],
    }


@contextmanager
def peer(*script: Respond, always: Respond = read_it) -> Iterator[Peer]:
    """A running peer that follows a script, then does `always` the same."""
    with Peer(script, always) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield running
        finally:
            running.shutdown()
            thread.join()


def settings(running: Peer, **more: object) -> dict[str, str]:
    """Settings of the extractor that lead to a peer; it is not waited long for."""
    given = {"url": running.url, "model": MODEL, "pause": 0.01, "timeout": 20.0, **more}
    return {name: str(value) for name, value in given.items()}
