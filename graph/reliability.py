"""What a confidence is worth: how often facts that were said to be so sure were right.

The table was measured on annotated documents that the learned extractor had not seen, and ships
with its weights. It tells of single facts by that extractor; of what rules or people say, and of
the combined confidence of several facts, it says nothing.
"""

from __future__ import annotations

import re
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
# By what the graph writes some relations that are measured under one name.
_READ_AS = {
    **dict.fromkeys(("publisher", "creator"), "publishedBy"),
    **dict.fromkeys(("budget", "quantity", "targetValue", "baselineValue"), "amount"),
    **dict.fromkeys(("deadline", "startDate", "endDate"), "amount"),
}
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


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

    It is one number for all relations and modalities as well. Confidence is calibrated for each of
    them, so that the same number means nearly the same; a number of its own would let in the worst
    of kinds whose best are very good, and could not be told for most, of which too few facts were
    measured (`short_of` names those that were measured and are right less often).
    """
    if not share:
        return 0.0
    found = (threshold(table[kind].ranges, share) for kind in DRAWN if kind in table)
    return max((least for least in found if least is not None), default=0.0)


def short_of(
    table: Mapping[str, Reliability], least: float, share: float = SHARE
) -> dict[str, float]:
    """The relations and modalities of which, from a confidence on, fewer than a share were right.

    With the share that was right instead. Kinds of which too few facts were measured are left out.
    """
    found = {}
    for kind in sorted(table):
        whole, _, name = kind.partition("/")
        above = from_on(table[kind], least)
        is_drawn = name and whole in ("relation", "statement")
        if is_drawn and above.facts >= FEWEST and above.right < share:
            found[kind] = above.right
    return found


class Above(Record):
    """Facts from a confidence on, and the share of them that was right."""

    facts: int
    right: float


def from_on(row: Reliability, least: float) -> Above:
    """What was measured of one kind from a confidence on."""
    above = [one for one in row.ranges if one.least >= least]
    facts = sum(one.facts for one in above)
    right = sum(one.facts * one.right for one in above)
    return Above(facts=facts, right=right / facts if facts else 0.0)


def range_of(table: Mapping[str, Reliability], kind: str, confidence: float) -> Range | None:
    """The range of a kind that a confidence lies in; None where none like it was measured."""
    ranges = table[kind].ranges if kind in table else ()
    return next((r for r in reversed(ranges) if r.least <= confidence <= r.most), None)


def worth(table: Mapping[str, Reliability], whole: str, name: str, confidence: float) -> str:
    """What a confidence of a fact is worth, as people read it; empty where that is not known.

    `whole` is `relations` or `statements`, `name` the relation or modality. Its own row counts; of
    few facts that row says little, so that all relations or statements are told beside it.
    """
    kind = _kind(whole, name)
    own, all_ = (range_of(table, row, confidence) for row in (kind, whole))
    if own is None:
        return in_words(whole, all_) if all_ else ""
    said = in_words(kind, own)
    if own.facts < FEWEST and all_:
        said += f"; of all {whole}, {round(100 * all_.right)} of 100"
    return said


def _kind(whole: str, name: str) -> str:
    """The row of a relation or modality, by whatever predicate the graph has it."""
    return f"{whole.removesuffix('s')}/{_READ_AS.get(name, name)}"


def briefly(table: Mapping[str, Reliability], whole: str, name: str, confidence: float) -> str:
    """The same in a margin: how many of such facts were right; empty where that is not known."""
    kind = _kind(whole, name)
    found = range_of(table, kind, confidence) or range_of(table, whole, confidence)
    if found is None:
        return ""
    if found.facts >= FEWEST:
        return f"{round(100 * found.right)} of 100 such were right"
    return f"{round(found.facts * found.right)} of {found.facts} such were right"


def in_words(kind: str, one: Range) -> str:
    """What a range says, as people read it: shares of many facts, the numbers of few."""
    ends = f"({one.least:.1f} to {one.most:.1f})"
    if one.facts >= FEWEST:
        right = f"{round(100 * one.right)} of 100 were right when measured ({one.facts:,} facts)"
    elif one.facts > 1:
        right = f"{round(one.facts * one.right)} of the {one.facts} measured were right"
    else:
        right = f"the only one measured was {'right' if one.right else 'wrong'}"
    return f"Of {noun_of(kind)} said to be this sure {ends}, {right}"


def noun_of(kind: str) -> str:
    """What people call the facts of a kind of the table.

    >>> noun_of("relation/servesGoal"), noun_of("entity/Goal"), noun_of("statements")
    ('relations “serves goal”', 'things “Goal”', 'statements')
    """
    whole, _, name = kind.partition("/")
    if not name:
        return "things" if kind == ENTITIES else kind
    plural = "things" if whole == "entity" else f"{whole}s"
    return f"{plural} “{name if whole == 'entity' else plain(name)}”"


def plain(name: str) -> str:
    """The name of a relation or modality as words: `servesGoal` is `serves goal`."""
    return _CAPITAL.sub(" ", name).replace("-", " ").lower()
