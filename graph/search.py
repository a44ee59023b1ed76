"""Finding things by the names people type, and sentences by their words.

The index is one SQLite file beside the store, derived from it: it is made anew when the store
holds something else than it did when the index was made.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from graph import queries
from graph.errors import NotFound
from graph.identifiers import normalise
from graph.layout import DataDirectory
from graph.queries import Evidence, Thing
from graph.records import Record
from graph.store import Store, data_version

_SCHEMA = """
CREATE TABLE about (version TEXT NOT NULL);
CREATE TABLE names (
  iri TEXT NOT NULL, type TEXT NOT NULL, label TEXT NOT NULL, name TEXT NOT NULL,
  normal TEXT NOT NULL, preferred INTEGER NOT NULL
);
CREATE INDEX names_by_normal ON names (normal);
CREATE VIRTUAL TABLE fragments USING fts5 (normal, name_row UNINDEXED, tokenize = 'trigram');
CREATE TABLE sentences (
  span TEXT NOT NULL, quote TEXT NOT NULL, document TEXT NOT NULL, title TEXT NOT NULL,
  issued TEXT
);
CREATE VIRTUAL TABLE words USING fts5 (
  quote, content = 'sentences', tokenize = "unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE characters USING fts5 (
  quote, content = 'sentences', tokenize = 'trigram'
);
"""
# With equally good names the thing of the earlier type is meant.
_TYPE_ORDER = (
    "Country",
    "Organization",
    "Person",
    "Post",
    "Instrument",
    "Goal",
    "Target",
    "Event",
    "Document",
    "Concept",
    "ActorGroup",
)


class NameHit(Record):
    """A thing found by name: the name that matched, and how well (0 to 1)."""

    thing: Thing
    name: str
    score: float


class SentenceHit(Record):
    """A sentence found by its words; matches stand between « and » in `marked`."""

    evidence: Evidence
    marked: str


class SearchIndex:
    """Looks up names and sentences. Open one with `open_index`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def named(self, name: str, types: Sequence[str] = ()) -> Thing:
        """The one thing that is meant by a name as people type it, or by an IRI.

        Case, accents, articles and punctuation do not count. Raises NotFound with near names.
        """
        if hits := self.exact(name, types):
            return hits[0].thing
        near = [hit.thing.label for hit in self.names(name, types, limit=5)]
        kind = f" of type {' or '.join(types)}" if types else ""
        raise NotFound(f"nothing{kind} is called {name!r}", list(dict.fromkeys(near)))

    def exact(self, name: str, types: Sequence[str] = ()) -> list[NameHit]:
        """Things that have exactly this name after normalisation, the likeliest first."""
        rows = self._connection.execute(
            "SELECT iri, type, label, name, preferred FROM names WHERE normal = ? OR iri = ?",
            (normalise(name), name),
        ).fetchall()
        hits = [
            NameHit(thing=_thing(row), name=row[3], score=1.0 if row[4] else 0.95)
            for row in rows
            if not types or row[1] in types
        ]
        return _best_of_each(hits)

    def names(self, text: str, types: Sequence[str] = (), limit: int = 20) -> list[NameHit]:
        """Things whose name holds or resembles the text: exact, then beginning, then the rest."""
        normal = normalise(text)
        hits = self.exact(text, types)
        for iri, type_, label, name, candidate in self._candidates(normal):
            if not types or type_ in types:
                thing = Thing(iri=iri, type=type_, label=label)
                hits.append(NameHit(thing=thing, name=name, score=_likeness(normal, candidate)))
        return _best_of_each([h for h in hits if h.score > 0.25])[:limit]

    def sentences(self, text: str, limit: int = 20) -> list[SentenceHit]:
        """Sentences that hold all the words, the best first; any language, accents ignored."""
        table, query = _sentence_query(text)
        if not query:
            return []
        rows = self._connection.execute(
            "SELECT s.span, s.quote, s.document, s.title, s.issued, "
            f"highlight({table}, 0, '«', '»') FROM {table} "
            f"JOIN sentences s ON s.rowid = {table}.rowid "
            f"WHERE {table} MATCH ? ORDER BY bm25({table}), s.span LIMIT ?",
            (query, limit),
        )
        return [
            SentenceHit(
                evidence=Evidence(
                    span=span,
                    quote=quote,
                    document=document,
                    title=title,
                    issued=date.fromisoformat(issued) if issued else None,
                ),
                marked=marked,
            )
            for span, quote, document, title, issued, marked in rows
        ]

    def _candidates(self, normal: str) -> Iterator[tuple[str, str, str, str, str]]:
        """Names that share three letters in a row with the text, or begin with a short one."""
        grams = {normal[i : i + 3] for i in range(len(normal) - 2)}
        if grams:
            query = " OR ".join('"' + g.replace('"', '""') + '"' for g in sorted(grams))
            yield from self._connection.execute(
                "SELECT n.iri, n.type, n.label, n.name, n.normal FROM fragments f "
                "JOIN names n ON n.rowid = f.name_row WHERE fragments MATCH ? "
                "ORDER BY bm25(fragments), n.iri LIMIT 300",
                (query,),
            )
        elif normal:
            yield from self._connection.execute(
                "SELECT iri, type, label, name, normal FROM names "
                "WHERE substr(normal, 1, ?) = ? ORDER BY normal, iri LIMIT 300",
                (len(normal), normal),
            )


@contextmanager
def open_index(data_dir: Path, store: Store) -> Iterator[SearchIndex]:
    """Open the index that belongs to this state of the store, making it first if need be.

    Two processes that make it at the same time do not disturb each other: the file is written
    under another name and put in place when it is whole.
    """
    path = DataDirectory(data_dir).search
    version = data_version(store)
    if _version_of(path) != version:
        _make(path, store, version)
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        yield SearchIndex(connection)
    finally:
        connection.close()


def _version_of(path: Path) -> str | None:
    if not path.exists():
        return None
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        row = connection.execute("SELECT version FROM about").fetchone()
        return str(row[0]) if row else None
    except sqlite3.DatabaseError:
        # Damaged or of an older release; it is only derived, so it is made again.
        return None
    finally:
        connection.close()


def _make(path: Path, store: Store, version: str) -> None:
    import os

    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    connection = sqlite3.connect(draft)
    try:
        with connection:
            connection.executescript(_SCHEMA)
            connection.executemany("INSERT INTO names VALUES (?, ?, ?, ?, ?, ?)", _names(store))
            connection.execute("INSERT INTO fragments SELECT normal, rowid FROM names")
            connection.executemany("INSERT INTO sentences VALUES (?, ?, ?, ?, ?)", _spans(store))
            for table in ("words", "characters"):
                connection.execute(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")
            connection.execute("INSERT INTO about VALUES (?)", (version,))
    finally:
        connection.close()
    draft.replace(path)


def _names(store: Store) -> Iterator[tuple[str, str, str, str, str, int]]:
    rows = [
        (queries.value(iri), queries.local_name(queries.value(type_)), queries.value(kind), name)
        for iri, type_, kind, name in store.select(queries.text_of("names")).rows
    ]
    labels: dict[str, str] = {}
    for iri, _, kind, name in sorted(rows, key=str):
        english = getattr(name, "language", None) == queries.LABEL_LANGUAGE
        if kind == "preferred" and (english or iri not in labels):
            labels[iri] = queries.value(name)
    for iri, type_, kind, name in rows:
        text = queries.value(name)
        label = labels.get(iri, text)
        yield iri, type_, label, text, normalise(text), int(kind == "preferred")


def _spans(store: Store) -> Iterator[tuple[str, str, str, str, str | None]]:
    for span, quote, document, name, title, issued in store.select(
        queries.text_of("evidence")
    ).rows:
        yield (
            queries.value(span),
            queries.value(quote),
            queries.value(document),
            queries.value(title) or queries.value(name),
            queries.value(issued) or None,
        )


def _thing(row: Sequence[str]) -> Thing:
    return Thing(iri=row[0], type=row[1], label=row[2])


def _best_of_each(hits: Sequence[NameHit]) -> list[NameHit]:
    """One hit for each thing, the best; the likelier things first."""
    best: dict[str, NameHit] = {}
    for hit in hits:
        if hit.thing.iri not in best or hit.score > best[hit.thing.iri].score:
            best[hit.thing.iri] = hit
    return sorted(best.values(), key=_order)


def _order(hit: NameHit) -> tuple[float, int, int, str, str]:
    kind = hit.thing.type
    rank = _TYPE_ORDER.index(kind) if kind in _TYPE_ORDER else len(_TYPE_ORDER)
    return (-hit.score, rank, len(hit.thing.label), hit.thing.label, hit.thing.iri)


def _likeness(wanted: str, name: str) -> float:
    """How much two normalised names resemble each other, by their three-letter pieces (Dice).

    A name that begins with what was typed, or holds it as a whole, comes before a near miss.
    """
    a = {wanted[i : i + 3] for i in range(max(len(wanted) - 2, 1))}
    b = {name[i : i + 3] for i in range(max(len(name) - 2, 1))}
    dice = 2 * len(a & b) / (len(a) + len(b))
    if name.startswith(wanted):
        return 0.7 + 0.2 * dice
    if f" {wanted} " in f" {name} ":
        return 0.5 + 0.2 * dice
    return dice * 0.85


def _sentence_query(text: str) -> tuple[str, str]:
    """Table and FTS5 query. Scripts without spaces are searched by runs of characters."""
    words = [w for w in "".join(c if c.isalnum() else " " for c in text).split() if w]
    if any(ord(c) >= 0x2E80 for c in text):
        usable = [w for w in words if len(w) >= 3]
        return "characters", " AND ".join(f'"{w}"' for w in usable)
    return "words", " AND ".join(f'"{w}"' for w in words)
