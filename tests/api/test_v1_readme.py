"""The table of the REST interface in the README: it is complete, and its examples work."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.rest import V1, copied, serving

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
_ROW = re.compile(r"^\| `(/[^`]*)` [^|]* \| `(curl [^`]*)` \|$", re.MULTILINE)
# What only the pages of the explorer ask.
_OF_THE_EXPLORER = re.compile(rf"{V1}/(?:view|export|explorer)")
ROWS = _ROW.findall(README)


@pytest.fixture(scope="module")
def client(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with serving(copied(corpus, tmp_path_factory.mktemp("readme"))) as client:
        yield client


@pytest.mark.parametrize("line", [line for _, line in ROWS if "$" not in line])
def test_the_example_works_on_the_sample_corpus(client: httpx.Client, line: str) -> None:
    (address,) = re.findall(r'"http://localhost:8000([^"]*)"', line)
    headers = dict(re.findall(r'-H "([^:]+): ([^"]*)"', line))
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, answer.text
    if "application/json" in answer.headers["content-type"] and "/jobs" not in address:
        found = answer.json()
        assert found.get("items", found.get("rows", found.get("paths", True))), address


def test_every_route_is_in_the_table(client: httpx.Client) -> None:
    described = client.get(f"{V1}/openapi.json").json()["paths"]
    routes = sorted(
        path.removeprefix(V1)
        for path, item in described.items()
        if path.startswith(V1)
        for operation in item.values()
        if operation and not _OF_THE_EXPLORER.match(path)
    )
    assert sorted(path for path, _ in ROWS) == routes
