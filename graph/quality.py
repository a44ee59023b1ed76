"""Reads the quality card, so that what it measured can be told in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from graph.errors import DataError
from graph.records import Record
from graph.reliability import FEWEST, plain

# The first line of the table of scores; of it the last three columns are read.
HEAD = "| | rules | rules and model | precision | recall | wanted |"
_MEASURED = re.compile(r"Measured on ([\d,]+) annotated documents of ([\d,]+) issuers")
# What people ask about first: the name in the table, and what they call it.
CHIEF = {
    "entities/Goal": "goals",
    "entities/Instrument": "instruments",
    "entities/Actor": "actors",
    "relations": "relations",
    "statements/full": "statements",
}
# Sums, and scores by another measure, are no kinds of their own.
_NO_KIND = re.compile(r"entities|relations|actor-type|statements/(?:pair|full)|.*/strict")
_WHOLES = {"entities": "things", "relations": "relations", "statements": "statements"}


class Score(Record):
    """How well one kind of fact is found: shares of what is told, and of the `wanted` there are."""

    name: str
    precision: float
    recall: float
    wanted: int

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def title(self) -> str:
        """What people call the kind: things “Goal”, relations “serves goal”, statements “requires”.

        >>> Score(name="relations/servesGoal", precision=1, recall=1, wanted=1).title
        'relations “serves goal”'
        """
        if self.name in CHIEF:
            return CHIEF[self.name]
        whole, _, rest = self.name.partition("/")
        last = rest.rpartition("/")[2]
        return f"{_WHOLES.get(whole, whole)} “{last if whole == 'entities' else plain(last)}”"

    @property
    def sentence(self) -> str:
        """What both shares say.

        >>> Score(name="entities/Goal", precision=0.7, recall=0.77, wanted=1175).sentence
        'Of 100 goals that it names, 70 are right; of 100 that are there, it finds 77.'
        """
        return (
            f"Of 100 {self.title} that it names, {100 * self.precision:.0f} are right; "
            f"of 100 that are there, it finds {100 * self.recall:.0f}."
        )


class Card(Record):
    """What the card measured, and on how much."""

    documents: int
    issuers: int
    scores: tuple[Score, ...]

    @property
    def chief(self) -> tuple[Score, ...]:
        """The scores that people ask about first."""
        known = {one.name: one for one in self.scores}
        return tuple(known[name] for name in CHIEF if name in known)

    @property
    def kinds(self) -> tuple[Score, ...]:
        """The scores of single types, relations and stances."""
        return tuple(one for one in self.scores if not _NO_KIND.fullmatch(one.name))

    def worst(self, most: int = 5) -> tuple[Score, ...]:
        """The kinds that are found worst, of those that there were enough of."""
        enough = (one for one in self.kinds if one.wanted >= FEWEST)
        return tuple(sorted(enough, key=lambda one: (one.f1, one.name))[:most])


def measured_on(documents: int, issuers: int) -> str:
    """How the card says on what was measured."""
    return f"Measured on {documents} annotated documents of {issuers} issuers"


def row(score: Score, rules: str, both: str) -> str:
    """A line of the table of scores."""
    return (
        f"| {score.name} | {rules} | {both} | {score.precision:.2f} | {score.recall:.2f} "
        f"| {score.wanted:,} |"
    )


def read_card(text: str) -> Card:
    """The figures of a card. Raises DataError for a text that is none."""
    measured = _MEASURED.search(text)
    begin = text.find(HEAD)
    if measured is None or begin < 0:
        raise DataError(
            "the quality card has no table of scores; write it with scipol evaluate --card"
        )
    documents, issuers = (int(number.replace(",", "")) for number in measured.groups())
    lines = text[begin:].splitlines()[2:]
    scores = tuple(_scores(lines))
    return Card(documents=documents, issuers=issuers, scores=scores)


def _scores(lines: Iterable[str]) -> Iterable[Score]:
    for line in lines:
        if not line.startswith("|"):
            return
        name, *_, precision, recall, wanted = (cell.strip() for cell in line.strip("|").split("|"))
        yield Score(
            name=name,
            precision=float(precision),
            recall=float(recall),
            wanted=int(wanted.replace(",", "")),
        )
