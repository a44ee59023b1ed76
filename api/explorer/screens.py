"""The pages beside the graph: search, paths, comparison, time, the list of documents, about.

Each is complete without a script, and its address names what it shows.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any, NamedTuple, cast, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.dependencies import Service, Snapshot, service_of
from api.errors import BadRequest
from api.explorer.links import STEPS, WAYS, of_comparison, of_paths, of_statements
from api.explorer.packs import meant
from api.explorer.views import licence_of, pack_of
from api.graph_store import EVERYTHING
from api.ids import edge_id, id_of, reader_of
from api.pages import page
from api.relationships.route import as_csv
from api.schemas import ComparisonAnswer
from api.surety import shipped_table
from graph import queries
from graph.compare import SideBySide, compare, side_by_side
from graph.errors import DataError, NotFound, ScipolError
from graph.layout import DataDirectory
from graph.network import Avoid, Connection, connections
from graph.quality import Card, read_card
from graph.queries import DocumentAnswer, StatementFilter, Thing
from graph.reliability import (
    ENTITIES,
    FEWEST,
    RELATIONS,
    STATEMENTS,
    from_on,
    noun_of,
    public_threshold,
)
from graph.resources import document_path
from graph.search import NameHit
from graph.timeline import Unit, timeline
from graph.view import Known, best_connected

router = APIRouter(include_in_schema=False)
_HITS, _SENTENCES, _EXAMPLES = 50, 30, 12
# What the graph notes about its making.
_UNTOLD = ("ExtractionRun", "SoftwareAgent", "TextVersion")
_TYPES = tuple(t for t in queries.TYPES if t not in ("Document", "Quantity"))


class _Sort(NamedTuple):
    """What a column of documents is sorted by, and whether the highest is wanted first."""

    value: Callable[[DocumentAnswer], Any]
    falls: bool


_SORTS: Mapping[str, _Sort] = {
    "title": _Sort(lambda d: d.title.casefold(), falls=False),
    "date": _Sort(lambda d: d.issued, falls=True),
    "kind": _Sort(lambda d: d.genre, falls=False),
    "statements": _Sort(lambda d: d.statements, falls=True),
}


@router.get("/")
async def start(request: Request) -> Response:
    """Search, what is in here, and examples worth a click."""
    service = service_of(request)

    def ask(now: Snapshot) -> tuple[str, dict[str, int], dict[str, int], int]:
        return (
            now.version,
            now.kept("types", lambda: queries.counts(now.store)),
            now.kept("relations", lambda: queries.relation_counts(now.store)),
            len(now.kept("documents", lambda: queries.documents(now.store))),
        )

    state, counts, relations, documents = await service.library.ask(ask)
    known: list[Known] = await service.analyst.find(state, best_connected, 200)
    return page(
        "start.html",
        counts=[(t, counts[t]) for t in queries.TYPES if counts.get(t)],
        documents=documents,
        statements=counts.get("Statement", 0),
        relations=relations,
        known=known[:_EXAMPLES],
        pair=_pair(known),
        id_of=id_of,
    )


@router.get("/entity")
async def entity(request: Request) -> Response:
    """Leads to the page of a thing, which is named by id or as people call it."""
    given = request.query_params.get("id", "")
    found = await service_of(request).library.ask(lambda now: meant(now.store, now.index, given))
    return RedirectResponse(f"/id/{id_of(found.iri)}", 303)


@router.get("/search")
async def search(request: Request) -> Response:
    """Things by name, and sentences that hold the words."""
    text = request.query_params.get("q", "").strip()[:500]

    def ask(now: Snapshot) -> tuple[list[NameHit], int, list[Any], dict[str, tuple[int, int]]]:
        hits = now.index.names(text, limit=_HITS)
        weights = queries.weights(now.store, [hit.thing.iri for hit in hits])
        total = max(now.index.count(text), len(hits))
        return hits, total, now.index.sentences(text, limit=_SENTENCES), weights

    service = service_of(request)
    hits, total, sentences, weights = await service.library.ask(ask) if text else ([], 0, [], {})
    return page(
        "search.html",
        searched=text,
        hits=hits,
        total=total,
        weights=weights,
        read={one.iri for one in await _documents(service)},
        sentences=[(one, _place(one.evidence)) for one in sentences],
        id_of=id_of,
    )


@router.get("/paths")
async def paths(request: Request) -> Response:
    """How two things are connected: the best ways, each step with its sentence."""
    service = service_of(request)
    given = request.query_params
    avoid = [t for t in given.getlist("avoid_type") if t in _TYPES]
    ends: list[Thing | None] = [None, None]
    ways: list[Connection] = []
    trouble = _Trouble()
    steps = int(given["max"]) if given.get("max", "").isdecimal() else STEPS
    steps = min(max(steps, 1), 6)
    try:
        state, ends = await service.library.ask(lambda now: (now.version, _ends(now, given)))
        if all(ends):
            iris = [thing.iri for thing in ends if thing]
            ways = await service.analyst.find(
                state, connections, *iris, WAYS, steps, Avoid(types=tuple(avoid))
            )
    except ScipolError as error:
        trouble = _trouble(error, given, ("from", "to"))
    return page(
        "paths.html",
        ends=ends,
        ways=[(way, _way_link(way)) for way in ways],
        **trouble._asdict(),
        given=given,
        steps=steps,
        avoid=avoid,
        types=_TYPES,
        pack=_pack_of_ways(ends, steps, avoid) if ways else "",
        id_of=id_of,
        edge_of=_step_edge,
        place=_place,
    )


@router.get("/compare")
async def comparison(request: Request) -> Response:
    """Two documents, actors or countries side by side."""
    given = request.query_params
    found, trouble = None, _Trouble()
    ends: list[Thing | None] = [None, None]

    item = None

    def ask(now: Snapshot) -> tuple[list[Thing | None], Any, SideBySide | None]:
        ends = _ends(now, given, ("a", "b"))
        first, second = ends
        if not (first and second):
            return ends, None, None
        wanted = _end(now, given, "item")
        places = DataDirectory(service_of(request).settings.data)
        beside = side_by_side(now.store, places, first, second, wanted) if wanted else None
        return ends, compare(now.store, first.iri, second.iri), beside

    try:
        ends, found, item = await service_of(request).library.ask(ask)
    except ScipolError as error:
        trouble = _trouble(error, given, ("a", "b"))
    documents = await _documents(service_of(request))
    return page(
        "compare.html",
        ends=ends,
        found=found,
        item=item,
        place=_place,
        **trouble._asdict(),
        given=given,
        documents=_sorted(documents, "date"),
        pack=pack_of(of_comparison(found.a, found.b).link) if found else "",
        id_of=id_of,
    )


@router.get("/compare.csv")
async def comparison_table(request: Request) -> Response:
    """The same comparison as a table."""
    given = request.query_params

    def ask(now: Snapshot) -> bytes:
        first, second = _ends(now, given, ("a", "b"))
        if first is None or second is None:
            raise BadRequest("A comparison needs the parameters 'a' and 'b'.")
        found = compare(now.store, first.iri, second.iri)
        return as_csv(ComparisonAnswer.of(found, []).rows())

    content = await service_of(request).library.ask(ask)
    headers = {"Content-Disposition": 'attachment; filename="scipol-comparison.csv"'}
    return Response(content, headers=headers, media_type="text/csv; charset=utf-8")


@router.get("/timeline")
async def over_time(request: Request) -> Response:
    """What was said when, of everything or of one thing."""
    given = request.query_params
    unit = cast(Unit, given.get("unit")) if given.get("unit") in get_args(Unit) else "year"
    trouble = _Trouble()

    def ask(now: Snapshot) -> tuple[Thing | None, Any, Any]:
        about = _end(now, given, "about")
        which = StatementFilter(about=about.iri if about else None)
        spoken = queries.statements(now.store, which) if about else []
        return about, timeline(now.store, which, unit), spoken

    try:
        about, found, spoken = await service_of(request).library.ask(ask)
    except ScipolError as error:
        about, found, spoken = None, None, []
        trouble = _trouble(error, given, ("about",))
    return page(
        "timeline.html",
        about=about,
        found=found,
        spoken=[(one, _place(one.evidence)) for one in spoken[:200]],
        more=max(len(spoken) - 200, 0),
        unit=unit,
        units=get_args(Unit),
        **trouble._asdict(),
        given=given,
        pack=_pack_of_statements(about) if found else "",
        id_of=id_of,
        most=max((p.statements for p in found.periods), default=1) if found else 1,
    )


@router.get("/documents")
async def documents(request: Request) -> Response:
    """The documents that were read, by the column that is asked for; else the newest first."""
    asked = request.query_params.get("sort", "")
    sort = asked if asked.removeprefix("-") in _SORTS else "date"
    found = await _documents(service_of(request))
    columns = {
        name: (
            f"-{name}" if sort == name else name,
            _falls(sort) if sort.removeprefix("-") == name else None,
        )
        for name in _SORTS
    }
    return page("documents.html", documents=_sorted(found, sort), columns=columns)


def _falls(sort: str) -> bool:
    """Whether values fall: a sign before the name turns the order that is usual for the column."""
    return _SORTS[sort.removeprefix("-")].falls != sort.startswith("-")


def _sorted(documents: Sequence[DocumentAnswer], sort: str) -> list[DocumentAnswer]:
    """Documents by a column, then by title; those that have nothing there come last, either way."""
    value = _SORTS[sort.removeprefix("-")].value
    by_title = sorted(documents, key=lambda d: (d.title.casefold(), d.iri))
    some = [d for d in by_title if value(d) is not None]
    some.sort(key=value, reverse=_falls(sort))
    return some + [d for d in by_title if value(d) is None]


@router.get("/quality")
async def quality(request: Request) -> Response:
    """How good the extractors are: in plain words, then the tables, then the card for experts."""
    share = service_of(request).settings.public_share
    table = await asyncio.to_thread(shipped_table)
    least = public_threshold(table, share)
    return page(
        "quality.html",
        measured=measured_card(),
        table=table,
        whole=[(name, table[name]) for name in (ENTITIES, RELATIONS, STATEMENTS) if name in table],
        parts=[(noun_of(kind), row, from_on(row, least)) for kind, row in table.items()],
        noun=noun_of,
        few=FEWEST,
        least=least,
        wanted=share,
        card=quality_card(),
    )


@cache
def measured_card() -> Card | None:
    """What the quality card measured; None for a card that has no table of scores."""
    try:
        return read_card(document_path("quality.md").read_text("utf-8"))
    except DataError:
        return None


@cache
def quality_card() -> str:
    """The quality card as HTML; what is markup in its text stays text. Raises DataError."""
    from markdown_it import MarkdownIt

    text = document_path("quality.md").read_text("utf-8")
    shown = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    # It is a part of a page, which has its own first heading.
    for level in (3, 2, 1):
        shown = re.sub(f"<(/?)h{level}>", rf"<\1h{level + 1}>", shown)
    shown = re.sub(
        r"<h3>(.*?)</h3>",
        lambda m: f'<h3 id="{re.sub("[^a-z]+", "-", m[1].lower())}">{m[1]}</h3>',
        shown,
    )
    # A table may be wider than a telephone; then it moves, not the page.
    shown = shown.replace("<table", '<div class="wide" tabindex="0"><table')
    return shown.replace("</table>", "</table></div>")


@router.get("/about")
async def about(request: Request) -> Response:
    """Which data, how they were made, what they are worth, and where to take them."""

    def ask(now: Snapshot) -> dict[str, Any]:
        read = now.kept("documents", lambda: queries.documents(now.store))
        return {
            "release": now.release,
            "quads": len(now.store),
            "counts": now.kept("types", lambda: queries.counts(now.store)),
            "relations": now.kept("relations", lambda: queries.relation_counts(now.store)),
            "documents": read,
            "licence": now.kept("licence", lambda: licence_of(now.store)),
        }

    found = await service_of(request).library.ask(ask)
    years = [d.issued.year for d in found["documents"] if d.issued]
    found["counts"] = sorted(
        ((name, n) for name, n in found["counts"].items() if name not in _UNTOLD),
        key=lambda c: (-c[1], c[0]),
    )
    return page(
        "about.html", software=version("scipol"), years=years, everything=EVERYTHING, **found
    )


def _ends(
    now: Snapshot, given: Mapping[str, str], names: Sequence[str] = ("from", "to")
) -> list[Thing | None]:
    return [_end(now, given, name) for name in names]


def _end(now: Snapshot, given: Mapping[str, str], name: str) -> Thing | None:
    """The thing that a field of a form names: by the id that a suggestion gave, or by its text."""
    text = given.get(f"{name}_id") or given.get(name, "").strip()
    return meant(now.store, now.index, text[:2000]) if text else None


class _Trouble(NamedTuple):
    """Why a question has no answer: a sentence, near names, and the names that were typed."""

    problem: str = ""
    near: Sequence[str] = ()
    asked: Sequence[str] = ()


def _trouble(error: ScipolError, given: Mapping[str, str], names: Sequence[str]) -> _Trouble:
    """What a page says of an error, with the fields of its form that name things."""
    said = f"{error.what}." if isinstance(error, NotFound) else str(error)
    near = error.near if isinstance(error, NotFound) else ()
    asked = [text for name in names if (text := given.get(name, "").strip())]
    return _Trouble(f"{said[:1].upper()}{said[1:]}", near, asked)


async def _documents(service: Service) -> list[DocumentAnswer]:
    return await service.library.ask(
        lambda now: now.kept("documents", lambda: queries.documents(now.store))
    )


def _pair(known: Sequence[Known]) -> tuple[Known, Known] | None:
    """Two things of different kinds that it is worth to ask the ways between of."""
    if len(known) < 2:
        return None
    return known[0], next((k for k in known[1:] if k.type != known[0].type), known[1])


def _place(found: queries.Evidence) -> str:
    """Where the reader shows a sentence."""
    return reader_of(found.document, found.span)


def _step_edge(step: Any) -> str:
    """The id of the edge that a step of a way takes."""
    ends = (step.source.iri, step.target.iri)
    source, target = ends if step.forward else ends[::-1]
    return edge_id(source, step.label, target)


def _pack_of_ways(ends: Sequence[Thing | None], steps: int, avoid: Sequence[str]) -> str:
    start, end = ends
    assert start
    assert end
    return pack_of(of_paths(start, end, steps, WAYS, Avoid(types=tuple(avoid))).link)


def _pack_of_statements(about: Thing | None) -> str:
    return pack_of(of_statements(StatementFilter(about=about.iri if about else None)).link)


def _way_link(way: Connection) -> str:
    """The way as a graph."""
    things = [way.steps[0].source, *(step.target for step in way.steps)]
    return f"/explore?{urlencode([('seed', id_of(thing.iri)) for thing in things], safe='/')}"
