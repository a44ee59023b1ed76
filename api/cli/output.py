"""How answers are printed: as a table for people, or as JSON or CSV for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from graph.errors import ScipolError

if TYPE_CHECKING:
    from rich.console import Console

Cell = str | int | float | None
Format = Literal["table", "json", "csv"]


def chosen(as_json: bool, as_csv: bool) -> Format:
    """The format that the options name. Raises ScipolError when both are given."""
    if as_json and as_csv:
        raise ScipolError("choose one of --json and --csv")
    return "json" if as_json else "csv" if as_csv else "table"


def console() -> Console:
    """Where people read; a pipe gets wide lines rather than broken ones."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 150, highlight=False)


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

    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold")
    for column in columns:
        numbers = all(isinstance(row.get(column), int | float | None) for row in rows)
        long = any(len(str(row.get(column) or "")) > 60 for row in rows)
        table.add_column(
            column.replace("_", " "),
            justify="right" if numbers else "left",
            overflow="fold",
            ratio=None,
            min_width=30 if long else None,
        )
    for row in rows:
        # Text, not str: labels from documents must not be read as markup.
        table.add_row(*(Text(_shown(row.get(column))) for column in columns))
    return table


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)
