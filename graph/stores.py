"""Which store is meant: the data directory, or the store elsewhere that `SCIPOL_STORE` names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graph.remote.address import RemoteAddress, address_from
from graph.store import Store, open_reader

if TYPE_CHECKING:
    from graph.writer import GraphWriter


@dataclass(frozen=True)
class StorePlace:
    """Where a graph is: in a data directory, or else at an address, with the texts there."""

    data: Path
    address: RemoteAddress | None = None

    def open(self) -> Store:
        """Open it for reading; `close` it in the end. Raises StoreError.

        A store elsewhere is not asked yet: each question finds out by itself that it is down.
        """
        from graph.remote.store import RemoteStore

        return RemoteStore(self.address) if self.address else open_reader(self.data)


@contextmanager
def open_store(data_dir: Path) -> Iterator[Store]:
    """Open the store for reading. Raises StoreError where there is none."""
    from graph.remote.store import open_remote

    address = address_from(os.environ)
    opened: AbstractContextManager[Store]
    opened = open_remote(address) if address else open_reader(data_dir)
    with opened as store:
        yield store


@contextmanager
def open_store_writer(data_dir: Path) -> Iterator[GraphWriter]:
    """Open the store for writing; texts and names are kept in the data directory in any case.

    Raises StoreBusy while another process writes from there, StoreError.
    """
    from graph.remote.writer import open_remote_writer
    from graph.writer import open_writer

    address = address_from(os.environ)
    opened: AbstractContextManager[GraphWriter]
    opened = open_remote_writer(data_dir, address) if address else open_writer(data_dir)
    with opened as store:
        yield store
