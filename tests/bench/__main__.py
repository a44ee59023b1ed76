"""Run all measurements, or those named: `python -m tests.bench pipeline`."""

from __future__ import annotations

import importlib
import sys

from tests.bench.figure import print_figures

PARTS = ("starting", "pipeline", "service", "large")


def main() -> None:
    """Measure and print."""
    for part in sys.argv[1:] or PARTS:
        module = importlib.import_module(f"tests.bench.{part}")
        figures = []
        for figure in module.figures():
            # It takes minutes: whoever waits sees how far it is.
            said = f"{figure.what}: {figure.value} ({figure.reference})"
            print(said, file=sys.stderr, flush=True)
            figures.append(figure)
        print_figures(f"{part}: {module.__doc__}", figures)


main()
