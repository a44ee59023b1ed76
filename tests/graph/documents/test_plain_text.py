import unicodedata
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.graph.documents.helpers import PROSE, the_reason, the_text, write


def test_the_content_is_the_file_character_for_character(tmp_path: Path) -> None:
    raw = f"\n\n  ---\ntitle: no front matter here\n---\n\t{PROSE}  \n\n\n"
    assert the_text(write(tmp_path, {"a.txt": raw}) / "a.txt").content == raw


def test_line_ends_of_all_systems_become_newlines(tmp_path: Path) -> None:
    raw = f"One.\r\nTwo.\rThree.\n{PROSE}\r\n\r\n"
    text = the_text(write(tmp_path, {"a.text": raw}) / "a.text")
    assert text.content == f"One.\nTwo.\nThree.\n{PROSE}\n\n"


def test_characters_are_composed(tmp_path: Path) -> None:
    raw = unicodedata.normalize("NFD", f"Université de Zürich, Ångström. {PROSE}")
    text = the_text(write(tmp_path, {"a.txt": raw}) / "a.txt")
    assert text.content == f"Université de Zürich, Ångström. {PROSE}"


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        data = ("\ufeff" + PROSE).encode(encoding)
        assert the_text(write(tmp_path, {"a.txt": data}) / "a.txt").content == PROSE


def test_texts_without_a_word_are_refused(tmp_path: Path) -> None:
    for raw in ("", " \n\t\r\n", "\ufeff", "---\n***\n"):
        assert the_reason(write(tmp_path, {"a.txt": raw}) / "a.txt") == "has no text in it"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80))
def test_any_text_survives_up_to_normalisation(tmp_path: Path, body: str) -> None:
    raw = PROSE + body
    text = the_text(write(tmp_path, {"a.txt": raw}) / "a.txt")
    assert text.content == unicodedata.normalize("NFC", raw)
