"""How answers are printed: as a table for people, or as JSON or CSV for programs."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from graph.errors import ScipolError

if TYPE_CHECKING:
    from rich.console import Console

    from graph.extract.base import Extractor

# The code that a command ends with after Ctrl-C.
INTERRUPTED = 130
# Widths in characters: of a pipe; of a column that is never broken; of the space between two.
_PIPE_WIDTH = 100
_SHORT = 12
# Dates and figures are never broken.
_WHOLE = 14
# Nor are names of documents, which people copy.
NAME, _NAME = "name", 40
_PADDING = 3
# So much of a cell is shown in a table.
_MOST = 320
_THOUSANDS = 1000

# The column that holds evidence; rows name the document of it beside.
SENTENCE = "sentence"

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


@contextmanager
def loaded_extractor(
    name: str | None, data: Path, settings: Mapping[str, str]
) -> Iterator[Extractor]:
    """An extractor to work with, the default where none is named.

    That it is another one, and in the end what it has to tell, is said on standard error.
    """
    from graph.extract import settle_extractor
    from graph.extract.base import Remarking, Setup

    _, loaded, fallback = settle_extractor(name, Setup(data=data, settings=settings))
    if fallback:
        note(fallback)
    try:
        yield loaded
    finally:
        for remark in loaded.remarks() if isinstance(loaded, Remarking) else ():
            note(remark)


def print_rows(
    rows: Sequence[Mapping[str, Cell]],
    columns: Sequence[str],
    form: Format,
    title: str | None = None,
    nothing: str = "Nothing found.",
) -> None:
    """Print rows under these columns. Where a table has none, `nothing` is said, if anything."""
    if form == "json":
        print_json(list(rows))
    elif form == "csv":
        writer = csv.DictWriter(sys.stdout, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    elif rows:
        if title:
            # A title inside the table would be folded to its width.
            console().print(title, style="bold", markup=False)
        console().print(_table(rows, columns))
        console().print()
    elif nothing:
        console().print(nothing, markup=False)


def print_json(value: object) -> None:
    """Print one JSON value, readable and in any script."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def _table(rows: Sequence[Mapping[str, Cell]], columns: Sequence[str]) -> object:
    from rich import box
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    # A column without any value says nothing, and where a sentence stands is said behind it.
    columns = [c for c in columns if any(row.get(c) not in (None, "") for row in rows)]
    texts = [[_with_source(row, column) for column in columns] for row in rows]
    natural = [
        max(cell_len(text) for text in (_heading(column), *cells))
        for column, cells in zip(columns, zip(*texts, strict=True), strict=True)
    ]
    widths = _widths(columns, natural, console().width)
    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        # Folded cells run into each other without a line between the rows.
        leading=int(widths != natural),
        pad_edge=False,
    )
    for column, width in zip(columns, widths, strict=True):
        numbers = all(isinstance(row.get(column), int | float | None) for row in rows)
        table.add_column(
            _heading(column),
            justify="right" if numbers else "left",
            overflow="fold",
            width=width,
        )
    for cells in texts:
        # Text, not str: labels from documents must not be read as markup.
        table.add_row(*map(Text, cells))
    return table


def _heading(column: str) -> str:
    return column.replace("_", " ")


def _widths(columns: Sequence[str], natural: Sequence[int], room: int) -> list[int]:
    """How wide each column is in so much room: short ones as they are, the others by shares.

    A sentence gets twice the share of another column.
    """
    left = room - _PADDING * len(columns)
    shares = {i: 2 if column == SENTENCE else 1 for i, column in enumerate(columns)}
    whole = [_NAME if column == NAME else _WHOLE for column in columns]
    widths = list(natural)
    while shares:
        unit = left / sum(shares.values())
        fitting = [i for i in shares if natural[i] <= max(unit * shares[i], whole[i])]
        if not fitting:
            break
        for i in fitting:
            left -= natural[i]
            del shares[i]
    for i, share in shares.items():
        widths[i] = max(int(left * share / sum(shares.values())), _SHORT)
    return widths


def _with_source(row: Mapping[str, Cell], column: str) -> str:
    shown = _shown(row.get(column))
    if column != SENTENCE or "document" not in row:
        return shown
    sure = f", confidence {row['confidence']:.2f}" if "confidence" in row else ""
    return f"{shown} ({row['document']}{sure})"


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
