"""Lists that are shown in pages, kept while the data stay the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from typing import TypeVar, cast

from api.dependencies import Snapshot

S = TypeVar("S", bound=Sized)
# So many lists, with so many items together, are kept for a state of the data.
_MOST_LISTS = 256
_MOST_ITEMS = 1_000_000


class Shelf:
    """Lists of one state of the data, those used last."""

    def __init__(self) -> None:
        self._lists: OrderedDict[Hashable, Sized] = OrderedDict()
        self._items = 0
        self._lock = threading.Lock()

    def list_of(self, key: Hashable, make: Callable[[], S]) -> S:
        """The list that is kept under a key, or else what `make` gives."""
        with self._lock:
            if key in self._lists:
                self._lists.move_to_end(key)
                return cast(S, self._lists[key])
        made = make()
        with self._lock:
            if key not in self._lists and len(made) <= _MOST_ITEMS:
                self._lists[key] = made
                self._items += len(made)
            while self._items > _MOST_ITEMS or len(self._lists) > _MOST_LISTS:
                _, dropped = self._lists.popitem(last=False)
                self._items -= len(dropped)
        return made


def shelf(now: Snapshot) -> Shelf:
    """The lists of this state of the data."""
    return now.kept("shelf", Shelf)
