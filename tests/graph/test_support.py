"""What several sentences give together."""

from __future__ import annotations

import itertools

import pytest

from graph.support import CAP, Proof, support


def test_one_sentence_is_as_sure_as_it_is() -> None:
    found = support([Proof("a", "One.", 0.37)])
    assert (found.documents, found.sources, found.confidence) == (1, 1, 0.37)


def test_documents_support_each_other() -> None:
    found = support([Proof("a", "One.", 0.5), Proof("b", "Two.", 0.5), Proof("c", "Three.", 0.2)])
    assert (found.documents, found.sources) == (3, 3)
    assert found.confidence == pytest.approx(0.8)


def test_sentences_of_one_document_do_not() -> None:
    found = support([Proof("a", "One.", 0.5), Proof("a", "Two.", 0.6)])
    assert (found.documents, found.sources, found.confidence) == (1, 1, 0.6)


def test_copies_of_a_sentence_are_one_source() -> None:
    found = support([Proof("a", "One  thing.", 0.5), Proof("b", "one\nthing.", 0.6)])
    assert (found.documents, found.sources, found.confidence) == (2, 1, 0.6)


def test_copies_are_found_through_a_third_document_in_any_order() -> None:
    proofs = [
        Proof("a", "One.", 0.5),
        Proof("b", "Two.", 0.5),
        Proof("c", "One.", 0.4),
        Proof("c", "Two.", 0.3),
        Proof("d", "Else.", 0.5),
    ]
    found = {support(order) for order in itertools.permutations(proofs)}
    (only,) = found
    assert (only.documents, only.sources, only.confidence) == (4, 2, 0.75)


def test_saying_it_often_makes_nothing_certain() -> None:
    many = [Proof(f"d{n}", f"Sentence {n}.", 0.7) for n in range(20)]
    assert support(many).confidence == CAP
    assert support([*many, Proof("sure", "Surely.", 0.995)]).confidence == 0.995


def test_nothing_supports_nothing() -> None:
    assert support([]).confidence == 0.0
