"""What is spoken of but has no means: goals nobody serves, instruments nobody runs or pays for.

A gap is one of what was read, not of the world: `graph.coverage` says what was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from graph.queries import StatementFilter, Thing, statement_query, things, value
from graph.records import Record
from graph.sparql_text import bind
from graph.store import Store

Gap = Literal["goals-without-instrument", "instruments-without-owner", "instruments-without-money"]
GAPS: tuple[Gap, ...] = get_args(Gap)
MEANINGS: Mapping[Gap, str] = {
    "goals-without-instrument": "no instrument is said to serve the goal or one of its sub-goals",
    "instruments-without-owner": "nobody is said to carry it out, nor what it is part of",
    "instruments-without-money": "neither an amount nor a funder is given for it or its whole",
}


class Missing(Record):
    """A goal or instrument with a gap, and how much is said of it."""

    thing: Thing
    statements: int
    documents: int


class Gaps(Record):
    """What has a gap of one kind, the most spoken of first."""

    gap: Gap
    items: tuple[Missing, ...]
    sparql: str


def gaps(store: Store, gap: Gap, conditions: StatementFilter | None = None) -> Gaps:
    """Things with a gap among what statements speak of that meet the conditions."""
    sparql = bind(*statement_query(conditions or StatementFilter(), f"gap-{gap}"))
    rows = store.select(sparql).rows
    known = things(store, {value(row[0]) for row in rows if row[0]})
    items = [
        Missing(
            thing=known[value(thing)],
            statements=int(value(statements)),
            documents=int(value(documents)),
        )
        for thing, statements, documents in rows
        if value(thing) in known
    ]
    items.sort(key=lambda m: (-m.statements, -m.documents, m.thing.label, m.thing.iri))
    return Gaps(gap=gap, items=tuple(items), sparql=sparql)
