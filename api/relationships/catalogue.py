"""What there is to ask: competency questions, vocabulary, version."""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.dependencies import Snapshot
from api.relationships.given import Cursor, Limit
from api.relationships.memory import shelf
from api.relationships.needed import LibraryNeeded, ServiceNeeded
from api.relationships.route import TABLE, DataRoute, page, reply
from api.schemas import (
    ConceptItem,
    ExampleQuery,
    ParameterInfo,
    QuestionAnswer,
    QuestionInfo,
    QuestionList,
    ReliabilityAnswer,
    VersionAnswer,
    VocabularyAnswer,
)
from graph import competency, queries, reliability
from graph.competency import Answer
from graph.describe import usage
from graph.errors import ExtractorError, NotFound
from graph.sparql_text import standalone
from ontology import hierarchy
from ontology.competency import Question
from ontology.vocabulary import PREFIXES, SCIP, VOC

router = APIRouter(route_class=DataRoute, tags=["catalogue"])
_EXAMPLES = (1, 2, 6, 10, 26, 27)
_Name = Annotated[
    str, Path(max_length=60, description="Number or name of a question.", examples=["2"])
]


@router.get("/reliability", response_model=ReliabilityAnswer, responses=TABLE)
async def reliability_of(request: Request, service: ServiceNeeded) -> Response:
    """What a confidence is worth: of facts said to be so sure, how many were right when measured.

    By kind of fact and range of confidence, with the least confidence from which on the wanted
    share was right. Measured with the learned extractor on documents it had not seen; `/quality`
    tells how. 404 where its weights are not installed.
    """
    try:
        table = await asyncio.to_thread(reliability.reliability)
    except ExtractorError as error:
        raise NotFound(f"There is no reliability table here: {error}") from error
    answer = ReliabilityAnswer.of(table, service.settings.public_share)
    return reply(request, answer, [one for kind in answer.kinds for one in kind.ranges])


@router.get("/questions", response_model=QuestionList)
async def questions(request: Request) -> Response:
    """The questions that analysts ask, with their parameters and SPARQL."""
    return reply(request, QuestionList(items=[_info(q) for q in competency.questions()]))


@router.get("/questions/{which}", response_model=QuestionInfo)
async def question(request: Request, which: _Name) -> Response:
    """One question."""
    return reply(request, _info(competency.question(which)))


@router.get("/questions/{which}/answer", response_model=QuestionAnswer, responses=TABLE)
async def answer(
    request: Request,
    library: LibraryNeeded,
    which: _Name,
    set: Annotated[
        list[str] | None,
        Query(
            max_length=20,
            description="Parameters as NAME=VALUE; things by name, id or IRI; empty leaves open.",
            examples=[["goal=strengthen basic research"]],
        ),
    ] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """Ask a question with these parameters; those that are not given keep their defaults."""
    asked = competency.question(which)
    given = competency.settings(asked, [one[:600] for one in set or ()])
    key = ("question", asked.number, tuple(sorted(given.items())))

    def ask(now: Snapshot) -> QuestionAnswer:
        found = (
            shelf(now)
            .list_of(key, lambda: _Kept(competency.answer(now.store, now.index, asked, given)))
            .answer
        )
        rows, following = page(request, now.version, found.rows, limit, cursor)
        return QuestionAnswer(
            number=found.number,
            question=found.question,
            columns=list(found.columns),
            rows=list(rows),
            open=list(found.open),
            total=len(found.rows),
            next=following,
            sparql=standalone(found.sparql),
        )

    result = await library.ask(ask)
    table = [{name: row.get(name) for name in result.columns} for row in result.rows]
    return reply(request, result, table)


@router.get("/version", response_model=VersionAnswer)
async def data_version(request: Request, library: LibraryNeeded) -> Response:
    """Which state of the data answers, its hash, and which software."""

    def ask(now: Snapshot) -> VersionAnswer:
        return VersionAnswer(
            data=now.version,
            release=now.release,
            quads=len(now.store),
            documents=queries.document_count(now.store),
            software=version("scipol"),
        )

    return reply(request, await library.ask(ask))


@router.get("/vocab", response_model=VocabularyAnswer)
async def vocabulary(request: Request, library: LibraryNeeded) -> Response:
    """Prefixes, classes, properties, schemes with their concepts, and queries to begin with."""

    def ask(now: Snapshot) -> VocabularyAnswer:
        used = now.kept("usage", lambda: usage(now.store))
        terms = [iri for name, iri in vars(SCIP).items() if not name.startswith("_")]
        return VocabularyAnswer(
            prefixes=dict(PREFIXES),
            classes=[iri for iri in terms if queries.local_name(iri)[0].isupper()],
            properties=[iri for iri in terms if queries.local_name(iri)[0].islower()],
            types=now.kept("types", lambda: queries.counts(now.store)),
            relations=now.kept("relations", lambda: queries.relation_counts(now.store)),
            used_classes={one.term: one.number for one in used if one.kind == "class"},
            used_properties={one.term: one.number for one in used if one.kind == "property"},
            schemes={scheme: _concepts(scheme) for scheme in VOC.schemes},
            examples=[
                ExampleQuery(title=q.question.replace("{", "").replace("}", ""), query=q.sparql)
                for q in competency.questions()
                if q.number in _EXAMPLES
            ],
        )

    return reply(request, await library.ask(ask))


class _Kept:
    """An answer as a list that can be kept."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __len__(self) -> int:
        return len(self.answer.rows)


def _info(asked: Question) -> QuestionInfo:
    return QuestionInfo(
        number=asked.number,
        name=asked.slug,
        question=asked.question,
        parameters=[
            ParameterInfo(name=p.name, type=p.type, default=p.default, description=p.description)
            for p in asked.parameters
        ],
        sparql=asked.sparql,
    )


def _concepts(scheme: str) -> list[ConceptItem]:
    return [
        ConceptItem(code=code, iri=VOC(scheme, code), label=hierarchy.label(VOC(scheme, code)))
        for code in VOC.codes(scheme)
    ]
