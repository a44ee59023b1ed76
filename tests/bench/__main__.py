"""Run all measurements, or those named: `python -m tests.bench pipeline`."""

from __future__ import annotations

import importlib
import sys
import time

from tests.bench.figure import Figure, print_figures

PARTS = ("starting", "pipeline", "service", "large")


def main() -> None:
    """Measure, and print one table of all."""
    begin = time.monotonic()
    sections: dict[str, list[Figure]] = {}
    try:
        for part in sys.argv[1:] or PARTS:
            module = importlib.import_module(f"tests.bench.{part}")
            figures = sections[f"{part}: {module.__doc__.splitlines()[0]}"] = []
            for figure in module.figures():
                # It takes minutes: whoever waits sees how far it is.
                after = time.monotonic() - begin
                said = f"{after:4.0f} s  {figure.what}: {figure.value} ({figure.reference})"
                print(said, file=sys.stderr, flush=True)
                figures.append(figure)
    finally:
        # What was measured is not lost with what cannot be.
        print_figures(sections)
        print(f"{(time.monotonic() - begin) / 60:.1f} minutes")


main()
