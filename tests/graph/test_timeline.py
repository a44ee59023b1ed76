from datetime import date

from graph.queries import StatementFilter, statements
from graph.search import SearchIndex
from graph.store import Store
from graph.timeline import timeline
from tests.graph.small_world import SPEAKER


def test_statements_are_counted_by_year(world_store: Store) -> None:
    found = timeline(world_store, StatementFilter())
    assert [(p.period, p.statements, p.documents) for p in found.periods] == [
        ("2023", 3, 1),
        ("2024", 7, 3),
    ]
    assert found.undated == 0
    assert sum(p.statements for p in found.periods) == len(
        statements(world_store, StatementFilter())
    )


def test_periods_may_be_months_and_count_modalities(
    world_store: Store, world_index: SearchIndex
) -> None:
    about = StatementFilter(about=world_index.named(SPEAKER).iri)
    found = timeline(world_store, about, "month")
    assert [(p.period, dict(p.modalities)) for p in found.periods] == [
        ("2024-09", {"calls-for": 1, "opposes": 1})
    ]


def test_dates_of_a_thing_are_given_beside(world_store: Store) -> None:
    from graph.queries import document_named
    from graph.timeline import dates_of

    document = document_named(world_store, "north-law")
    assert [(d.property, d.date) for d in dates_of(world_store, document.iri)] == [
        ("issued", date(2023, 3, 1))
    ]
