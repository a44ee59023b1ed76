"""Where each value of a JSON text stands: what is wrong with it can be named by its line."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

Path = tuple[str | int, ...]

_BLANK = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


class Places:
    """The lines of the values of one JSON text."""

    def __init__(self, text: str) -> None:
        """Find all of them. `text` is valid JSON; of a key given twice the last counts.

        Raises RecursionError for a text that is nested too deeply.
        """
        self._text = text
        self._starts: dict[Path, int] = {}
        self._walk(self._skip(0), ())

    def line(self, path: Sequence[str | int]) -> int:
        """The line of the value at a path of keys and indexes, or of the closest one around it.

        >>> Places('{"a": [1,\\n2]}').line(("a", 1))
        2
        """
        for length in range(len(path), 0, -1):
            if (at := self._starts.get(tuple(path[:length]))) is not None:
                return line_at(self._text, at)
        return line_at(self._text, self._starts[()])

    def _skip(self, at: int) -> int:
        found = _BLANK.match(self._text, at)
        assert found, "it matches the empty text too"
        return found.end()

    def _walk(self, at: int, path: Path) -> int:
        """Note where the value that begins here and those inside it stand; where it ends."""
        self._starts[path] = at
        opening = self._text[at]
        if opening not in "{[":
            return _DECODER.raw_decode(self._text, at)[1]
        at, number = self._skip(at + 1), 0
        while self._text[at] not in "}]":
            key: str | int = number
            if opening == "{":
                key, at = _DECODER.raw_decode(self._text, at)
                at = self._skip(self._skip(at) + 1)  # past the colon
            at = self._skip(self._walk(at, (*path, key)))
            number += 1
            if self._text[at] == ",":
                at = self._skip(at + 1)
        return at + 1


def line_at(text: str, offset: int) -> int:
    """The number of the line that a character stands in; the first is 1."""
    return text.count("\n", 0, offset) + 1


def at_path(value: object, path: Sequence[str | int]) -> object:
    """The value at a path of a decoded JSON text; None where there is nothing."""
    for part in path:
        match value:
            case dict() if part in value:
                value = value[part]
            case list() if isinstance(part, int) and part < len(value):
                value = value[part]
            case _:
                return None
    return value
