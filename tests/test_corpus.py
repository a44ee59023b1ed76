"""The shipped briefs and annotations: complete, of the promised size, true to the text."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.documents import read_one
from graph.gold import load_gold
from graph.records import ACTOR_TYPES, SIGNATURES, Extraction, Span

DATA = Path(__file__).parent.parent / "data"
BRIEFS = sorted(path for path in (DATA / "corpus").glob("*.md") if path.stem != "README")
GOLD = sorted((DATA / "gold").glob("*.json"))
GENRES = {"speech", "news", "strategy", "law", "agreement"}
FIELDS = {"title", "issuer", "date", "language", "country", "genre", "source", "licence"}


def _split(path: Path) -> tuple[dict[str, Any], str]:
    """The front matter of a brief and the text that annotations count in."""
    content = path.read_text(encoding="utf-8")
    opening, stated, body = content.split("---\n", 2)
    assert not opening
    return yaml.safe_load(stated), body.lstrip("\n")


def _name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", BRIEFS, ids=_name)
def test_a_brief_says_what_it_reports_and_from_where(path: Path) -> None:
    stated, _ = _split(path)
    assert set(stated) == FIELDS
    assert type(stated["date"]) is date
    assert stated["genre"] in GENRES
    assert stated["language"] == "en"
    assert stated["licence"] == "CC-BY-4.0"
    assert all(isinstance(stated[field], str) and stated[field] for field in FIELDS - {"date"})


@pytest.mark.parametrize("path", BRIEFS, ids=_name)
def test_a_brief_is_as_long_as_promised(path: Path) -> None:
    _, body = _split(path)
    assert 250 <= len(body.split()) <= 600


@pytest.mark.parametrize("path", BRIEFS, ids=_name)
def test_a_brief_is_stored_in_the_normal_form_that_offsets_count_in(path: Path) -> None:
    content = path.read_bytes().decode("utf-8")
    assert "\r" not in content
    assert unicodedata.is_normalized("NFC", content)


def test_the_corpus_covers_many_countries_and_all_genres() -> None:
    stated = [_split(path)[0] for path in BRIEFS]
    assert len(BRIEFS) >= 24
    assert len({brief["country"] for brief in stated}) >= 12
    assert {brief["genre"] for brief in stated} == GENRES


def test_no_two_briefs_report_the_same_event() -> None:
    stated = [_split(path)[0] for path in BRIEFS]
    assert len({brief["title"] for brief in stated}) == len(stated)
    assert len({brief["source"] for brief in stated}) == len(stated)


def test_briefs_of_every_genre_are_annotated() -> None:
    annotated = {path.stem for path in GOLD}
    assert annotated <= {path.stem for path in BRIEFS}
    assert len(annotated) >= 6
    genres = {_split(DATA / "corpus" / f"{name}.md")[0]["genre"] for name in annotated}
    assert genres == GENRES


def test_the_reader_gives_the_text_that_annotations_count_in() -> None:
    for path in BRIEFS:
        stated, body = _split(path)
        (text,) = read_one(path)
        assert text.content == body
        assert text.document.issued == stated["date"]
        assert text.document.country == stated["country"]


@pytest.mark.parametrize("path", GOLD, ids=_name)
def test_every_quote_of_an_annotation_stands_at_its_offsets(path: Path) -> None:
    gold = _read_gold(path)
    _, text = _split(DATA / "corpus" / f"{path.stem}.md")
    spans: list[Span] = [span for entity in gold.entities for span in entity.mentions]
    spans += [statement.evidence for statement in gold.statements]
    spans += [relation.evidence for relation in gold.relations]
    assert [span for span in spans if text[span.start : span.end] != span.text] == []


@pytest.mark.parametrize("path", GOLD, ids=_name)
def test_an_annotation_joins_only_types_that_its_predicates_allow(path: Path) -> None:
    gold = _read_gold(path)
    types = {entity.id: entity.type for entity in gold.entities}
    for relation in gold.relations:
        subject, object_ = types[relation.subject], types[relation.object]
        subjects, objects = SIGNATURES[relation.predicate]
        assert subject in subjects, relation
        assert object_ in objects, relation
        assert relation.predicate != "partOf" or subject == object_, relation


@pytest.mark.parametrize("path", GOLD, ids=_name)
def test_an_annotated_statement_is_by_an_actor_on_goals_and_instruments(path: Path) -> None:
    gold = _read_gold(path)
    types = {entity.id: entity.type for entity in gold.entities}
    for statement in gold.statements:
        assert statement.speaker is None or types[statement.speaker] in ACTOR_TYPES, statement
        assert {types[one] for one in statement.content} <= {"Goal", "Instrument"}, statement
        assert {types[one] for one in statement.addressee} <= ACTOR_TYPES, statement


@pytest.mark.parametrize("path", GOLD, ids=_name)
def test_an_annotation_says_nothing_twice(path: Path) -> None:
    gold = _read_gold(path)
    ids = [entity.id for entity in gold.entities]
    relations = [(one.subject, one.predicate, one.object) for one in gold.relations]
    statements = [(one.speaker, one.modality, one.evidence.start) for one in gold.statements]
    assert len(set(ids)) == len(ids)
    assert len(set(relations)) == len(relations)
    assert len(set(statements)) == len(statements)
    for entity in gold.entities:
        starts = [(span.start, span.end) for span in entity.mentions]
        assert starts == sorted(set(starts)), entity


def _read_gold(path: Path) -> Extraction:
    """The annotation; unknown types, modalities, predicates and fields are refused on reading."""
    gold = Extraction.model_validate(json.loads(path.read_text(encoding="utf-8")))
    assert gold.document == path.stem
    return gold


def test_the_invented_documents_can_be_learned_from() -> None:
    """Every offset fits, and every predicate joins the types it may join."""
    for annotated in load_gold(DATA / "exercises"):
        types = {e.id: e.type for e in annotated.gold.entities}
        for relation in annotated.gold.relations:
            subjects, objects = SIGNATURES[relation.predicate]
            assert types[relation.subject] in subjects
            assert types[relation.object] in objects
        for statement in annotated.gold.statements:
            assert {types[c] for c in statement.content} <= {"Goal", "Instrument"}
