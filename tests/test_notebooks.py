import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests import notebooks


def _notebooks(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.notebooks", *map(str, arguments)]
    root = Path(__file__).parent.parent
    return subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)


@pytest.mark.parametrize("path", notebooks.paths(), ids=lambda p: p.name)
def test_a_notebook_runs_from_the_first_cell_to_the_last(path: Path, tmp_path: Path) -> None:
    # In a process of its own, which takes the sockets of the kernel with it.
    done = _notebooks("--run", path, tmp_path)
    assert done.returncode == 0, done.stderr
    ran = nbformat.reads(done.stdout, as_version=4)
    code = [cell for cell in ran.cells if cell.cell_type == "code"]
    assert code
    assert all(cell.outputs for cell in code)
    assert not any(
        output.name == "stderr" for c in code for output in c.outputs if "name" in output
    )


@pytest.mark.parametrize("path", notebooks.paths(), ids=lambda p: p.name)
def test_a_notebook_is_stored_without_output(path: Path) -> None:
    assert path.read_text("utf-8") == notebooks.stripped(notebooks.read(path))


def test_there_are_notebooks() -> None:
    assert [p.name for p in notebooks.paths()] == ["first-look.ipynb"]


def test_stripping_removes_what_running_left(tmp_path: Path) -> None:
    clean = notebooks.paths()[0].read_text("utf-8")
    ran = notebooks.read(notebooks.paths()[0])
    for cell in ran.cells:
        if cell.cell_type == "code":
            cell.execution_count = 3
            cell.outputs = [nbformat.v4.new_output("stream", text="secret")]
    path = tmp_path / "ran.ipynb"
    nbformat.write(ran, path)
    assert "secret" in path.read_text("utf-8")
    assert _notebooks("--strip", path).returncode == 0
    assert path.read_text("utf-8") == clean
