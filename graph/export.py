"""The whole graph in the formats that other tools read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import networkx as nx

from graph import queries
from graph.errors import QueryError, StoreError
from graph.network import load_network
from graph.serialise import GRAPHS
from graph.store import Store

CSV = "csv"
# The writer of networkx dates the file.
_GEXF_DATE = re.compile(r' lastmodifieddate="[^"]*"')
NETWORKS = ("graphml", "gexf")
_STATEMENT = (
    *("statement", "date", "speaker", "modality", "content", "addressee"),
    *("sentence", "document", "span", "confidence"),
)


def export_graph(store: Store, form: str) -> bytes:
    """The dataset as RDF (`nquads`, `trig`, `turtle`, …), or its network as `graphml` or `gexf`.

    N-Quads are in canonical order: equal graphs give equal bytes. Raises QueryError naming the
    formats there are.
    """
    if form in GRAPHS:
        return store.dump(GRAPHS[form])
    if form not in NETWORKS:
        known = ", ".join([*GRAPHS, *NETWORKS, CSV])
        raise QueryError(f"there is no format {form!r}; choose one of: {known}")
    return export_network(load_network(store), form)


def export_network(network: nx.MultiDiGraph[str], form: str) -> bytes:
    """A network from `graph.network`, or a part of it, as `graphml` or `gexf` (for Gephi)."""
    if form not in NETWORKS:
        raise QueryError(f"there is no format {form!r}; choose one of: {', '.join(NETWORKS)}")
    flat = flattened(network)
    output = io.BytesIO()
    if form == "graphml":
        nx.write_graphml(flat, output, encoding="utf-8", named_key_ids=True)
    else:
        text = "\n".join(nx.generate_gexf(flat))
        output.write(_GEXF_DATE.sub("", text).encode())
    return output.getvalue()


def flattened(network: nx.MultiDiGraph[str]) -> nx.MultiDiGraph[str]:
    """The network with plain numbers and texts only, which is all that GraphML and GEXF hold.

    Edges carry the number of sentences, the first of them, and their documents.
    """
    flat: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node, data in network.nodes(data=True):
        flat.add_node(node, label=_clean(data["label"]), type=data["type"])
    for number, (start, end, data) in enumerate(network.edges(data=True)):
        evidence = data["evidence"]
        flat.add_edge(
            start,
            end,
            key=str(number),
            id=str(number),
            label=data["label"],
            relation=data["label"],
            confidence=float(data["confidence"]),
            weight=float(len(evidence)),
            sentence=_clean(evidence[0].quote),
            span=evidence[0].span,
            documents="; ".join(sorted({_clean(e.title) for e in evidence})),
        )
    return flat


def statement_row(answer: queries.StatementAnswer) -> dict[str, object]:
    """A statement as one flat row, for a table; several contents are separated by semicolons."""
    return dict(
        zip(
            _STATEMENT,
            (
                answer.iri,
                answer.stated_on,
                answer.speaker.label if answer.speaker else None,
                answer.modality,
                "; ".join(t.label for t in answer.content),
                "; ".join(t.label for t in answer.addressee),
                answer.evidence.quote,
                answer.evidence.title,
                answer.evidence.span,
                answer.confidence,
            ),
            strict=True,
        )
    )


def export_csv(store: Store, folder: Path) -> list[Path]:
    """Write entities.csv, relations.csv, statements.csv and documents.csv; returns their paths.

    One line a thing, a relation with one sentence, a statement, a document. Raises StoreError
    where the folder cannot be written.
    """
    network = load_network(store)
    tables: dict[str, tuple[Sequence[str], Iterable[Sequence[object]]]] = {
        "entities": (
            ("iri", "type", "label", "relations"),
            ((n, d["type"], d["label"], network.degree(n)) for n, d in network.nodes(data=True)),
        ),
        "relations": (
            ("source", "relation", "target", "sentence", "document", "date", "span", "confidence"),
            (
                (s, d["label"], t, e.quote, e.title, e.issued, e.span, d["confidence"])
                for s, t, d in network.edges(data=True)
                for e in d["evidence"]
            ),
        ),
        "statements": (
            _STATEMENT,
            (
                tuple(statement_row(s).values())
                for s in queries.statements(store, queries.StatementFilter())
            ),
        ),
        "documents": (
            ("iri", "name", "title", "issued", "genre", "characters", "statements"),
            (
                (d.iri, d.name, d.title, d.issued, d.genre, d.characters, d.statements)
                for d in queries.documents(store)
            ),
        ),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_write(folder / f"{name}.csv", *table) for name, table in tables.items()]
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror}") from error


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def _clean(text: str) -> str:
    """Text without the control characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff"))
