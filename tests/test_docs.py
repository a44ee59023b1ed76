"""What the README promises works: its commands run, its example runs, every command is in it."""

import re
import shlex
from pathlib import Path

import pytest

from api.cli.app import app
from tests.api.test_cli import run

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    shlex.split(line.partition("  #")[0])[1:]
    for line in re.findall(r"^\$ \.venv/bin/(scipol .+)$", README, flags=re.MULTILINE)
]
PYTHON = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


def _ids(command: list[str]) -> str:
    return " ".join(command)


@pytest.mark.parametrize("command", [c for c in COMMANDS if c[0] != "build"], ids=_ids)
def test_commands_of_the_readme_run(command: list[str], corpus: Path, tmp_path: Path) -> None:
    if "-o" in command:
        command = [*command]
        command[command.index("-o") + 1] = str(tmp_path / command[command.index("-o") + 1])
    done = run(*command, data=corpus)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() or list(tmp_path.iterdir())


def test_there_are_commands_and_python_in_the_readme() -> None:
    assert len(COMMANDS) >= 8
    assert len(PYTHON) >= 1


def test_the_python_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    exec(compile(PYTHON[0], "README.md", "exec"), {})
    assert "strengthen basic research" in capsys.readouterr().out


def test_the_answer_that_the_readme_prints_is_the_one_that_is_given(corpus: Path) -> None:
    command, printed = re.findall(
        r"```text\n\$ \.venv/bin/scipol ([^\n]+)\n(.*?)```", README, flags=re.DOTALL
    )[0]
    done = run(*shlex.split(command), data=corpus)
    # How sure a fact is may change with every improvement.
    assert _unsure(done.stdout) == _unsure(printed)


def _unsure(text: str) -> list[str]:
    return re.sub(r"\d\.\d\d", "", " ".join(text.replace("─", " ").split())).split()


def test_every_notebook_is_described() -> None:
    named = set(re.findall(r"^\| `([\w-]+\.ipynb)` \|", README, flags=re.MULTILINE))
    assert named == {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}


def test_every_command_is_described() -> None:
    names = {c.callback.__name__ for c in app.registered_commands if c.callback}
    assert len(names) == 22
    undescribed = {name for name in names if not re.search(rf"\bscipol {name}\b", README)}
    assert not undescribed


def test_settings_and_exit_codes_are_described() -> None:
    assert "SCIPOL_DATA" in README
    for code in ("0 (done", "1 (could not be done", "2 (misspelt)", "3 (", "130 ("):
        assert code in README


def test_targets_of_make_that_the_readme_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"\bmake (\w+)", README)) - {"and"}:
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def test_files_that_the_readme_names_exist() -> None:
    for path in re.findall(r"`((?:graph|tests|ontology|data)/[\w./-]+\.(?:py|toml|md))`", README):
        assert (ROOT / path).exists(), path
