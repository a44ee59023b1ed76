"""Amounts, shares, counts and deadlines of goals and means."""

from __future__ import annotations

import pytest

from graph.extract import passages, quantities
from graph.records import Document

# A sentence that makes a text one about policy.
CALL = "The ministry launched a new programme and must support research."


def found(text: str) -> list[list[str]]:
    drafts = quantities.find(passages.read(text), Document(name="d"))
    return [[text[a:b] for a, b in d.mentions] for d in drafts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The fund will receive over $1.5 billion a year.", ["$1.5 billion a year"]),
        ("Up to €20 million goes to the plan.", ["€20 million"]),
        ("The plan costs Rs. 30 crore.", ["Rs. 30 crore"]),
        ("It will spend R45 million, then R7 billion.", ["R45 million", "R7 billion"]),
        ("It will cost several tens of millions of euros.", ["several tens of millions of euros"]),
        ("It will cost 6.0 billion soums.", ["6.0 billion soums"]),
        ("It will cost 310 million crowns.", ["310 million crowns"]),
        ("It will cost 900 million forints.", ["900 million forints"]),
        ("It will cost 60 million Danish kroner.", ["60 million Danish kroner"]),
        ("It will cost CZK 400 million.", ["CZK 400 million"]),
        ("It will spend 2.5 per cent of GDP by 2031.", ["2.5 per cent of GDP by 2031"]),
        ("The target is at least 30%.", ["30%"]),
        ("The scheme will train 4,000 young teachers.", ["4,000 young teachers"]),
        ("The machine will reach 12 petaflops.", ["12 petaflops"]),
        ("The network must be complete by the end of 2029.", ["end of 2029"]),
        ("The plan will run over the next five years.", ["next five years"]),
        ("It must report within 60 days.", ["60 days"]),
        ("They agreed on a 7-year plan.", ["7-year"]),
        ("In 2010 the OECD report was read by the 2011 Review team.", []),
        ("The two countries met three ministers.", []),
    ],
)
def test_quantities_are_found_without_over_and_up_to(text: str, expected: list[str]) -> None:
    assert [m[0] for m in found(f"{CALL} {text}")] == expected


def test_an_amount_with_and_without_its_year_is_one() -> None:
    text = f"{CALL} It will pay $30 million over five years. Of the $30 million, half is spent."
    assert found(text) == [["$30 million over five years", "$30 million"]]


def test_a_text_without_policy_has_no_quantities() -> None:
    assert found("The comet passed at 12 km per second and lost 30% of its mass by 1986.") == []


@pytest.mark.parametrize("text", ["", "1 " * 5000, "1," * 20000, "9" * 50000, "$" * 5000])
def test_odd_texts_are_read_without_harm(text: str) -> None:
    found(text)
    found(f"{CALL} {text}")
