from datetime import date

import pytest

from graph import queries
from graph.errors import NotFound, QueryError
from graph.queries import StatementFilter
from graph.search import SearchIndex
from graph.store import Store
from tests.graph.small_world import BASIC, FUND, MINISTRY, SPEAKER


def _said(store: Store, **conditions: object) -> set[tuple[str, str, str]]:
    found = queries.statements(store, StatementFilter.model_validate(conditions))
    return {
        (s.speaker.label if s.speaker else "", s.modality, content.label)
        for s in found
        for content in s.content
    }


def test_a_thing_is_shown_with_facts_relations_statements_and_mentions(
    world_store: Store, world_index: SearchIndex
) -> None:
    fund = queries.entity(world_store, world_index.named(FUND).iri)
    assert fund.thing.type == "Instrument"
    assert {(r.predicate, r.object.label) for r in fund.relations if r.subject == fund.thing} == {
        ("servesGoal", BASIC),
        ("implementedBy", MINISTRY),
        ("budget", "2 billion euros"),
    }
    assert {s.modality for s in fund.statements} == {"carries-out", "opposes"}
    assert [m.quote for m in fund.mentions] == [FUND, FUND]
    assert ("budget", "2 billion euros") in {(f.property, f.value) for f in fund.facts}


def test_a_post_that_somebody_holds_is_a_relation(
    world_store: Store, world_index: SearchIndex
) -> None:
    ada = queries.entity(world_store, world_index.named("Ada Möller").iri)
    assert [(r.predicate, r.object.label) for r in ada.relations] == [
        ("holdsPost", "Minister of Science")
    ]
    assert "called on universities" in ada.relations[0].evidence.quote


def test_statements_are_selected_by_each_condition(
    world_store: Store, world_index: SearchIndex
) -> None:
    jose = world_index.named(SPEAKER).iri
    goal = world_index.named(BASIC).iri
    assert _said(world_store, speaker=jose) == {
        (SPEAKER, "calls-for", BASIC),
        (SPEAKER, "opposes", FUND),
    }
    assert {s for s, _, _ in _said(world_store, goal=goal)} == {"Norland", MINISTRY, SPEAKER}
    assert _said(world_store, goal=goal, instrument=world_index.named(FUND).iri) == {
        (MINISTRY, "carries-out", FUND),
        (MINISTRY, "carries-out", BASIC),
    }
    assert _said(world_store, modality="opposes", speaker=jose) == {(SPEAKER, "opposes", FUND)}
    assert _said(world_store, addressee=world_index.named("universities").iri) == {
        ("Ada Möller", "calls-for", "attract talent")
    }
    document = queries.document_named(world_store, "south-speech").iri
    assert _said(world_store, document=document, modality="commits-to") == {
        ("Sudland", "commits-to", "attract talent")
    }


def test_statements_are_selected_by_days_that_both_count(world_store: Store) -> None:
    days = {
        s.stated_on
        for s in queries.statements(
            world_store, StatementFilter(since=date(2023, 3, 1), until=date(2024, 1, 1))
        )
    }
    assert days == {date(2023, 3, 1), date(2024, 1, 1)}


def test_a_wider_modality_finds_the_narrower_ones(world_store: Store) -> None:
    promised = _said(world_store, modality="commissive")
    assert ("Norland", "commits-to", BASIC) in promised
    assert not {modality for _, modality, _ in promised} & {"calls-for", "opposes"}


def test_an_unknown_modality_names_the_known_ones(world_store: Store) -> None:
    with pytest.raises(QueryError, match="calls-for, requires, commits-to"):
        queries.statements(world_store, StatementFilter(modality="shouts"))


def test_statements_come_by_day_and_place_and_in_the_same_order_again(world_store: Store) -> None:
    once = queries.statements(world_store, StatementFilter())
    assert once == queries.statements(world_store, StatementFilter())
    assert [s.stated_on for s in once] == sorted(s.stated_on for s in once if s.stated_on)


def test_a_thing_without_an_english_name_has_the_name_it_has(
    world_store: Store, world_index: SearchIndex
) -> None:
    assert queries.thing(world_store, world_index.named("王小明").iri).label == "王小明"


def test_what_is_not_there_is_said(world_store: Store) -> None:
    with pytest.raises(NotFound, match="no-such-thing"):
        queries.entity(world_store, "https://w3id.org/scipol/id/goal/no-such-thing")
    with pytest.raises(NotFound, match="south-speech"):
        queries.document_named(world_store, "south-speach")


def test_an_iri_cannot_smuggle_sparql(world_store: Store) -> None:
    with pytest.raises(ValueError, match="IRI"):
        queries.things(world_store, ["https://example.org/> ?p ?o . } #"])


def test_documents_are_listed_with_what_was_found(world_store: Store) -> None:
    listed = {d.name: (d.title, d.statements) for d in queries.documents(world_store)}
    assert listed["north-law"] == ("Norland passes a law", 3)
    assert set(listed) == {"north-law", "south-speech", "zh-note", "markup"}


def test_things_are_counted_by_class(world_store: Store) -> None:
    counted = queries.counts(world_store)
    assert (counted["Statement"], counted["Country"], counted["Tenure"]) == (10, 2, 1)
