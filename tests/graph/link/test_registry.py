"""The registry of IRIs on disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import StoreError
from graph.identifiers import entity_iri
from graph.link.registry import Registry


def test_an_iri_is_made_once_and_then_looked_up(tmp_path: Path) -> None:
    path = tmp_path / "data" / "registry.tsv"
    registry = Registry(path)
    iri = registry.mint("Goal", "goal|a", "a goal", "doc one")
    registry.save()
    again = Registry(path)
    assert again.lookup("goal|a") == iri == entity_iri("Goal", "a goal", "goal|a")
    assert again.mint("Goal", "goal|a", "a better label", "doc two") == iri
    assert list(again) == [("goal|a", iri)]
    again.save()
    assert path.read_text().count("\n") == 2
    assert path.read_text().endswith("goal|a\ta goal\tdoc one\n")


def test_an_unknown_key_has_no_iri() -> None:
    assert Registry().lookup("goal|a") is None


def test_nothing_is_written_before_saving(tmp_path: Path) -> None:
    path = tmp_path / "registry.tsv"
    registry = Registry(path)
    registry.save()
    registry.mint("Goal", "goal|a", "a", "doc")
    assert not path.exists()
    registry.save()
    registry.save()
    assert len(Registry(path)) == 1


def test_what_is_there_is_only_added_to(tmp_path: Path) -> None:
    path = tmp_path / "registry.tsv"
    written = b""
    for number in range(5):
        registry = Registry(path)
        registry.mint("Goal", f"goal|{number}", str(number), "doc")
        registry.save()
        assert path.read_bytes().startswith(written)
        written = path.read_bytes()
    assert len(Registry(path)) == 5


def test_a_registry_torn_at_any_byte_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "registry.tsv"
    registry = Registry(path)
    for number in range(3):
        registry.mint("Goal", f"goal|été {number}", f"été {number}", "doc")
    registry.save()
    whole = path.read_bytes()
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        torn = Registry(path)
        assert len(torn) == max(0, whole[:length].count(b"\n") - 1)
        for number in range(3):
            torn.mint("Goal", f"goal|été {number}", f"été {number}", "doc")
        torn.save()
        assert path.read_bytes() == whole


def test_a_killed_process_leaves_a_readable_registry(tmp_path: Path) -> None:
    path = tmp_path / "registry.tsv"
    code = (
        "import sys, pathlib; from graph.link.registry import Registry\n"
        "registry = Registry(pathlib.Path(sys.argv[1]))\n"
        "for number in range(10**9):\n"
        "    registry.mint('Goal', f'goal|{number}', str(number), 'doc'); registry.save()\n"
        "    if number == 50: print(flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    registry = Registry(path)
    assert len(registry) > 50
    assert [key for key, _ in registry] == [f"goal|{n}" for n in range(len(registry))]


@settings(deadline=None)
@given(st.text(), st.text(), st.text(max_size=20))
def test_any_key_and_label_survive_the_file(
    tmp_path_factory: pytest.TempPathFactory, key: str, label: str, name: str
) -> None:
    path = tmp_path_factory.mktemp("registry") / "registry.tsv"
    registry = Registry(path)
    iri = registry.mint("Goal", key, label, name)
    registry.save()
    assert list(Registry(path)) == [(key, iri)]


def test_two_keys_never_share_an_iri(tmp_path: Path) -> None:
    path = tmp_path / "registry.tsv"
    iri = entity_iri("Goal", "b", "goal|b")
    path.write_text(f"iri\tkey\tlabel\tminted_by\n{iri}\tgoal|a\ta\tdoc\n")
    with pytest.raises(StoreError, match=r"clashes.*goal\|a"):
        Registry(path).mint("Goal", "goal|b", "b", "doc")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("something else\n", "not a registry"),
        ("iri\tkey\tlabel\tminted_by\nonly one cell\n", "line 2: damaged"),
        ("iri\tkey\tlabel\tminted_by\nx\ta\tl\td\ny\ta\tl\td\n", "line 3.*clashes"),
        ("iri\tkey\tlabel\tminted_by\nx\ta\tl\td\nx\tb\tl\td\n", "line 3.*clashes"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "registry.tsv"
    path.write_text(content)
    with pytest.raises(StoreError, match=message):
        Registry(path)
