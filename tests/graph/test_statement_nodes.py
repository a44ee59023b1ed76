"""Statements drawn as nodes between speaker, content and addressee, on the small world."""

from typing import TypeAlias, get_args
from xml.etree import ElementTree

import networkx as nx
import pytest

from graph.draw import draw
from graph.picture import look_of, stance_look, svg_picture
from graph.placement import HEIGHT, WIDTH
from graph.queries import TYPES
from graph.records import Modality
from graph.search import SearchIndex
from graph.view import (
    Filters,
    Step,
    View,
    ViewSpec,
    ViewTooLarge,
    make_view,
    sentences_of,
)
from tests.graph.small_world import BASIC, SPEAKER

Network: TypeAlias = nx.MultiDiGraph


@pytest.fixture(scope="module")
def everything(world_network: Network) -> View:
    return make_view(world_network, ViewSpec(top=100, statements="nodes"))


def things(view: View) -> dict[str, tuple[float, float]]:
    return {n.iri: (n.x, n.y) for n in view.nodes if not n.modality}


def statements(view: View) -> dict[str, tuple[float, float]]:
    return {n.iri: (n.x, n.y) for n in view.nodes if n.modality}


def test_a_statement_stands_between_speaker_content_and_addressee(
    everything: View, world_index: SearchIndex
) -> None:
    labels = {n.iri: n.label for n in everything.nodes}
    jose = world_index.named(SPEAKER).iri
    said = [e.target for e in everything.edges if e.source == jose and e.relation == "speaker"]
    ends = {(e.relation, labels[e.target]) for e in everything.edges if e.source in said}
    assert ends == {
        ("content", BASIC),
        ("addressee", "Sudland"),
        ("content", "Aurora Research Fund"),
    }
    calls = next(n for n in everything.nodes if n.iri in said and n.modality == "calls-for")
    assert calls.label == f"calls for: {BASIC}"
    assert calls.first == calls.last == 2024


def test_every_stance_with_a_speaker_is_a_node_and_none_is_a_line(
    everything: View, world_network: Network
) -> None:
    assert everything.counts.statements == len(statements(everything)) == 10
    lines = {e.relation for e in everything.edges}
    assert not lines & {*get_args(Modality)}
    assert {"servesGoal", "implementedBy"} <= lines
    as_lines = make_view(world_network, ViewSpec(top=100))
    assert as_lines.counts.model_copy(update={"statements": 10}) == everything.counts


def test_things_lie_where_they_lie_with_lines(world_network: Network, everything: View) -> None:
    assert things(everything) == things(make_view(world_network, ViewSpec(top=100)))


def test_growing_moves_neither_things_nor_statements(
    world_network: Network, world_index: SearchIndex
) -> None:
    basic, jose = world_index.named(BASIC).iri, world_index.named(SPEAKER).iri
    spec = ViewSpec(seeds=(basic, jose), statements="nodes")
    before = make_view(world_network, spec)
    steps = (Step(expand=jose), Step(expand=basic))
    after = make_view(world_network, spec.model_copy(update={"steps": steps}))
    assert len(statements(after)) > len(statements(before)) > 0
    for of in (things, statements):
        assert {iri: of(after)[iri] for iri in of(before)} == of(before)


def test_nothing_lies_on_anything_else(everything: View) -> None:
    boxes = [
        (n.x, n.y, *((66.0, 40.0) if n.modality else (WIDTH, HEIGHT))) for n in everything.nodes
    ]
    for i, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, other_width, other_height in boxes[:i]:
            apart = (
                2 * abs(x - other_x) >= width + other_width,
                2 * abs(y - other_y) >= height + other_height,
            )
            assert any(apart)


def test_filters_move_no_statement_and_leave_what_they_leave_of_lines(
    world_network: Network, everything: View
) -> None:
    late = Filters(since=2024)
    view = make_view(world_network, ViewSpec(top=100, statements="nodes", filters=late))
    kept = statements(view)
    assert 0 < len(kept) < len(statements(everything))
    assert {iri: statements(everything)[iri] for iri in kept} == kept
    assert all(n.first == 2024 for n in view.nodes if n.modality)


def test_a_statement_can_be_taken_out(world_network: Network, everything: View) -> None:
    gone = min(statements(everything))
    view = make_view(world_network, ViewSpec(top=100, statements="nodes", drop=(gone,)))
    assert statements(view).keys() == statements(everything).keys() - {gone}
    assert gone not in {end for e in view.edges for end in (e.source, e.target)}


def test_too_many_statements_are_refused_with_what_to_do() -> None:
    network: Network = nx.MultiDiGraph()
    network.graph["modalities"] = {}
    for name in ("a", "b"):
        network.add_node(name, label=name, type="Person")
    network.add_edge(
        *("a", "b"),
        key="opposes",
        label="opposes",
        confidence=0.5,
        evidence=(),
        confidences=(),
        statements=(tuple(f"s{n}" for n in range(2000)),),
    )
    with pytest.raises(ViewTooLarge, match="Draw statements as lines"):
        make_view(network, ViewSpec(seeds=("a", "b"), statements="nodes"))


def test_every_modality_has_a_shape_that_no_other_and_no_thing_has() -> None:
    shapes = [stance_look(modality).shape for modality in get_args(Modality)]
    assert len(set(shapes)) == len(shapes)
    assert not {*shapes} & {look_of(type_).shape for type_ in TYPES}


def test_a_narrower_modality_has_the_shape_of_the_broader_one() -> None:
    assert stance_look("no-such-stance").shape == "bar"
    assert stance_look("urges").shape in {stance_look(m).shape for m in get_args(Modality)}


def test_the_picture_for_print_names_the_stance(everything: View) -> None:
    root = ElementTree.fromstring(svg_picture(everything, str, {}))
    texts = {"".join(e.itertext()) for e in root.iter() if e.tag.endswith("}tspan")}
    assert {"calls for", "opposes", "commits to", "carries out", "endorses"} <= texts
    groups = [g for g in root.iter() if "data-id" in g.attrib]
    assert len(groups) == len(everything.nodes)


def test_each_line_of_a_statement_has_its_sentence(
    everything: View, world_network: Network
) -> None:
    lines = [e for e in everything.edges if e.relation in ("speaker", "content", "addressee")]
    assert lines
    for line in lines:
        (sentence,) = sentences_of(world_network, line, Filters())
        assert sentence.quote


def test_a_page_of_its_own_shows_statements_as_boxes(world_network: Network) -> None:
    page = draw(world_network, ViewSpec(top=100, statements="nodes")).page()
    assert page.count('"shape": "box"') == 10
