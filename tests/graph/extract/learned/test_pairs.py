"""Which mentions may be joined, and how they lie to each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from graph.extract import passages
from graph.extract.learned.pairs import GAPS, LABELS, REACH, Place, columns, joins, lie, near
from graph.extract.passages import Prose
from graph.records import EntityType

LIST = "The agency will:\n\n- fund physics;\n- fund chemistry.\n\nNorway agreed."


def place(entity: int, type_: EntityType, first: int, last: int, passage: int = 0) -> Place:
    return Place(entity, type_, first, last, passage)


def ends(prose: Prose, places: Sequence[Place]) -> list[tuple[int, ...]]:
    return [tuple(pair) for pair in near(prose, columns(places)).tolist()]


def how(one: Place, other: Place) -> tuple[int, ...]:
    """The words between two mentions, and the number of the gap."""
    return tuple(lie(columns([one, other]), np.array([[0, 1]]))[0].tolist())


@pytest.mark.parametrize(
    ("subject", "object_", "expected"),
    [
        ("Instrument", "Goal", {"servesGoal"}),
        ("Goal", "Goal", {"subGoalOf"}),
        ("Instrument", "Instrument", {"partOf"}),
        ("Organization", "Event", set()),
        ("Goal", "Country", {"implementedBy", "speaker", "addressee"}),
        ("Field", "Goal", set()),
    ],
)
def test_types_decide_what_may_join(
    subject: EntityType, object_: EntityType, expected: set[str]
) -> None:
    assert {LABELS[label] for label in joins(subject, object_)} == expected


def test_items_are_near_the_passage_that_opens_their_list() -> None:
    prose = passages.read(LIST)
    lead, first, second, last = range(4)
    places = [
        place(0, "Organization", 1, 2, lead),
        place(1, "Goal", 4, 6, first),
        place(2, "Goal", 7, 9, second),
        place(3, "Country", 10, 11, last),
    ]
    found = ends(prose, places)
    assert {(1, 0), (2, 0)} <= set(found)
    assert (1, 3) not in found


def test_what_stands_far_apart_in_a_sentence_is_not_near() -> None:
    prose = passages.read("word " * 500)
    places = [place(n, "Goal", first, first + 1) for n, first in enumerate((0, REACH, REACH + 1))]

    assert sorted(ends(prose, places)) == [(0, 1), (1, 0), (1, 2), (2, 1)]


def test_an_entity_is_not_joined_to_itself() -> None:
    prose = passages.read("Support physics, support physics.")
    assert ends(prose, [place(0, "Goal", 0, 2), place(0, "Goal", 3, 5)]) == []
    assert ends(prose, []) == []


def test_the_gap_tells_order_nesting_and_passage() -> None:
    goal = place(0, "Goal", 4, 6)
    others = [
        place(1, "Field", 5, 6),
        place(1, "Goal", 3, 8),
        place(1, "Field", 7, 8),
        place(1, "Field", 2, 3),
        place(1, "Field", 60, 61),
        place(1, "Field", 9, 10, 1),
        place(1, "Field", 0, 1, -1),
        place(1, "Field", 90, 91, 7),
    ]
    gaps = [how(goal, other)[2] for other in others]
    assert len(set(gaps)) == len(gaps)
    assert all(0 <= g < GAPS for g in gaps)


def test_words_between_are_those_of_one_passage() -> None:
    assert how(place(0, "Goal", 4, 6), place(1, "Field", 9, 10))[:2] == (6, 9)
    assert how(place(1, "Field", 9, 10), place(0, "Goal", 4, 6))[:2] == (6, 9)
    assert how(place(0, "Goal", 4, 6), place(1, "Field", 5, 6))[:2] == (0, 0)
    assert how(place(0, "Goal", 4, 6), place(1, "Field", 9, 10, 1))[:2] == (0, 0)
