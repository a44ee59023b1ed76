"""How long the command takes to answer at all."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.bench.figure import Figure


def figures() -> Iterator[Figure]:
    """`scipol --help` beside an interpreter that does nothing."""
    bare = _wall([sys.executable, "-c", "pass"])
    taken = _wall([sys.executable, "-m", "api.cli", "--help"])
    yield Figure(
        "scipol --help",
        f"{taken:.2f} s",
        f"python -c pass: {bare:.2f} s",
        taken / bare,
        "< 0.4 s",
        taken < 0.4,
    )


def _wall(command: list[str], runs: int = 7) -> float:
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)
