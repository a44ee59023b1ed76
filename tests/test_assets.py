"""What `make assets` fetches: named without addresses, not in git, in the wheel."""

import json
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_the_lock_file_names_hashes_and_no_addresses() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    fetched = {name: one for name, one in packages.items() if name}
    assert "node_modules/@zazuko/yasqe" in fetched
    assert all(one["integrity"].startswith("sha512-") for one in fetched.values())
    assert not any("resolved" in one for one in fetched.values())


@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
def test_no_script_of_others_is_in_git() -> None:
    inside = subprocess.run(["git", "-C", ROOT, "ls-files"], capture_output=True, text=True)
    if inside.returncode:
        pytest.skip("this is no checkout")
    files = inside.stdout.splitlines()
    assert files
    assert not [f for f in files if "vendor/" in f or "node_modules" in f or f.endswith(".min.js")]


def test_the_wheel_takes_what_git_ignores() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    artifacts = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["artifacts"]
    assert artifacts == ["api/static/vendor/*"]
    assert "api/static/vendor/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
