import tracemalloc
from pathlib import Path

import pytest

from graph.documents import ReadOptions, Refusal, locate, read, read_one, read_sources
from graph.errors import DocumentError
from graph.records import Text
from tests.graph.documents.helpers import OTHER, PROSE, outcomes, the_reason, write


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    write(tmp_path, {f"{n}.txt": f"{PROSE} {n}" for n in range(20)})
    assert list(read_sources([tmp_path])) == list(read_sources([tmp_path]))


def test_sources_keep_the_order_in_which_they_are_given(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": PROSE, "b.txt": OTHER})
    texts, _ = outcomes(tmp_path / "b.txt", str(tmp_path / "a.txt"))
    assert [text.document.name for text in texts] == ["b", "a"]


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": PROSE, "b.txt": OTHER})
    stream = read_sources([tmp_path])
    assert isinstance(next(stream), Text)
    (tmp_path / "b.txt").write_bytes(b"\0")
    assert isinstance(next(stream), Refusal)


def test_a_text_read_before_is_refused_naming_the_first(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": PROSE, "b.md": f"---\ntitle: same\n---\n{PROSE}", "c.txt": OTHER})
    texts, (refusal,) = outcomes(tmp_path)
    assert [text.document.name for text in texts] == ["a", "c"]
    assert refusal == Refusal(where="b", reason="has the same text as a, read before")


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": PROSE, "b.txt": OTHER * 40})
    options = ReadOptions(max_bytes=1_000)
    texts, (refusal,) = outcomes(tmp_path, options=options)
    assert [text.document.name for text in texts] == ["a"]
    assert refusal.reason == "is larger than the limit of 1,000 bytes; raise the limit to read it"


def test_memory_is_that_of_a_document_not_of_the_corpus(tmp_path: Path) -> None:
    size, count = 200_000, 40
    write(tmp_path, {f"{n}.txt": f"{PROSE} {n}\n" + "word " * (size // 5) for n in range(count)})
    list(read_sources([tmp_path / "0.txt"]))  # the language model is loaded once and stays
    tracemalloc.start()
    total = sum(len(text.content) for text in read_sources([tmp_path]) if isinstance(text, Text))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total > size * count
    assert peak < size * 10


def test_read_one_gives_the_text_or_raises(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": PROSE})
    (text,) = read_one(tmp_path / "a.txt")
    assert text.content == PROSE
    with pytest.raises(DocumentError, match=r"gone\.txt: there is no such file") as error:
        read_one(tmp_path / "gone.txt")
    assert error.value.reason == "there is no such file or folder"


def test_places_can_be_read_apart_from_finding_them(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": PROSE, "b.xyz": OTHER})
    place, refusal = locate([tmp_path])
    assert isinstance(refusal, Refusal)
    assert not isinstance(place, Refusal)
    assert list(read(place, ReadOptions())) == list(read_sources([tmp_path / "a.txt"]))


def test_other_schemes_than_http_are_refused() -> None:
    for address in ("ftp://example.org/a.txt", "file:///a.txt", "data://x"):
        assert the_reason(address) == "only http and https addresses are read"


def test_a_refusal_prints_as_one_line() -> None:
    assert str(Refusal(where="a.txt", reason="has no text in it")) == "a.txt: has no text in it"
