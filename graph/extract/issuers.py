"""How the name of a document's issuer is told in its text: in full, in part, or by its head."""

from __future__ import annotations

import re
from functools import cache

from graph.extract.cues import word_set

_LINKS = frozenset(("of", "for", "on", "at", "in", "to"))


def normal(name: str) -> str:
    """A name in small letters, its words with one space between them."""
    return " ".join(re.findall(r"\w+", name.casefold()))


def heads(name: str) -> frozenset[str]:
    """What a body is called in short: the noun of its kind, at the end or before "of", "for"."""
    words = normal(name).split()
    link = next((i for i, w in enumerate(words) if i and w in _LINKS), len(words))
    return frozenset(words[link - 1 : link]) & _kinds()


def nearness(issuer: str, name: str) -> int:
    """How many words of the issuer's name a name in the text has; 0 if it is another's.

    "Ministry" or "Agency" alone is the name of any such body.
    """
    whole, part = normal(issuer), normal(name)
    if f" {part} " not in f" {whole} " or len(part) < 3 or part in _kinds():
        return 0
    return len(part.split())


@cache
def _kinds() -> frozenset[str]:
    return frozenset().union(
        *(word_set("organizations", name) for name in ("described", "solo", "heads", "place_heads"))
    )
