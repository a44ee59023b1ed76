"""The reader: a document with its names marked and the facts that rest on it in the margin."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.dependencies import Snapshot, service_of
from api.explorer.views import pack_of
from api.ids import id_of, reader_of
from api.pages import page
from api.prose import Block, Part, Prose
from api.surety import Surety, asked_confidence, surety_of
from graph import queries
from graph.annotated import AnnotatedText, Passage, annotated
from graph.errors import NotFound
from graph.layout import DataDirectory
from graph.queries import DocumentAnswer, StatementFilter, Thing
from graph.reliability import RELATIONS, STATEMENTS, plain

router = APIRouter(include_in_schema=False)
_SEEDS = 40


@router.get("/documents/{name:path}")
async def reader(request: Request, name: str) -> Response:
    """A document with what was found in it: names marked, facts beside their sentences.

    Facts that are not sure enough are counted, and shown beside the sentence that was asked for.
    """
    service = service_of(request)
    places = DataDirectory(service.settings.data)
    start, end = _range(request.query_params.get("at"))
    share, asked = service.settings.public_share, asked_confidence(request.query_params)

    def ask(
        now: Snapshot,
    ) -> tuple[DocumentAnswer, queries.Origin, AnnotatedText, dict[str, _Fact], Surety]:
        known = now.kept("documents", lambda: queries.documents(now.store))
        document = _document(known, name)
        text = annotated(now.store, places, document.iri)
        spoken = queries.statements(now.store, StatementFilter(document=document.iri))
        facts = {one.iri: _statement_fact(one) for one in spoken}
        facts |= _claim_facts(now, [f for p in text.passages for f in p.facts if f not in facts])
        origin = queries.origin(now.store, document.iri)
        return document, origin, text, facts, surety_of(now, share, asked)

    document, origin, text, facts, surety = await service.library.ask(ask)
    prose = await asyncio.to_thread(Prose, text.content)
    here = {p.start for p in text.passages if end and p.start < end and start < p.end}
    shown = [_shown(p, prose, facts, surety, p.start in here) for p in text.passages]
    read = {iri for p in text.passages for iri in p.facts if iri in facts}
    seen = {iri for one in shown for iri, _ in one.facts}
    return page(
        "reader.html",
        document=document,
        origin=origin,
        passages=[one for one in shown if one.pieces or one.facts or one.hidden],
        surety=surety,
        statements=[sum(facts[i].whole == STATEMENTS for i in some) for some in (seen, read)],
        hidden=surety.hidden(len(read) - len(seen), len(read), "fact"),
        here=here,
        first=min(here, default=None),
        graph=_graph_of(document, text.passages),
        path=reader_of(document.iri),
        pack=pack_of(reader_of(document.iri)),
        id_of=id_of,
    )


def _graph_of(document: DocumentAnswer, passages: Sequence[Passage]) -> str:
    """The things that a document names most often, and what it says of them, as a graph."""
    often = Counter(mark.thing.iri for p in passages for mark in p.marks)
    things = sorted(often, key=lambda iri: (-often[iri], iri))[:_SEEDS]
    pairs = [("seed", id_of(iri)) for iri in things] + [("document", id_of(document.iri))]
    return f"/explore?{urlencode(pairs, safe='/')}"


def _document(known: Sequence[DocumentAnswer], name: str) -> DocumentAnswer:
    for document in known:
        if name == document.name or reader_of(document.iri) == f"/documents/{name}":
            return document
    raise NotFound(f"no document is called {name[:100]!r}; /documents lists all")


def _range(text: str | None) -> tuple[int, int]:
    start, _, end = (text or "").partition(",")
    if start.isdecimal() and end.isdecimal() and len(start) < 12 and len(end) < 12:
        return int(start), int(end)
    return 0, 0


class _Piece(NamedTuple):
    """A part of a sentence, by place and by look, and the thing it names, if it does."""

    start: int
    end: int
    parts: list[tuple[str, Part]]
    thing: Thing | None


class _Fact(NamedTuple):
    """A fact in a few words, the row of the reliability table it belongs to, and how sure it is."""

    lines: list[_Said]
    whole: str
    name: str
    confidence: float


class _Said(NamedTuple):
    """Who or what, how, and what or whom."""

    subject: str
    verb: str
    object: str


class _Shown(NamedTuple):
    """A passage as it is shown, with its facts, and how many of them are not."""

    start: int
    end: int
    block: Block
    is_first: bool
    pieces: list[_Piece]
    facts: list[tuple[str, _Fact]]
    hidden: int


def _shown(
    passage: Passage, prose: Prose, facts: Mapping[str, _Fact], surety: Surety, is_asked: bool
) -> _Shown:
    own = [(iri, facts[iri]) for iri in passage.facts if iri in facts]
    sure = [(iri, one) for iri, one in own if is_asked or surety.shows(one.confidence)]
    block = prose.block(passage.start)
    return _Shown(
        start=passage.start,
        end=passage.end,
        block=block,
        # The sentences of an item are passages; its first one has the mark.
        is_first=not any(prose.parts(block.start, passage.start)),
        pieces=list(_pieces(passage, prose)),
        facts=sure,
        hidden=len(own) - len(sure),
    )


def _pieces(passage: Passage, prose: Prose) -> Iterator[_Piece]:
    """The sentence cut at its marks; of marks that overlap the first and longest counts."""

    def piece(start: int, end: int, thing: Thing | None = None) -> Iterator[_Piece]:
        begin = passage.start
        parts = [
            (passage.text[part.start - begin : part.end - begin], part)
            for part in prose.parts(begin + start, begin + end)
        ]
        if parts:
            yield _Piece(begin + start, begin + end, parts, thing)

    at = 0
    for mark in sorted(passage.marks, key=lambda m: (m.start, -m.end)):
        if mark.start < at:
            continue
        yield from piece(at, mark.start)
        yield from piece(mark.start, mark.end, mark.thing)
        at = mark.end
    yield from piece(at, len(passage.text))


def _statement_fact(one: queries.StatementAnswer) -> _Fact:
    speaker = one.speaker.label if one.speaker else "The document"
    said = _Said(speaker, plain(one.modality), ", ".join(thing.label for thing in one.content))
    return _Fact([said], STATEMENTS, one.modality, one.confidence)


def _claim_facts(now: Snapshot, facts: Sequence[str]) -> dict[str, _Fact]:
    """Claims and tenures in a few words, by IRI."""
    if not facts:
        return {}
    values = " ".join(str(ox.NamedNode(fact)) for fact in facts)
    rows = now.store.select(queries.text_of("claim-ends").replace("# FACTS", values)).rows
    known = queries.things(
        now.store,
        {
            queries.value(term)
            for row in rows
            for term in (row[1], row[3])
            if isinstance(term, ox.NamedNode)
        },
    )

    def name(term: Any) -> str:
        text = queries.value(term)
        return known[text].label if text in known else text

    found = {}
    for fact, part in groupby(rows, key=lambda row: queries.value(row[0])):
        lines = list(part)
        predicate = queries.local_name(queries.value(lines[0][2]))
        found[fact] = _Fact(
            lines=[_Said(name(s), plain(predicate), name(o)) for _, s, _, o, _ in lines],
            whole=RELATIONS,
            name=predicate,
            confidence=float(queries.value(lines[0][4])),
        )
    return found
