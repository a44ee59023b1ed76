"""Where the shipped data lie: beside the packages in a checkout, inside `graph` in a wheel."""

from __future__ import annotations

from pathlib import Path

from graph.errors import DataError

_PLACES = (Path(__file__).parent / "_data", Path(__file__).parent.parent / "data")


def document_path(name: str) -> Path:
    """Path of a file of the documentation that is shipped, for example `quality.md`.

    Raises DataError where it is missing.
    """
    root = Path(__file__).parent
    for place in (root / "_docs", root.parent / "docs"):
        if (path := place / name).exists():
            return path
    raise DataError(f"the shipped document {name!r} is missing; install scipol again")


def data_path(name: str) -> Path:
    """Path of a file or folder of the shipped data, for example `authority/actors.csv`.

    Raises DataError where it is missing, which means that the installation is damaged.
    """
    for place in _PLACES:
        if (path := place / name).exists():
            return path
    raise DataError(f"the shipped data file {name!r} is missing; install scipol again")
