"""Answers over many statements: comparison, timeline, gaps, coverage."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import Snapshot
from api.ids import iri_of
from api.relationships.given import Cursor, Limit, ThingParameter, Which
from api.relationships.memory import shelf
from api.relationships.needed import LibraryNeeded
from api.relationships.route import TABLE, DataRoute, page, reply
from api.schemas import (
    ComparisonAnswer,
    CoverageAnswer,
    CoveragePart,
    DateItem,
    GapItem,
    GapPage,
    PeriodItem,
    ThingRef,
    TimelineAnswer,
)
from graph import compare, coverage, gaps, queries, timeline
from graph.sparql_text import standalone

router = APIRouter(route_class=DataRoute, tags=["overviews"])

_VERDICTS: dict[coverage.Verdict, str] = {
    "found": "Documents were read that say it.",
    "not-found": "Documents that could have said it were read, and none does.",
    "not-covered": "No document was read that could have said it: this is no evidence of absence.",
}


@router.get("/compare", response_model=ComparisonAnswer, responses=TABLE)
async def compare_two(
    request: Request, library: LibraryNeeded, a: ThingParameter, b: ThingParameter
) -> Response:
    """Two documents, actors or countries: what both have, what only one has, what they dispute."""
    ends = iri_of(a, "a"), iri_of(b, "b")

    def ask(now: Snapshot) -> ComparisonAnswer:
        found = compare.compare(now.store, *ends)
        return ComparisonAnswer.of(found, [standalone(sparql) for sparql in found.sparql])

    answer = await library.ask(ask)
    return reply(request, answer, answer.rows())


@router.get("/timeline", response_model=TimelineAnswer, responses=TABLE)
async def over_time(
    request: Request, library: LibraryNeeded, which: Which, unit: timeline.Unit = "year"
) -> Response:
    """How many statements were made in each year, month or day; undated ones apart."""

    def ask(now: Snapshot) -> TimelineAnswer:
        found = timeline.timeline(now.store, which, unit)
        return TimelineAnswer(
            unit=found.unit,
            periods=[PeriodItem.of(period) for period in found.periods],
            undated=found.undated,
            dates=[
                DateItem(thing=ThingRef.of(d.thing), property=d.property, date=d.date)
                for d in found.dates
            ],
            sparql=standalone(found.sparql),
        )

    answer = await library.ask(ask)
    return reply(request, answer, answer.periods)


@router.get("/gaps", response_model=GapPage, responses=TABLE)
async def gaps_of(
    request: Request,
    library: LibraryNeeded,
    which: Which,
    gap: Annotated[gaps.Gap, Query(description="The kind of gap.")] = "goals-without-instrument",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Goals that no instrument serves; instruments that nobody runs, or that have no money.

    The statements that speak of them can be chosen as everywhere; means count from any document.
    """

    def ask(now: Snapshot) -> GapPage:
        found = shelf(now).list_of(
            ("gaps", gap, which), lambda: _Kept(gaps.gaps(now.store, gap, which))
        )
        shown, following = page(request, now.version, found.gaps.items, limit, cursor)
        return GapPage(
            gap=gap,
            meaning=gaps.MEANINGS[gap],
            items=[GapItem.of(item) for item in shown],
            total=len(found),
            next=following,
            documents_read=queries.document_count(now.store),
            sparql=standalone(found.gaps.sparql),
        )

    answer = await library.ask(ask)
    return reply(request, answer, answer.items)


@router.get("/coverage", response_model=CoverageAnswer, responses=TABLE)
async def covered(request: Request, library: LibraryNeeded, which: Which) -> Response:
    """What was read behind an answer: documents by country, genre, year and language.

    `not-found` means that documents which could have said it were read and none does;
    `not-covered` that none was read, so that nothing follows.
    """

    def ask(now: Snapshot) -> CoverageAnswer:
        found = coverage.coverage(now.store, which)
        return CoverageAnswer(
            verdict=found.verdict,
            meaning=_VERDICTS[found.verdict],
            documents=found.documents,
            eligible=found.eligible,
            answering=found.answering,
            statements=found.statements,
            countries=[CoveragePart.of(part) for part in found.countries],
            genres=[CoveragePart.of(part) for part in found.genres],
            years=[CoveragePart.of(part) for part in found.years],
            languages=[CoveragePart.of(part) for part in found.languages],
            sparql=standalone(found.sparql),
        )

    answer = await library.ask(ask)
    return reply(request, answer, answer.rows())


class _Kept:
    """Gaps as a list that can be kept."""

    def __init__(self, found: gaps.Gaps) -> None:
        self.gaps = found

    def __len__(self) -> int:
        return len(self.gaps.items)
