"""What an extractor is: text in, entities, statements and relations out, nothing remembered."""

from __future__ import annotations

from typing import Protocol

from graph.records import Extraction, Text


class Extractor(Protocol):
    """Finds what the annotation guidelines ask for in one text.

    An extractor is pure: the same text and version give the same extraction, and nothing of one
    document is carried over to the next. Every span it returns must equal the text at its offsets.
    """

    name: str
    version: str

    def extract(self, text: Text) -> Extraction:
        """Read one text. Needs nothing but the text and its metadata."""
        ...
