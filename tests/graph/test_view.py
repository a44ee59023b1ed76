"""Views: what is shown, what is hidden and why, and where everything lies."""

from datetime import date
from xml.etree import ElementTree

import networkx as nx
import pytest

from graph.picture import look_of, svg_picture
from graph.queries import TYPES, Evidence
from graph.view import HUB, Filters, Step, View, ViewSpec, ViewTooLarge, make_view
from tests.graph.small_world import HOSTILE


def _evidence(number: int, document: str, year: int | None) -> Evidence:
    return Evidence(
        span=f"urn:span:{number}",
        quote=f"Sentence {number}.",
        document=f"urn:doc:{document}",
        title=f"Document {document}",
        issued=date(year, 5, 1) if year else None,
    )


def _network() -> "nx.MultiDiGraph[str]":
    """A centre with forty leaves, three relations with one of them, an island, hostile labels."""
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_node("centre", label="Centre", type="Goal")
    for n in range(40):
        label = HOSTILE if n == 3 else f"Leaf {n}"
        network.add_node(f"leaf{n:02}", label=label, type="Country" if n % 4 else "Instrument")
    for n in range(40):
        year = None if n % 5 == 0 else 2000 + n % 20
        sentences = [_evidence(100 * n + i, "ab"[(n + i) % 2], year) for i in range(1 + n % 3)]
        _add(network, f"leaf{n:02}", "calls-for", "centre", sentences, 0.5 + 0.01 * n)
    _add(network, "leaf01", "opposes", "centre", [_evidence(9001, "a", 2010)], 0.4)
    _add(network, "centre", "servesGoal", "leaf01", [_evidence(9002, "b", 2011)], 0.9)
    for name in ("alone", "apart"):
        network.add_node(name, label=name, type="Person")
    _add(network, "alone", "memberOf", "apart", [_evidence(9003, "a", None)], 0.8)
    return network


def _add(
    network: "nx.MultiDiGraph[str]",
    source: str,
    relation: str,
    target: str,
    sentences: list[Evidence],
    confidence: float,
) -> None:
    network.add_edge(
        source,
        target,
        key=relation,
        label=relation,
        confidence=1 - (1 - confidence) ** len(sentences),
        evidence=tuple(sentences),
        confidences=(confidence,) * len(sentences),
    )


NETWORK = _network()
ALL = ViewSpec(top=100)


def _places(view: View) -> dict[str, tuple[float, float]]:
    return {node.iri: (node.x, node.y) for node in view.nodes}


def test_an_expansion_adds_the_strongest_25_and_the_next_one_the_rest() -> None:
    once = ViewSpec(seeds=("centre",), steps=(Step(expand="centre"),))
    first = make_view(NETWORK, once)
    both = make_view(NETWORK, once.model_copy(update={"steps": (*once.steps, *once.steps)}))
    assert [(g.added, g.left) for g in both.grown] == [(25, 15), (15, 0)]
    assert len(first.nodes) == 26
    assert len(both.nodes) == 41
    # Leaf 1 has three relations with the centre, more than anything else.
    assert first.nodes[1].iri == "leaf01"


def test_growing_moves_nothing() -> None:
    steps = (
        Step(expand="centre", count=7),
        Step(add=("alone",)),
        Step(expand="centre"),
        Step(expand="alone"),
    )
    before: dict[str, tuple[float, float]] = {}
    for number in range(len(steps) + 1):
        now = _places(make_view(NETWORK, ViewSpec(seeds=("centre",), steps=steps[:number])))
        assert {n: now[n] for n in before} == before
        before = now


def test_no_two_nodes_lie_on_each_other() -> None:
    places = list(_places(make_view(NETWORK, ALL)).values())
    for number, (x, y) in enumerate(places):
        assert all(abs(x - a) >= 130 or abs(y - b) >= 70 for a, b in places[:number])


def test_the_same_view_comes_out_the_same() -> None:
    assert make_view(NETWORK, ALL) == make_view(_network(), ALL)


def test_relations_between_what_is_shown_appear_by_themselves() -> None:
    view = make_view(NETWORK, ViewSpec(seeds=("centre",), steps=(Step(add=("leaf01",)),)))
    assert {(e.source, e.relation, e.target) for e in view.edges} == {
        ("centre", "servesGoal", "leaf01"),
        ("leaf01", "calls-for", "centre"),
        ("leaf01", "opposes", "centre"),
    }


@pytest.mark.parametrize(
    "filters",
    [
        Filters(types=("Goal", "Country")),
        Filters(relations=("opposes",)),
        Filters(since=2005, until=2012),
        Filters(undated=False),
        Filters(documents=("urn:doc:a",)),
        Filters(confidence=0.7),
        Filters(support=2),
        Filters(types=("Goal", "Country"), since=2005, confidence=0.6, support=2),
    ],
)
def test_shown_and_hidden_are_all(filters: Filters) -> None:
    view = make_view(NETWORK, ALL.model_copy(update={"filters": filters}))
    counts = view.counts
    assert counts.nodes == len(view.nodes) < counts.all_nodes == 43
    assert counts.edges == len(view.edges) < counts.all_edges == 43
    assert counts.nodes + sum(counts.hidden.values()) == counts.all_nodes
    assert counts.edges + sum(counts.hidden_edges.values()) == counts.all_edges


def test_filters_move_nothing() -> None:
    filters = Filters(types=("Goal", "Country"))
    every, some = (
        make_view(NETWORK, ALL.model_copy(update={"filters": f})) for f in (Filters(), filters)
    )
    assert _places(some).items() < _places(every).items()


def test_an_edge_stays_with_one_sentence_and_goes_with_none() -> None:
    # Leaf 2 has three sentences, the second of them in document b.
    spec = ViewSpec(seeds=("centre", "leaf02"))
    shown = [
        make_view(NETWORK, spec.model_copy(update={"filters": filters})).edges
        for filters in (
            Filters(documents=("urn:doc:b",)),
            Filters(documents=("urn:doc:b",), support=2),
            Filters(confidence=0.53),
        )
    ]
    assert [[e.sentences for e in edges] for edges in shown] == [[1], [], []]


def test_undated_relations_go_only_when_their_box_is_cleared() -> None:
    years = Filters(since=2005, until=2010)
    with_them = make_view(NETWORK, ALL.model_copy(update={"filters": years}))
    without = make_view(
        NETWORK, ALL.model_copy(update={"filters": years.model_copy(update={"undated": False})})
    )
    assert any(e.first is None for e in with_them.edges)
    assert all(e.first is not None for e in without.edges)
    assert with_them.counts.undated == without.counts.undated == 9


def test_what_is_asked_for_and_unknown_is_named() -> None:
    view = make_view(NETWORK, ViewSpec(seeds=("centre", "nothing"), steps=(Step(expand="nil"),)))
    assert view.missing == ("nothing", "nil")
    assert [n.iri for n in view.nodes] == ["centre"]


def test_dropped_things_are_gone_and_moved_ones_lie_where_they_were_put() -> None:
    spec = ALL.model_copy(update={"drop": ("leaf05",), "moved": {"leaf06": (5000.0, 1.5)}})
    view = make_view(NETWORK, spec)
    assert "leaf05" not in _places(view)
    assert _places(view)["leaf06"] == (5000.0, 1.5)


def test_too_large_views_are_refused_and_large_ones_are_cut() -> None:
    with pytest.raises(ViewTooLarge, match="more than 2,000"):
        make_view(NETWORK, ViewSpec(top=2001))
    view = make_view(NETWORK, ViewSpec(top=43, most=10))
    assert (len(view.nodes), view.counts.cut) == (10, 33)


def test_hubs_are_not_expanded_wholly() -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_node("hub", label="Hub", type="Goal")
    for n in range(HUB + 1):
        network.add_node(f"n{n}", label=f"N {n}", type="Country")
        _add(network, f"n{n}", "calls-for", "hub", [_evidence(n, "a", 2020)], 0.5)
    view = make_view(network, ViewSpec(seeds=("hub",), steps=(Step(expand="hub", count=200),)))
    assert view.grown[0].added == 25
    assert view.grown[0].left == HUB + 1 - 25


def test_an_empty_graph_gives_an_empty_view() -> None:
    view = make_view(nx.MultiDiGraph(), ViewSpec(top=10))
    assert (view.nodes, view.edges) == ((), ())
    ElementTree.fromstring(svg_picture(view, str, {}))


def test_a_picture_holds_every_node_once_and_its_label_as_text() -> None:
    view = make_view(NETWORK, ALL)
    root = ElementTree.fromstring(svg_picture(view, str, {"title": "T", "licence": HOSTILE}))
    groups = [g for g in root.iter() if "data-id" in g.attrib]
    assert sorted(g.attrib["data-id"] for g in groups) == sorted(n.iri for n in view.nodes)
    titles = [(g.findtext("{*}title") or "").rpartition(" (")[0] for g in groups]
    assert titles == [n.label for n in view.nodes]
    assert not [e for e in root.iter() if e.tag.endswith("script")]


def test_no_two_types_differ_by_colour_alone() -> None:
    looks = [look_of(type_) for type_ in TYPES]
    assert len({(look.shape, look.is_hollow) for look in looks}) == len(TYPES)
