"""What an extractor is: text in, entities, statements and relations out, nothing remembered."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, runtime_checkable

from pydantic import Field

from graph.records import Extraction, Record, Text


class Setup(Record):
    """What an extractor may be told beside its name.

    `data` is the data directory, where it may keep what is dear to make; `session` names the
    command it works for, in however many processes; `settings` go over those of the environment.
    """

    data: Path | None = None
    session: str = ""
    settings: Mapping[str, str] = Field(default_factory=dict)


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


@runtime_checkable
class Monolingual(Protocol):
    """An extractor whose cues are of one language, and that can tell texts of others."""

    def is_foreign(self, text: Text) -> bool:
        """Whether a text is of another language, so that only names and figures are found."""
        ...


@runtime_checkable
class Remarking(Protocol):
    """An extractor with something to tell the user when all texts are read."""

    def remarks(self) -> tuple[str, ...]:
        """What it used and left out in its session, a line each."""
        ...
