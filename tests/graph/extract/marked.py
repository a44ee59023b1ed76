"""Texts with their entities marked, for tests: "[r:Ministry] launched the [i:fund]"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph.extract import relations, statements
from graph.extract.draft import Draft, RelationDraft, StatementDraft
from graph.extract.passages import Prose, read
from graph.extract.scene import SYMBOLS
from graph.records import Document

_TYPES = {symbol: type_ for type_, symbol in SYMBOLS.items()}
_MARK = re.compile(r"\[([a-z]):|\]")


@dataclass(frozen=True)
class Marked:
    """A text and its entities; marks with the same words are one entity."""

    prose: Prose
    entities: tuple[Draft, ...]
    document: Document

    def statements(self) -> list[StatementDraft]:
        return statements.find(self.prose, self.document, self.entities)

    def stances(self) -> list[tuple[str | None, str, list[str]]]:
        """Who takes which stance on what, by name."""
        return [
            (s.speaker and s.speaker.name, s.modality, [c.name or "" for c in s.content])
            for s in self.statements()
        ]

    def relations(self) -> list[RelationDraft]:
        return relations.find(self.prose, self.document, self.entities, self.statements())


def marked(source: str, issuer: str | None = None) -> Marked:
    """Read the marks; they may nest."""
    text = ""
    open_: list[tuple[str, int]] = []
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    at = 0
    for match in _MARK.finditer(source):
        text += source[at : match.start()]
        at = match.end()
        if match.group(1):
            open_.append((match.group(1), len(text)))
        else:
            symbol, start = open_.pop()
            spans.setdefault((symbol, text[start:].lower()), []).append((start, len(text)))
    text += source[at:]
    drafts = [
        Draft(_TYPES[symbol], sorted(places), "marked", name=text[places[0][0] : places[0][1]])
        for (symbol, _), places in spans.items()
    ]
    drafts.sort(key=lambda d: (d.mentions[0], d.type))
    return Marked(read(text), tuple(drafts), Document(name="sample", issuer=issuer))
