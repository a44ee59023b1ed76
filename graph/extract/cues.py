"""Reads the cue files: TOML tables of words by what they tell."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from graph.errors import DataError
from graph.resources import data_path


@cache
def load(name: str) -> Mapping[str, Any]:
    """The tables of `data/cues/NAME.toml`. Raises DataError naming the file when it is broken."""
    path = data_path(f"cues/{name}.toml")
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"the cue file {path.name} cannot be read: {error}") from error


@cache
def word_set(name: str, key: str) -> frozenset[str]:
    """One list of words of a cue file."""
    return frozenset(load(name)[key])


def by_word(table: Mapping[str, list[str]], file: str) -> dict[str, str]:
    """Turn "what it tells -> words" round. Raises DataError for a word in two lists."""
    found: dict[str, str] = {}
    for what, words in table.items():
        for word in words:
            if found.setdefault(word, what) != what:
                raise DataError(
                    f"the word {word!r} tells both {found[word]!r} and {what!r} in {file}.toml; "
                    "keep it in one list"
                )
    return found
