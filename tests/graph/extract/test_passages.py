"""Cutting texts into passages and tagging their words."""

from __future__ import annotations

import pytest

from graph.extract import passages


def cut(text: str) -> list[tuple[str, str]]:
    """Kind and text of each passage."""
    return [(p.kind, text[p.start : p.end]) for p in passages.read(text).passages]


def tags(sentence: str) -> str:
    return passages.read(sentence).tags


def test_abbreviations_and_numbers_do_not_end_a_sentence() -> None:
    text = (
        "Dr. Ada Brown of the U.S. Geological Survey spent 1.5 million. The rest went to Mr. Low."
    )

    assert [t for _, t in cut(text)] == [
        "Dr. Ada Brown of the U.S. Geological Survey spent 1.5 million.",
        "The rest went to Mr. Low.",
    ]


def test_a_line_without_a_stop_is_a_heading_and_wrapped_lines_are_one_paragraph() -> None:
    text = "Ocean policy\n\nThe sea is wide and\nthe fund is small.\n"

    assert cut(text) == [
        ("heading", "Ocean policy"),
        ("sentence", "The sea is wide and\nthe fund is small."),
    ]


@pytest.mark.parametrize("mark", ["- ", "• ", "1. ", "(a) "])
def test_marked_lines_are_items_that_know_the_passage_which_opens_the_list(mark: str) -> None:
    text = f"The plan will:\n{mark}protect forests;\n{mark}plant trees."
    prose = passages.read(text)

    assert cut(text)[1:] == [("item", "protect forests;"), ("item", "plant trees.")]
    assert [p.lead for p in prose.passages] == [None, 0, 0]


def test_a_bullet_inside_a_line_opens_an_item() -> None:
    assert cut("The fund pays for schools. - Build new halls.")[1] == ("item", "Build new halls.")


def test_every_token_is_the_text_at_its_offsets() -> None:
    text = (
        "Kenya’s “green” plan, worth €1,200.5 million — R&D & more — in 2021–25.\n• Ünïcode 北京。"
    )
    prose = passages.read(text)

    assert [text[s:e] for s, e in zip(prose.starts, prose.ends, strict=True)] == prose.words
    assert len(prose.tags) == len(prose.words)
    assert "".join(prose.words) == "".join(text.replace("•", "").split())


# A sentence and the tags of its words.
TAGS = {
    "We support research.": "QVN.",
    "Their support is great.": "DNBA.",
    "The government offers research grants.": "DNVNN.",
    "The school offers grants and tax credits.": "DNVNCNN.",
    "They plan to lower fees.": "QVTVN.",
    "They plan to further cut fees.": "QVTRVN.",
    "We value an open, safe and secure network.": "QVDA,ACAN.",
    "They spoke on matters related to open science.": "QEPNETAN.",
    "It helps in building a bridge.": "QVPGDN.",
    "The building is tall.": "DNBA.",
    "Objective 2: Expand access.": "N#:VN.",
    "The states’ rights are old.": "DNZNBA.",
    "A 10-year plan was approved.": "DANBE.",
}


@pytest.mark.parametrize("sentence", TAGS)
def test_words_are_tagged_by_their_neighbours(sentence: str) -> None:
    assert tags(sentence) == TAGS[sentence]


@pytest.mark.parametrize("text", ["", " \n\n ", ".", "•", "((((", "a" * 5000, "\u200b\ufeff"])
def test_odd_texts_are_read(text: str) -> None:
    prose = passages.read(text)

    assert all(0 <= p.start < p.end <= len(text) for p in prose.passages)


def test_a_passage_and_a_token_are_found_by_their_offsets() -> None:
    text = "One fund. Two plans."
    prose = passages.read(text)

    assert [prose.passage_at(text.index(w)) for w in ("One", "fund", "Two", "plans")] == [
        0,
        0,
        1,
        1,
    ]
    assert prose.words[prose.token_at(text.index("plans") + 2)] == "plans"
