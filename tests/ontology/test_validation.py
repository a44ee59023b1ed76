from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, SH, Graph, URIRef

from ontology.files import SHAPES, load, vocabulary_graph
from ontology.validation import Violation, validate
from ontology.vocabulary import SCIP

EXAMPLES = Path(str(files("ontology").joinpath("examples")))
GOOD = sorted((EXAMPLES / "good").glob("*.ttl"))
BAD = sorted((EXAMPLES / "bad").glob("*.ttl"))


def _together(paths: list[Path]) -> Graph:
    graph = Graph()
    for path in (EXAMPLES / "base.ttl", *paths):
        graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def bad_results() -> list[Violation]:
    """All bad examples validated at once; each file has focus nodes of its own."""
    return validate(_together(BAD))


def test_good_examples_conform() -> None:
    assert validate(_together(GOOD)) == []


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_example_gives_exactly_its_message(path: Path, bad_results: list[Violation]) -> None:
    expected = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    found = {
        f"{v.severity}: {v.message}"
        for v in bad_results
        if v.focus.startswith(f"https://example.org/bad/{path.stem}/")
    }
    assert found == {expected}


def test_bad_examples_say_nothing_against_what_they_share(bad_results: list[Violation]) -> None:
    assert [v for v in bad_results if not v.focus.startswith("https://example.org/bad/")] == []


def test_a_plain_shacl_engine_finds_the_same(bad_results: list[Violation]) -> None:
    """Our short cuts change how long it takes, not what is found."""
    data = _together(BAD) + vocabulary_graph()
    _, report, _ = pyshacl.validate(data, shacl_graph=load(SHAPES), inplace=True)
    assert isinstance(report, Graph)
    found = {
        (str(report.value(r, SH.focusNode)), str(report.value(r, SH.resultMessage)))
        for r in report.objects(None, SH.result)
    }
    assert found == {(v.focus, v.message) for v in bad_results}


def test_every_shape_has_a_good_and_a_bad_example() -> None:
    shapes = load(SHAPES)
    names = {str(s).rpartition("#")[2] for s in shapes.subjects(RDF.type, SH.NodeShape)}
    # What has no target is only used by another shape, whose good example covers it.
    targeted = {
        str(s).rpartition("#")[2]
        for target in (SH.targetClass, SH.targetSubjectsOf)
        for s in shapes.subjects(target)
    }
    assert {p.stem for p in GOOD} == targeted
    assert names <= {p.stem.partition("-")[0] for p in BAD}


def test_every_message_of_the_shapes_is_shown_by_a_bad_example() -> None:
    shapes = load(SHAPES)
    messages = {str(m) for m in shapes.objects(None, SH.message)}
    shown = {p.read_text(encoding="utf-8").splitlines()[0].partition(": ")[2] for p in BAD}
    assert messages == shown


def test_every_constraint_has_a_message_in_english() -> None:
    shapes = load(SHAPES)
    for constraint in [
        *shapes.objects(None, SH.sparql),
        *(p for s, p in shapes.subject_objects(SH.property) if isinstance(s, URIRef)),
    ]:
        if shapes.value(constraint, SH.hasValue) is not None:
            continue
        messages = list(shapes.objects(constraint, SH.message))
        assert [getattr(m, "language", None) for m in messages] == ["en"], constraint


def test_sparql_constraints_use_no_values_clause() -> None:
    shapes = load(SHAPES)
    for select in shapes.objects(None, SH.select):
        assert not re.search(r"\bVALUES\b", str(select))


def test_a_violation_names_focus_path_and_value(bad_results: list[Violation]) -> None:
    focus = "https://example.org/bad/Statement-speaker/statement"
    (found,) = [v for v in bad_results if v.focus == focus]
    assert found.path == SCIP.speaker
    assert found.value == "https://example.org/base/goal"


def test_a_path_is_read_with_its_named_graphs_together(tmp_path: Path) -> None:
    path = tmp_path / "data.nq"
    goal = "<https://example.org/g>"
    path.write_text(
        f"{goal} <{RDF.type}> <{SCIP.Goal}> <https://example.org/graph/1> .\n"
        f"{goal} <http://www.w3.org/2004/02/skos/core#prefLabel> "
        '"research"@en <https://example.org/graph/2> .\n'
    )
    assert validate(path) == []


def test_quotes_are_counted_in_code_points() -> None:
    quote = "科技🔬"
    span = "https://w3id.org/scipol/id/text/0000000000000000#char=0,3"
    text = "https://w3id.org/scipol/id/text/0000000000000000"
    graph = Graph().parse(
        data=f"<{span}> a <{SCIP.EvidenceSpan}> ; <{SCIP.inVersion}> <{text}> ;"
        f' <{SCIP.start}> 0 ; <{SCIP.end}> 3 ; <{SCIP.quote}> "{quote}"@zh .',
        format="turtle",
    )
    assert {v.message for v in validate(graph)} == {
        "A span must lie in exactly one text version."  # its text is not in the graph
    }
