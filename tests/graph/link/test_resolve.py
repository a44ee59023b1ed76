"""IRIs for whole documents, whatever the order in which they come."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.authority import load_authority
from graph.identifiers import document_iri, quantity_iri
from graph.link.identify import ISSUER
from graph.link.registry import Registry
from graph.link.resolve import Linker, preferred_label
from tests.graph.link.builders import identities, linker, marked

TEXTS = [
    ("{C:China} will {G:strengthen basic research}, said the {O:Ministry of Health}.", "CHN"),
    ("{P:Ada Quill} of the {O:Royal Society} wants to see {G:strengthened basic research}.", "GBR"),
    ("The {O:Ministry of Health} and {C:Beijing} signed {I:policy support}.", "CHN"),
    ("The {O:Ministry of Health}, {R:President} and {A:both countries} met.", "FIN"),
    ("The {I:CHIPS and Science Act of 2022} gives {Q:$52.7 billion} to {F:AI}.", "USA"),
    ("The {I:CHIPS and Science Act} is known to {A:researchers} in {E:the second session}.", "JPN"),
    ("The {O:Bretton Widget Society} (BWS) met; {O:BWS} gave {I:policy support}.", "USA"),
]
DOCUMENTS = [
    marked(text, country=country, name=f"doc-{number}")
    for number, (text, country) in enumerate(TEXTS)
]


def link_all(order: list[int], registry: Registry) -> dict[str, dict[str, str]]:
    found = linker(registry)
    return {DOCUMENTS[i][0].document.name: found.link(*DOCUMENTS[i]) for i in order}


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(len(DOCUMENTS))))
def test_the_order_of_documents_does_not_matter(order: list[int]) -> None:
    expected = link_all(list(range(len(DOCUMENTS))), Registry())
    assert link_all(order, Registry()) == expected


def test_what_was_linked_before_does_not_matter(tmp_path: Path) -> None:
    expected = link_all(list(range(len(DOCUMENTS))), Registry())
    for number in (3, 1, 2, 3, 0):
        path = tmp_path / "registry.tsv"
        assert link_all([number], Registry(path)) == {f"doc-{number}": expected[f"doc-{number}"]}


@pytest.mark.parametrize("seed", ["0", "99"])
def test_another_process_gives_the_same_iris(seed: str) -> None:
    code = (
        "from tests.graph.link.test_resolve import *;"
        "print(sorted(link_all(list(range(len(DOCUMENTS))), Registry()).items()))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    expected = link_all(list(range(len(DOCUMENTS))), Registry())
    assert done.stdout.strip() == str(sorted(expected.items()))


def test_every_entity_gets_an_iri_of_its_type() -> None:
    for text, extraction in DOCUMENTS:
        iris = linker().link(text, extraction)
        for entity in extraction.entities:
            kind = entity.type.lower()
            form = rf"https://w3id\.org/scipol/id/{kind}/[a-z0-9-]+-[a-z2-7]{{10}}"
            concept = r"https://w3id\.org/scipol/voc/field/[a-z-]+"
            assert re.fullmatch(f"{form}|{concept}", iris[entity.id]), (entity, iris[entity.id])


def test_documents_meet_in_what_they_share() -> None:
    iris = link_all(list(range(len(DOCUMENTS))), Registry())
    assert (
        iris["doc-0"]["strengthen basic research"] == (iris["doc-1"]["strengthened basic research"])
    )
    assert iris["doc-0"]["China"] == iris["doc-2"]["Beijing"]
    assert iris["doc-0"]["Ministry of Health"] == iris["doc-2"]["Ministry of Health"]
    assert iris["doc-0"]["Ministry of Health"] != iris["doc-3"]["Ministry of Health"]
    assert iris["doc-4"]["CHIPS and Science Act of 2022"] == iris["doc-5"]["CHIPS and Science Act"]
    assert iris["doc-2"]["policy support"] != iris["doc-6"]["policy support"]
    assert iris["doc-6"]["BWS"] == iris["doc-6"]["Bretton Widget Society"]


@settings(deadline=None)
@given(st.text(min_size=1).filter(lambda name: "}" not in name))
def test_the_same_name_is_the_same_thing_in_any_document_of_a_country(name: str) -> None:
    # Only the types whose names reach beyond their document wherever it comes from.
    for mark in "GF":
        one = identities(f"{{{mark}:{name}}}", name="one", country="CHN")
        other = identities(f"{{{mark}:{name}}}", name="other", country="DEU")
        assert one[name] == other[name] or name.strip().lower() in ("goal", "aim")


def test_a_quantity_is_where_it_stands() -> None:
    text, extraction = DOCUMENTS[4]
    (quantity,) = [entity for entity in extraction.entities if entity.type == "Quantity"]
    span = quantity.mentions[0]
    iris = linker().link(text, extraction)
    assert iris[quantity.id] == quantity_iri(text.sha16, span.start, span.end)


def test_a_text_that_names_itself_is_the_document_that_was_read() -> None:
    iris = linker().link(*marked("This {D:Gago Review} says", title="The Gago Review", name="g"))
    assert iris["Gago Review"] == document_iri("g")


def test_the_issuer_has_an_iri_and_it_is_that_of_the_mention() -> None:
    iris = linker().link(*marked("The {O:Royal Society} says", issuer="The Royal Society"))
    assert iris[ISSUER] == iris["Royal Society"]


def test_an_iri_once_given_stays_though_its_label_changes(tmp_path: Path) -> None:
    path = tmp_path / "registry.tsv"
    before = "https://w3id.org/scipol/id/organization/an-older-label-aaaaaaaaaa"
    path.write_text(f"iri\tkey\tlabel\tminted_by\n{before}\torganization/cern\tOld\tdoc\n")
    linker_ = Linker(load_authority(), Registry(path))
    assert linker_.link(*marked("{O:CERN} says"))["CERN"] == before
    assert linker_.iri_of(load_authority().records["organization/cern"], "doc") == before


def test_new_entities_are_saved_with_the_document_that_named_them(tmp_path: Path) -> None:
    path = tmp_path / "registry.tsv"
    Linker(load_authority(), Registry(path)).link(*DOCUMENTS[0])
    lines = path.read_text().splitlines()
    assert {line.split("\t")[3] for line in lines[1:]} == {"doc-0"}
    assert {key.partition("|")[0] for key, _ in Registry(path)} >= {"country/CHN", "goal"}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"basic research": 2, "Basic Research": 2}, "basic research"),
        ({"National Fusion Mission": 1, "mission": 3}, "National Fusion Mission"),
        ({"Agreement on Polar Science": 1, "the Agreement": 1}, "Agreement on Polar Science"),
        ({"a fund": 1, "the innovation fund": 1}, "the innovation fund"),
        ({"innovation fund": 1, "fund": 5}, "innovation fund"),
        (
            {"strengthen basic research": 1, "Strengthening Basic Research Everywhere": 9},
            "strengthen basic research",
        ),
        (
            {"STRENGTHEN BASIC RESEARCH": 9, "strengthen basic research": 1},
            "strengthen basic research",
        ),
        ({"NSF": 1, "National Science Foundation": 1}, "National Science Foundation"),
        ({"fund y": 1, "fund x": 1}, "fund x"),
    ],
)
def test_a_label_is_chosen_from_the_names_in_use(names: dict[str, int], expected: str) -> None:
    assert preferred_label(names) == expected
    assert preferred_label(dict(reversed(names.items()))) == expected


def test_the_label_of_a_known_entity_is_that_of_the_list() -> None:
    record = load_authority().records["organization/nsf-us"]
    assert preferred_label({"NSF": 12}, record) == "National Science Foundation"


def test_no_name_no_label() -> None:
    with pytest.raises(ValueError, match="empty"):
        preferred_label({})
