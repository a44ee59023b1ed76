"""The fixture dataset and the answers to the competency questions on it.

`python -m tests.ontology.fixture` writes the answers anew: read the difference before committing.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import cast

import pyoxigraph as ox

from ontology.competency import Parameter, Question, load_questions
from ontology.files import resource, vocabulary_files
from ontology.vocabulary import SKOS, VOC, XSD

FIXTURE = Path(__file__).parent / "data" / "fixture.trig"
EXPECTED = Path(str(files("ontology").joinpath("questions", "expected")))
VOCABULARY_GRAPH = ox.NamedNode("https://w3id.org/scipol/graph/vocabulary")
Value = ox.NamedNode | ox.Literal


def fixture_quads() -> list[ox.Quad]:
    quads = list(ox.parse(path=FIXTURE))
    for name in vocabulary_files():
        for quad in ox.parse(resource(name).read_bytes(), format=ox.RdfFormat.TURTLE):
            quads.append(ox.Quad(*quad.triple, VOCABULARY_GRAPH))
    return quads


def fixture_store(quads: list[ox.Quad]) -> ox.Store:
    store = ox.Store()
    for quad in quads:
        store.add(quad)
    return store


def default_value(store: ox.Store, parameter: Parameter) -> Value:
    """The default of a parameter as a term; names of things are looked up."""
    if parameter.type in ("date", "decimal"):
        return ox.Literal(parameter.default, datatype=ox.NamedNode(getattr(XSD, parameter.type)))
    if parameter.type == "language":
        return ox.Literal(parameter.default)
    if parameter.type in VOC.schemes:
        return ox.NamedNode(VOC(parameter.type, parameter.default))
    label = ox.Literal(parameter.default, language="en")
    (found,) = {
        q.subject for q in store.quads_for_pattern(None, ox.NamedNode(SKOS.prefLabel), label)
    }
    return cast(ox.NamedNode, found)


def defaults(store: ox.Store, question: Question) -> dict[str, Value]:
    return {p.name: default_value(store, p) for p in question.parameters}


def answer(store: ox.Store, question: Question, values: Mapping[str, Value]) -> str:
    """The answer as SPARQL TSV."""
    rows = store.query(
        question.sparql,
        use_default_graph_as_union=True,
        substitutions={ox.Variable(name): value for name, value in values.items()} or None,
    )
    tsv = cast(ox.QuerySolutions, rows).serialize(format=ox.QueryResultsFormat.TSV)
    return cast(bytes, tsv).decode()


def main() -> None:
    store = fixture_store(fixture_quads())
    for old in EXPECTED.glob("*.tsv"):
        old.unlink()
    for question in load_questions():
        text = answer(store, question, defaults(store, question))
        (EXPECTED / f"{question.number:02d}.tsv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
