"""Updates through the writer process: atomic, in order, visible at once, never lost."""

import asyncio
import json
import os
import random
import re
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.errors import NotFound, ScipolError, StoreBusy
from graph.layout import STAGING
from graph.store import open_reader
from graph.workers import (
    FetchingRefused,
    MalformedQuery,
    OutOfMemory,
    QueryTimeout,
    UpdateFailed,
    UpdateRequest,
    Upload,
    UploadError,
)
from graph.workers.rewrite import DatasetClash
from graph.writer import open_writer
from tests.graph.workers.running import Running

TEXT_GRAPHS = (
    "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } FILTER REGEX(STR(?g), 'graph/[0-9a-f]{12}/') }"
)
COUNT = "SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?o }"
CROSS = " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(300)))} }}" for i in range(4))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    limits = {"update_seconds": 20.0, "update_memory": 512 << 20, "queue_seconds": 30.0}
    with Running(tmp_path_factory.mktemp("data"), **limits) as running:
        yield running


def _request(text: str, timeout: float | None = None) -> UpdateRequest:
    return UpdateRequest(text, timeout=timeout)


def number(answer: bytes) -> int:
    return int(json.loads(answer)["results"]["bindings"][0]["n"]["value"])


def count(service: Running, where: str) -> int:
    return number(service.query(f"SELECT (COUNT(*) AS ?n) {{ {where} }}", union=False))


def test_the_next_query_sees_an_update(service: Running) -> None:
    for value in range(5):
        before = service.endpoint.data_version
        service.update(f"INSERT DATA {{ <urn:seen> <urn:seen> {value} }}")
        assert count(service, "?s <urn:seen> ?o") == value + 1
        assert service.endpoint.data_version != before


def test_updates_that_arrive_together_share_a_checkpoint(service: Running) -> None:
    async def many() -> list[int]:
        texts = [f"INSERT DATA {{ <urn:many> <urn:many> {value} }}" for value in range(40)]
        return await asyncio.gather(*(service.endpoint.update(_request(text)) for text in texts))

    assert len(set(service.do(many()))) < 20
    assert count(service, "?s <urn:many> ?o") == 40


def test_an_update_happens_as_a_whole_or_not_at_all(service: Running) -> None:
    with pytest.raises(UpdateFailed):
        service.update("INSERT DATA { <urn:half> <urn:half> 1 } ; CREATE GRAPH <urn:half> ; "
                       "CREATE GRAPH <urn:half>")  # fmt: skip
    assert count(service, "?s <urn:half> ?o") == 0


def test_the_place_of_an_error_is_told(service: Running) -> None:
    with pytest.raises(MalformedQuery) as caught:
        service.update("INSERT DATA\n{ <urn:a> }")
    assert caught.value.line == 2


def test_nothing_is_fetched(service: Running) -> None:
    with pytest.raises(FetchingRefused):
        service.update("LOAD <http://127.0.0.1/>")
    with pytest.raises(FetchingRefused):
        service.update("INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }")
    service.update("LOAD SILENT <http://127.0.0.1/> ; INSERT DATA { <urn:load> <urn:load> 1 }")
    assert count(service, "?s <urn:load> ?o") == 1


def test_the_dataset_of_the_protocol_is_used(service: Running) -> None:
    service.update("INSERT DATA { <urn:u> <urn:u> 1 GRAPH <urn:ug> { <urn:u> <urn:u> 2 } }")
    copy = "INSERT { GRAPH <urn:copy> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    service.update(copy, using_graphs=("urn:ug",))
    assert count(service, "GRAPH <urn:copy> { <urn:u> <urn:u> 2 }") == 1
    assert count(service, "GRAPH <urn:copy> { ?s ?p ?o }") == 1
    with pytest.raises(DatasetClash):
        service.update("WITH <urn:x> " + copy, using_graphs=("urn:ug",))


def test_a_graph_is_replaced_in_one_step(service: Running) -> None:
    for value in (b"'one'", b"'two\\n\"\\\\' , [ <urn:b> 2 ]"):
        stored(service, b"<urn:a> <urn:p> " + value + b" .")
    assert count(service, "GRAPH <urn:r> { ?s ?p ?o }") == 3
    stored(service, b'<urn:a> <urn:p> "three" .\n', replaces=False)
    assert count(service, "GRAPH <urn:r> { ?s ?p ?o }") == 4
    stored(service, b"")
    assert count(service, "GRAPH <urn:r> { ?s ?p ?o }") == 0


def stored(
    service: Running, body: bytes, replaces: bool = True, graph: str | None = "urn:r"
) -> None:
    upload = Upload(body, "text/turtle", base_iri="urn:base", graph="urn:base")
    service.do(service.endpoint.store_graph(graph, [upload], replaces=replaces))


def large(value: str, end: str = "") -> bytes:
    """More than what goes through a reader, with a blank node."""
    lines = "".join(f"<urn:s{n}> <urn:p> '{value} {n} {'x' * 60}' .\n" for n in range(16_000))
    return f"{lines}_:b <urn:p> _:b .\n{end}".encode()


@pytest.mark.parametrize("graph", ["urn:large", None])
def test_a_large_graph_is_loaded_replaced_and_added_to(service: Running, graph: str | None) -> None:
    inside = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
    pattern = f"{inside} FILTER(?p = <urn:p>)"
    with_union = {"union": False}
    for value, replaces, expected in (
        ("a", True, 16_001),
        ("b", True, 16_001),
        ("c", False, 32_002),
    ):
        stored(service, large(value), replaces, graph)
        query = f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"
        found = json.loads(service.query(query, **with_union))["results"]["bindings"]
        assert int(found[0]["n"]["value"]) == expected, value
    assert count(service, f"GRAPH <{STAGING}> {{ ?s ?p ?o }}") == 0


def test_a_large_graph_that_is_malformed_changes_nothing(service: Running) -> None:
    stored(service, b"<urn:a> <urn:p> 1 .")
    for replaces in (True, False):
        with pytest.raises(UploadError) as caught:
            stored(service, large("x", end="<urn:a> <urn:p"), replaces)
        assert caught.value.line == 16_002
        assert count(service, "GRAPH <urn:r> { ?s ?p ?o }") == 1
    assert count(service, f"GRAPH <{STAGING}> {{ ?s ?p ?o }}") == 0


@pytest.mark.parametrize(
    ("body", "media_type", "line"),
    [
        (b"<urn:a>\n<urn:b> 'c", "text/turtle", 2),
        (b"<urn:a> <urn:b> '\xff' .", "text/turtle", 1),
        (b"<urn:a> <urn:b> " + b"<<( <urn:a> <urn:b> " * 50_000, "text/turtle", 1),
        (b"<urn:g> { <urn:a> <urn:b> 1 }", "application/trig", None),
        (b'<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "b">]><x/>', "application/rdf+xml", 2),
        (b'{"@context": "http://127.0.0.1/", "a": 1}', "application/ld+json", None),
        (b"x", "text/unknown", None),
    ],
)
def test_bad_uploads_are_refused(
    service: Running, body: bytes, media_type: str, line: int | None
) -> None:
    with pytest.raises(UploadError) as caught:
        service.parse(body, media_type, graph="urn:x")
    assert caught.value.line == line


def test_every_format_can_be_uploaded(service: Running) -> None:
    for body, media_type in [
        (b"<a> <urn:b> 1 .", "text/turtle"),
        (b"<http://x/a> <urn:b> \"1\" .", "application/n-triples"),
        (b"<http://x/a> <urn:b> \"1\" <urn:g> .", "application/n-quads"),
        (b"<urn:g> { <a> <urn:b> 1 }", "application/trig"),
        (b'{"@id": "a", "urn:b": 1}', "application/ld+json"),
        (b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description '
         b'r:about="a"><u xmlns="urn:">1</u></r:Description></r:RDF>', "application/rdf+xml"),
    ]:  # fmt: skip
        assert service.parse(body, media_type, base_iri="http://x/").startswith(b"<http://x/a> ")


def test_hostile_updates_end_and_others_are_carried_out(service: Running) -> None:
    async def attack() -> list[BaseException | int]:
        texts = ["INSERT DATA { <urn:t> <urn:t> 1 }",
                 f"INSERT {{ <urn:x> <urn:x> ?v0 }} WHERE {{ {CROSS} FILTER(?v0 + ?v3 < 0) }}",
                 "INSERT DATA { <urn:t> <urn:t> 2 }"]  # fmt: skip
        work = [service.endpoint.update(_request(text, timeout=2.0)) for text in texts]
        return await asyncio.gather(*work, return_exceptions=True)

    first, bomb, second = service.do(attack())
    assert isinstance(first, int)
    assert isinstance(bomb, QueryTimeout)
    assert isinstance(second, int)
    assert count(service, "?s <urn:t> ?o") == 2
    assert count(service, "?s <urn:x> ?o") == 0


def test_an_update_that_takes_all_memory_is_told_so(service: Running) -> None:
    grow = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(29))
    text = f"INSERT {{ <urn:big> <urn:big> ?x29 }} WHERE {{ BIND('aaaaaaaa' AS ?x0) {grow} }}"
    with pytest.raises(OutOfMemory, match="512 MiB"):
        service.update(text)
    service.update("INSERT DATA { <urn:after> <urn:after> 1 }")
    assert count(service, "?s <urn:big> ?o") == 0
    assert count(service, "?s <urn:after> ?o") == 1


def test_acknowledged_updates_survive_any_kill(tmp_path: Path) -> None:
    dice = random.Random(3)

    async def write(value: int) -> int | None:
        try:
            await running.endpoint.update(_request(f"INSERT DATA {{ <urn:s> <urn:p> {value} }}"))
        except ScipolError:
            return None
        return value

    async def round_of_updates(start: int) -> list[int | None]:
        work = [asyncio.create_task(write(value)) for value in range(start, start + 20)]
        await asyncio.sleep(dice.uniform(0, 0.05))
        if child := running.endpoint._writer._child:
            os.kill(child.pid, signal.SIGKILL)
        return await asyncio.gather(*work)

    acknowledged: set[int] = set()
    with Running(tmp_path, readers=1) as running:
        running.update("INSERT DATA { <urn:s> <urn:p> -1 }")
        for start in range(0, 100, 20):
            acknowledged |= {value for value in running.do(round_of_updates(start)) if value}
            found = re.findall(rb'"value":"(\d+)"', running.query("SELECT ?o { ?s <urn:p> ?o }"))
            assert acknowledged <= set(map(int, found))
    assert len(acknowledged) > 50
    with open_reader(tmp_path) as store:
        rows = store.select("SELECT ?o { <urn:s> <urn:p> ?o }").rows
        assert acknowledged <= {int(str(row[0].value)) for row in rows if row[0]}


def test_documents_are_built_and_forgotten_beside_updates(tmp_path: Path) -> None:
    document = tmp_path / "plan.txt"
    document.write_text("# A plan\n\nThe Ministry of Science will fund quantum research by 2030.\n")
    data = tmp_path / "data"
    mine = "https://w3id.org/scipol/graph/mine"
    told: list[dict[str, int]] = []
    with Running(data, readers=1) as running:
        running.update(f"INSERT DATA {{ GRAPH <{mine}> {{ <urn:m> <urn:m> 1 }} }}")
        report = running.do(running.endpoint.build([str(document)], {}, told.append))
        assert (report["added"], told[-1]["done"]) == (1, 1)
        assert b"quantum" in running.query("SELECT ?q { ?s ?p ?q FILTER CONTAINS(?q, 'quantum') }")
        with pytest.raises(NotFound):
            running.do(running.endpoint.forget("nothing like it"))
        # What was dropped by hand comes back with the next build.
        graphs = json.loads(running.query(TEXT_GRAPHS))
        for row in graphs["results"]["bindings"]:
            running.update(f"DROP GRAPH <{row['g']['value']}>")
        assert running.do(running.endpoint.build([str(document)]))["added"] == 1
        running.do(running.endpoint.forget("plan"))
        # What people wrote is still there after all those openings.
        assert count(running, f"GRAPH <{mine}> {{ ?s ?p ?o }}") == 1


def test_another_writer_is_named(tmp_path: Path) -> None:
    with Running(tmp_path, readers=1) as running:
        with open_writer(tmp_path), pytest.raises(StoreBusy, match="is writing"):
            running.update("INSERT DATA { <urn:s> <urn:p> 1 }")
        running.update("INSERT DATA { <urn:s> <urn:p> 1 }")


def test_an_idle_writer_leaves_the_lock_and_cleans_up(tmp_path: Path) -> None:
    with Running(tmp_path, readers=1, writer_idle_seconds=2) as running:
        for value in range(3):
            running.update(f"INSERT DATA {{ <urn:s> <urn:p> {value} }}")

        async def wait() -> None:
            while running.endpoint.status()["writing"]:
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.5)

        running.do(asyncio.wait_for(wait(), 20))
        assert len([p for p in (tmp_path / "checkpoints").iterdir() if p.is_dir()]) == 1
        with open_writer(tmp_path):
            assert number(running.query(COUNT)) == 3


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Running(tmp_path, readers=1) as running:
        running.update("INSERT DATA { <urn:s> <urn:p> 1 }")
        running.do(running.endpoint._writer._retire_if_idle())
        # Like a disk on which no file can grow any more; the writer inherits it.
        resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, hard))
        try:
            running.update("INSERT DATA { <urn:s> <urn:p> 2 }")
            with pytest.raises(ScipolError, match=r"written|shown"):
                running.update(f"INSERT DATA {{ <urn:s> <urn:p> '{'x' * 6_000_000}' }}")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        running.update("INSERT DATA { <urn:s> <urn:p> 3 }")
        assert number(running.query(COUNT)) in (3, 4)
