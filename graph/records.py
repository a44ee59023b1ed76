"""The records that the stages hand on. They know neither the store nor the network."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

EntityType = Literal[
    "Person",
    "Post",
    "Organization",
    "Country",
    "ActorGroup",
    "Goal",
    "Instrument",
    "Event",
    "Document",
    "Field",
    "Quantity",
]
Modality = Literal[
    "calls-for", "requires", "commits-to", "carries-out", "endorses", "opposes", "assesses"
]
Predicate = Literal[
    "servesGoal",
    "subGoalOf",
    "partOf",
    "implementedBy",
    "fundedBy",
    "beneficiary",
    "amount",
    "field",
    "holdsPost",
    "postIn",
    "memberOf",
    "organizer",
    "participant",
    "publishedBy",
    "setOutIn",
    "partnerOf",
]
Scheme = Literal["instrument-type", "target-group", "theme", "field"]
Attribution = Literal["verbatim", "paraphrase", "metonymy", "narrator"]

ACTOR_TYPES: frozenset[EntityType] = frozenset(
    ("Person", "Post", "Organization", "Country", "ActorGroup")
)

# Which types each predicate joins (guidelines, "Relations"); partOf and partnerOf add their own
# condition: the same type on both sides, two actors.
_ACTOR: tuple[EntityType, ...] = ("Person", "Post", "Organization", "Country", "ActorGroup")
SIGNATURES: Mapping[Predicate, tuple[tuple[EntityType, ...], tuple[EntityType, ...]]] = {
    "servesGoal": (("Instrument",), ("Goal",)),
    "subGoalOf": (("Goal",), ("Goal",)),
    "partOf": (("Organization", "Instrument", "Event"), ("Organization", "Instrument", "Event")),
    "implementedBy": (("Goal", "Instrument"), _ACTOR),
    "fundedBy": (("Instrument", "Organization"), _ACTOR),
    "beneficiary": (("Instrument",), _ACTOR),
    "amount": (("Goal", "Instrument"), ("Quantity",)),
    "field": (("Goal", "Instrument"), ("Field",)),
    "holdsPost": (("Person",), ("Post",)),
    "postIn": (("Post",), ("Organization", "Country")),
    "memberOf": (("Person", "Organization", "Country"), ("Organization",)),
    "organizer": (("Event",), _ACTOR),
    "participant": (("Event",), _ACTOR),
    "publishedBy": (("Document",), _ACTOR),
    "setOutIn": (("Goal", "Instrument"), ("Document",)),
    "partnerOf": (_ACTOR, _ACTOR),
}


class Record(BaseModel):
    """A frozen record that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(Record):
    """What is known about a document apart from its words.

    `name` identifies it within a graph and stays the same when the text changes: the file name
    without suffix, the address, or `TABLE#ROW`. `source` is the address or citation of the
    original. `language` is a BCP 47 tag, `country` an ISO 3166-1 alpha-3 code or the name as given.
    """

    name: str
    title: str | None = None
    issuer: str | None = None
    issued: date | None = None
    language: str | None = None
    country: str | None = None
    genre: str | None = None
    source: str | None = None


class Text(Record):
    """The frozen text of a document: NFC, lines ended by `\\n`, identified by its SHA-256.

    `pages` are the offsets at which pages begin (empty where the medium has no pages).
    """

    document: Document
    content: str
    pages: tuple[int, ...] = ()

    @property
    def sha256(self) -> str:
        """SHA-256 of the UTF-8 bytes of the content, 64 hexadecimal digits."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    @property
    def sha16(self) -> str:
        """The first 16 digits of the hash: the text's name in files and IRIs."""
        return self.sha256[:16]


class Span(Record):
    """A range of code points of a text, and the characters that stand there."""

    start: int = Field(ge=0)
    end: int
    text: str

    @model_validator(mode="after")
    def _length_fits(self) -> Self:
        if self.end - self.start != len(self.text) or not self.text:
            raise ValueError(f"span {self.start}-{self.end} does not fit its text {self.text!r}")
        return self


class Assigned(Record):
    """A concept of a scheme that fits an entity, and how likely a careful reader agrees."""

    scheme: Scheme
    code: str
    confidence: float = Field(ge=0, le=1)


class Entity(Record):
    """One thing that a document names, however often and however differently.

    `authority` is the key of the authority record whose name was found, if one was.
    `confidence` is the probability that a careful reader marks it with this type. `concepts` are
    those that the extractor assigned; where it assigned none of a scheme, cue words decide later.
    """

    id: str
    type: EntityType
    name: str
    mentions: tuple[Span, ...] = Field(min_length=1)
    confidence: float = Field(default=1.0, ge=0, le=1)
    authority: str | None = None
    concepts: tuple[Assigned, ...] = ()


class Statement(Record):
    """A speaker takes a stance on goals and instruments; ids are those of the entities.

    `speaker` is None where the document itself speaks and names no issuer.
    """

    speaker: str | None
    modality: Modality
    content: tuple[str, ...] = Field(min_length=1)
    addressee: tuple[str, ...] = ()
    evidence: Span
    attribution: Attribution = "paraphrase"
    confidence: float = Field(default=1.0, ge=0, le=1)


class Relation(Record):
    """One relation that the text states between two entities."""

    subject: str
    predicate: Predicate
    object: str
    evidence: Span
    confidence: float = Field(default=1.0, ge=0, le=1)


class Extraction(Record):
    """What an extractor found in one text; ids are local to it."""

    document: str
    entities: tuple[Entity, ...] = ()
    statements: tuple[Statement, ...] = ()
    relations: tuple[Relation, ...] = ()
    extractor: str | None = None
    sha256: str | None = None
