"""Ways between two things, and measures of the whole network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import Snapshot
from api.errors import NotReady
from api.ids import iri_of
from api.relationships.given import Cursor, Limit, ThingParameter, Type
from api.relationships.needed import ServiceNeeded
from api.relationships.route import TABLE, DataRoute, page, reply
from api.schemas import (
    FindingItem,
    MeasureInfo,
    MeasureList,
    MeasurePage,
    Path,
    PathRow,
    PathsAnswer,
    ThingRef,
)
from graph import queries
from graph.errors import NotFound
from graph.measures import MEANINGS, MEASURES, Finding, Measure, measure
from graph.network import Avoid, connections

router = APIRouter(route_class=DataRoute, tags=["network"])
# So long a client is kept waiting for a measure; it goes on, and the next one finds it.
_PATIENCE = 20.0


@router.get("/paths", response_model=PathsAnswer, responses=TABLE)
async def paths(
    request: Request,
    service: ServiceNeeded,
    source: Annotated[ThingParameter, Query(alias="from")],
    target: Annotated[ThingParameter, Query(alias="to")],
    k: Annotated[int, Query(ge=1, le=50, description="How many ways at most.")] = 10,
    max: Annotated[int, Query(ge=1, le=6, description="Longest way, in steps.")] = 4,
    avoid_type: Type = None,
    avoid: Annotated[
        list[str] | None, Query(max_length=50, description="Things not to lead through.")
    ] = None,
    avoid_hubs: Annotated[
        int | None,
        Query(ge=0, le=1_000_000, description="Lead through nothing with more relations."),
    ] = None,
    sentences: Annotated[int, Query(ge=0, le=20, description="Sentences for each step.")] = 3,
) -> Response:
    """How two things are connected: the best ways, each step with the sentences it rests on.

    A way is scored by the confidences of its steps, and the less the more usual the things are
    that it leads through.
    """
    ends = iri_of(source, "from"), iri_of(target, "to")
    avoided = Avoid(
        types=tuple(avoid_type or ()),
        things=tuple(iri_of(one, "avoid") for one in avoid or ()),
        hubs=avoid_hubs,
    )

    def things(now: Snapshot) -> tuple[str, list[queries.Thing]]:
        return now.version, [queries.thing(now.store, iri) for iri in ends]

    version, (first, second) = await service.library.ask(things)
    try:
        found = await service.analyst.find(version, connections, *ends, k, max, avoided)
    except NotFound:
        # Both things are there, but one of them has no relation at all.
        found = []
    answer = PathsAnswer(
        source=ThingRef.of(first),
        target=ThingRef.of(second),
        paths=[Path.of(way, sentences) for way in found],
        searched=max,
        complete=len(found) < k,
    )
    return reply(request, answer, _rows(answer))


@router.get("/network", response_model=MeasureList)
async def measures(request: Request) -> Response:
    """The measures of the network that there are."""
    items = [MeasureInfo(name=name, meaning=MEANINGS[name]) for name in MEASURES]
    return reply(request, MeasureList(items=items))


@router.get("/network/{name}", response_model=MeasurePage, responses=TABLE)
async def network(
    request: Request,
    service: ServiceNeeded,
    name: Measure,
    type: Type = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Who is central, what holds parts together, which groups there are, who wants the same.

    Computed once for each state of the data; while that takes longer than a client should wait, the
    answer is 503 with Retry-After. `type` keeps findings of which every thing is of these types.
    """
    version = await service.library.ask(lambda now: now.version)
    computed = await service.computed.get(
        version,
        name,
        lambda: service.analyst.measure(version, measure, name),
        _PATIENCE,
    )
    if computed is None:
        raise NotReady(f"{name} is being computed; ask again in a while.", {"Retry-After": "10"})

    def ask(now: Snapshot) -> MeasurePage:
        total, found = computed
        wanted: Sequence[Finding] = found
        if type:
            types = _types(now, found)
            wanted = [f for f in found if all(types.get(iri) in type for iri in _iris(f))]
            total = len(wanted)
        shown, following = page(request, now.version, wanted, limit, cursor)
        known = _types(now, shown)
        return MeasurePage(
            measure=name,
            meaning=MEANINGS[name],
            items=[FindingItem.of(finding, known) for finding in shown],
            total=total,
            next=following,
        )

    answer = await service.library.ask(ask)
    return reply(request, answer, answer.items)


def _iris(finding: Finding) -> tuple[str, ...]:
    fields = finding.model_dump(include={"iri", "members", "source", "target", "first", "second"})
    return tuple(fields.get("members") or fields.values())


def _types(now: Snapshot, found: Sequence[Finding]) -> dict[str, str]:
    known = queries.things(now.store, {iri for finding in found for iri in _iris(finding)})
    return {iri: thing.type for iri, thing in known.items()}


def _rows(answer: PathsAnswer) -> list[PathRow]:
    return [
        PathRow(
            path=number,
            step=place,
            score=way.score,
            source=step.source.label,
            relation=step.relation,
            target=step.target.label,
            forward=step.forward,
            sentence=step.evidence[0].sentence if step.evidence else "",
            document=step.evidence[0].document.title if step.evidence else "",
        )
        for number, way in enumerate(answer.paths, 1)
        for place, step in enumerate(way.steps, 1)
    ]
