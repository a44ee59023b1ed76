"""The clients that people have already: what the README shows of them is run here."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from rdflib import URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore

from tests.api.serving import Served
from tests.graph.small_world import BASIC

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
_SERVICE = README.partition("\n## Service\n")[2].partition("\n## ")[0]
_ADDRESS = "http://localhost:8000"
LABELS = "SELECT ?label { ?goal a scip:Goal ; skos:prefLabel ?label } ORDER BY ?label"
PREFIXES = (
    "PREFIX scip: <https://w3id.org/scipol/ns#> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
)


def blocks(kind: str) -> list[str]:
    """What the section on the service shows, with `kind` behind the fence."""
    return re.findall(rf"```{kind}\n(.*?)```", _SERVICE, re.DOTALL)


def commands() -> list[str]:
    """The curl commands of the section, each on one line."""
    text = "\n".join(blocks("console")).replace("\\\n", " ")
    return [line[2:] for line in text.splitlines() if line.startswith("$ curl")]


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
@pytest.mark.parametrize("command", commands())
def test_curl_as_the_readme_shows_it(service: Served, command: str, tmp_path: Path) -> None:
    line = command.replace(_ADDRESS, service.url).replace("curl ", "curl -fsS --max-time 30 ", 1)
    done = subprocess.run(line, shell=True, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip(), "the answer is empty"
    if "json" in command:
        assert json.loads(done.stdout)
    if "csv" in command:
        assert BASIC in done.stdout


def test_the_readme_has_examples_of_all_kinds() -> None:
    assert len(commands()) >= 4
    shown = "\n".join(blocks("python"))
    assert all(name in shown for name in ("SPARQLWrapper", "SPARQLStore", "pandas"))


def test_python_as_the_readme_shows_it(service: Served, capsys: pytest.CaptureFixture[str]) -> None:
    for block in blocks("python"):
        exec(compile(block.replace(_ADDRESS, service.url), "README.md", "exec"), {})
    assert capsys.readouterr().out.count(BASIC) >= 3


@pytest.mark.parametrize(("method", "direct"), [("GET", False), ("POST", False), ("POST", True)])
def test_sparqlwrapper_reads_tables(service: Served, method: str, direct: bool) -> None:
    from SPARQLWrapper import JSON, POSTDIRECTLY, SPARQLWrapper

    client = SPARQLWrapper(f"{service.url}/sparql", returnFormat=JSON)
    client.setMethod(method)
    if direct:
        client.setRequestMethod(POSTDIRECTLY)
    client.setQuery(PREFIXES + LABELS)
    rows = client.queryAndConvert()["results"]["bindings"]
    assert BASIC in {row["label"]["value"] for row in rows}


# The client itself uses what rdflib gives up.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_sparqlwrapper_reads_graphs_and_answers(service: Served) -> None:
    from SPARQLWrapper import JSON, XML, SPARQLWrapper

    client = SPARQLWrapper(f"{service.url}/sparql")
    client.setQuery(f"{PREFIXES} CONSTRUCT {{ ?g a scip:Goal }} WHERE {{ ?g a scip:Goal }}")
    client.setReturnFormat(XML)
    assert len(client.queryAndConvert()) > 2
    client.setQuery(f"{PREFIXES} ASK {{ ?g a scip:Goal }}")
    client.setReturnFormat(JSON)
    assert client.queryAndConvert()["boolean"] is True


def test_rdflib_reads_over_the_endpoint(service: Served) -> None:
    from rdflib import Graph

    graph = Graph(store=SPARQLStore(f"{service.url}/sparql"))
    assert BASIC in {str(row[0]) for row in graph.query(PREFIXES + LABELS)}
    goal = URIRef("https://w3id.org/scipol/ns#Goal")
    assert (None, None, goal) in graph
    assert len(set(graph.subjects(None, goal))) > 2


def test_rdflib_writes_with_a_token(writable: Served) -> None:
    from rdflib import Graph

    given = (writable.data.parent / "token").read_text()
    store = SPARQLUpdateStore(
        f"{writable.url}/sparql",
        f"{writable.url}/update",
        headers={"Authorization": f"Bearer {given}"},
        context_aware=False,
    )
    triple = (URIRef("https://example.org/s"), URIRef("https://example.org/p"), URIRef("a:o"))
    graph = Graph(store=store)
    graph.add(triple)
    graph.commit()
    assert triple in graph
    graph.remove(triple)
    graph.commit()
    assert triple not in graph


def test_pandas_reads_csv_from_the_address(service: Served) -> None:
    from urllib.parse import urlencode

    import pandas as pd

    address = f"{service.url}/sparql?{urlencode({'query': PREFIXES + LABELS})}"
    table = pd.read_csv(address, storage_options={"Accept": "text/csv"})
    assert list(table.columns) == ["label"]
    assert BASIC in set(table["label"])
