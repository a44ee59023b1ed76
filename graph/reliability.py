"""What a confidence is worth: how often facts that were said to be so sure were right.

The table was measured on annotated documents that the learned extractor had not seen, and ships
with its weights. It tells of single facts by that extractor; of what rules or people say, and of
the combined confidence of several facts, it says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graph.records import Record

# The extractor of which the table tells.
EXTRACTOR = "learned"
# The kinds that all others are parts of; the last two are what a picture is drawn of.
ENTITIES, RELATIONS, STATEMENTS = "entities", "relations", "statements"
DRAWN = (RELATIONS, STATEMENTS)
# So many of a hundred facts shall have been right for a confidence to be shown at first.
SHARE = 0.6
# Of fewer facts a share says nothing.
FEWEST = 50


class Range(Record):
    """Facts whose stated confidence is from `least` to `most`: how many of them were right."""

    least: float
    most: float
    facts: int
    stated: float
    right: float


class Reliability(Record):
    """The ranges of one kind of fact; `error` is how far stated and right are apart on average."""

    kind: str
    facts: int
    error: float
    ranges: tuple[Range, ...]


def reliability() -> dict[str, Reliability]:
    """The table of the installed weights, by kind. Raises ExtractorError without whole weights."""
    from graph.extract.learned import weights

    return read(weights.reliability())


def read(table: Mapping[str, Any]) -> dict[str, Reliability]:
    """The table as it is in the settings of the weights, as records."""
    return {
        kind: Reliability(
            kind=kind,
            facts=row["facts"],
            error=row["error"],
            ranges=tuple(
                Range(
                    least=one["from"],
                    most=one["to"],
                    **{name: one[name] for name in ("facts", "stated", "right")},
                )
                for one in row["bins"]
            ),
        )
        for kind, row in sorted(table.items())
    }


def threshold(ranges: Sequence[Range], share: float = SHARE) -> float | None:
    """The least confidence at which facts with this or a higher one were right often enough.

    Only beginnings of ranges are possible, and only where enough facts were measured above them;
    None where no confidence is worth so much.

    >>> low = Range(least=0.3, most=0.4, facts=100, stated=0.35, right=0.3)
    >>> high = Range(least=0.8, most=0.9, facts=100, stated=0.85, right=0.84)
    >>> threshold([low, high]), threshold([low, high], 0.5), threshold([low, high], 0.9)
    (0.8, 0.3, None)
    """
    found = None
    facts, right = 0, 0.0
    for one in sorted(ranges, key=lambda r: -r.least):
        facts += one.facts
        right += one.facts * one.right
        if facts >= FEWEST and right >= share * facts:
            found = one.least
    return found


def public_threshold(table: Mapping[str, Reliability], share: float = SHARE) -> float:
    """The confidence from which on relations and statements are shown at first; 0 shows all.

    It is the higher one of both, for one number has to do for a picture. A kind that is never right
    often enough has none and does not count.
    """
    if not share:
        return 0.0
    found = (threshold(table[kind].ranges, share) for kind in DRAWN if kind in table)
    return max((least for least in found if least is not None), default=0.0)


def range_of(table: Mapping[str, Reliability], kind: str, confidence: float) -> Range | None:
    """The range of a kind that a confidence lies in; None where none like it was measured."""
    ranges = table[kind].ranges if kind in table else ()
    return next((r for r in reversed(ranges) if r.least <= confidence <= r.most), None)


def in_words(kind: str, one: Range) -> str:
    """What a range says, as people read it."""
    noun = kind if kind in (ENTITIES, *DRAWN) else f"facts of the kind {kind}"
    return (
        f"Of {noun} said to be this sure ({one.least:.1f} to {one.most:.1f}), "
        f"{round(100 * one.right)} of 100 were right when measured"
    )
