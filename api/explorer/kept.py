"""Views too long for an address, kept under the hash of what they hold: `/v/<hash>`.

They are never changed or removed, so that a link that somebody cites goes on to work.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from pathlib import Path
from typing import Protocol

from api.errors import ContentTooLarge, NoSuchPage
from api.explorer.state import ViewGiven
from graph.errors import StoreError
from graph.layout import DataDirectory

# What can be read out, mailed and printed; browsers and proxies take more.
LONGEST = 1800
_LONGEST_VIEW, _MOST_BYTES = 256_000, 512_000_000
_NAME = re.compile("[0-9a-f]{12,64}")
_TABLE = "CREATE TABLE IF NOT EXISTS view (name TEXT PRIMARY KEY, content TEXT NOT NULL)"


def hash_of(view: ViewGiven) -> str:
    """The name of a view, equal for equal views."""
    return hashlib.sha256(view.query().encode()).hexdigest()[:16]


class Views(Protocol):
    """Where long views are kept."""

    def find(self, name: str) -> ViewGiven:
        """The view of this name. Raises NoSuchPage."""

    def keep(self, view: ViewGiven) -> str:
        """Keep a view; returns its name. Raises ContentTooLarge, StoreError."""


class NoViews:
    """Keeps none, for what has no data directory."""

    def find(self, name: str) -> ViewGiven:
        """No view has any name."""
        raise NoSuchPage(f"No view is kept as {name[:80]!r}.")

    def keep(self, view: ViewGiven) -> str:
        """Cannot be done."""
        raise StoreError("Views cannot be kept here.")


class KeptViews:
    """The views of a data directory, in a file of their own beside the graph."""

    def __init__(self, data: Path) -> None:
        """Nothing is opened before the first view is kept or asked for."""
        self._path = DataDirectory(data).views

    def find(self, name: str) -> ViewGiven:
        """The view of this name. Raises NoSuchPage."""
        if _NAME.fullmatch(name) and self._path.exists():
            with _Database(self._path) as database:
                row = database.execute("SELECT content FROM view WHERE name = ?", (name,))
                if found := row.fetchone():
                    return ViewGiven.model_validate_json(found[0])
        raise NoSuchPage(
            f"No view is kept as {name[:80]!r}: the link is not whole, or it belongs to another "
            "service. Begin anew at /explore."
        )

    def keep(self, view: ViewGiven) -> str:
        """Keep a view; the same one gets the same name."""
        content = view.model_dump_json(by_alias=True)
        if len(content) > _LONGEST_VIEW:
            raise ContentTooLarge("This view is too long to be kept as a link; take its JSON.")
        if self._path.exists() and self._path.stat().st_size > _MOST_BYTES:
            raise StoreError("No more views can be kept here; take this one as JSON.")
        name = hash_of(view)
        with _Database(self._path) as database:
            database.execute("INSERT OR IGNORE INTO view VALUES (?, ?)", (name, content))
        return name


class _Database:
    """A connection for the length of a block, committed at its end and closed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> sqlite3.Connection:
        try:
            self._database = sqlite3.connect(self._path, timeout=10)
            self._database.execute(_TABLE)
        except sqlite3.Error as error:
            raise StoreError(f"{self._path} cannot be used: {error}.") from error
        return self._database

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._database.commit()
        self._database.close()
