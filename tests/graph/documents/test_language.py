from pathlib import Path

import pytest

from graph.documents import Metadata, ReadOptions
from graph.documents.language import detect_language
from tests.graph.documents.helpers import PROSE, the_text, write
from tests.graph.documents.test_encoding import CHINESE, GERMAN, JAPANESE, RUSSIAN


@pytest.mark.parametrize(
    ("text", "code"),
    [(PROSE, "en"), (GERMAN, "de"), (RUSSIAN, "ru"), (CHINESE, "zh"), (JAPANESE, "ja")],
)
def test_prose_is_recognised(text: str, code: str) -> None:
    assert detect_language(text) == code


@pytest.mark.parametrize("text", ["", "Research", "12 % of 30", "科学", "... --- ..."])
def test_too_little_text_is_left_open(text: str) -> None:
    assert detect_language(text) is None


def test_only_the_beginning_is_looked_at() -> None:
    assert detect_language(GERMAN * 15 + PROSE * 100) == "de"


def test_a_stated_language_is_not_second_guessed(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": PROSE})
    options = ReadOptions(metadata=Metadata(language="de"))
    assert the_text(tmp_path / "a.txt").document.language == "en"
    assert the_text(tmp_path / "a.txt", options).document.language == "de"


@pytest.mark.parametrize("text", [GERMAN, RUSSIAN, CHINESE])
def test_a_text_that_only_quotes_english_is_not_english(text: str) -> None:
    quoting = f"{text[:400]} The aim of the plan. {text[:400]}"
    assert detect_language(quoting) == detect_language(text)


def test_plain_english_is_told_without_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.documents.language.likeliest_language", None)
    assert detect_language(PROSE * 3) == "en"
