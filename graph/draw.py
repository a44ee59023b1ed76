"""A networkx graph as one HTML page that works offline: picture, sentences and table.

pyvis writes the page through our own template: its own loads parts from the network, lets the
browser lay the graph out (minutes for a few hundred nodes) and does not escape everything.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import networkx as nx

from graph.positions import positions

# Types differ by shape as well as by colour (WCAG 1.4.1); the colours are those of Okabe and Ito,
# which people who cannot tell red from green can tell apart.
LOOKS = {
    "Person": ("dot", "#0072B2"),
    "Post": ("dot", "#56B4E9"),
    "Organization": ("square", "#0072B2"),
    "Country": ("hexagon", "#3B7DD8"),
    "ActorGroup": ("square", "#56B4E9"),
    "Goal": ("star", "#D55E00"),
    "Target": ("star", "#B8481B"),
    "Instrument": ("diamond", "#009E73"),
    "Event": ("triangle", "#CC79A7"),
    "Document": ("triangleDown", "#8A63B8"),
    "Concept": ("dot", "#E69F00"),
    "Quantity": ("triangleDown", "#8A7A00"),
}
OTHER = ("dot", "#777777")
NAMES = {
    "ActorGroup": "Group",
    "Concept": "Field",
    "Organization": "Organisation",
    "Quantity": "Figure",
}

# So many labels can be read at once; the others appear when their node is touched.
_LABELS_SHOWN = 80
_LABEL_LINE = 20
_LABEL_LINES = 2
# Pixels that a character and a line of a label take, and the space around.
_CHARACTER, _LINE, _MARGIN = 7.6, 18.0, 12.0
_SENTENCES_AN_EDGE = 3
_TOOLTIP = 300
_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "edges": {
        "smooth": False,
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.5}},
        "width": 1,
    },
    "nodes": {"borderWidth": 1, "font": {"size": 14, "strokeWidth": 4}},
    "interaction": {
        "hover": True,
        "tooltipDelay": 120,
        "hideEdgesOnDrag": True,
        "keyboard": {"enabled": True, "bindToWindow": False},
    },
}


def draw_page(network: nx.MultiDiGraph[str], title: str) -> str:
    """One HTML page of a network from `graph.network`, that asks nothing of any server.

    Positions are computed here and are the same for the same network. Labels and sentences are
    text in every place, never markup. The page is to be written as UTF-8.
    """
    # pyvis imports IPython, which takes a second.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from pyvis.network import Network

    page = Network(directed=True)
    _add_nodes(page, network)
    sentences = _add_edges(page, network)
    page.set_options(json.dumps(_OPTIONS))
    folder = Path(str(files("graph").joinpath("templates")))
    page.set_template_dir(str(folder), "network.html")
    page.path = "network.html"
    page.templateEnv = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined
    )
    types = sorted({data["type"] for _, data in network.nodes(data=True)}, key=_legend_order)
    page.templateEnv.globals.update(
        title=title,
        sentences=sentences,
        legend=[(t, NAMES.get(t, t), *LOOKS.get(t, OTHER)) for t in types],
        kinds=[(t, NAMES.get(t, t)) for t in types],
        vis_script=_vis_network(),
    )
    return str(page.generate_html())


def _legend_order(type_: str) -> int:
    return list(LOOKS).index(type_) if type_ in LOOKS else len(LOOKS)


def _add_nodes(page: object, network: nx.MultiDiGraph[str]) -> None:
    sizes = {n: 8 + 3 * min(network.degree(n), 60) ** 0.5 for n in network}
    ranked = sorted(network, key=lambda n: (-network.degree(n), n))
    labels = {n: _in_lines(network.nodes[n]["label"]) for n in ranked[:_LABELS_SHOWN]}
    places = positions(network, {n: _box(sizes[n], labels.get(n, "")) for n in network})
    for node in sorted(network):
        data = network.nodes[node]
        shape, color = LOOKS.get(data["type"], OTHER)
        x, y = places[node]
        kind = NAMES.get(data["type"], data["type"])
        page.add_node(  # type: ignore[attr-defined]
            node,
            label=labels.get(node, " "),
            full=data["label"],
            kind=data["type"],
            title=f"{_short(data['label'], _TOOLTIP)}\n{kind}, {_relations(network.degree(node))}",
            shape=shape,
            color=color,
            size=round(sizes[node], 1),
            x=x,
            y=y,
        )


def _relations(number: int) -> str:
    return "1 relation" if number == 1 else f"{number} relations"


def _in_lines(label: str) -> str:
    """A label as few short lines, as it stands under its node."""
    return "\n".join(
        textwrap.wrap(label, _LABEL_LINE, max_lines=_LABEL_LINES, placeholder="…") or [" "]
    )


def _box(size: float, label: str) -> tuple[float, float]:
    """Width and height that a node needs with the label under it."""
    lines = label.split("\n") if label else []
    # Signs of Chinese or Japanese are twice as wide as letters.
    widths = [sum(2 if ord(c) >= 0x2E80 else 1 for c in line) for line in lines]
    width = max([2 * size, *(_CHARACTER * w for w in widths)])
    # The label only takes room below, but boxes are centred on the node.
    return (width + _MARGIN, 2 * size + _LINE * len(lines) + _MARGIN)


def _add_edges(page: object, network: nx.MultiDiGraph[str]) -> list[dict[str, str]]:
    """Add the edges; returns the sentences, to which each edge refers by number."""
    sentences: list[dict[str, str]] = []
    numbers: dict[str, int] = {}
    parallel: dict[frozenset[str], int] = {}
    edges = sorted(network.edges(keys=True, data=True), key=lambda e: e[:3])
    for number, (start, end, _, data) in enumerate(edges):
        shown = data["evidence"][:_SENTENCES_AN_EDGE]
        for evidence in shown:
            if evidence.span not in numbers:
                numbers[evidence.span] = len(sentences)
                issued = f", {evidence.issued.isoformat()}" if evidence.issued else ""
                sentences.append({"quote": evidence.quote, "where": evidence.title + issued})
        pair = frozenset((start, end))
        before = parallel.get(pair, 0)
        parallel[pair] = before + 1
        # Straight lines between the same two nodes would lie on top of each other.
        bend = {"enabled": True, "type": "curvedCW", "roundness": 0.25 * before}
        page.add_edge(  # type: ignore[attr-defined]
            start,
            end,
            id=number,
            relation=data["label"],
            title=_tooltip(data["label"], shown, len(data["evidence"])),
            sentences=[numbers[e.span] for e in shown],
            total=len(data["evidence"]),
            confidence=round(data["confidence"], 2),
            width=min(1 + 0.5 * (len(data["evidence"]) - 1), 4),
            smooth=bend if before else False,
        )
    return sentences


def _tooltip(relation: str, shown: Sequence[Any], total: int) -> str:
    first = shown[0]
    more = f"\n… and {total - 1} more" if total > 1 else ""
    return f"{relation}\n“{_short(first.quote, _TOOLTIP)}”\n{_short(first.title, _TOOLTIP)}{more}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


@cache
def _vis_network() -> str:
    """The script of vis-network as the installed pyvis brings it."""
    script = files("pyvis").joinpath("templates", "lib", "vis-9.1.2", "vis-network.min.js")
    return script.read_text("utf-8")
