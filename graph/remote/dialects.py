"""In what engines differ, where the standard leaves it open or an engine leaves the standard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

_XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True)
class Dialect:
    """How to speak to an engine.

    `union` is what a request says so that the default graph is the union of all graphs. `timeout`
    is the name of the parameter that limits the time of a query, in units of `per_second`.
    `own_graphs` are beginnings of the names of graphs that belong to the engine. `triples` is how
    many triples one INSERT DATA or DELETE DATA may have.
    """

    name: str
    union: Mapping[str, str] = field(default_factory=dict)
    timeout: str = "timeout"
    per_second: float = 1
    own_graphs: tuple[str, ...] = ()
    triples: int = 50_000
    replacements: tuple[tuple[bytes, bytes], ...] = ()

    def is_ours(self, graph: str) -> bool:
        """Whether a graph holds data, and is not one that the engine keeps for itself."""
        return not graph.startswith(self.own_graphs)

    def corrected(self, json: bytes) -> bytes:
        """Results in JSON with what the engine is known to write wrongly put right."""
        for wrong, right in self.replacements:
            json = json.replace(wrong, right)
        return json

    def corrected_while_arriving(self, json: Iterable[bytes]) -> Iterator[bytes]:
        """The same for results that come in portions, which may end anywhere."""
        kept = b""
        for portion in json:
            # What is put right never holds the end of an object.
            whole, end, rest = (kept + portion).rpartition(b"}")
            kept = rest
            if end:
                yield self.corrected(whole + end)
        yield kept


STANDARD = Dialect("standard")
# The default graph is the union by itself. Boolean values come back as 1 and 0 in JSON; inside a
# string the quotation marks of the pattern would be escaped, so that only values are met. Its
# compiler runs out of memory at some thousands of triples in one operation.
VIRTUOSO = Dialect(
    "Virtuoso",
    per_second=1000,
    own_graphs=(
        "http://www.openlinksw.com/",
        "http://www.w3.org/ns/ldp#",
        "http://www.w3.org/2002/07/owl#",
        "http://localuriqaserver/",
    ),
    triples=1000,
    replacements=tuple(
        (
            f'"datatype": "{_XSD}boolean", "value": "{digit}"'.encode(),
            f'"datatype": "{_XSD}boolean", "value": "{word}"'.encode(),
        )
        for digit, word in ((0, "false"), (1, "true"))
    ),
)
# Ways to ask for the union where the default graph is not that by itself: nothing, as Oxigraph
# has it, as Jena has it.
UNIONS: tuple[Mapping[str, str], ...] = (
    {},
    {"union-default-graph": "true"},
    {"default-graph-uri": "urn:x-arq:UnionGraph"},
)


def dialect_of(server: str, host: str) -> Dialect:
    """The dialect of an engine by what it calls itself in the header `Server`."""
    if not server.startswith("Virtuoso"):
        return STANDARD
    local = tuple(f"http://{name}/" for name in (host, "localhost:8890", "localhost"))
    return Dialect(
        **{
            **vars(VIRTUOSO),
            "own_graphs": VIRTUOSO.own_graphs
            + tuple(f"{place}{end}" for place in local for end in ("sparql", "DAV")),
        }
    )
