"""Whether a short form is made of the initials of a name."""

from __future__ import annotations

from graph.identifiers import normalise

_SMALL = frozenset(("of", "and", "for", "the", "in", "on", "to", "at", "de", "et", "a", "an", "by"))


def is_acronym_of(short: str, full: str) -> bool:
    """Whether the capitals of `short` are the initials of the words of `full`, small words apart.

    >>> is_acronym_of("NIST", "National Institute of Standards and Technology")
    True
    """
    letters = "".join(char for char in short if char.isalnum()).casefold()
    if len(letters) < 2 or " " in short.strip() or not any(map(str.isupper, short)):
        return False
    words = normalise(full).split()
    if len(words) < 2:
        return False
    every = "".join(word[0] for word in words)
    content = "".join(word[0] for word in words if word not in _SMALL)
    return letters in (every, content)
