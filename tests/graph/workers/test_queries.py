import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.errors import QueryError
from graph.workers import FetchingRefused, Formats, MalformedQuery, NoSuchFormat, QueryRequest
from tests.graph.workers.running import Running, stored

NQUADS = """
<urn:a> <urn:p> "1" .
<urn:a> <urn:p> "2" <urn:g> .
<urn:a> <urn:p> "3" <urn:h> .
<urn:odd> <urn:q> "\\u0001" .
""" + "".join(f'<urn:n{i}> <urn:many> "{i:050}" <urn:m> .\n' for i in range(30_000))
ALL = "SELECT ?o { <urn:a> <urn:p> ?o } ORDER BY ?o"
NAMED = "SELECT ?o { GRAPH ?g { <urn:a> <urn:p> ?o } } ORDER BY ?o"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(stored(tmp_path_factory.mktemp("data"), NQUADS), buffered=1 << 20) as running:
        yield running


def column(answer: bytes) -> list[str]:
    return [row["o"]["value"] for row in json.loads(answer)["results"]["bindings"]]


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ({"union": True}, ["1", "2", "3"]),
        ({"union": False}, ["1"]),
        ({"default_graphs": ("urn:g",)}, ["2"]),
        ({"default_graphs": ("urn:g", "urn:h")}, ["2", "3"]),
        ({"named_graphs": ("urn:g",)}, []),
    ],
)
def test_the_default_graph_is_the_one_asked_for(
    service: Running, asked: dict[str, object], rows: list[str]
) -> None:
    assert column(service.query(ALL, **asked)) == rows


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ({}, ["2", "3"]),
        ({"default_graphs": ("urn:g",)}, []),
        ({"named_graphs": ("urn:h",)}, ["3"]),
        ({"default_graphs": ("urn:g",), "named_graphs": ("urn:h",)}, ["3"]),
    ],
)
def test_named_graphs_are_those_asked_for(
    service: Running, asked: dict[str, object], rows: list[str]
) -> None:
    assert column(service.query(NAMED, **asked)) == rows


def test_from_is_heeded_although_the_default_graph_is_a_union(service: Running) -> None:
    text = "SELECT ?o FROM <urn:h> { <urn:a> <urn:p> ?o }"
    assert column(service.query(text, union=True)) == ["3"]


def test_the_dataset_of_the_protocol_overrides_from(service: Running) -> None:
    text = "SELECT ?o FROM <urn:h> { <urn:a> <urn:p> ?o }"
    assert column(service.query(text, default_graphs=("urn:g",))) == ["2"]


def test_relative_names_are_resolved(service: Running) -> None:
    assert b"http://x/a" in service.query("CONSTRUCT { <a> <b> 1 } {}", base_iri="http://x/")


def test_each_form_has_its_own_format(service: Running) -> None:
    formats = Formats("text/csv", "application/sparql-results+xml", "application/n-triples")
    assert service.query(ALL, formats=formats) == b"o\r\n1\r\n2\r\n3\r\n"
    assert b"<boolean>true</boolean>" in service.query("ASK {}", formats=formats)
    triples = service.query("CONSTRUCT { <urn:x> <urn:y> 1 } {}", formats=formats)
    assert triples.startswith(b"<urn:x> <urn:y> ")


def test_a_form_without_format_is_told(service: Running) -> None:
    with pytest.raises(NoSuchFormat, match="rows") as caught:
        service.query(ALL, formats=Formats(bindings=None))
    assert caught.value.form == "bindings"


def test_characters_that_xml_cannot_hold_are_not_written(service: Running) -> None:
    text = "SELECT ?o { <urn:odd> <urn:q> ?o }"
    with pytest.raises(NoSuchFormat, match="XML"):
        service.query(text, formats=Formats(bindings="application/sparql-results+xml"))
    with pytest.raises(NoSuchFormat, match="XML"):
        service.query(
            "CONSTRUCT WHERE { <urn:odd> ?p ?o }", formats=Formats(graph="application/rdf+xml")
        )
    assert column(service.query(text)) == ["\x01"]


def test_the_place_of_an_error_is_told(service: Running) -> None:
    with pytest.raises(MalformedQuery) as caught:
        service.query("SELECT *\nWHERE { ?s ?p }")
    assert (caught.value.line, caught.value.column) == (2, 15)


@pytest.mark.parametrize("text", ["INSERT DATA { <urn:a> <urn:b> 1 }", "", "\x00", "SELECT \ud800"])
def test_what_is_no_query_is_refused(service: Running, text: str) -> None:
    with pytest.raises(QueryError):
        service.query(text)
    assert column(service.query(ALL)) == ["1", "2", "3"]


def test_an_unknown_function_fails_in_its_expression_only(service: Running) -> None:
    answer = service.query("SELECT ?o ?x { <urn:a> <urn:p> ?o BIND(<urn:f>(?o) AS ?x) }")
    assert len(column(answer)) == 3
    assert b'"x":{' not in answer


def test_other_servers_are_not_asked(service: Running) -> None:
    with pytest.raises(FetchingRefused):
        service.query("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }")


def test_readers_cannot_open_sockets() -> None:
    # Past the guard, as if it had a hole.
    program = (
        "from graph.children.sandbox import deny_sockets\n"
        "import pyoxigraph as ox\n"
        "assert deny_sockets()\n"
        "list(ox.Store().query('SELECT * { SERVICE <http://127.0.0.1:8099/> { ?s ?p ?o } }'))\n"
    )
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "ermission denied" in ended.stderr


def test_a_small_answer_comes_whole_and_a_large_one_streams(service: Running) -> None:
    async def both() -> tuple[int, list[int]]:
        small = await service.endpoint.query(QueryRequest(ALL))
        large = await service.endpoint.query(QueryRequest("SELECT ?s ?o { ?s <urn:many> ?o }"))
        assert large.whole is None
        portions = [len(portion) async for portion in large.body]
        await small.close()
        await large.close()
        return len(small.whole or b""), portions

    small, portions = service.do(both())
    assert small > 0
    assert len(portions) > 10
    assert sum(portions) > 3_000_000


def test_a_streamed_answer_is_complete(service: Running) -> None:
    assert len(column(service.query("SELECT ?s ?o { ?s <urn:many> ?o }"))) == 30_000


def test_a_client_that_goes_away_frees_the_process(service: Running) -> None:
    async def leave() -> None:
        for _ in range(8):
            answer = await service.endpoint.query(
                QueryRequest("SELECT ?s ?o { ?s <urn:many> ?o . ?x <urn:many> ?y }", client="x")
            )
            assert answer.whole is None
            await answer.close()
        work = asyncio.create_task(
            service.asked("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", client="x")
        )
        await asyncio.sleep(0.3)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)

    service.do(leave())
    assert column(service.query(ALL, client="x")) == ["1", "2", "3"]
    assert service.endpoint.status()["running"] == 0


def test_a_directory_without_data_answers_with_nothing(tmp_path: Path) -> None:
    with Running(tmp_path, readers=1) as empty:
        assert column(empty.query("SELECT ?o { ?s ?p ?o }")) == []
        assert empty.endpoint.data_version == "0"


def test_what_another_process_publishes_is_seen(tmp_path: Path) -> None:
    with Running(tmp_path, readers=1) as empty:
        stored(tmp_path, '<urn:a> <urn:p> "1" .')

        async def wait() -> None:
            while empty.endpoint.data_version == "0":
                await asyncio.sleep(0.05)

        empty.do(asyncio.wait_for(wait(), 10))
        assert column(empty.query(ALL)) == ["1"]
