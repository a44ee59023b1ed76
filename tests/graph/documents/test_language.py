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


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "Ministeren for forskning siger, at regeringen vil give flere penge til forskning for "
            "at styrke landets universiteter for fremtiden. De to største byer har lovet at have "
            "flere pladser til unge, og for første gang skal de private fonde bidrage til det.",
            "da",
        ),
        (
            "Die Ministerin sprach vor der Society for the Advancement of Science und sagte, dass "
            "die Regierung in den kommenden Jahren mehr Geld für die Forschung ausgeben will. Das "
            "war so vereinbart, und was daraus wird, hängt von den Ländern und vom Bundestag ab.",
            "de",
        ),
        (
            "De minister wil met Horizon Europe meer geld of meer tijd voor onderzoek in het hoger "
            "onderwijs, en dat was ook de wens van de universiteiten. Of het zo ver komt is de "
            "vraag; in de Kamer is er nog geen meerderheid, en het budget is met dit plan te laag.",
            "nl",
        ),
    ],
)
def test_words_that_look_english_do_not_make_a_text_english(text: str, code: str) -> None:
    assert detect_language(text) == code
