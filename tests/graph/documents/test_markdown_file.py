from datetime import date
from pathlib import Path

import pytest

from tests.graph.documents.helpers import PROSE, the_reason, the_text, write

FRONT = """---
title: "Ten laboratories for Lowland"
issuer: Ministry of Research
date: 2024-05-31
language: en_gb
country: NO
genre: speech
source:
  title: Address to the Academy
  issuer: Ministry of Research
  date: 2024-05-31
  url: https://example.org/address
tags: [not, ours]
---


"""


def test_front_matter_becomes_metadata_and_the_body_stays_as_it_is(tmp_path: Path) -> None:
    body = f"# Heading\n\n* one\n* two\n\n{PROSE}  \n\n"
    text = the_text(write(tmp_path, {"a.md": FRONT + body}) / "a.md")
    assert text.content == body
    assert text.document.model_dump() == {
        "name": "a",
        "title": "Ten laboratories for Lowland",
        "issuer": "Ministry of Research",
        "issued": date(2024, 5, 31),
        "language": "en-GB",
        "country": "NOR",
        "genre": "speech",
        "source": "Ministry of Research, Address to the Academy, 2024-05-31, "
        "https://example.org/address",
    }


def test_windows_line_ends_do_not_hide_front_matter(tmp_path: Path) -> None:
    raw = (FRONT + PROSE).replace("\n", "\r\n")
    text = the_text(write(tmp_path, {"a.markdown": raw}) / "a.markdown")
    assert text.content == PROSE
    assert text.document.title == "Ten laboratories for Lowland"


@pytest.mark.parametrize(
    "raw",
    [
        PROSE,
        f"---\n{PROSE}",
        f"\n---\ntitle: too late\n---\n{PROSE}",
        f"----\ntitle: too long\n----\n{PROSE}",
    ],
    ids=["none", "unclosed", "not first", "four dashes"],
)
def test_without_front_matter_all_is_body(tmp_path: Path, raw: str) -> None:
    text = the_text(write(tmp_path, {"a.md": raw}) / "a.md")
    assert text.content == raw
    assert text.document.title is None


def test_empty_front_matter_says_nothing(tmp_path: Path) -> None:
    text = the_text(write(tmp_path, {"a.md": f"---\n---\n\n{PROSE}"}) / "a.md")
    assert text.content == PROSE


@pytest.mark.parametrize(
    ("yaml", "reason"),
    [
        ("title: [unclosed", "front matter: is not valid YAML (expected"),
        ("just words", "front matter: is not a list of `key: value` lines"),
        ("date: last spring", "date: 'last spring' is not a date like 2024-05-31"),
        ("date: 2024-02-30", "date: '2024-02-30' is not a date"),
        ("language: English", "language: 'English' is not a language tag"),
        ("title: [a, b]", "title: one value is expected"),
        ("source: {page: 3}", "source: has none of issuer, title, date, url"),
        ('title: "a\\0b"', "title: contains characters that cannot be printed"),
        ('title: "a\\ud800b"', "title: contains characters that cannot be printed"),
        ("[" * 3000, "is not valid YAML"),
        ("title: x\n" * 4_000, "is longer than"),
    ],
)
def test_wrong_front_matter_is_refused_with_the_key(tmp_path: Path, yaml: str, reason: str) -> None:
    path = write(tmp_path, {"a.md": f"---\n{yaml}\n---\n{PROSE}"}) / "a.md"
    assert reason in the_reason(path)
