"""Folds: documents of one issuer stay together."""

from __future__ import annotations

from graph.gold import Annotated
from graph.learn.folds import deal, issuer
from graph.records import Document, Extraction, Text


def annotated(name: str, who: str | None = None) -> Annotated:
    text = Text(document=Document(name=name, issuer=who), content="")
    return Annotated(text, Extraction(document=name))


def test_the_issuer_of_the_metadata_keeps_documents_together() -> None:
    assert issuer(Document(name="a", issuer="The Council")) == issuer(
        Document(name="b", issuer="the council")
    )


def test_without_metadata_the_first_word_of_the_name_does() -> None:
    assert issuer(Document(name="012-us-factsheet")) == issuer(Document(name="us-eo-2021")) == "us"
    assert issuer(Document(name="000_b0ec5d66")) != issuer(Document(name="004_3140f1ba"))


def test_no_issuer_is_in_two_folds_and_no_fold_is_empty() -> None:
    documents = [
        annotated(f"{n:03}-{w}-x")
        for n, w in enumerate(["us", "us", "us", "nz", "nz", "uk", "fr", "de"])
    ]
    folds = deal(documents, 3)
    by_issuer: dict[str, set[int]] = {}
    for document, fold in zip(documents, folds, strict=True):
        by_issuer.setdefault(issuer(document.text.document), set()).add(fold)
    assert all(len(found) == 1 for found in by_issuer.values())
    assert set(folds) == {0, 1, 2}
