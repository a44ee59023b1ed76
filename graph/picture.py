"""A view as an SVG picture for print: the same places, shapes and colours as on the screen."""

from __future__ import annotations

import math
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from graph.queries import local_name
from graph.view import View, ViewEdge, ViewNode
from ontology.hierarchy import parents
from ontology.vocabulary import VOC

# XML knows no control characters, not even escaped ones.
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MARGIN, _FOOT = 90.0, 60.0
_LABEL_LINE, _LABEL_LINES, _LABELS_SHOWN = 20, 2, 80
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
# Kinds that share a shape with another are hollow, so that no two differ by colour alone.
_HOLLOW = frozenset(("Post", "ActorGroup", "Target", "Quantity", "Concept"))
_SHAPES = {"Concept": "diamond"}
_REGULAR = {
    "square": (4, 45.0, None),
    "pentagon": (5, -90.0, None),
    "hexagon": (6, 0.0, None),
    "octagon": (8, 22.5, None),
    "diamond": (4, 0.0, None),
    "triangle": (3, -90.0, None),
    "triangleDown": (3, 90.0, None),
    "star": (10, -90.0, 0.5),
    "gear": (16, 0.0, 0.72),
}
_CROSS = ((-0.35, -1), (0.35, -1), (0.35, -0.35), (1, -0.35), (1, 0.35), (0.35, 0.35))
# Shapes that statements alone have, so that none is taken for a thing; sizes of 1.
_FREE: Mapping[str, tuple[tuple[float, float], ...]] = {
    "arrow": (
        *((-1, -0.5), (0.1, -0.5), (0.1, -1), (1, 0), (0.1, 1), (0.1, 0.5)),
        (-1, 0.5),
    ),
    "plus": (*_CROSS, *((-x, -y) for x, y in _CROSS)),
    "saltire": tuple(
        (0.75 * (x - y), 0.75 * (x + y)) for x, y in (*_CROSS, *((-a, -b) for a, b in _CROSS))
    ),
    "hourglass": ((-0.9, -0.9), (0.9, -0.9), (-0.9, 0.9), (0.9, 0.9)),
    "bar": ((-1, -0.5), (1, -0.5), (1, 0.5), (-1, 0.5)),
}
_STANCES = {
    "requires": "octagon",
    "calls-for": "arrow",
    "commits-to": "pentagon",
    "carries-out": "gear",
    "endorses": "plus",
    "opposes": "saltire",
    "assesses": "hourglass",
}
_STANCE, _STANCE_SIZE = "#7a8490", 9.0
_INK, _LINE, _PAPER = "#1c2024", "#7b8691", "#ffffff"


class Look(NamedTuple):
    """How a kind of thing is drawn: no two kinds have shape and filling in common."""

    name: str
    shape: str
    color: str
    is_hollow: bool


def look_of(type_: str) -> Look:
    """How things of a type are drawn, and what people call them."""
    shape, color = LOOKS.get(type_, OTHER)
    name = NAMES.get(type_, type_)
    return Look(name, _SHAPES.get(type_, shape), color, type_ in _HOLLOW)


def stance_look(modality: str) -> Look:
    """How a statement is drawn as a node: its shape tells the modality, or the broader one."""
    name = modality.replace("-", " ")
    return Look(name, _STANCES.get(_broadest(modality), "bar"), _STANCE, is_hollow=False)


def outline(shape: str) -> list[tuple[float, float]]:
    """The corners of a shape of size 1 around (0, 0)."""
    if shape in _FREE:
        return [(round(x, 3), round(y, 3)) for x, y in _FREE[shape]]
    corners, turn, inner = _REGULAR[shape]
    found = []
    for i in range(corners):
        angle, far = math.radians(turn + 360 * i / corners), inner if inner and i % 2 else 1.0
        found.append((round(far * math.cos(angle), 3), round(far * math.sin(angle), 3)))
    return found


@cache
def _broadest(modality: str) -> str:
    """The modality that has a shape, of this one and those above it."""
    if modality in _STANCES:
        return modality
    try:
        above = parents(VOC("modality", modality))
    except KeyError:
        return modality
    return next((b for b in map(_broadest, map(local_name, above)) if b in _STANCES), modality)


def svg_picture(view: View, name: Callable[[str], str], about: Mapping[str, str]) -> str:
    """The view as an SVG document; `name` gives the id of an IRI, `about` what is noted below.

    Every node is a group with its id as `data-id` and its whole label as title.
    """
    places = {node.iri: (node.x, node.y) for node in view.nodes}
    left = min((x for x, _ in places.values()), default=0.0) - _MARGIN
    top = min((y for _, y in places.values()), default=0.0) - _MARGIN
    width = max((x for x, _ in places.values()), default=0.0) + _MARGIN - left
    height = max((y for _, y in places.values()), default=0.0) + _MARGIN + _FOOT - top
    labelled = labelled_nodes(view)
    note = " · ".join(f"{key}: {value}" for key, value in about.items() if key != "title")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.1f} {top:.1f} {width:.1f} '
        f'{height:.1f}" width="{width:.0f}" height="{height:.0f}" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="{_INK}">',
        f"<title>{_text(about.get('title', 'Scipol'))}</title><desc>{_text(note)}</desc>",
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="{_LINE}"/></marker></defs>',
        f'<rect x="{left:.1f}" y="{top:.1f}" width="100%" height="100%" fill="{_PAPER}"/>',
        *_edges(view, places, has_labels=len(view.edges) <= _LABELS_SHOWN),
        *(_node(node, name(node.iri), node.iri in labelled) for node in view.nodes),
        *_foot(left + 12, top + height - _FOOT + 22, view, note),
        "</svg>",
    ]
    return "\n".join(parts)


def labelled_nodes(view: View) -> frozenset[str]:
    """The nodes whose labels are always drawn: all of few, else those with most relations."""
    things = [node for node in view.nodes if not node.modality]
    ranked = sorted(things, key=lambda n: (-n.shown, n.iri))[:_LABELS_SHOWN]
    statements = [node for node in view.nodes if node.modality]
    few = statements if len(statements) <= _LABELS_SHOWN else []
    return frozenset(node.iri for node in (*ranked, *few))


def size_of(node: ViewNode) -> float:
    """Half the height of a node: the better connected in the whole graph, the larger."""
    if node.modality:
        return _STANCE_SIZE
    return round(8 + 2.2 * math.sqrt(min(node.degree, 60)), 1)


def _edges(
    view: View, places: Mapping[str, tuple[float, float]], has_labels: bool
) -> Iterator[str]:
    sizes = {node.iri: size_of(node) for node in view.nodes}
    before: Counter[frozenset[str]] = Counter()
    for edge in view.edges:
        pair = frozenset((edge.source, edge.target))
        number = before[pair]
        before[pair] += 1
        start, end = places[edge.source], places[edge.target]
        # Which side a line bends to is that of the pair, so that opposite ones never meet.
        side = number if edge.source <= edge.target else -number
        yield _line(edge, start, end, side, sizes[edge.target] + 3, has_labels)


def _line(
    edge: ViewEdge,
    start: tuple[float, float],
    end: tuple[float, float],
    side: int,
    gap: float,
    has_label: bool,
) -> str:
    across = (end[1] - start[1], start[0] - end[0])
    middle = [(a + b) / 2 + 0.25 * side * c for a, b, c in zip(start, end, across, strict=True)]
    toward = (end[0] - middle[0], end[1] - middle[1])
    far = math.hypot(*toward) or 1.0
    tip = [e - t / far * gap for e, t in zip(end, toward, strict=True)]
    width = min(1 + 0.5 * (edge.sentences - 1), 4)
    label = (
        f'<text x="{(start[0] + end[0]) / 4 + middle[0] / 2:.1f}" '
        f'y="{(start[1] + end[1]) / 4 + middle[1] / 2 - 2:.1f}" font-size="10" fill="#4a545e" '
        f'text-anchor="middle" paint-order="stroke" stroke="{_PAPER}" stroke-width="3">'
        f"{_text(edge.relation)}</text>"
        if has_label
        else ""
    )
    return (
        f"<g><title>{_text(f'{edge.relation} ({edge.sentences})')}</title>"
        f'<path d="M{start[0]:.1f} {start[1]:.1f}Q{middle[0]:.1f} {middle[1]:.1f} '
        f'{tip[0]:.1f} {tip[1]:.1f}" fill="none" stroke="{_LINE}" stroke-width="{width:g}" '
        f'marker-end="url(#arrow)"/>{label}</g>'
    )


def _node(node: ViewNode, id_: str, is_labelled: bool) -> str:
    look = stance_look(node.modality) if node.modality else look_of(node.type)
    size = size_of(node)
    label = look.name if node.modality else node.label
    lines = _label_lines(label) if is_labelled else []
    spans = "".join(
        f'<tspan x="{node.x}" dy="{"1.15em" if i else "0"}">{_text(line)}</tspan>'
        for i, line in enumerate(lines)
    )
    label = (
        f'<text x="{node.x}" y="{node.y + size + 14:.1f}" text-anchor="middle" '
        f'paint-order="stroke" stroke="{_PAPER}" stroke-width="4">{spans}</text>'
        if lines
        else ""
    )
    return (
        f"<g data-id={quoteattr(_clean(id_))}><title>{_text(f'{node.label} ({look.name})')}</title>"
        f"{_drawn(look, node.x, node.y, size)}"
        f"{label}</g>"
    )


def _drawn(look: Look, x: float, y: float, size: float) -> str:
    inside, border, width = (_PAPER, look.color, 2.5) if look.is_hollow else (look.color, _PAPER, 1)
    path = _shape(look.shape, x, y, size)
    return f'<path d="{path}" fill="{inside}" stroke="{border}" stroke-width="{width}"/>'


def _shape(shape: str, x: float, y: float, size: float) -> str:
    if shape == "dot":
        return (
            f"M{x - size:.1f} {y:.1f}a{size} {size} 0 1 0 {2 * size:.1f} 0"
            f"a{size} {size} 0 1 0 {-2 * size:.1f} 0z"
        )
    points = ((x + size * dx, y + size * dy) for dx, dy in outline(shape))
    return "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in points) + "z"


def _foot(x: float, y: float, view: View, note: str) -> Iterator[str]:
    """What the shapes mean, and where the picture comes from."""
    at = x
    types = {n.type for n in view.nodes if not n.modality}
    looks = [look_of(type_) for type_ in sorted(types, key=list(LOOKS).index)]
    looks += [stance_look(m) for m in sorted({n.modality for n in view.nodes if n.modality})]
    for look in looks:
        word = look.name
        yield _drawn(look, at, y - 4, 6)
        yield f'<text x="{at + 11:.1f}" y="{y:.1f}" font-size="11">{_text(word)}</text>'
        at += 30 + 6.5 * len(word)
    yield f'<text x="{x:.1f}" y="{y + 20:.1f}" font-size="10" fill="#4a545e">{_text(note)}</text>'


def _label_lines(label: str) -> list[str]:
    return textwrap.wrap(_clean(label), _LABEL_LINE, max_lines=_LABEL_LINES, placeholder="…") or [
        " "
    ]


def _clean(text: str) -> str:
    return _BROKEN.sub("\ufffd", text)


def _text(text: str) -> str:
    return escape(_clean(text))
