"""What a confidence is worth, and from which one on facts are shown at first."""

from __future__ import annotations

import pytest

from graph import reliability
from graph.reliability import (
    Range,
    briefly,
    in_words,
    public_threshold,
    range_of,
    read,
    short_of,
    threshold,
    worth,
)


def ranges(*rows: tuple[float, int, float]) -> tuple[Range, ...]:
    """Ranges of a tenth each: where it begins, how many facts, the share that was right."""
    return tuple(
        Range(least=least, most=round(least + 0.1, 1), facts=facts, stated=least, right=right)
        for least, facts, right in rows
    )


@pytest.mark.parametrize(
    ("share", "expected"), [(0.9, None), (0.8, 0.8), (0.7, 0.6), (0.6, 0.5), (0.1, 0.4)]
)
def test_from_the_threshold_on_the_share_was_right(share: float, expected: float | None) -> None:
    given = ranges((0.4, 100, 0.2), (0.5, 100, 0.5), (0.6, 100, 0.6), (0.8, 100, 0.8))
    assert threshold(given, share) == expected


def test_a_worse_range_above_the_threshold_counts_with_the_rest() -> None:
    given = ranges((0.5, 300, 0.7), (0.9, 100, 0.4))
    assert threshold(given, 0.6) == 0.5
    assert threshold(given, 0.65) is None


def test_few_facts_are_no_reason_for_a_threshold() -> None:
    given = ranges((0.5, 100, 0.3), (0.9, reliability.FEWEST - 1, 1.0))
    assert threshold(given, 0.9) is None


def test_nothing_measured_has_no_threshold() -> None:
    assert threshold(()) is None


def table(**kinds: tuple[Range, ...]) -> dict[str, reliability.Reliability]:
    return {
        kind: reliability.Reliability(
            kind=kind, facts=sum(r.facts for r in found), error=0.1, ranges=found
        )
        for kind, found in kinds.items()
    }


def test_the_public_sees_what_is_sure_enough_of_both_kinds_that_are_drawn() -> None:
    given = table(
        entities=ranges((0.9, 100, 0.9)),
        relations=ranges((0.3, 100, 0.7)),
        statements=ranges((0.3, 100, 0.2), (0.6, 100, 0.8)),
    )
    assert public_threshold(given) == 0.6
    assert public_threshold(given, 0.0) == 0.0
    assert public_threshold({}) == 0.0


def test_a_kind_that_is_never_right_often_enough_hides_nothing() -> None:
    given = table(relations=ranges((0.3, 100, 0.7)), statements=ranges((0.3, 100, 0.2)))
    assert public_threshold(given) == 0.3


def test_a_confidence_is_told_in_plain_words() -> None:
    given = table(relations=ranges((0.3, 100, 0.31), (0.4, 100, 0.744)))
    found = range_of(given, "relations", 0.45)
    assert found
    assert in_words("relations", found) == (
        "Of relations said to be this sure (0.4 to 0.5), 74 of 100 were right when measured "
        "(100 facts)"
    )
    assert range_of(given, "relations", 0.4) == found
    assert range_of(given, "relations", 0.7) is None
    assert range_of(given, "statements", 0.4) is None


def test_the_row_of_its_own_kind_says_what_a_fact_is_worth() -> None:
    given = table(
        **{
            "relations": ranges((0.5, 900, 0.6)),
            "relation/partOf": ranges((0.5, 50, 0.42)),
            "relation/fundedBy": ranges((0.5, 4, 0.25)),
            "relation/setOutIn": ranges((0.5, 1, 0.0)),
        }
    )
    sure = "said to be this sure (0.5 to 0.6)"
    assert worth(given, "relations", "partOf", 0.55) == (
        f"Of relations “part of” {sure}, 42 of 100 were right when measured (50 facts)"
    )
    assert worth(given, "relations", "memberOf", 0.55) == (
        f"Of relations {sure}, 60 of 100 were right when measured (900 facts)"
    )
    assert worth(given, "relations", "partOf", 0.75) == ""


@pytest.mark.parametrize(
    ("predicate", "relation"), [("creator", "publishedBy"), ("budget", "amount")]
)
def test_a_predicate_of_the_graph_is_measured_as_what_it_was_read_as(
    predicate: str, relation: str
) -> None:
    given = table(**{f"relation/{relation}": ranges((0.5, 60, 0.25))})
    assert "25 of 100 were right" in worth(given, "relations", predicate, 0.55)
    assert briefly(given, "relations", predicate, 0.55) == "25 of 100 such were right"


def test_of_few_facts_the_numbers_are_told_and_the_whole_beside_them() -> None:
    given = table(
        **{
            "statements": ranges((0.5, 900, 0.6)),
            "statement/requires": ranges((0.5, 4, 0.25)),
            "statement/calls-for": ranges((0.5, 1, 0.0)),
        }
    )
    assert worth(given, "statements", "requires", 0.55).endswith(
        ", 1 of the 4 measured were right; of all statements, 60 of 100"
    )
    assert worth(given, "statements", "calls-for", 0.55) == (
        "Of statements “calls for” said to be this sure (0.5 to 0.6), the only one measured was "
        "wrong; of all statements, 60 of 100"
    )


def test_kinds_that_are_right_less_often_than_the_rest_are_named() -> None:
    given = table(
        **{
            "relations": ranges((0.5, 900, 0.9)),
            "relation/partOf": ranges((0.4, 500, 0.9), (0.5, 50, 0.42)),
            "relation/fundedBy": ranges((0.5, 49, 0.0)),
            "statement/requires": ranges((0.5, 50, 0.5), (0.6, 50, 0.7)),
            "entity/Goal": ranges((0.5, 50, 0.1)),
        }
    )
    assert short_of(given, 0.5, 0.6) == {"relation/partOf": 0.42}


def test_the_shipped_table_gives_a_threshold_that_keeps_its_word() -> None:
    found = reliability.reliability()
    least = public_threshold(found)
    assert 0 < least < 1
    for kind in reliability.DRAWN:
        kept = [r for r in found[kind].ranges if r.least >= least]
        assert sum(r.facts * r.right for r in kept) >= 0.6 * sum(r.facts for r in kept)


def test_the_table_is_read_as_it_is_shipped() -> None:
    bins = [{"from": 0.2, "to": 0.3, "facts": 4, "stated": 0.25, "right": 0.5}]
    (row,) = read({"entities": {"facts": 4, "error": 0.25, "bins": bins}}).values()
    assert row.ranges == (Range(least=0.2, most=0.3, facts=4, stated=0.25, right=0.5),)
