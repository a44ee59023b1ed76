"""One measured figure, and how a table of them is printed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """What was measured, its value with unit, what it is compared with, and what is to hold."""

    what: str
    value: str
    reference: str
    ratio: float | None
    hold: str


def seconds(work: Callable[[], object], runs: int = 3) -> float:
    """Median processor time of a call in this process, in seconds, after one call to warm up."""
    work()
    times = []
    for _ in range(runs):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return statistics.median(times)


def print_figures(title: str, figures: Iterable[Figure]) -> None:
    """Print a table of figures."""
    table = Table(title=title, title_justify="left")
    for column in ("what", "value", "reference", "ratio", "to hold"):
        table.add_column(column, justify="right" if column == "ratio" else "left")
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        table.add_row(figure.what, figure.value, figure.reference, ratio, figure.hold)
    Console().print(table)
