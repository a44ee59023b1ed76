"""Which store is meant: the data directory, or the store elsewhere that `SCIPOL_STORE` names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from graph.remote.address import address_from
from graph.store import Store, open_reader

if TYPE_CHECKING:
    from graph.writer import GraphWriter


def is_elsewhere() -> bool:
    """Whether `SCIPOL_STORE` names a store. Raises StoreError for values without a meaning."""
    return address_from(os.environ) is not None


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
