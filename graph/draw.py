"""A view as one HTML page that works offline: picture, sentences and table; and in a notebook.

pyvis writes the page through our own template: its own loads parts from the network, lets the
browser lay the graph out (minutes for a few hundred nodes) and does not escape everything.
"""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import networkx as nx

from graph.network import most_connected
from graph.picture import LOOKS, look_of, size_of, stance_look
from graph.view import View, ViewEdge, ViewSpec, make_view, sentences_of

_LABEL_LINE, _LABEL_LINES = 17, 2
# What a label may take when its thing was chosen.
_CHOSEN_LINE, _CHOSEN_LINES = 28, 4
# A star looks smaller than what it is drawn into.
_STAR = 1.4
# Names of relations are drawn on so many lines only.
_EDGE_LABELS = 60
_SENTENCES_AN_EDGE = 3
_TOOLTIP = 300
_BEST = 60
_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "edges": {
        "smooth": False,
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.5}},
        "width": 1,
        "font": {"size": 10, "strokeWidth": 3, "align": "middle"},
    },
    "nodes": {"font": {"size": 15, "strokeWidth": 4}},
    "interaction": {
        "hover": True,
        "tooltipDelay": 120,
        "hideEdgesOnDrag": True,
        "keyboard": {"enabled": True, "bindToWindow": False},
    },
}


@dataclass(frozen=True)
class Frame:
    """A page inside a notebook; the last line of a cell shows it."""

    page: str
    height: int

    def _repr_html_(self) -> str:
        # Between single quotes, since the data of the page are full of double ones.
        inside = escape(self.page, quote=False).replace("'", "&#39;")
        return (
            "<iframe sandbox='allow-scripts' title='Network picture' loading='eager' "
            f"style='width:100%;height:{self.height}px;border:1px solid #8886;border-radius:4px' "
            f"srcdoc='{inside}'></iframe>"
        )


@dataclass(frozen=True)
class Drawing:
    """A view and the network it is of. Make one with `draw`."""

    network: nx.MultiDiGraph[str]
    spec: ViewSpec
    view: View
    title: str

    def page(self) -> str:
        """One HTML page that asks nothing of any server; to be written as UTF-8.

        Labels and sentences are text in every place, never markup.
        """
        return _page(self)

    def save(self, path: str | Path) -> Path:
        """Write the page to a file, which a browser opens from anywhere; returns its path."""
        Path(path).write_text(self.page(), "utf-8")
        return Path(path)

    def show(self, height: int = 640) -> Frame:
        """The page inside a notebook, so many pixels high. It is kept with the notebook."""
        return Frame(self.page(), height)


def draw(
    network: nx.MultiDiGraph[str], spec: ViewSpec | None = None, title: str = "Network"
) -> Drawing:
    """A view of a network from `graph.network`; without a specification, of the best connected.

    Places are those of the explorer and of `graph.view`: the same network and specification give
    the same page. Raises ViewTooLarge.
    """
    chosen = spec or ViewSpec(seeds=tuple(most_connected(network, _BEST)))
    return Drawing(network, chosen, make_view(network, chosen), title)


def _page(drawing: Drawing) -> str:
    # pyvis imports IPython, which takes a second.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from pyvis.network import Network

    page = Network(directed=True)
    _add_nodes(page, drawing.view)
    sentences = _add_edges(page, drawing)
    page.set_options(json.dumps(_OPTIONS))
    folder = Path(str(files("graph").joinpath("templates")))
    page.set_template_dir(str(folder), "network.html")
    page.path = "network.html"
    page.templateEnv = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined
    )
    types = sorted({node.type for node in drawing.view.nodes}, key=_legend_order)
    page.templateEnv.globals.update(
        title=drawing.title,
        sentences=sentences,
        legend=[(t, look_of(t)) for t in types],
        kinds=[(t, look_of(t).name) for t in types],
        vis_script=_vis_network(),
    )
    return str(page.generate_html())


def _legend_order(type_: str) -> int:
    return list(LOOKS).index(type_) if type_ in LOOKS else len(LOOKS)


def _add_nodes(page: object, view: View) -> None:
    # The better connected come first where there is not room for all labels.
    for node in sorted(view.nodes, key=lambda n: (-n.shown, -n.degree, n.iri)):
        look = stance_look(node.modality) if node.modality else look_of(node.type)
        name = look.name if node.modality else node.label
        relations = f"{node.shown} of {node.degree} relations shown"
        page.add_node(  # type: ignore[attr-defined]
            node.iri,
            label=_in_lines(name, _LABEL_LINE, _LABEL_LINES),
            whole=_in_lines(name, _CHOSEN_LINE, _CHOSEN_LINES),
            full=node.label,
            kind=node.type,
            title=f"{_short(node.label, _TOOLTIP)}\n{look.name}, {relations}",
            # The name of its modality tells a statement from a thing.
            shape="box" if node.modality else look.shape,
            color=look.color,
            hollow=look.is_hollow,
            size=round(size_of(node) * (_STAR if look.shape == "star" else 1), 1),
            x=node.x,
            y=node.y,
        )


def _in_lines(label: str, width: int, lines: int) -> str:
    """A label as few short lines, as it stands under its node."""
    return "\n".join(textwrap.wrap(label, width, max_lines=lines, placeholder="…") or [" "])


def _add_edges(page: object, drawing: Drawing) -> list[dict[str, str]]:
    """Add the edges; returns the sentences, to which each edge refers by number."""
    sentences: list[dict[str, str]] = []
    numbers: dict[str, int] = {}
    parallel: Counter[frozenset[str]] = Counter()
    edges = sorted(drawing.view.edges, key=lambda e: (e.source, e.target, e.relation))
    for number, edge in enumerate(edges):
        every = sentences_of(drawing.network, edge, drawing.spec.filters)
        shown = every[:_SENTENCES_AN_EDGE]
        for evidence in shown:
            if evidence.span not in numbers:
                numbers[evidence.span] = len(sentences)
                issued = f", {evidence.issued.isoformat()}" if evidence.issued else ""
                sentences.append({"quote": evidence.quote, "where": evidence.title + issued})
        pair = frozenset((edge.source, edge.target))
        page.add_edge(  # type: ignore[attr-defined]
            edge.source,
            edge.target,
            id=number,
            relation=edge.relation,
            label=edge.relation if len(edges) <= _EDGE_LABELS else None,
            sentences=[numbers[e.span] for e in shown],
            total=edge.sentences,
            confidence=round(edge.confidence, 2),
            width=min(1 + 0.5 * (edge.sentences - 1), 4),
            smooth=_bend(edge, parallel[pair]),
        )
        parallel[pair] += 1
    return sentences


def _bend(edge: ViewEdge, before: int) -> dict[str, Any] | bool:
    """Straight lines between the same two nodes would lie on top of each other."""
    if not before:
        return False
    # Which side a line bends to is that of the pair, so that opposite ones never meet.
    side = "curvedCW" if edge.source <= edge.target else "curvedCCW"
    return {"enabled": True, "type": side, "roundness": 0.22 * before}


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


@cache
def _vis_network() -> str:
    """The script of vis-network as the installed pyvis brings it."""
    script = files("pyvis").joinpath("templates", "lib", "vis-9.1.2", "vis-network.min.js")
    return script.read_text("utf-8")
