import pytest

from graph.competency import Answer, answer, examples, question, questions, settings
from graph.errors import NotFound, QueryError
from graph.search import SearchIndex
from graph.store import Store
from tests.graph.small_world import BASIC, FUND, MINISTRY, SPEAKER


def _ask(store: Store, index: SearchIndex, which: str, **given: str) -> Answer:
    return answer(store, index, question(which), given)


@pytest.mark.parametrize("slug", [q.slug for q in questions()])
def test_every_question_is_answered_in_labels(
    world_store: Store, world_index: SearchIndex, slug: str
) -> None:
    found = _ask(world_store, world_index, slug)
    assert "{" not in found.question
    assert found.question.endswith("?")
    for row in found.rows:
        shown = {str(row.get(column)) for column in found.columns}
        assert not any(cell.startswith("https://w3id.org") for cell in shown)


def test_a_parameter_is_a_name_as_people_type_it(
    world_store: Store, world_index: SearchIndex
) -> None:
    found = _ask(world_store, world_index, "said-by-speaker", speaker="jose nunez")
    assert found.question.startswith(f"What has {SPEAKER} said")
    assert {row["content"] for row in found.rows} == {BASIC, FUND}
    assert "speaker" not in found.columns
    assert all(str(row["speaker_iri"]).startswith("https://") for row in found.rows)


def test_the_query_shown_gives_the_same_answer(
    world_store: Store, world_index: SearchIndex
) -> None:
    found = _ask(world_store, world_index, "said-by-speaker", speaker=SPEAKER)
    assert len(world_store.select(found.sparql).rows) == len(found.rows)


def test_a_default_that_the_graph_does_not_know_is_left_open(
    world_store: Store, world_index: SearchIndex
) -> None:
    found = _ask(world_store, world_index, "said-by-speaker")
    assert found.open == ("speaker",)
    assert {row["speaker"] for row in found.rows} >= {SPEAKER, MINISTRY, "Norland"}


def test_an_empty_value_leaves_a_parameter_open(
    world_store: Store, world_index: SearchIndex
) -> None:
    found = _ask(world_store, world_index, "said-by-speaker", speaker="")
    assert len({row["speaker"] for row in found.rows}) > 3


def test_numbers_stay_numbers(world_store: Store, world_index: SearchIndex) -> None:
    found = _ask(world_store, world_index, "largest-budgets")
    assert [(r["instrument"], r["value"], r["actor"]) for r in found.rows] == [
        (FUND, 2_000_000_000.0, MINISTRY)
    ]


def test_a_name_that_is_not_there_is_said(world_store: Store, world_index: SearchIndex) -> None:
    with pytest.raises(NotFound, match="Nobody Atall"):
        _ask(world_store, world_index, "said-by-speaker", speaker="Nobody Atall")


@pytest.mark.parametrize(
    ("slug", "given", "message"),
    [
        ("targets-due", {"before": "soon"}, "is not a date"),
        ("targets-due", {"metric": "beauty"}, "metric"),
        ("review-first", {"below": "much"}, "is not a decimal"),
        ("missing-labels", {"language": "a b"}, "is not a language tag"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(
    world_store: Store, world_index: SearchIndex, slug: str, given: dict[str, str], message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        _ask(world_store, world_index, slug, **given)


def test_questions_are_found_by_number_and_name() -> None:
    assert question("1") == question("01") == question("said-by-speaker")
    with pytest.raises(NotFound, match="said-by-speaker"):
        question("said-by-speeker")


def test_settings_name_parameters_of_the_question() -> None:
    asked = question("said-by-speaker")
    assert settings(asked, ["speaker=A = B"]) == {"speaker": "A = B"}
    for wrong in ("speaker", "goal=x"):
        with pytest.raises(QueryError, match="speaker=…"):
            settings(asked, [wrong])


def test_examples_are_about_things_of_the_graph_and_stand_alone(
    world_store: Store, world_index: SearchIndex
) -> None:
    found = examples(world_store, world_index)
    assert [one.number for one in found] == [q.number for q in questions()]
    said = found[0]
    assert said.question == "What has Sudland said, when and how strongly?"
    assert len(world_store.select(said.sparql).rows) > 0
    for one in found:
        assert one.sparql.startswith(f"# {one.question}\n")
        assert "# parameter" not in one.sparql
        assert "PREFIX scip:" in one.sparql


def test_an_example_about_two_things_is_about_different_ones(
    world_store: Store, world_index: SearchIndex
) -> None:
    related = next(e for e in examples(world_store, world_index) if e.number == 11)
    subject, _, object_ = related.question.partition(" is related to ")
    assert subject.removeprefix("Why do we believe that ") != object_.removesuffix("?")
