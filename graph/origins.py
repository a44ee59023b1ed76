"""Where each document was read from, so that two files of one name are not taken for one document.

The names of documents leave out the folder that was given. This list is kept beside the store; it
holds paths of this machine and therefore never enters the graph.
"""

from __future__ import annotations

import filecmp
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from graph.documents import Place, Refusal


class Origins:
    """Document name -> the file it was last read from, kept as one line of JSON each."""

    def __init__(self, path: Path) -> None:
        """Read the list; a line that a kill cut short is passed over."""
        self._path = path
        self._known: dict[str, str] = {}
        if path.exists():
            for line in path.read_text("utf-8").splitlines():
                if line.endswith("]"):
                    name, origin = json.loads(line)
                    self._known[name] = origin

    def checked(self, found: Iterable[Place | Refusal]) -> Iterator[Place | Refusal]:
        """Pass places on, but refuse a file that bears the name of another one's document.

        A file that was moved, or an equal copy, is the same document: the other must still be
        there and say something else.
        """
        for place in found:
            if isinstance(place, Refusal) or place.path is None:
                yield place
            elif (other := self._other(place.name, place.path)) is not None:
                reason = (
                    f"would replace the document {place.name!r}, read from {other}; rename the "
                    f"file, read the folder above both, or `scipol forget` the other first"
                )
                yield Refusal(where=place.where, reason=reason)
            else:
                self._known[place.name] = str(place.path.resolve())
                yield place

    def save(self) -> None:
        """Write the list, whole or not at all."""
        lines = (json.dumps(item, ensure_ascii=False) for item in sorted(self._known.items()))
        draft = self._path.with_suffix(".draft")
        draft.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        draft.replace(self._path)

    def forget(self, name: str) -> None:
        """Let the name be used by another file."""
        self._known.pop(name, None)

    def _other(self, name: str, path: Path) -> Path | None:
        """The other file that gave the document of this name, if there is one still."""
        if name not in self._known:
            return None
        other = Path(self._known[name])
        if other == path.resolve() or not other.is_file():
            return None
        return None if filecmp.cmp(other, path, shallow=False) else other
