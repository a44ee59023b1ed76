"""Normalised names and IRIs made from content."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.identifiers import (
    BASE,
    SLUG_LENGTH,
    claim_iri,
    digest,
    document_iri,
    entity_iri,
    graph_iri,
    normalise,
    normalise_phrase,
    normalise_wording,
    quantity_iri,
    slug,
    span_iri,
    statement_iri,
    tenure_iri,
    text_iri,
)

SHA16 = "0123456789abcdef"


@pytest.mark.parametrize(
    "same",
    [
        (
            "National Science Foundation",
            "the NATIONAL  science foundation",
            "National-Science-Foundation",
        ),
        ("U.S. Department of Energy", "US Department of Energy", "us department of energy"),
        ("Science & Technology", "science and technology"),
        ("Conseil européen", "Conseil europeen", "CONSEIL EUROPÉEN"),
        ("Türkiye", "Turkiye"),
        ("TÜBİTAK", "Tubitak"),
        ("Rannís", "Rannis"),
        ("Łódź University", "Lodz University"),
        (
            "Biden-Harris Administration",
            "Biden–Harris Administration",
            "Biden\u2011Harris administration",
        ),
        ("China’s plan", "China's plan", "China plan"),
        ("A*STAR", "a*star", "ASTAR"),
        ("ＮＳＦ", "NSF"),
        ("“Horizon Europe”", "Horizon Europe"),
        ("Strategy, 2030", "Strategy 2030"),
        ("N.I.H.", "NIH"),
    ],
)
def test_ways_to_write_a_name_are_one(same: tuple[str, ...]) -> None:
    assert len({normalise(name) for name in same}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ministry of Science", "Ministry of Silence"),
        ("14th Five-Year Plan", "13th Five-Year Plan"),
        ("C++ programme", "C programme"),
        ("科学院", "工程院"),
        ("हिंदी", "हद"),
        ("Horizon 2020", "Horizon 2030"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@given(st.text())
def test_normalising_twice_changes_nothing(name: str) -> None:
    assert normalise(normalise(name)) == normalise(name)


@given(st.text(min_size=1).filter(str.strip))
def test_no_visible_name_comes_out_empty(name: str) -> None:
    assert normalise(name)


@given(st.text())
def test_a_name_comes_out_on_one_line_without_stray_spaces(name: str) -> None:
    assert normalise(name) == " ".join(normalise(name).split())


@pytest.mark.parametrize(
    "same",
    [
        (
            "strengthen basic research",
            "Strengthening basic research",
            "strengthen its basic research",
        ),
        (
            "to strengthen the basic research",
            "strengthened basic research",
            "strengthens basic research",
        ),
        ("commercialise research results", "commercializing research result"),
        ("build world-class centres", "building world-class centers", "built a world class center"),
        ("support programmes and train researchers", "supporting programs and training researcher"),
        ("reduce the labour shortage", "reducing labor shortages"),
        ("plan", "planning", "plans"),
        ("use data", "using data", "used data"),
        ("diversify supply", "diversified supplies", "diversifying supply"),
        ("improve defence", "improving defense"),
        ("control risks", "controlling risk", "controlled risks"),
        ("speed adoption", "speeding adoption"),
        ("agree rules", "agreed rules", "agreeing rules"),
        ("lead in chips", "leading in chips", "led in chips"),
    ],
)
def test_forms_of_one_wording_are_one(same: tuple[str, ...]) -> None:
    assert len({normalise_wording(wording) for wording in same}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("strengthen basic research", "strengthen applied research"),
        ("strengthen basic research", "weaken basic research"),
        ("increase funding", "decrease funding"),
        ("bring research home", "br research home"),
        ("physics", "physical"),
    ],
)
def test_different_wordings_stay_different(one: str, other: str) -> None:
    assert normalise_wording(one) != normalise_wording(other)


@pytest.mark.parametrize("verb", ["raise", "advise", "revise", "exercise", "promise", "supervise"])
def test_words_that_end_in_ise_everywhere_keep_their_s(verb: str) -> None:
    assert (
        normalise_wording(f"{verb[:-1]}ing it") == normalise_wording(f"{verb} it") == f"{verb} it"
    )


def test_groups_are_one_in_singular_and_plural() -> None:
    assert normalise_phrase("The small businesses") == normalise_phrase("small business")
    assert normalise_phrase("universities") == normalise_phrase("university")
    assert normalise_phrase("leading scientists") != normalise_phrase("lead scientists")


def test_a_slug_is_readable_ascii_of_bounded_length() -> None:
    assert slug("The Café of Århus & Łódź") == "cafe-of-arhus-and-lodz"
    assert slug("中国科学院") == "x"
    long = slug("international " * 20)
    assert len(long) <= SLUG_LENGTH
    assert not long.endswith("-")


@given(st.text())
def test_a_slug_never_needs_escaping(label: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", slug(label))
    assert len(slug(label)) <= SLUG_LENGTH


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_only_equal_parts_have_equal_digests(one: list[str], other: list[str]) -> None:
    assert (digest(one) == digest(other)) == (one == other)


def test_parts_cannot_run_into_each_other() -> None:
    assert digest(["ab", "c"]) != digest(["a", "bc"])
    assert digest(["1:a"]) != digest(["a"])


def test_iris_have_the_agreed_forms() -> None:
    assert re.fullmatch(
        re.escape(BASE) + r"id/goal/strengthen-basic-research-[a-z2-7]{10}",
        entity_iri("Goal", "strengthen basic research", "goal|strengthen basic research"),
    )
    assert text_iri(SHA16) == f"{BASE}id/text/{SHA16}"
    assert span_iri(SHA16, 120, 260) == f"{BASE}id/text/{SHA16}#char=120,260"
    assert graph_iri("abcdef012345", SHA16) == f"{BASE}graph/abcdef012345/{SHA16}"
    assert document_iri("us-chips-act").startswith(f"{BASE}id/document/us-chips-act-")
    statement = statement_iri(SHA16, 0, 9, None, "calls-for", ["x"])
    assert re.fullmatch(re.escape(BASE) + rf"id/statement/{SHA16}-[a-z2-7]{{10}}", statement)


def test_the_key_and_not_the_label_tells_entities_apart() -> None:
    one, other = entity_iri("Goal", "x", "goal|a"), entity_iri("Goal", "x", "goal|b")
    assert one != other
    assert entity_iri("Goal", "y", "goal|a").rpartition("-")[2] == one.rpartition("-")[2]


def test_the_iri_of_a_record_follows_from_all_it_says() -> None:
    base = statement_iri(SHA16, 0, 9, "s", "calls-for", ["a", "b"])
    assert base == statement_iri(SHA16, 0, 9, "s", "calls-for", ["b", "a"])
    others = {
        statement_iri(SHA16, 1, 9, "s", "calls-for", ["a", "b"]),
        statement_iri(SHA16, 0, 8, "s", "calls-for", ["a", "b"]),
        statement_iri(SHA16, 0, 9, None, "calls-for", ["a", "b"]),
        statement_iri(SHA16, 0, 9, "s", "requires", ["a", "b"]),
        statement_iri(SHA16, 0, 9, "s", "calls-for", ["a"]),
        claim_iri(SHA16, 0, 9, "s", "calls-for", "a"),
        tenure_iri(SHA16, 0, 9, "s", "a"),
        quantity_iri(SHA16, 0, 9),
    }
    assert len(others) == 8
    assert base not in others


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_another_process_gives_the_same_iris(seed: str) -> None:
    code = (
        "from graph.identifiers import *;"
        f"print(entity_iri('Goal', 'étendre', 'goal|étendre'),"
        f"statement_iri('{SHA16}', 1, 2, 'é', 'm', {{'b', 'a', 'c'}}),"
        "normalise_wording('Promoting the Café Programmes'))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=environment
    )
    expected = (
        f"{entity_iri('Goal', 'étendre', 'goal|étendre')} "
        f"{statement_iri(SHA16, 1, 2, 'é', 'm', ['a', 'b', 'c'])} promote cafe program"
    )
    assert done.stdout.decode().strip() == expected
