"""Run all measurements, or those named: `python -m tests.bench pipeline`."""

from __future__ import annotations

import importlib
import sys

from tests.bench.figure import print_figures

PARTS = ("starting", "pipeline", "service")


def main() -> None:
    """Measure and print."""
    for part in sys.argv[1:] or PARTS:
        module = importlib.import_module(f"tests.bench.{part}")
        print_figures(f"{part}: {module.__doc__}", list(module.figures()))


main()
