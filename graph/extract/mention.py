"""One naming of a thing in a text, before the namings of one thing are brought together."""

from __future__ import annotations

from dataclasses import dataclass

from graph.extract.passages import Prose
from graph.records import EntityType


@dataclass(slots=True)
class Mention:
    """Tokens [first, last) name something of a type; `authority` is the record's key if known.

    Start and end are character offsets: they may lie inside tokens, as in "U.S.-led".
    """

    first: int
    last: int
    start: int
    end: int
    type: EntityType
    rule: str
    authority: str | None = None


def over_tokens(
    prose: Prose,
    first: int,
    last: int,
    type_: EntityType,
    rule: str,
    authority: str | None = None,
) -> Mention:
    """A mention that covers whole tokens."""
    return Mention(first, last, prose.starts[first], prose.ends[last - 1], type_, rule, authority)


def text_of(prose: Prose, mention: Mention) -> str:
    """The characters of the mention, with line breaks and runs of blanks as one blank."""
    return " ".join(prose.text[mention.start : mention.end].split())
