"""What can go wrong, as one family.

ScipolError
├── DocumentError      a document was refused; the rest of the batch goes on
├── DataError          shipped or given data (authority list, cues, gold, mapping) is not usable
├── ExtractorError     an extractor is unknown, cannot be used, or could not read a text
│   └── ExtractorStopped       it can read no further text: no key, no service, a cap is reached
├── StoreError         the data directory, or the store elsewhere, cannot be used as asked
│   ├── StoreBusy      another process is writing
│   ├── ReadOnlyStore  the store elsewhere has no address for updates
│   └── RemoteStoreError       a store elsewhere is down, refuses, or answers nonsense
│       └── RemoteStoreTimeout it gave no answer in time
├── QueryError         a query is malformed or asks for what is not allowed
├── Interrupted        somebody wants what is under way to stop; what is finished is kept
└── NotFound           no such entity, document or question; carries near misses
"""

from __future__ import annotations

from collections.abc import Sequence


class ScipolError(Exception):
    """Base of all errors that are meant for the user: one sentence saying what and what to do."""


class DocumentError(ScipolError):
    """A document was refused.

    `where` is the path, address or table row as the user gave it, `reason` one clause.
    """

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason


class DataError(ScipolError):
    """Shipped or given data is not usable; the message names the file and the line or key."""


class ExtractorError(ScipolError):
    """An extractor is unknown, cannot be used, or could not read a text; the message says why."""


class ExtractorStopped(ExtractorError):
    """An extractor can read no further text now; what was read before is whole."""


class StoreError(ScipolError):
    """The data directory, or the store elsewhere, cannot be used as asked."""


class StoreBusy(StoreError):
    """Another process holds the store for writing; the message names it."""


class ReadOnlyStore(StoreError):
    """The store elsewhere is for reading: no address for updates is known."""


class RemoteStoreError(StoreError):
    """A store elsewhere is down, refuses us, or answers nonsense; the message names its host."""


class RemoteStoreTimeout(RemoteStoreError):
    """A store elsewhere gave no answer in time."""


class QueryError(ScipolError):
    """A query is malformed or asks for something that is not allowed."""


class Interrupted(ScipolError):
    """Whoever watches wants it to stop; what is finished is kept."""


class NotFound(ScipolError):
    """Nothing has this name: `what`; `near` holds the closest names there are, best first."""

    def __init__(self, what: str, near: Sequence[str] = ()) -> None:
        hint = f" Did you mean: {'; '.join(near)}?" if near else ""
        super().__init__(f"{what}.{hint}")
        self.what = what
        self.near = tuple(near)
