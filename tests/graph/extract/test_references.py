"""Events and documents."""

from __future__ import annotations

import pytest

from graph.extract import passages, references
from graph.records import Document


def found(text: str, type_: str) -> list[list[str]]:
    drafts = references.find(passages.read(text), Document(name="d"))
    return [[text[a:b] for a, b in d.mentions] for d in drafts if d.type == type_]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met at the Norwold Ocean Summit.", ["Norwold Ocean Summit"]),
        (
            "It was opened at the 9th World Conference on Soil, Water and Air in Quito.",
            ["9th World Conference on Soil, Water and Air"],
        ),
        ("She chaired the Polar Leaders’ Forum.", ["Polar Leaders’ Forum"]),
        ("They agreed at the third collective study session.", ["third collective study session"]),
        ("They held a webinar.", ["webinar"]),
        ("The Congress of Riverland passed the bill.", []),
        ("Many meetings and each meeting took time.", []),
    ],
)
def test_events_are_particular_happenings(text: str, expected: list[str]) -> None:
    assert [m[0] for m in found(text, "Event")] == expected


def test_a_shorter_name_means_the_event_named_before() -> None:
    text = "The Norwold Ocean Summit was held. The Ocean Summit closed, and the summit was praised."
    assert found(text, "Event") == [["Norwold Ocean Summit", "Ocean Summit", "summit"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Quillfeather Review was read.", ["Quillfeather Review"]),
        ("It follows a report by the Soil Board.", ["report by the Soil Board"]),
        ("The open letter to the minister was printed.", ["letter to the minister"]),
        ("In an article “Why Rivers Matter” she wrote of it.", ["article", "Why Rivers Matter"]),
        ("Their submission to the Treasury was clear.", ["submission to the Treasury"]),
        ("Professors report that they address many problems.", []),
    ],
)
def test_documents_are_particular_texts(text: str, expected: list[str]) -> None:
    assert [m[0] for m in found(text, "Document")] == expected


def test_the_report_means_the_report_named_before() -> None:
    text = "The 2019 ocean report was read. The report says little."
    assert found(text, "Document") == [["2019 ocean report", "report"]]


@pytest.mark.parametrize(
    "text",
    ["", "report " * 3000, "Summit of " * 3000, "The Alpha Report and the beta report. " * 2000],
)
def test_odd_texts_are_read_without_harm(text: str) -> None:
    found(text, "Event")
