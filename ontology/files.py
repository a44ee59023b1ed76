"""Opens the Turtle files of this package, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdflib import Graph

ONTOLOGY = "scip.ttl"
ALIGNMENT = "align.ttl"
SHAPES = "shapes.ttl"
CONTEXT = "context.jsonld"


def resource(name: str) -> Traversable:
    """The file of this package with this name, for example `schemes/field.ttl`.

    Raises FileNotFoundError where there is none.
    """
    found = files("ontology").joinpath(*name.split("/"))
    if not found.is_file():
        raise FileNotFoundError(f"the ontology has no file {name!r}")
    return found


def scheme_files() -> tuple[str, ...]:
    """Names of the files of the concept schemes, sorted."""
    folder = files("ontology").joinpath("schemes")
    return tuple(sorted(f"schemes/{f.name}" for f in folder.iterdir() if f.name.endswith(".ttl")))


def vocabulary_files() -> tuple[str, ...]:
    """Names of the files that make up the vocabulary: classes, properties and all schemes."""
    return (ONTOLOGY, *scheme_files())


def load(*names: str) -> Graph:
    """The named Turtle files as one new rdflib graph."""
    from rdflib import Graph

    graph = Graph()
    for name in names:
        graph.parse(data=resource(name).read_text(encoding="utf-8"), format="turtle")
    return graph


@cache
def vocabulary_graph() -> Graph:
    """The vocabulary as one shared rdflib graph: read it, never add to it."""
    return load(*vocabulary_files())
