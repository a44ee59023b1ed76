import pytest

from graph.gaps import GAPS, Gap, gaps
from graph.queries import StatementFilter, document_named
from graph.store import Store
from tests.graph.small_world import BASIC, FUND


def _labels(store: Store, gap: Gap, conditions: StatementFilter | None = None) -> list[str]:
    return [missing.thing.label for missing in gaps(store, gap, conditions).items]


def test_a_goal_that_an_instrument_serves_has_no_gap(world_store: Store) -> None:
    found = _labels(world_store, "goals-without-instrument")
    assert BASIC not in found
    assert found[0] == "attract talent"


def test_an_instrument_with_owner_and_money_has_no_gap(world_store: Store) -> None:
    assert FUND not in _labels(world_store, "instruments-without-owner")
    assert FUND not in _labels(world_store, "instruments-without-money")


def test_gaps_are_counted_and_can_be_narrowed_down(world_store: Store) -> None:
    talent = gaps(world_store, "goals-without-instrument").items[0]
    assert (talent.statements, talent.documents) == (3, 2)
    north = StatementFilter(document=document_named(world_store, "north-law").iri)
    assert _labels(world_store, "goals-without-instrument", north) == ["attract talent"]


@pytest.mark.parametrize("gap", GAPS)
def test_the_query_gives_the_same(world_store: Store, gap: Gap) -> None:
    found = gaps(world_store, gap)
    assert len(world_store.select(found.sparql).rows) == len(found.items)
