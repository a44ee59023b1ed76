"""Facts that several documents state: how many do, and how sure they make them together."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from graph.build import BuildOptions, build
from tests.api.rest import V1, ask, find, serving

FIRST = "The Ministry of Science of Norway will strengthen basic research.\n"
SECOND = "Again the Ministry of Science of Norway will strengthen basic research by 2030.\n"
COPY = "A report from abroad.\n\n" + FIRST


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("support")
    (folder / "texts").mkdir()
    for name, content in (("first", FIRST), ("second", SECOND), ("copy", COPY)):
        (folder / "texts" / f"{name}.txt").write_text(content)
    build([folder / "texts"], folder / "data", BuildOptions(extractor="rules"))
    with serving(folder / "data") as client:
        yield client


@pytest.fixture(scope="module")
def ministry(client: httpx.Client) -> str:
    return find(client, "Ministry of Science of Norway")


def test_every_answer_about_an_edge_says_the_same(client: httpx.Client, ministry: str) -> None:
    found = ask(client, f"/entities/{ministry}/neighbours", relation="commits-to")
    (near,) = [n for n in found["items"] if n["thing"]["label"] == "strengthen basic research"]
    assert (len(near["documents"]), near["sources"]) == (3, 2)

    evidence = ask(client, "/evidence", edge=near["edge"])
    single = [item["confidence"] for item in evidence["items"]]
    assert len(single) == 3
    assert near["confidence"] > max(single)
    assert (evidence["documents"], evidence["sources"]) == (3, 2)
    assert evidence["confidence"] == near["confidence"]

    ways = ask(client, "/paths", **{"from": ministry, "to": near["thing"]["id"]})
    step = ways["paths"][0]["steps"][0]
    assert (step["sources"], step["confidence"]) == (2, near["confidence"])

    given = {"seeds": [ministry, near["thing"]["id"]]}
    view = client.post(f"{V1}/view", json=given).json()
    (edge,) = [e for e in view["edges"] if e["id"] == near["edge"]]
    assert (edge["sources"], len(edge["docs"]), edge["conf"]) == (2, 3, near["confidence"])


def test_what_they_give_together_is_stored_nowhere(client: httpx.Client, ministry: str) -> None:
    query = "SELECT DISTINCT ?c { ?s a scip:Statement ; scip:confidence ?c }"
    answer = client.get(
        "/sparql",
        params={"query": f"PREFIX scip: <https://w3id.org/scipol/ns#> {query}"},
        headers={"Accept": "application/sparql-results+json"},
    )
    stored = {float(row["c"]["value"]) for row in answer.json()["results"]["bindings"]}
    found = ask(client, f"/entities/{ministry}/neighbours", relation="commits-to")
    assert not stored & {near["confidence"] for near in found["items"]}
