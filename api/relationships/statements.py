"""Statements by every condition, and the evidence of any fact."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import Snapshot
from api.errors import BadRequest
from api.ids import edge_of, iri_of
from api.relationships.given import Cursor, Limit, Which
from api.relationships.memory import shelf
from api.relationships.needed import LibraryNeeded
from api.relationships.route import TABLE, DataRoute, page, reply
from api.schemas import EvidenceItem, EvidencePage, Page, StatementItem
from api.surety import worth_of_fact
from graph import evidence, queries
from graph.sparql_text import bind, standalone

router = APIRouter(route_class=DataRoute, tags=["statements and evidence"])


@router.get("/statements", response_model=Page[StatementItem], responses=TABLE)
async def statements(
    request: Request,
    library: LibraryNeeded,
    which: Which,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Who takes which stance on what, by date; every condition that is given must hold."""

    def ask(now: Snapshot) -> Page[StatementItem]:
        order = shelf(now).list_of(
            ("statements", which), lambda: queries.statement_order(now.store, which)
        )
        shown, following = page(request, now.version, order, limit, cursor)
        return Page[StatementItem](
            items=[StatementItem.of(s) for s in queries.statements_named(now.store, shown)],
            total=len(order),
            next=following,
            sparql=standalone(bind(*queries.statement_query(which))),
        )

    answer = await library.ask(ask)
    return reply(request, answer, answer.items)


@router.get("/evidence", response_model=EvidencePage, responses=TABLE)
async def evidence_of(
    request: Request,
    library: LibraryNeeded,
    edge: Annotated[
        str | None,
        Query(
            max_length=4000,
            description="SOURCE|RELATION|TARGET, as neighbours and paths give it.",
        ),
    ] = None,
    fact: Annotated[
        str | None,
        Query(max_length=2000, description="Id of a statement, claim or tenure."),
    ] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """The sentences that a fact or an edge rests on, with what they name marked in them.

    Each comes with document, date, confidence, the extractor that found it, and its status; all
    together with the number of documents and the confidence that they give.
    """
    if (edge is None) == (fact is None):
        raise BadRequest("Give one of 'edge' and 'fact'.")
    ends = edge_of(edge) if edge is not None else None
    known = (iri_of(fact, "fact"),) if fact is not None else None

    def ask(now: Snapshot) -> EvidencePage:
        found = known or (evidence.facts_between(now.store, *ends) if ends else ())
        shown, following = page(request, now.version, found, limit, cursor)
        together = evidence.support_of(now.store, found)
        return EvidencePage(
            edge=edge,
            fact=fact,
            documents=together.documents,
            sources=together.sources,
            confidence=round(together.confidence, 4),
            items=[
                EvidenceItem.of(
                    one, worth_of_fact(one.kind, one.relation, one.confidence, one.method)
                )
                for one in evidence.evidence_of(now.store, shown)
            ],
            total=len(found),
            next=following,
            sparql=standalone(evidence.evidence_query(shown)),
        )

    answer = await library.ask(ask)
    return reply(request, answer, answer.items)
