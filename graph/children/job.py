"""A process that builds or forgets documents for the service, and may be killed any time.

    python -m graph.children.job DATA

It takes the lock of the writer itself, and sends how far it is. It may use the network, for
documents that are given by their address.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import sys
from pathlib import Path
from typing import Any

from graph.build import BuildOptions, Progress, build, forget
from graph.children import frames, sandbox
from graph.errors import NotFound, ScipolError


def _work(data: Path, job: dict[str, Any], channel: frames.Channel) -> dict[str, Any]:
    """Do the job and return what to report."""
    if job["kind"] == "forget":
        forget(data, job["document"])
        return {}

    def tell(progress: Progress) -> None:
        channel.send(frames.pack(frames.PROGRESS, progress.model_dump_json().encode()))

    options = BuildOptions.model_validate(job["options"])
    report = build([*job["sources"]], data, options, tell)
    return report.model_dump(mode="json")


def main() -> None:
    """Do the one job that is sent over the socket that is the standard input."""
    sandbox.die_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    channel = frames.Channel(socket.socket(fileno=os.dup(0)))
    if (frame := channel.receive()) is None:
        return
    try:
        channel.send(
            frames.pack_json(frames.END, _work(Path(sys.argv[1]), json.loads(frame[1]), channel))
        )
    except (ScipolError, OSError) as error:
        near = list(error.near) if isinstance(error, NotFound) else []
        report = {"error": type(error).__name__, "message": str(error), "near": near}
        channel.send(frames.pack_json(frames.FAILURE, report))


if __name__ == "__main__":
    main()
