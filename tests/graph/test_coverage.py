from datetime import date

import pytest

from graph.coverage import coverage
from graph.errors import QueryError
from graph.queries import StatementFilter
from graph.search import SearchIndex
from graph.store import Store
from tests.graph.small_world import FUND, SPEAKER


def test_documents_are_counted_by_year_and_language(world_store: Store) -> None:
    found = coverage(world_store, StatementFilter())
    assert found.documents == found.eligible == found.answering == 4
    assert [(p.value, p.documents) for p in found.years] == [("2024", 3), ("2023", 1)]
    assert [(p.value, p.documents) for p in found.languages] == [("en", 3), ("zh", 1)]
    assert found.statements == 10


def test_what_nobody_said_is_not_found_where_documents_were_read(
    world_store: Store, world_index: SearchIndex
) -> None:
    opposed = StatementFilter(modality="opposes", instrument=world_index.named(FUND).iri)
    assert coverage(world_store, opposed).verdict == "found"
    early = opposed.model_copy(update={"until": date(2023, 12, 31)})
    found = coverage(world_store, early)
    assert (found.verdict, found.eligible, found.answering) == ("not-found", 1, 0)


def test_what_was_not_read_is_not_covered(world_store: Store, world_index: SearchIndex) -> None:
    later = StatementFilter(since=date(2025, 1, 1))
    assert coverage(world_store, later).verdict == "not-covered"
    abroad = StatementFilter(country=world_index.named("Norland").iri)
    assert coverage(world_store, abroad).verdict == "not-covered"
    law = StatementFilter(genre="law", speaker=world_index.named(SPEAKER).iri)
    assert coverage(world_store, law).verdict == "not-covered"


def test_documents_without_a_country_are_not_passed_over(world_store: Store) -> None:
    (part,) = coverage(world_store, StatementFilter()).countries
    assert (part.value, part.label, part.documents) == (None, "unknown", 4)


def test_a_genre_that_there_is_not_is_refused_with_those_there_are(world_store: Store) -> None:
    with pytest.raises(QueryError, match="speech"):
        coverage(world_store, StatementFilter(genre="sonnet"))
