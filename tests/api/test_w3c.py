"""The W3C suite for SPARQL 1.1, sent over HTTP to a service that runs; where the suite is there."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.api.serving import Served, served, token

ROOT = Path(__file__).parents[2]
SHARED = ROOT / ".." / "shared"
RUNNER = SHARED / "tools" / "run_w3c.py"
SUITE = SHARED / "w3c-rdf-tests"
EXPECTED = Path(__file__).with_name("w3c_expected_failures.toml")

pytestmark = pytest.mark.skipif(
    not (RUNNER.is_file() and SUITE.is_dir()),
    reason="the W3C suite is not beside the checkout (../shared/w3c-rdf-tests): NOT TESTED",
)


@pytest.fixture(scope="module")
def service() -> Iterator[Served]:
    """A service to write to, its store in memory where the machine has such a place.

    The suite erases the store before each test; on a disk most of the time is spent waiting for
    it. That what is written lasts is shown elsewhere, on a disk (`tests/graph/test_kill.py`).
    """
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        data = Path(folder) / "data"
        data.with_name("token").write_text(token(data))
        settings = {"workers": 1, "union_default_graph": "false"}
        with served(data, data.with_name("log"), settings) as running:
            yield running


@pytest.fixture(scope="module")
def outcomes(service: Served, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of each test, by its name."""
    folder = tmp_path_factory.mktemp("w3c")
    secret = (service.data.parent / "token").read_text()
    subprocess.run(
        [
            *(sys.executable, str(RUNNER), "--wipe", "--suite", str(SUITE)),
            *("--query", f"{service.url}/sparql", "--update", f"{service.url}/update"),
            *("--gsp", f"{service.url}/graphs", "--json", str(folder / "outcomes.json")),
            *("--write-header", f"Authorization: Bearer {secret}"),
            *("--failed", str(folder / "failed")),
        ],
        capture_output=True,
        timeout=280,
        check=False,
    )
    found = json.loads((folder / "outcomes.json").read_text())
    return {one["test"]: f"{one['outcome']} {one['note']}" for one in found}


def test_the_suite_passes_but_for_the_named_faults_of_the_engine(outcomes: dict[str, str]) -> None:
    failed = {name: told for name, told in outcomes.items() if not told.startswith("pass")}
    assert failed.keys() == expected().keys(), {
        "failed unexpectedly": {n: failed[n] for n in failed.keys() - expected().keys()},
        "passed unexpectedly, take off the list": sorted(expected().keys() - failed.keys()),
    }


def test_the_whole_suite_was_run(outcomes: dict[str, str]) -> None:
    assert len(outcomes) == 545


def test_each_expected_failure_has_its_reason() -> None:
    assert len(expected()) == 11
    assert all(len(reason) > 20 for reason in expected().values())


def expected() -> dict[str, str]:
    """Reasons of the failures that are expected, by name of the test."""
    groups = tomllib.loads(EXPECTED.read_text())
    return {f"{g}/{name}": reason for g, tests in groups.items() for name, reason in tests.items()}
