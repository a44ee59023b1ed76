"""What the confidences of the graph that is served are worth, for its pages, and what they hide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from api.dependencies import Snapshot
from api.errors import BadRequest
from graph import queries, reliability
from graph.errors import ExtractorError
from graph.records import Record
from graph.reliability import EXTRACTOR, RELATIONS, STATEMENTS, Reliability, plain

Table = Mapping[str, Reliability]


def table_of(now: Snapshot) -> Table:
    """The reliability table where it tells of this graph; an empty one elsewhere.

    It was measured with the learned extractor alone, and is there where its weights are whole.
    """
    if now.kept("extractor", lambda: queries.extractor_of(now.store) or "") != EXTRACTOR:
        return {}
    return shipped_table()


def shipped_table() -> Table:
    """The reliability table of the weights that are installed; an empty one without whole ones."""
    try:
        return reliability.reliability()
    except ExtractorError:
        return {}


def worth_of_fact(kind: str, name: str, confidence: float, method: str | None) -> str:
    """What the confidence of one fact is worth, whatever made the others; empty where unknown.

    `kind` is `statement`, `claim` or `tenure`, `name` the modality or relation, `method` the
    extractor with its version.
    """
    if not (method or "").startswith(f"{EXTRACTOR} "):
        return ""
    whole = STATEMENTS if kind == "statement" else RELATIONS
    return reliability.worth(shipped_table(), whole, name, confidence)


class Hidden(Record):
    """What the confidence hides on a page: how much is shown, why, and an offer to show the rest.

    `is_most` says that more is hidden than shown, so that nobody takes what is left for all.
    """

    said: str
    why: str
    offer: str
    is_most: bool


class Surety(NamedTuple):
    """From which confidence on a page shows facts, and what that is worth.

    `public` is the confidence that pages begin with, for a `share` of right facts; `least` the one
    that counts on this page.
    """

    table: Table
    share: float
    public: float
    least: float

    def shows(self, confidence: float) -> bool:
        """Whether a fact is sure enough for this page."""
        return confidence >= self.least

    def worth(self, whole: str, name: str, confidence: float) -> str:
        """What a confidence is worth in plain words; empty where that was not measured."""
        return reliability.worth(self.table, whole, name, confidence)

    def briefly(self, whole: str, name: str, confidence: float) -> str:
        """The same in a few words."""
        return reliability.briefly(self.table, whole, name, confidence)

    def hidden(self, count: int, total: int, noun: str) -> Hidden | None:
        """What is hidden of so many things that are called so; None where nothing is."""
        if not count:
            return None
        is_one = count == 1
        if count == total:
            said = (
                f"The only {noun} is less sure."
                if is_one
                else f"All {count:,} {noun}s are less sure."
            )
        else:
            are = "is" if is_one else "are"
            said = f"{total - count:,} of {total:,} {noun}s shown; {count:,} {are} less sure."
        return Hidden(
            said=said,
            why=(
                f"No sentence behind {'it' if is_one else 'them'} has a confidence of "
                f"{self.least:.2f} or more.{self._promise()}"
            ),
            offer="Show it" if is_one else "Show them",
            is_most=2 * count > total,
        )

    def _promise(self) -> str:
        """What the table says of the confidence that pages begin with, and of no other."""
        if self.least != self.public:
            return ""
        short = reliability.short_of(self.table, self.least, self.share)
        fewer = ", ".join(
            f"“{plain(kind.partition('/')[2])}” {100 * right:.0f}" for kind, right in short.items()
        )
        return (
            f" Of facts at least this sure, {100 * self.share:.0f} of 100 or more were right "
            f"when measured{f'; of some kinds fewer: {fewer}' if fewer else ''}."
        )


def surety_of(now: Snapshot, share: float, asked: float | None = None) -> Surety:
    """What a page shows, with the share of right facts that the service is set to.

    `asked` is a confidence that somebody chose instead of the usual one.
    """
    table = table_of(now)
    public = reliability.public_threshold(table, share)
    return Surety(table, share, public, public if asked is None else asked)


def asked_confidence(given: Mapping[str, str]) -> float | None:
    """The confidence that an address asks for; None where it asks for none. Raises BadRequest."""
    text = given.get("confidence", "").strip()
    if not text:
        return None
    try:
        asked = float(text)
    except ValueError:
        asked = -1.0
    if not 0 <= asked <= 1:
        raise BadRequest(f"A confidence is a number from 0 to 1, not {text[:40]!r}.")
    return asked
