"""Finds in a text what a model says stands there. The model's word is never taken for it.

Models change blanks, quotation marks, dashes and capitals while they copy; these count as equal.
Everything else has to be the same letter by letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_EQUAL = (
    dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‘’‚‛′`´", "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
    | {"…": "..."}
)
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_ARTICLE = re.compile(r"(?:the|an?|its|their|our|his|her|this|these|those)\s+", re.IGNORECASE)
# Signs that a wording neither begins nor ends with, unless they belong to a pair inside.
_EDGE = " \t\r\n.,;:!?\"'“”„‘’«»*_#•·-–—"
# Scripts that write no blanks between words.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0eff]")

# In a shorter wording capitals tell names from words: "US", "WHO".
_SHORT = 6
# Shorter quotes stand anywhere, and are evidence of nothing.
_SHORTEST_SENTENCE = 12

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in which what counts as equal is equal; `places` leads back to its characters."""

    text: str
    places: list[Place]


def fold(text: str) -> Folded:
    """Blanks as one, marks and dashes plain, what cannot be seen left out."""
    signs: list[str] = []
    places: list[Place] = []
    for at, sign in enumerate(text):
        if sign in _INVISIBLE:
            continue
        if sign.isspace():
            if signs and signs[-1] == " ":
                places[-1] = (places[-1][0], at + 1)
                continue
            sign = " "
        for plain in _EQUAL.get(sign, sign):
            signs.append(plain)
            places.append((at, at + 1))
    return Folded("".join(signs), places)


class Finder:
    """Finds wordings and sentences in one part of a text that begins at `offset`."""

    def __init__(self, text: str, offset: int = 0) -> None:
        self._text = text
        self._offset = offset
        self._folded = fold(text)
        lowered = [c.lower() if len(c.lower()) == 1 else c for c in self._folded.text]
        self._lowered = "".join(lowered)

    def wording(self, said: str) -> list[Place]:
        """Where a wording stands as whole words, without article and punctuation at its edges."""
        wanted = _wanted(said).strip(_EDGE)
        if wanted[:1] == "(" and wanted[-1:] == ")":
            wanted = wanted[1:-1].strip(_EDGE)
        found = self._all(wanted)
        bare = wanted[m.end() :] if (m := _ARTICLE.match(wanted)) else wanted
        # Where it stands without the article too, that is as good a place.
        found = found and self._all(bare)
        return [place for place in found if self._is_whole(place)]

    def sentence(self, said: str) -> list[Place]:
        """Where a sentence, or a clause of one, stands as whole words."""
        wanted = _wanted(said).strip(_EDGE)
        found = self._all(wanted) if len(wanted) >= _SHORTEST_SENTENCE else []
        return [place for place in found if self._is_whole(place)]

    def _all(self, wanted: str) -> list[Place]:
        if not any(c.isalnum() for c in wanted):
            return []
        exact = [self._place(p) for p in _occurrences(self._folded.text, wanted)]
        if exact or len(wanted) < _SHORT:
            return exact
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in wanted)
        return [self._place(p) for p in _occurrences(self._lowered, lower)]

    def _place(self, found: Place) -> Place:
        places = self._folded.places
        start, end = places[found[0]][0], places[found[1] - 1][1]
        return start + self._offset, end + self._offset

    def _is_whole(self, place: Place) -> bool:
        start, end = place[0] - self._offset, place[1] - self._offset
        text = self._text
        return not (
            (start and _joined(text[start - 1], text[start]))
            or (end < len(text) and _joined(text[end - 1], text[end]))
        )


def _wanted(said: str) -> str:
    return fold(unicodedata.normalize("NFC", said)).text


def _occurrences(text: str, wanted: str) -> Iterator[Place]:
    at = text.find(wanted)
    while at >= 0:
        yield at, at + len(wanted)
        at = text.find(wanted, at + len(wanted))


def _joined(before: str, after: str) -> bool:
    """Whether two characters stand in one word."""
    if _UNSPACED.match(before) or _UNSPACED.match(after):
        return False
    return (before.isalnum() or before == "_") and (after.isalnum() or _is_mark(after))


def _is_mark(sign: str) -> bool:
    return sign == "_" or unicodedata.combining(sign) > 0
