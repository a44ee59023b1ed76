"""Where the entities stand: each passage as a row of units, an entity or a word each.

A goal such as "strengthen basic research" becomes one unit, so that the verbs that remain are those
of the sentence. The row is also a string, one character a unit, over which patterns can run.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from graph.extract.denials import Denials
from graph.extract.draft import Draft
from graph.extract.passages import Passage, Prose
from graph.records import ACTOR_TYPES, EntityType

# Entities in the unit string; the letters are not used by the tags, which are capitals.
SYMBOLS: dict[EntityType, str] = {
    "Person": "p",
    "Post": "o",
    "Organization": "r",
    "Country": "c",
    "ActorGroup": "u",
    "Goal": "g",
    "Instrument": "i",
    "Event": "e",
    "Document": "d",
    "Field": "f",
    "Quantity": "q",
}
ACTORS = frozenset(SYMBOLS[t] for t in ACTOR_TYPES)
POLICY = frozenset("gi")

# A text is a law from so many "shall" or so many headings "Article 3" on.
_SHALLS, _HEADED = 3, 2
_PARTS_OF_LAWS = frozenset(
    ("article", "clause", "regulation", "rule", "sec", "sec.", "section", "§")
)


@dataclass(frozen=True, slots=True, eq=False)
class Mention:
    """One mention of an entity: characters [start, end), tokens [first, last)."""

    draft: Draft
    start: int
    end: int
    first: int
    last: int
    symbol: str


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A passage as units.

    `shape` has a character a unit: the tag of a word or the symbol of an outermost entity. `firsts`
    and `lasts` are the tokens of each unit, `named` its entity. `mentions` are all mentions of the
    passage, outer before inner.
    """

    index: int
    passage: Passage
    shape: str
    firsts: tuple[int, ...]
    lasts: tuple[int, ...]
    named: tuple[Mention | None, ...]
    mentions: tuple[Mention, ...]

    def unit_of(self, token: int) -> int:
        """Index of the unit that holds the token, or of the next one."""
        unit = bisect_left(self.lasts, token + 1)
        return min(unit, len(self.shape) - 1)

    def inside(self, outer: Mention) -> Iterator[Mention]:
        """The mentions nested in one of this row."""
        for m in self.mentions:
            if m.start >= outer.end:
                return
            if m is not outer and m.start >= outer.start and m.end <= outer.end:
                yield m


@dataclass(eq=False)
class Scene:
    """A text, its entities, and the rows of its passages (None where a passage names nothing)."""

    prose: Prose
    entities: Sequence[Draft]
    by_passage: list[list[Mention]]
    _rows: dict[int, Row] = field(default_factory=dict)

    @cached_property
    def denials(self) -> Denials:
        """What the text says is not so."""
        return Denials(self.prose)

    @cached_property
    def binds(self) -> bool:
        """Whether the text is a law or an order, in which "must" binds as "shall" does."""
        lowers = self.prose.lowers
        shalls = sum(
            word == "shall" and before not in ("i", "we") for before, word in pairwise(lowers)
        )
        if shalls >= _SHALLS:
            return True
        firsts = (p.first for p in self.prose.passages if p.first + 1 < p.last)
        headed = sum(
            lowers[at] in _PARTS_OF_LAWS and any(w[0].isdigit() for w in lowers[at + 1 : at + 3])
            for at in firsts
        )
        return headed >= _HEADED

    def row(self, index: int) -> Row:
        """The units of a passage; computed once."""
        if index not in self._rows:
            self._rows[index] = _row(self.prose, index, self.by_passage[index])
        return self._rows[index]

    def rows(self) -> Iterator[Row]:
        """Rows of the passages that name an entity, in order."""
        for index, mentions in enumerate(self.by_passage):
            if mentions:
                yield self.row(index)


def place(prose: Prose, entities: Sequence[Draft]) -> Scene:
    """Put the mentions of the entities into their passages."""
    by_passage: list[list[Mention]] = [[] for _ in prose.passages]
    for draft in entities:
        symbol = SYMBOLS[draft.type]
        for start, end in draft.mentions:
            index = prose.passage_at(start)
            mention = Mention(
                draft, start, end, prose.token_at(start), prose.token_at(end - 1) + 1, symbol
            )
            by_passage[index].append(mention)
    for mentions in by_passage:
        mentions.sort(key=lambda m: (m.start, -m.end))
    return Scene(prose, entities, by_passage)


def _row(prose: Prose, index: int, mentions: list[Mention]) -> Row:
    passage = prose.passages[index]
    shape: list[str] = []
    firsts: list[int] = []
    lasts: list[int] = []
    named: list[Mention | None] = []
    at = passage.first
    for mention in [*mentions, None]:
        stop = mention.first if mention else passage.last
        if stop < at:
            continue
        for token in range(at, stop):
            shape.append(prose.tags[token])
            firsts.append(token)
            lasts.append(token + 1)
            named.append(None)
        if mention:
            shape.append(mention.symbol)
            firsts.append(mention.first)
            lasts.append(mention.last)
            named.append(mention)
            at = mention.last
    return Row(
        index,
        passage,
        "".join(shape),
        tuple(firsts),
        tuple(lasts),
        tuple(named),
        tuple(mentions),
    )
