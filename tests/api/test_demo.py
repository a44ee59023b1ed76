"""The main job on the sample corpus, as `make demo` runs it."""

import re
import shlex
from pathlib import Path

import pytest

from api.cli.demonstration import QUESTIONS
from tests.api.test_cli import run


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What the demonstration prints, and the folder it ran in."""
    folder = tmp_path_factory.mktemp("a demo")
    done = run("demo", "--output", folder / "out", data=folder / "data")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout, folder


def test_the_corpus_is_read_validated_and_verified(demo: tuple[str, Path]) -> None:
    printed, _ = demo
    assert re.search(r"\b33 added, 0 replaced, 0 unchanged, 0 refused", printed)
    assert ": 0 violations." in printed
    assert "every character agrees" in printed


def test_eight_questions_have_answers_with_rows(demo: tuple[str, Path]) -> None:
    printed, _ = demo
    assert len(QUESTIONS) == 8
    parts = re.split(r"^Question \d: ", printed, flags=re.MULTILINE)[1:]
    assert len(parts) == 8
    for part in parts:
        assert "Nothing found" not in part
        assert "No connection" not in part
        assert "────" in part, part


def test_answers_fit_into_a_hundred_columns(demo: tuple[str, Path]) -> None:
    printed, folder = demo
    wide = [x for x in printed.splitlines() if len(x) > 100 and str(folder) not in x]
    assert not wide


def test_the_picture_is_written_and_more_is_suggested(demo: tuple[str, Path]) -> None:
    printed, folder = demo
    assert "<canvas" not in (folder / "out" / "network.html").read_text("utf-8")
    assert "Try next" in printed
    assert str(folder / "out" / "network.html") in printed


def test_what_is_suggested_works(demo: tuple[str, Path], tmp_path: Path) -> None:
    printed, folder = demo
    suggested = re.findall(r"^  scipol (.+?)(?:  |$)", printed, flags=re.MULTILINE)
    assert len(suggested) >= 5
    for line in suggested:
        arguments = shlex.split(line)
        if arguments[0] == "build":
            continue
        if "-o" in arguments:
            arguments[arguments.index("-o") + 1] = str(tmp_path / "out")
        done = run(*arguments, data=folder / "data")
        assert done.returncode == 0, (line, done.stderr)


def test_a_second_run_reads_nothing_again(demo: tuple[str, Path]) -> None:
    _, folder = demo
    done = run("build", data=folder / "data")
    assert "0 added, 0 replaced, 33 unchanged" in done.stdout
