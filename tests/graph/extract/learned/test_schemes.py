"""Sorting into the schemes: cues stand, likeness decides where they are silent."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from graph.concepts import wordings
from graph.extract import passages
from graph.extract.learned.extractor import LearnedExtractor
from graph.extract.learned.onnx import OnnxBase, Speller
from graph.extract.learned.schemes import SCHEMES, Sorter, read_vectors
from graph.extract.learned.similar import WIDTH, OnnxSimilar, RememberingBase
from graph.extract.learned.weights import CONCEPTS, VOCABULARY, default_folder
from graph.extract.learned.words import encode
from graph.records import Assigned, Document, Entity, Extraction, Text
from tests.graph.sample import entity, text_of

Sort = Callable[..., tuple[Assigned, ...]]


@pytest.fixture(scope="module")
def base() -> OnnxBase:
    return OnnxBase(default_folder())


@pytest.fixture(scope="module")
def spell() -> Speller:
    return Speller(default_folder() / VOCABULARY)


@pytest.fixture(scope="module")
def similar(base: OnnxBase, spell: Speller) -> OnnxSimilar:
    return OnnxSimilar(default_folder(), base, spell)


@pytest.fixture(scope="module")
def sorter(similar: OnnxSimilar) -> Sorter:
    return Sorter(default_folder(), similar)


@pytest.fixture
def sort(sorter: Sorter, base: OnnxBase, spell: Speller) -> Sort:
    """Sort the one thing of a text; it is named by the whole first sentence or a part of it."""

    def sorted_(type_: str, name: str, content: str = "", **more: object) -> tuple[Assigned, ...]:
        text = text_of(content or f"{name}.")
        prose = passages.read(text.content)
        words = encode(prose, [], spell)
        remembering = RememberingBase(base)
        for pack in words.packs:
            remembering(pack)
        thing = entity(text, "e1", type_, name).model_copy(update=more)
        found = Extraction(document="plan", entities=(thing,))
        made = sorter.sort(found, prose, words, remembering.of_words)
        return made.entities[0].concepts

    return sorted_


def codes(found: tuple[Assigned, ...], scheme: str) -> list[str]:
    return [one.code for one in found if one.scheme == scheme]


def test_the_shipped_vectors_are_those_of_the_wordings_of_the_ontology() -> None:
    said = {text for s in SCHEMES for texts in wordings(s).values() for text in texts}
    known = read_vectors(default_folder() / CONCEPTS)
    assert said == known.keys(), "write them anew: graph.learn.export.write_similar"


@pytest.mark.parametrize(
    ("type_", "name", "scheme", "code"),
    [
        ("Instrument", "instruments and tools for physics", "instrument-type", "pi022"),
        ("Instrument", "low-interest lending to innovators", "instrument-type", "pi012"),
        ("Instrument", "research expenditure of hospitals", "instrument-type", "pi006"),
        ("Field", "brain implants", "field", "neuroscience"),
    ],
)
def test_where_no_cue_speaks_likeness_does(
    sort: Sort, type_: str, name: str, scheme: str, code: str
) -> None:
    (found,) = [one for one in sort(type_, name) if one.scheme == scheme]
    assert found.code == code
    assert 0.4 < found.confidence < 0.9


def test_what_a_cue_says_stands(sort: Sort) -> None:
    found = sort("Instrument", "open archive of tide measurements")
    assert codes(found, "instrument-type")[0] == "pi023"
    assert found[0].confidence == 0.9


def test_several_concepts_may_fit(sort: Sort) -> None:
    found = sort("Instrument", "prizes and scholarships")
    assert codes(found, "instrument-type") == ["pi011", "pi020"]


def test_a_goal_gets_the_theme_that_its_words_are_like(sort: Sort) -> None:
    text = "Everybody shall be able to read findings. We will make published papers free to access."
    found = sort("Goal", "make published papers free to access", text)
    assert codes(found, "theme") == ["open-science"]


def test_what_is_like_nothing_gets_nothing(sort: Sort) -> None:
    assert sort("Instrument", "yellow umbrellas") == ()
    assert sort("Goal", "win the cup") == ()
    assert sort("Instrument", "\u200b", "\u200b.") == ()


def test_of_what_is_doubtful_itself_only_cues_are_believed(sort: Sort) -> None:
    assert sort("Instrument", "low-interest lending to innovators", confidence=0.2) == ()
    assert sort("Instrument", "innovation vouchers", confidence=0.2)


def test_the_authority_list_knows_better(sort: Sort) -> None:
    assert sort("ActorGroup", "small businesses")
    assert sort("ActorGroup", "small businesses", authority="group/x") == ()


def test_a_wording_that_is_new_in_the_ontology_is_read_at_the_start(
    similar: OnnxSimilar, tmp_path: Path
) -> None:
    with np.load(default_folder() / CONCEPTS) as kept:
        phrases = json.loads(kept["phrases"].tobytes())
        rest = [row for row, phrase in enumerate(phrases) if "voucher" not in phrase]
        left = json.dumps([phrases[row] for row in rest]).encode()
        np.savez(
            tmp_path / CONCEPTS,
            phrases=np.frombuffer(left, np.uint8),
            vectors=kept["vectors"][rest],
            scale=kept["scale"][rest],
        )
    assert len(rest) < len(phrases)
    (near,) = Sorter(tmp_path, similar).nearest("instrument-type", ["vouchers for firms"])
    assert near[0][0].endswith("/pi014")


def test_vectors_have_length_one_and_like_phrases_are_near(similar: OnnxSimilar) -> None:
    tax, relief, whale = similar.of_phrases(["tax credit", "tax relief for firms", "blue whale"])
    assert tax.shape == (WIDTH,)
    assert np.linalg.norm(tax) == pytest.approx(1, abs=1e-4)
    assert tax @ relief > tax @ whale + 0.2


def test_a_phrase_is_nearly_the_same_beside_others(similar: OnnxSimilar) -> None:
    alone = similar.of_phrases(["research vessel"])[0]
    beside = similar.of_phrases(["a very long phrase about ships and ports", "research vessel"])[1]
    assert alone @ beside > 0.97


def test_the_extractor_sorts_and_repeats_itself() -> None:
    extractor = LearnedExtractor()
    content = (
        "The Ministry of Science launched a national scholarship programme of 10 million euros for "
        "early-career researchers. The ministry will strengthen research on brain implants."
    )
    text = Text(document=Document(name="sample"), content=content)
    found = extractor.extract(text)
    things: list[Entity] = [e for e in found.entities if e.concepts]
    assert {"Instrument", "ActorGroup"} <= {e.type for e in things}
    for thing in things:
        for one in thing.concepts:
            known = {concept.rpartition("/")[2] for concept in wordings(one.scheme)}
            assert one.code in known
    assert extractor.extract(text) == found
