import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.graph.documents.helpers import OTHER, PROSE, outcomes, the_reason, the_text, write


def names(*sources: str | Path) -> list[str]:
    return [text.document.name for text in outcomes(*sources)[0]]


def test_documents_are_named_by_their_path_in_a_sorted_order(tmp_path: Path) -> None:
    texts = {"b.txt": "b", "a/z.md": "z", "a/b/c.txt": "c", "B.txt": "B", "a.txt": "a"}
    write(tmp_path, {name: f"{PROSE} {mark}" for name, mark in texts.items()})
    assert names(tmp_path) == ["B", "a/b/c", "a/z", "a", "b"]


def test_a_single_file_is_named_by_its_stem(tmp_path: Path) -> None:
    assert the_text(write(tmp_path, {"x/plan.v2.txt": PROSE}) / "x/plan.v2.txt").document.name == (
        "plan.v2"
    )


def test_files_that_differ_by_suffix_have_different_names(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": PROSE, "a.txt": OTHER, "other/a.txt": PROSE + OTHER})
    assert names(tmp_path) == ["a", "a.txt", "other/a"]
    assert names(tmp_path, tmp_path / "other") == ["a", "a.txt", "other/a"]
    assert names(tmp_path / "a.md", tmp_path / "a.txt", tmp_path / "other") == [
        "a",
        "a.txt",
        "a.txt~2",
    ]


def test_names_are_composed_and_upper_case_suffixes_known(tmp_path: Path) -> None:
    write(tmp_path, {"Pla\u0301n.TXT": PROSE})
    assert names(tmp_path) == ["Pl\u00e1n"]


def test_hidden_files_and_readmes_are_passed_over_in_silence(tmp_path: Path) -> None:
    ignored = (".hidden.txt", ".git/a.txt", "README", "README.md", "Readme.txt", "README-first.txt")
    write(tmp_path, dict.fromkeys(ignored, PROSE))
    assert the_reason(tmp_path) == "there are no documents in this folder"
    write(tmp_path, {"readmission of scholars.txt": PROSE})
    assert names(tmp_path) == ["readmission of scholars"]


def test_what_is_missing_is_refused_and_the_batch_goes_on(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": PROSE})
    gone = tmp_path / "gone.txt"
    texts, refusals = outcomes(gone, tmp_path / "a.txt", tmp_path / "nowhere/", "bad\0name.txt")
    assert [text.document.name for text in texts] == ["a"]
    assert [refusal.reason for refusal in refusals[:2]] == ["there is no such file or folder"] * 2
    assert refusals[0].where == str(gone)
    assert len(refusals) == 3
    assert "\\ud800" in str(outcomes("\ud800.txt")[1][0])


def test_an_empty_name_does_not_stand_for_the_working_folder() -> None:
    assert the_reason("") == "an empty name stands for no file or folder"


def test_an_unknown_suffix_is_refused_naming_the_known_ones(tmp_path: Path) -> None:
    write(tmp_path, {"a.xyz": PROSE, "b": PROSE, "c.txt": PROSE})
    texts, (first, second) = outcomes(tmp_path)
    assert len(texts) == 1
    assert first.reason.startswith("the suffix .xyz is unknown; known are .txt .text .md")
    assert second.reason.startswith("has no suffix; known are .txt")


@pytest.mark.parametrize(
    ("name", "advice"), [("a.doc", ".docx"), ("a.odt", ".docx"), ("a.xlsx", ".csv")]
)
def test_formats_that_are_not_read_come_with_advice(tmp_path: Path, name: str, advice: str) -> None:
    assert f"save it as {advice}" in the_reason(write(tmp_path, {name: PROSE}) / name)


def test_loops_of_links_are_refused_once_each(tmp_path: Path) -> None:
    write(tmp_path, {"a/b/x.txt": PROSE})
    (tmp_path / "a/b/up").symlink_to(tmp_path / "a")
    (tmp_path / "a/self.txt").symlink_to(tmp_path / "a/self.txt")
    texts, refusals = outcomes(tmp_path)
    assert [text.document.name for text in texts] == ["a/b/x"]
    assert [(Path(refusal.where).name, refusal.reason) for refusal in refusals] == [
        ("up", "is a loop of links"),
        ("self.txt", "is a loop of links"),
    ]


def test_a_loop_given_as_source_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert "levels of symbolic links" in the_reason(tmp_path / "a")


def test_links_lead_to_files_inside_the_folder_only(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    write(tmp_path, {"secret.txt": OTHER, "inside/.store/x.txt": PROSE, "inside/d/y.txt": OTHER})
    (inside / "good.txt").symlink_to(inside / ".store/x.txt")
    (inside / "out.txt").symlink_to(tmp_path / "secret.txt")
    (inside / "again").symlink_to(inside / "d")
    (inside / "broken.txt").symlink_to(tmp_path / "nothing")
    texts, refusals = outcomes(inside)
    assert [text.document.name for text in texts] == ["d/y", "good"]
    assert {Path(refusal.where).name: refusal.reason for refusal in refusals} == {
        "again": "is a link to a folder that is read at its own place",
        "broken.txt": "is a link to nothing",
        "out.txt": "is a link that leads outside the folder; give its target to read it",
    }


def test_a_link_given_as_source_is_followed(tmp_path: Path) -> None:
    write(tmp_path, {"real/a.txt": PROSE})
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert names(tmp_path / "link") == ["a"]


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.txt"))
        texts, refusals = outcomes(tmp_path)
    assert texts == []
    assert {refusal.reason for refusal in refusals} == {"is neither a file nor a folder"}
    assert len(refusals) == 2


@pytest.mark.parametrize(
    ("name", "shown"),
    [(b"caf\xe9.txt", r"caf\xe9.txt"), (b"two\nlines.txt", r"two\nlines.txt")],
    ids=["not UTF-8", "line end"],
)
def test_a_name_that_cannot_be_printed_is_refused_legibly(
    tmp_path: Path, name: bytes, shown: str
) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(PROSE)
    texts, (refusal,) = outcomes(tmp_path)
    assert texts == []
    assert refusal.where == f"{tmp_path}/{shown}"
    assert refusal.reason == "has a name that cannot be printed; rename it"


def test_names_in_all_languages_are_kept(tmp_path: Path) -> None:
    write(tmp_path, {"计划　二.txt": PROSE, "Ökologie/Прогноз\u00a01.txt": OTHER})
    assert names(tmp_path) == ["Ökologie/Прогноз\u00a01", "计划　二"]


@contextmanager
def as_ordinary_user() -> Iterator[None]:
    """Permissions do not stop the superuser, who may run the tests in a container."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_what_may_not_be_read_is_refused() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = write(Path(made), {"a.txt": PROSE, "b.txt": OTHER, "shut/c.txt": PROSE})
        folder.chmod(0o755)
        (folder / "a.txt").chmod(0o000)
        (folder / "shut").chmod(0o000)
        with as_ordinary_user():
            texts, refusals = outcomes(folder)
        (folder / "shut").chmod(0o755)
    assert [text.document.name for text in texts] == ["b"]
    assert [(Path(refusal.where).name, refusal.reason) for refusal in refusals] == [
        ("a.txt", "may not be read (permission denied)"),
        ("shut", "may not be read (permission denied)"),
    ]
