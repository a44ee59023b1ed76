"""Search, one thing, its neighbours."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import pyoxigraph as ox
from fastapi import APIRouter, Query, Request, Response

from api.dependencies import Snapshot
from api.ids import id_of, iri_of
from api.relationships.given import (
    Confidence,
    Cursor,
    Day,
    Limit,
    ThingPath,
    Type,
    Words,
)
from api.relationships.memory import shelf
from api.relationships.needed import LibraryNeeded
from api.relationships.route import TABLE, DataRoute, page, reply
from api.schemas import (
    Direction,
    EntityAnswer,
    FactValue,
    FoundSentence,
    FoundThing,
    GroupCount,
    NamingDocument,
    NeighbourItem,
    NeighbourPage,
    SearchPage,
    SentencePage,
    ThingRef,
)
from graph import neighbourhood, queries
from graph.neighbourhood import EdgeFilter, Hop
from graph.sparql_text import bind, standalone

router = APIRouter(route_class=DataRoute, tags=["things"])
# The index compares no more names than these with what was typed.
_MOST_NAMES = 300
_MOST_SENTENCES = 1000
_NAMES = frozenset(("prefLabel", "altLabel"))


@router.get("/search", response_model=SearchPage, responses=TABLE)
async def search(
    request: Request,
    library: LibraryNeeded,
    q: Words,
    type: Type = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Find things by the names that people type: labels, aliases, acronyms, in any language.

    Case, accents and articles do not count. Facets tell how many of each type there are.
    """

    def ask(now: Snapshot) -> SearchPage:
        found = shelf(now).list_of(("names", q), lambda: now.index.names(q, limit=_MOST_NAMES))
        wanted = [hit for hit in found if not type or hit.thing.type in type]
        hits, following = page(request, now.version, wanted, limit, cursor)
        weights = queries.weights(now.store, [hit.thing.iri for hit in hits])
        facets = Counter(hit.thing.type for hit in found)
        return SearchPage(
            q=q,
            items=[FoundThing.found(hit, *weights.get(hit.thing.iri, (0, 0))) for hit in hits],
            total=len(wanted),
            next=following,
            facets=dict(sorted(facets.items(), key=lambda f: (-f[1], f[0]))),
            complete=len(found) < _MOST_NAMES,
        )

    answer = await library.ask(ask)
    return reply(request, answer, answer.items)


@router.get("/search/sentences", response_model=SentencePage, responses=TABLE)
async def search_sentences(
    request: Request, library: LibraryNeeded, q: Words, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Find sentences that hold all the words, the best first; accents and case do not count."""

    def ask(now: Snapshot) -> SentencePage:
        found = shelf(now).list_of(
            ("sentences", q), lambda: now.index.sentences(q, limit=_MOST_SENTENCES)
        )
        hits, following = page(request, now.version, found, limit, cursor)
        return SentencePage(
            q=q,
            items=[FoundSentence.of(hit) for hit in hits],
            total=len(found),
            next=following,
            complete=len(found) < _MOST_SENTENCES,
        )

    answer = await library.ask(ask)
    return reply(request, answer, answer.items)


@router.get("/entities/{id:path}/neighbours", response_model=NeighbourPage, responses=TABLE)
async def neighbours(
    request: Request,
    library: LibraryNeeded,
    id: ThingPath,
    relation: Annotated[
        list[str] | None, Query(description="Only these.", examples=[["servesGoal"]])
    ] = None,
    direction: Annotated[Direction | None, Query(description="Out of the thing, or in.")] = None,
    type: Type = None,
    document: Annotated[list[str] | None, Query(description="Only what these say.")] = None,
    since: Day | None = None,
    until: Day | None = None,
    undated: Annotated[bool, Query(description="Whether what has no date is shown.")] = True,
    confidence: Confidence = 0.0,
    support: Annotated[int, Query(ge=1, le=1_000_000, description="Least number of facts.")] = 1,
    limit: Limit = 25,
    cursor: Cursor = None,
) -> Response:
    """What a thing is connected with: counted by relation first, then listed under conditions.

    `hidden` says what each condition hides, so that shown and hidden together are all.
    """
    iri = iri_of(id)
    conditions = EdgeFilter(
        relations=tuple(relation or ()),
        direction=direction,
        types=tuple(type or ()),
        documents=tuple(iri_of(one, "document") for one in document or ()),
        since=since,
        until=until,
        undated=undated,
        confidence=confidence,
        support=support,
    )

    def ask(now: Snapshot) -> NeighbourPage:
        hops = _hops(now, iri)
        found = neighbourhood.neighbours(hops, conditions)
        shown, following = page(request, now.version, found.items, limit, cursor)
        return NeighbourPage(
            thing=ThingRef.of(queries.thing(now.store, iri)),
            groups=[GroupCount.of(group) for group in neighbourhood.groups(hops)],
            items=[NeighbourItem.of(iri, neighbour) for neighbour in shown],
            total=len(found.items),
            next=following,
            all=found.total,
            hidden=dict(found.hidden),
            undated=found.undated,
            sparql=_query("hops", iri),
        )

    answer = await library.ask(ask)
    return reply(request, answer, answer.items)


@router.get("/entities/{id:path}", response_model=EntityAnswer)
async def entity(request: Request, library: LibraryNeeded, id: ThingPath) -> Response:
    """One thing: names in all languages, facts, the documents that name it, neighbours counted."""
    iri = iri_of(id)

    def ask(now: Snapshot) -> EntityAnswer:
        thing = queries.thing(now.store, iri)
        facts = queries.facts(now.store, iri)
        names = dict.fromkeys(f.value for f in facts if f.property in _NAMES)
        return EntityAnswer(
            **ThingRef.of(thing).model_dump(),
            alt=[name for name in names if name != thing.label],
            facts=[FactValue(**fact.model_dump()) for fact in facts],
            documents=[
                NamingDocument(id=id_of(d.document), title=d.title, date=d.issued, mentions=number)
                for d, number in queries.documents_naming(now.store, iri)
            ],
            groups=[GroupCount.of(group) for group in neighbourhood.groups(_hops(now, iri))],
            sparql=_query("entity", iri),
        )

    return reply(request, await library.ask(ask))


def _hops(now: Snapshot, iri: str) -> tuple[Hop, ...]:
    return shelf(now).list_of(("hops", iri), lambda: neighbourhood.hops_of(now.store, iri))


def _query(name: str, iri: str) -> str:
    return standalone(bind(queries.text_of(name), {"entity": ox.NamedNode(iri)}))
