"""How answers are printed: as a table for people, or as JSON or CSV for programs."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from graph.errors import ScipolError

if TYPE_CHECKING:
    from rich.console import Console

# Widths in characters: of a pipe; of a column never broken, of one that is long, and its least
# room; and how much of a cell a table shows.
_PIPE_WIDTH = 100
_SHORT = 12
_LONG = 50
_LEAST_LONG = 32
_MOST = 320
_THOUSANDS = 1000

Cell = str | int | float | None
Format = Literal["table", "json", "csv"]


def chosen(as_json: bool, as_csv: bool) -> Format:
    """The format that the options name. Raises ScipolError when both are given."""
    if as_json and as_csv:
        raise ScipolError("choose one of --json and --csv")
    return "json" if as_json else "csv" if as_csv else "table"


def console() -> Console:
    """Where people read. A pipe has no width of its own, so COLUMNS counts, or a usual one."""
    from rich.console import Console

    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(width=None if known else _PIPE_WIDTH, highlight=False)


def note(text: str) -> None:
    """Say something beside the answer, on standard error."""
    from rich.console import Console

    Console(stderr=True, soft_wrap=True, highlight=False).print(text, markup=False)


def print_rows(
    rows: Sequence[Mapping[str, Cell]],
    columns: Sequence[str],
    form: Format,
    title: str | None = None,
    nothing: str = "Nothing found.",
) -> None:
    """Print rows under these columns. In a table, `nothing` is said when there are none."""
    if form == "json":
        print_json(list(rows))
    elif form == "csv":
        writer = csv.DictWriter(sys.stdout, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    elif rows:
        console().print(_table(rows, columns, title))
    else:
        console().print(nothing)


def print_json(value: object) -> None:
    """Print one JSON value, readable and in any script."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def _table(rows: Sequence[Mapping[str, Cell]], columns: Sequence[str], title: str | None) -> object:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    texts = [[_shown(row.get(column)) for column in columns] for row in rows]
    widths = [max(map(len, cells)) for cells in zip(*texts, strict=True)]
    table = Table(
        title=Text(title) if title else None,
        box=box.SIMPLE_HEAD,
        title_justify="left",
        title_style="bold",
        # Folded sentences run into each other without a line between the rows.
        leading=int(max(widths) > _LONG),
    )
    for column, width in zip(columns, widths, strict=True):
        numbers = all(isinstance(row.get(column), int | float | None) for row in rows)
        table.add_column(
            column.replace("_", " "),
            justify="right" if numbers else "left",
            overflow="fold",
            no_wrap=width <= _SHORT,
            # A long column takes the room that the others leave, and some of theirs.
            min_width=min(width, _LEAST_LONG) if width > _LONG else None,
        )
    for cells in texts:
        # Text, not str: labels from documents must not be read as markup.
        table.add_row(*map(Text, cells))
    return table


def _shown(cell: Cell) -> str:
    """A cell as people read it; what is very long is cut, JSON and CSV hold the whole."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:,.0f}" if cell.is_integer() and cell >= _THOUSANDS else f"{cell:.2f}"
    if isinstance(cell, int):
        return f"{cell:,}"
    text = " ".join(cell.split())
    return text if len(text) <= _MOST else text[: _MOST - 1].rstrip() + "…"
