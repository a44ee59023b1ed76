"""Short names for IRIs in the addresses of the REST interface.

`goal/open-science-abc` is `https://w3id.org/scipol/id/goal/open-science-abc`, `voc/field/physics`
is `https://w3id.org/scipol/voc/field/physics`, and an IRI of somebody else stays as it is.
"""

from __future__ import annotations

import pyoxigraph as ox

from api.errors import BadRequest
from api.parameters import absolute_iri
from graph.identifiers import BASE

_ENTITIES = f"{BASE}id/"
_OTHERS = ("voc/", "graph/", "ns#")
_SEPARATOR = "|"


def id_of(iri: str) -> str:
    """The short name of an IRI; it is the same for as long as the IRI is."""
    if iri.startswith(_ENTITIES) and not iri[len(_ENTITIES) :].startswith(_OTHERS):
        return iri[len(_ENTITIES) :]
    return iri.removeprefix(BASE)


def iri_of(given: str, name: str = "id") -> str:
    """The IRI behind a short name, or an IRI as it is. Raises BadRequest."""
    if "://" not in given:
        if not given or given.startswith("/"):
            raise BadRequest(f"The parameter {name!r} is no id: {given[:80]!r}.")
        given = f"{BASE if given.startswith(_OTHERS) else _ENTITIES}{given}"
    iri = absolute_iri(given, name)
    try:
        # The engine has the last word on what is an IRI.
        return ox.NamedNode(iri).value
    except ValueError:
        raise BadRequest(f"The parameter {name!r} is no id: {given[:80]!r}.") from None


def reader_of(document: str, span: str = "") -> str:
    """The page on which a document that was read is shown, at a span of it; all are IRIs."""
    page = f"/documents/{id_of(document).removeprefix('document/')}"
    return f"{page}?at={span.rpartition('=')[2]}#here" if span else page


def edge_id(source: str, relation: str, target: str) -> str:
    """The name of the edge by which a source has a relation with a target (IRIs)."""
    return _SEPARATOR.join((id_of(source), relation, id_of(target)))


def edge_of(given: str) -> tuple[str, str, str]:
    """Source, relation and target of an edge. Raises BadRequest."""
    parts = given.split(_SEPARATOR)
    if len(parts) != 3 or not parts[1]:
        raise BadRequest(
            f"The parameter 'edge' is {given[:80]!r}; an edge is SOURCE|RELATION|TARGET, "
            "as neighbours and paths give it."
        )
    return iri_of(parts[0], "edge"), parts[1], iri_of(parts[2], "edge")
