"""The least an extractor can be: the first capitalised word of a line is an organisation."""

from __future__ import annotations

import re

from graph.records import Entity, Extraction, Span, Text

_FIRST_NAME = re.compile(r"^[^\w\n]*([A-Z]\w+)", re.MULTILINE)


class DummyExtractor:
    """Shows the protocol; its answers are of no use."""

    name = "dummy"
    version = "1"

    def extract(self, text: Text) -> Extraction:
        """Mark the first capitalised word of each line."""
        entities = tuple(
            Entity(
                id=f"e{number}",
                type="Organization",
                name=match.group(1),
                mentions=(Span(start=match.start(1), end=match.end(1), text=match.group(1)),),
                confidence=0.01,
            )
            for number, match in enumerate(_FIRST_NAME.finditer(text.content), start=1)
        )
        return Extraction(
            document=text.document.name,
            entities=entities,
            extractor=self.name,
            sha256=text.sha256,
        )
