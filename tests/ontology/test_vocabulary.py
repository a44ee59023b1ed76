from __future__ import annotations

import json
import subprocess
import sys

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF

from ontology import generate, vocabulary
from ontology.files import CONTEXT, ONTOLOGY, load, resource, scheme_files
from ontology.vocabulary import PREFIXES, SCIP, SKOS, VOC


def test_the_python_names_are_those_of_the_turtle() -> None:
    written = resource("vocabulary.py").read_text(encoding="utf-8")
    assert written == generate.vocabulary_source(), "run `python -m ontology.generate`"


def test_the_json_ld_context_is_that_of_the_turtle() -> None:
    written = resource(CONTEXT).read_text(encoding="utf-8")
    assert written == generate.context_source(), "run `python -m ontology.generate`"


def test_names_are_plain_strings() -> None:
    assert SCIP.servesGoal == "https://w3id.org/scipol/ns#servesGoal"
    assert SKOS.prefLabel == "http://www.w3.org/2004/02/skos/core#prefLabel"


def test_every_defined_term_has_a_python_name() -> None:
    graph = load(ONTOLOGY)
    defined = {
        str(s)
        for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
        for s in graph.subjects(RDF.type, kind)
        if str(s).startswith(PREFIXES["scip"])
    }
    assert {v for k, v in vars(SCIP).items() if not k.startswith("_")} == defined


def test_a_misspelt_term_fails_at_once() -> None:
    with pytest.raises(AttributeError):
        _ = SCIP.servesGoals  # type: ignore[attr-defined]


def test_concepts_are_found_by_code() -> None:
    assert VOC("modality", "calls-for") == "https://w3id.org/scipol/voc/modality/calls-for"
    assert VOC.scheme("field") == "https://w3id.org/scipol/voc/field"
    assert VOC.schemes == tuple(
        name.removeprefix("schemes/").removesuffix(".ttl") for name in scheme_files()
    )


@pytest.mark.parametrize(
    ("scheme", "code", "message"),
    [
        ("modality", "call-for", "near: calls-for"),
        ("modalities", "calls-for", "near: modality"),
        ("status", "zzz", "no concept 'zzz' in 'status'$"),
    ],
)
def test_an_unknown_concept_names_near_ones(scheme: str, code: str, message: str) -> None:
    with pytest.raises(KeyError) as error:
        VOC(scheme, code)
    assert message.rstrip("$") in str(error.value)


def test_importing_the_names_loads_nothing_else() -> None:
    script = (
        "import sys; before = set(sys.modules); import ontology.vocabulary; "
        "print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run(
        [sys.executable, "-S", "-c", f"import typing, collections.abc; {script}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=str(resource("vocabulary.py")).removesuffix("/ontology/vocabulary.py"),
    )
    assert run.stdout.split() == ["__future__", "ontology", "ontology.vocabulary"]


def test_prefixes_cover_every_class_of_names() -> None:
    for name, value in vars(vocabulary).items():
        if isinstance(value, type) and name.isupper():
            terms = [v for k, v in vars(value).items() if not k.startswith("_")]
            assert all(term.startswith(PREFIXES[name.lower()]) for term in terms), name


def test_json_ld_with_the_context_is_the_intended_rdf() -> None:
    document = json.loads(resource(CONTEXT).read_text(encoding="utf-8")) | {
        "id": "https://w3id.org/scipol/id/statement/s1",
        "type": "scip:Statement",
        "speaker": "https://w3id.org/scipol/id/country/china",
        "modality": "voc:modality/calls-for",
        "statedOn": "2023-02-21",
        "confidence": "0.9",
    }
    quads = ox.parse(json.dumps(document).encode(), format=ox.RdfFormat.JSON_LD)
    found = {(q.predicate.value, str(q.object)) for q in quads}
    assert found == {
        (str(RDF.type), f"<{SCIP.Statement}>"),
        (SCIP.speaker, "<https://w3id.org/scipol/id/country/china>"),
        (SCIP.modality, f"<{VOC('modality', 'calls-for')}>"),
        (SCIP.statedOn, '"2023-02-21"^^<http://www.w3.org/2001/XMLSchema#date>'),
        (SCIP.confidence, '"0.9"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
    }
