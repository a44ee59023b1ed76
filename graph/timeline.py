"""What was said when: statements by period, and the dates that the graph knows of a thing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Literal

import pyoxigraph as ox

from graph.queries import (
    StatementFilter,
    Thing,
    date_of,
    local_name,
    statement_query,
    text_of,
    things,
    value,
)
from graph.records import Record
from graph.sparql_text import bind
from graph.store import Store

Unit = Literal["year", "month", "day"]
# How many characters of an ISO date name the period.
_LENGTHS: Mapping[Unit, int] = {"year": 4, "month": 7, "day": 10}


class Period(Record):
    """A year, month or day (`2024`, `2024-05`, `2024-05-02`) and what was said in it."""

    period: str
    statements: int
    documents: int
    modalities: Mapping[str, int]


class DatedFact(Record):
    """A date that the graph gives for a thing: a deadline, beginning, end, or day of issue."""

    thing: Thing
    property: str
    date: date


class Timeline(Record):
    """Periods in order; those without statements are left out. `undated` counts statements."""

    unit: Unit
    periods: tuple[Period, ...]
    undated: int
    dates: tuple[DatedFact, ...]
    sparql: str


def timeline(store: Store, conditions: StatementFilter, unit: Unit = "year") -> Timeline:
    """How many statements that meet the conditions were made in each period.

    Where they are about one thing, its dates are given as well. Raises QueryError.
    """
    sparql = bind(*statement_query(conditions, "timeline"))
    statements: dict[str, Counter[str]] = defaultdict(Counter)
    documents: dict[str, set[str]] = defaultdict(set)
    undated = 0
    for stated_on, modality, document, number in store.select(sparql).rows:
        if stated_on is None:
            undated += int(value(number))
            continue
        period = value(stated_on)[: _LENGTHS[unit]]
        statements[period][local_name(value(modality))] += int(value(number))
        documents[period].add(value(document))
    periods = [
        Period(
            period=period,
            statements=counts.total(),
            documents=len(documents[period]),
            modalities=dict(sorted(counts.items(), key=lambda c: (-c[1], c[0]))),
        )
        for period, counts in sorted(statements.items())
    ]
    about = conditions.about or conditions.speaker or conditions.goal or conditions.instrument
    return Timeline(
        unit=unit,
        periods=tuple(periods),
        undated=undated,
        dates=dates_of(store, about) if about else (),
        sparql=sparql,
    )


def dates_of(store: Store, iri: str) -> tuple[DatedFact, ...]:
    """The dates of a thing, of its posts, and of the goals and instruments it speaks of."""
    rows = store.select(text_of("dates"), {"about": ox.NamedNode(iri)}).rows
    known = things(store, {value(thing) for thing, _, _ in rows if thing})
    return tuple(
        DatedFact(thing=known[value(thing)], property=local_name(value(name)), date=day)
        for thing, name, written in rows
        if value(thing) in known and (day := date_of(written))
    )
