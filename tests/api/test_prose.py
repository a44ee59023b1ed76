"""Markdown is shown as what it means, and no character changes its place."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.prose import Prose, seen_in, unseen_in


def shown(text: str) -> str:
    """What is to be seen of a text, with its looks as tags."""
    found = ""
    for part in Prose(text).parts(0, len(text)):
        before = "".join(f"<{look}>" for look in part.looks)
        after = "".join(f"</{look}>" for look in reversed(part.looks))
        found += f"{before}{text[part.start : part.end]}{after}"
        found += f"({part.href})" if part.href else ""
    return found


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a **b** c", "a <strong>b</strong> c"),
        ("a __b__ c", "a <strong>b</strong> c"),
        ("a *b* _c_", "a <em>b</em> <em>c</em>"),
        ("***b***", "<strong><em>b</em></strong>"),
        ("**a *b* c**", "<strong>a </strong><strong><em>b</em></strong><strong> c</strong>"),
        ("~~a~~", "<del>a</del>"),
        ("`a*b*`", "<code>a*b*</code>"),
        ("**over\nlines**", "<strong>over\nlines</strong>"),
        (r"\*a\* b", "*a* b"),
        ("[a](https://x.org/b_(c)) d", "a(https://x.org/b_(c)) d"),
        ('[a](https://x.org "T")', "a(https://x.org)"),
        ("<https://x.org>", "https://x.org(https://x.org)"),
        ("![a](b.png)", "a"),
        ("[a](javascript:alert(1))", "a"),
        ("# A *b* ##", "A <em>b</em>"),
        ("A\n=====", "A\n"),
        ("- a\n* b", "a\nb"),
        ("> a\n> b", "a\nb"),
        ("a\n\n---\n\nb", "a\n\n\n\nb"),
        ("| a | b |\n|---|:-:|\n| c | d |", " a | b \n\n c | d "),
        ("```\na *b* c\n```\nd", "\na *b* c\n\nd"),
    ],
)
def test_marks_become_looks(written: str, expected: str) -> None:
    assert shown(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        *("5 * 3 * 2", "open_science_policy and a_b", "a * b", "* ", "**", "**a", "a** b", "#tag"),
        *("[1] and [2] (see there)", "`a", "a < b > c", "C:\\dir", "~5 to ~6", "*a\n\nb*"),
        *("```\nnever ends *so*", "-- a", "a | b", "1. a", "note* and note*"),
    ],
)
def test_what_is_no_mark_stays(written: str) -> None:
    kept = written.replace("*so*", "<em>so</em>")
    assert shown(written) == kept


@pytest.mark.parametrize(
    ("line", "kind", "level"),
    [
        *(("## A", "heading", 2), ("- a", "item", 0), ("12. a", "number", 0), ("> a", "quote", 0)),
        *(
            ("| a | b |", "row", 0),
            ("a", "p", 0),
            ("A\n---", "heading", 2),
            ("> # A", "heading", 1),
        ),
    ],
)
def test_a_line_says_what_it_belongs_to(line: str, kind: str, level: int) -> None:
    text = f"Before.\n\n{line}\n\nAfter."
    block = Prose(text).block(text.index(line) + 1)
    assert (block.kind, block.level) == (kind, level)


@given(st.text(alphabet="a *_~`[]()<>#-=|\\!\n.1é\r", max_size=60), st.data())
def test_every_part_stands_where_it_is_written(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    prose = Prose(text)
    at = start
    for part in prose.parts(start, end):
        assert at <= part.start < part.end <= end
        at = part.end
    # A range is what it is within the whole.
    whole = {n for part in prose.parts(0, len(text)) for n in range(part.start, part.end)}
    here = {n for part in prose.parts(start, end) for n in range(part.start, part.end)}
    assert here == {n for n in whole if start <= n < end}
    # Letters are hidden where they belong to an address or to a fence alone.
    if "](" not in text and "```" not in text:
        assert all(n in whole for n, letter in enumerate(text) if letter in "aé")


@pytest.mark.parametrize("part", ["*a ", "a* *", "*a_b", "[a", "`a``b", "[](", "> ", "|-", "**"])
def test_a_text_of_marks_takes_no_longer_than_its_length(part: str) -> None:
    def seconds(length: int) -> float:
        begun = time.process_time()
        Prose(part * length)
        return time.process_time() - begun

    # What grows with the square would take 64 times as long. The least of three, since what a busy
    # machine adds does not grow.
    long, short = (min(seconds(length) for _ in range(3)) for length in (16_000, 2_000))
    assert long < 30 * max(short, 0.01)


def test_a_quotation_is_cut_into_what_is_seen_and_what_is_not() -> None:
    quotation = "- The **Ministry** will `fund` it *"
    unseen = unseen_in(quotation)
    assert [quotation[a:b] for a, b in unseen] == ["- ", "**", "**", "`", "`"]
    assert "".join(text for text, _ in seen_in(quotation)) == "The Ministry will fund it *"
    assert unseen_in("plain") == []
