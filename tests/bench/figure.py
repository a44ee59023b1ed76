"""One measured figure, and how a table of them is printed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

# Narrower, the table would break its cells into pieces.
_WIDTH = 160


@dataclass(frozen=True)
class Figure:
    """What was measured, its value with unit, what it is compared with, and what is to hold.

    `held` says whether it held in this run; None where nothing is promised.
    """

    what: str
    value: str
    reference: str
    ratio: float | None
    hold: str
    held: bool | None = None


def seconds(work: Callable[[], object], runs: int = 3) -> float:
    """Median processor time of a call in this process, in seconds, after one call to warm up."""
    work()
    times = []
    for _ in range(runs):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return statistics.median(times)


def spread(times: Sequence[float]) -> float:
    """Half of the distance between the quartiles: how far a median of these is to be believed."""
    first, _, third = statistics.quantiles(times, n=4)
    return (third - first) / 2


def print_figures(sections: Mapping[str, Iterable[Figure]]) -> None:
    """Print one table of all figures, by sections."""
    table = Table(title="make bench", title_justify="left")
    for column in ("what", "value", "beside", "ratio", "to hold", "held"):
        table.add_column(column, justify="right" if column == "ratio" else "left")
    for section, figures in sections.items():
        table.add_section()
        table.add_row(f"[bold]{section}[/bold]")
        for figure in figures:
            ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
            held = "" if figure.held is None else "yes" if figure.held else "[bold]no[/bold]"
            row = (figure.what, figure.value, figure.reference, ratio, figure.hold, held)
            table.add_row(*row)
    Console(width=_WIDTH).print(table)
