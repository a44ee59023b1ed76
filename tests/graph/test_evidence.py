import pytest

from graph.errors import NotFound
from graph.evidence import evidence_of, facts_between
from graph.search import SearchIndex
from graph.store import Store
from tests.graph.small_world import BASIC, FUND, MINISTRY


def _iris(index: SearchIndex, *names: str) -> list[str]:
    return [index.named(name).iri for name in names]


def test_an_edge_leads_to_its_sentence_with_the_names_marked(
    world_store: Store, world_index: SearchIndex
) -> None:
    fund, goal = _iris(world_index, FUND, BASIC)
    facts = facts_between(world_store, fund, "servesGoal", goal)
    (found,) = evidence_of(world_store, facts)
    assert found.sentence == (f"The {MINISTRY} sets up the {FUND} of 2 billion euros to {BASIC}.")
    marked = {m.thing.label: found.sentence[m.start : m.end] for m in found.marks}
    assert marked[FUND] == FUND
    assert marked[MINISTRY] == MINISTRY
    assert (found.kind, found.confidence, found.status) == ("claim", 0.6, "candidate")
    assert found.method == "sample 7"
    assert found.title == "Norland passes a law"


def test_stances_posts_and_addressees_have_evidence_as_well(
    world_store: Store, world_index: SearchIndex
) -> None:
    ada, post, talent, universities = _iris(
        world_index, "Ada Möller", "Minister of Science", "attract talent", "universities"
    )
    kinds = [
        evidence_of(world_store, facts_between(world_store, ada, relation, end))[0].kind
        for relation, end in (
            ("holdsPost", post),
            ("calls-for", talent),
            ("addressee", universities),
        )
    ]
    assert kinds == ["tenure", "statement", "statement"]


def test_the_other_direction_is_another_edge(world_store: Store, world_index: SearchIndex) -> None:
    fund, goal = _iris(world_index, FUND, BASIC)
    with pytest.raises(NotFound, match="nothing says"):
        facts_between(world_store, goal, "servesGoal", fund)
    with pytest.raises(NotFound) as caught:
        facts_between(world_store, fund, "opposes", goal)
    assert caught.value.near == ("servesGoal",)


def test_what_is_no_fact_has_no_evidence(world_store: Store, world_index: SearchIndex) -> None:
    with pytest.raises(NotFound, match="no statement, claim or tenure"):
        evidence_of(world_store, _iris(world_index, FUND))
