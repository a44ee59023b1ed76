"""What the finders hand to each other: entities in the making, before they get ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from graph.records import Attribution, EntityType, Modality, Predicate

# The rule by which a body is known that the text only describes: "the Ministry".
DESCRIBED = "description"


@dataclass(slots=True, eq=False)
class Draft:
    """One thing found in the text: its type, where it is named, and the rule that found it.

    `rule` is a short name under which the precision of the rule is known (see `confidence`).
    `mentions` are (start, end) character offsets in order. `name` is the fullest form in the text;
    where it is None the longest mention is taken. `authority` is the key of an authority record.
    """

    type: EntityType
    mentions: list[tuple[int, int]]
    rule: str
    name: str | None = None
    authority: str | None = None


def full_name(draft: Draft, texts: Sequence[str]) -> str:
    """The name of a draft with these mentions: its own where it holds them, else the longest."""
    longest = max(texts, key=len)
    own = draft.name
    return own if own and (own in texts or longest in own) else longest


@dataclass(slots=True, eq=False)
class StatementDraft:
    """A stance: who (None: the document itself), how, on what, towards whom, in which passage."""

    speaker: Draft | None
    modality: Modality
    content: list[Draft]
    passage: int
    rule: str
    addressee: list[Draft] = field(default_factory=list)
    attribution: Attribution = "paraphrase"


@dataclass(slots=True, eq=False)
class RelationDraft:
    """A relation and the passage that states it."""

    subject: Draft
    predicate: Predicate
    object: Draft
    passage: int
    rule: str
