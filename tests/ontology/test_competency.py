from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, URIRef

from ontology import competency
from ontology.competency import Question, load_questions
from ontology.files import ONTOLOGY, load
from ontology.validation import validate
from ontology.vocabulary import PREFIXES, SCIP
from tests.ontology.fixture import (
    EXPECTED,
    FIXTURE,
    Value,
    answer,
    defaults,
    fixture_quads,
    fixture_store,
)

QUESTIONS = load_questions()
NAMESPACE = PREFIXES["scip"]
PARAMETERS = [(q, p) for q in QUESTIONS for p in q.parameters]
NOTHING: dict[str, Value] = {
    "date": ox.Literal(
        "1900-01-01", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")
    ),
    "decimal": ox.Literal("0.0", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
}


@pytest.fixture(scope="module")
def store() -> ox.Store:
    return fixture_store(fixture_quads())


def test_the_fixture_conforms_to_the_shapes() -> None:
    assert validate(FIXTURE) == []


def test_questions_are_numbered_without_gaps() -> None:
    assert [q.number for q in QUESTIONS] == list(range(1, len(QUESTIONS) + 1))
    assert len(QUESTIONS) >= 26


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.slug)
def test_a_question_gives_the_expected_answer(question: Question, store: ox.Store) -> None:
    expected = (EXPECTED / f"{question.number:02d}.tsv").read_text(encoding="utf-8")
    assert answer(store, question, defaults(store, question)) == expected
    assert expected.count("\n") > 1, "an answer without rows shows nothing"


def test_nobody_disagrees_with_himself_and_documents_that_were_only_named_have_a_name() -> None:
    more = """
    PREFIX scip: <https://w3id.org/scipol/ns#>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    PREFIX id: <https://w3id.org/scipol/id/>
    PREFIX modality: <https://w3id.org/scipol/voc/modality/>
    <urn:later> a scip:Statement ; scip:modality modality:opposes ;
      scip:speaker <https://w3id.org/scipol/id/organization/ministry-of-science> ;
      scip:content <https://w3id.org/scipol/id/instrument/research-levy> .
    <https://w3id.org/scipol/id/instrument/research-levy> scip:setOutIn <urn:act> .
    <urn:act> a scip:Document ; skos:prefLabel "Levy Act"@en .
    """
    store = fixture_store([*fixture_quads(), *ox.parse(more, format=ox.RdfFormat.TURTLE)])
    disagreements, set_out = (QUESTIONS[number - 1] for number in (33, 37))
    expected = (EXPECTED / "33.tsv").read_text(encoding="utf-8")
    assert answer(store, disagreements, {}) == expected
    assert '"Levy Act"@en' in answer(store, set_out, {})


def test_answers_do_not_depend_on_the_order_of_loading(store: ox.Store) -> None:
    other = fixture_store(sorted(fixture_quads(), key=str, reverse=True))
    for question in QUESTIONS:
        values = defaults(store, question)
        assert answer(other, question, values) == answer(store, question, values), question.slug


@pytest.mark.parametrize(
    ("question", "parameter"), PARAMETERS, ids=[f"{q.slug}-{p.name}" for q, p in PARAMETERS]
)
def test_a_parameter_decides_the_answer(
    question: Question, parameter: object, store: ox.Store
) -> None:
    assert parameter in question.parameters
    (wanted,) = [p for p in question.parameters if p is parameter]
    values = defaults(store, question)
    unknown: Value = NOTHING.get(wanted.type, ox.NamedNode("https://w3id.org/scipol/id/none"))
    if wanted.type == "language":
        unknown = ox.Literal("en")
    other = answer(store, question, values | {wanted.name: unknown})
    assert other != answer(store, question, values)
    if wanted.type != "language":
        assert other.count("\n") == 1, "an unknown value must give no rows"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.slug)
def test_words_and_columns_name_the_parameters(question: Question) -> None:
    names = {p.name for p in question.parameters}
    assert set(re.findall(r"\{(\w+)\}", question.question)) == names
    columns = re.search(r"^SELECT DISTINCT (.*)", question.sparql, re.MULTILINE)
    assert columns is not None
    selected = set(re.findall(r"\?(\w+)", columns[1]))
    assert names <= selected, "only a column can be bound"
    order = re.findall(r"^ORDER BY (.*)", question.sparql, re.MULTILINE)
    assert set(re.findall(r"\?(\w+)", order[-1])) <= selected, "other engines order columns only"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("01-a.rq", "SELECT ?x WHERE { ?x ?y ?z }", "01-a.rq: needs a number"),
        ("first.rq", "# question: Why?", "first.rq: needs a number"),
        ("01-a.rq", "# question: {x}?\n# parameter: x Goal", "01-a.rq: a parameter is 'name type"),
    ],
)
def test_a_malformed_question_is_named(
    name: str, text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(competency, "files", lambda package: tmp_path)
    with pytest.raises(ValueError, match=re.escape(message)):
        competency.load_questions.__wrapped__()


def test_every_class_and_property_is_needed_by_a_question() -> None:
    ontology = load(ONTOLOGY)
    used = {
        URIRef(f"{NAMESPACE}{n}") for q in QUESTIONS for n in re.findall(r"scip:(\w+)", q.sparql)
    }
    inverses = set(ontology.subjects(OWL.inverseOf))  # declared for readers, never stored
    properties = {
        p
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty)
        for p in ontology.subjects(RDF.type, kind)
        if p not in inverses
    }
    assert properties - used == set()
    ends = {c for p in used for e in (RDFS.domain, RDFS.range) for c in ontology.objects(p, e)}
    needed = {
        above for c in used | ends for above in ontology.transitive_objects(c, RDFS.subClassOf)
    }
    classes = {c for c in ontology.subjects(RDF.type, OWL.Class) if str(c).startswith(NAMESPACE)}
    # Groups are asked for by their target group, not by their class.
    assert classes - needed == {URIRef(SCIP.ActorGroup)}
