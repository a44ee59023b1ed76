"""Finding things by the names people type, and sentences by their words.

The index is one SQLite file beside the store, derived from it: it is made anew when the store
holds something else than it did when the index was made.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, Self

from graph import queries
from graph.errors import NotFound
from graph.extract import passages
from graph.identifiers import normalise, span_iri
from graph.layout import DataDirectory
from graph.queries import Evidence, Thing
from graph.records import Record
from graph.store import Store, data_version
from graph.stores import StorePlace
from graph.terms import Term

_SCHEMA = """
CREATE TABLE about (version TEXT NOT NULL);
CREATE TABLE names (
  iri TEXT NOT NULL, type TEXT NOT NULL, label TEXT NOT NULL, name TEXT NOT NULL,
  normal TEXT NOT NULL, preferred INTEGER NOT NULL, mentions INTEGER NOT NULL
);
CREATE INDEX names_by_normal ON names (normal);
CREATE INDEX names_by_iri ON names (iri);
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
# To be raised when the tables change.
_LAYOUT = 3
# Scripts that write no spaces: Chinese and Japanese signs, kana, Hangul.
_SIGN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W_]+")
# The trigram index finds nothing shorter.
_GRAM = 3
_COLUMNS = "n.iri, n.type, n.label, n.name, n.normal, n.mentions, n.preferred"
_LEAST_LIKE = 0.3
# So many names are looked at, and so many offered where none is meant.
_MOST, _NEAR = 1000, 5
# Scores from which a name is the same, and by which an alias falls behind.
_EXACT, _ALIAS = 0.95, 0.2
_WORDINGS = ("Goal", "Target")


class NameHit(Record):
    """A thing found by name: the name that matched, and how well (0 to 1)."""

    thing: Thing
    name: str
    score: float
    mentions: int


class Meant(Record):
    """The thing that is meant by a name, and the others that have exactly the same name.

    `exact` is False where the name is only a part of the one name that holds it.
    """

    thing: Thing
    exact: bool = True
    others: tuple[Thing, ...] = ()


class SentenceHit(Record):
    """A sentence found by its words; matches stand between « and » in `marked`."""

    evidence: Evidence
    marked: str


class SearchIndex:
    """Looks up names and sentences. Open one with `open_index`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; asking afterwards is an error of the caller."""
        self._connection.close()

    def named(self, name: str, types: Sequence[str] = ()) -> Thing:
        """The one thing that is meant by a name; see `meant`."""
        return self.meant(name, types).thing

    def meant(self, name: str, types: Sequence[str] = ()) -> Meant:
        """What is meant by a name as people type it, or by an IRI.

        Case, accents, articles and punctuation do not count. Of several things with that name the
        one that texts name most often is meant; a part of a name will do where only one thing has
        it. Raises NotFound with near names.
        """
        if hits := self.exact(name, types):
            first, *others = (hit.thing for hit in hits)
            return Meant(thing=first, others=tuple(others))
        similar = self.names(name, types, limit=_MOST)
        words = f" {normalise(name)} "
        holding = [hit.thing for hit in similar if words in f" {normalise(hit.name)} "]
        if len(holding) == 1 and words.strip():
            return Meant(thing=holding[0], exact=False)
        near = [hit.thing.label for hit in similar[:_NEAR]]
        kind = f" of type {' or '.join(types)}" if types else ""
        raise NotFound(f"nothing{kind} is called {name!r}", list(dict.fromkeys(near)))

    def exact(self, name: str, types: Sequence[str] = ()) -> list[NameHit]:
        """Things that have exactly this name after normalisation, the likeliest first."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM names n WHERE normal = ? OR iri = ?",
            (normalise(name), name),
        ).fetchall()
        hits = [_hit(row, 1.0 if row[6] else 0.95) for row in rows]
        return _best_of_each([h for h in hits if not types or h.thing.type in types])

    def names(self, text: str, types: Sequence[str] = (), limit: int = 20) -> list[NameHit]:
        """Things whose name holds all words of the text, each at least with its first letters.

        Exact names come first, then those that begin with the text, then the rest; among them those
        that texts name more often. Where no name holds all words, names that resemble the text.
        """
        normal = normalise(text)
        for find in (self._holding, self._resembling):
            rough = [_hit(row, _likeness(normal, row[4])) for row in find(normal)]
            like = [
                h for h in rough if h.score > _LEAST_LIKE and (not types or h.thing.type in types)
            ]
            if found := _best_of_each([*self.exact(text, types), *like]):
                return found[:limit]
        return []

    def count(self, text: str) -> int:
        """How many things have a name that holds all words of the text."""
        where, values = _holds(normalise(text))
        (number,) = self._connection.execute(
            f"SELECT COUNT(DISTINCT n.iri) FROM {where}", values
        ).fetchone()
        return int(number)

    def sentences(self, text: str, limit: int = 20) -> list[SentenceHit]:
        """Sentences that hold all the words, the best first; any language, accents ignored."""
        words = _WORD.findall(text)
        if not words:
            return []
        if _SIGN.search(text):
            rows = self._with_signs(words, limit)
        else:
            rows = self._connection.execute(
                "SELECT s.span, s.quote, s.document, s.title, s.issued, "
                "highlight(words, 0, '«', '»') "
                "FROM words JOIN sentences s ON s.rowid = words.rowid "
                "WHERE words MATCH ? ORDER BY bm25(words), s.span LIMIT ?",
                (" AND ".join(f'"{word}"' for word in words), limit),
            ).fetchall()
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

    def _with_signs(self, words: Sequence[str], limit: int) -> list[tuple[str, ...]]:
        """Sentences that hold runs of signs, of which Chinese words have mostly two.

        The index narrows the search down where a word is long enough for it.
        """
        long = [word for word in words if len(word) >= _GRAM]
        rows = self._connection.execute(
            "SELECT s.span, s.quote, s.document, s.title, s.issued FROM sentences s "
            + ("JOIN characters c ON c.rowid = s.rowid AND characters MATCH ? " if long else "")
            + "WHERE "
            + " AND ".join("instr(lower(s.quote), lower(?))" for _ in words)
            + " ORDER BY length(s.quote), s.span LIMIT ?",
            ([" AND ".join(f'"{word}"' for word in long)] if long else []) + [*words, limit],
        ).fetchall()
        marks = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
        return [(*row, marks.sub("«\\g<0>»", row[1])) for row in rows]

    def _holding(self, normal: str) -> list[tuple[str, ...]]:
        """Names that hold all words of the text, those that texts name most often first."""
        where, values = _holds(normal)
        return self._connection.execute(
            f"SELECT {_COLUMNS} FROM {where} "
            "ORDER BY instr(n.normal, ?) = 1 DESC, n.mentions DESC, n.normal, n.iri LIMIT ?",
            (*values, normal, _MOST),
        ).fetchall()

    def _resembling(self, normal: str) -> list[tuple[str, ...]]:
        """Names that share three letters in a row with the text."""
        grams = {normal[i : i + _GRAM] for i in range(len(normal) - _GRAM + 1)}
        if not grams:
            return []
        return self._connection.execute(
            f"SELECT {_COLUMNS} FROM fragments f "
            "JOIN names n ON n.rowid = f.name_row WHERE fragments MATCH ? "
            "ORDER BY bm25(fragments), n.iri LIMIT 300",
            (" OR ".join(map(_quoted, sorted(grams))),),
        ).fetchall()


def _holds(normal: str) -> tuple[str, list[str]]:
    """Where names are that hold all words of a text, as SQL, and the values in it.

    The index narrows the search down where a word is long enough for it.
    """
    words = normal.split()
    long = [word for word in words if len(word) >= _GRAM]
    tables = "names n"
    # Scripts that write no spaces have words anywhere.
    tests = [
        "instr(n.normal, ?) > 0" if _SIGN.search(word) else "instr(' ' || n.normal, ' ' || ?) > 0"
        for word in words
    ]
    if long:
        tables = "fragments f JOIN names n ON n.rowid = f.name_row"
        tests.insert(0, "fragments MATCH ?")
    values = ([" AND ".join(map(_quoted, long))] if long else []) + words
    return f"{tables} WHERE {' AND '.join(tests) or 'FALSE'}", values


def _quoted(text: str) -> str:
    """A text as the full-text index takes it, whatever signs are in it."""
    return f'"{text.replace(chr(34), chr(34) * 2)}"'


def open_index(data_dir: Path, store: Store) -> SearchIndex:
    """Open the index that belongs to this state of the store, making it first if need be.

    Two processes that make it at the same time do not disturb each other: the file is written
    under another name and put in place when it is whole.
    """
    path = DataDirectory(data_dir).search
    version = _version(store)
    if _version_of(path) != version and not os.access(path.parent, os.W_OK):
        # Somebody else's data: the index is made for this once, in memory.
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        _fill(connection, store, DataDirectory(data_dir).texts, version)
    else:
        if _version_of(path) != version:
            _make(path, store, DataDirectory(data_dir).texts, version)
        # SQLite takes turns by itself, so that the threads of a service can share an index.
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False
        )
    return SearchIndex(connection)


def is_due(data_dir: Path, store: Store) -> bool:
    """Whether `open_index` would have to make the index, in a file."""
    path = DataDirectory(data_dir).search
    return _version_of(path) != _version(store) and os.access(path.parent, os.W_OK)


def prepare_index(place: StorePlace) -> None:
    """Make the index if it is due, so that it opens at once."""
    with place.open() as store:
        open_index(place.data, store).close()


def _version(store: Store) -> str:
    return f"{_LAYOUT} {data_version(store)}"


def _version_of(path: Path) -> str | None:
    if not path.exists():
        return None
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            row = connection.execute("SELECT version FROM about").fetchone()
            return str(row[0]) if row else None
        except sqlite3.DatabaseError:
            # Damaged or of an older release; it is only derived, so it is made again.
            return None


def _make(path: Path, store: Store, texts: Path, version: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(draft)) as connection:
        _fill(connection, store, texts, version)
    draft.replace(path)


def _fill(connection: sqlite3.Connection, store: Store, texts: Path, version: str) -> None:
    with connection:
        connection.executescript(_SCHEMA)
        connection.executemany("INSERT INTO names VALUES (?, ?, ?, ?, ?, ?, ?)", _names(store))
        connection.execute("INSERT INTO fragments SELECT normal, rowid FROM names")
        sentences = chain(_sentences(store, texts), _evidence(store, texts))
        connection.executemany("INSERT INTO sentences VALUES (?, ?, ?, ?, ?)", sentences)
        for table in ("words", "characters"):
            connection.execute(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")
        connection.execute("INSERT INTO about VALUES (?)", (version,))


def _names(store: Store) -> Iterator[tuple[str, str, str, str, str, int, int]]:
    rows = store.select(queries.text_of("names")).rows
    types: dict[str, set[str]] = {}
    names: dict[str, list[tuple[bool, Term | None]]] = {}
    for entity, class_, kind, name in rows:
        iri = queries.value(entity)
        types.setdefault(iri, set()).add(queries.local_name(queries.value(class_)))
        names.setdefault(iri, []).append((queries.value(kind) == "preferred", name))
    often = {
        queries.value(entity): int(queries.value(number))
        for entity, number in store.select(queries.text_of("frequencies")).rows
    }
    for iri, given in sorted(names.items()):
        type_ = next(t for t in queries.TYPES if t in types[iri])
        label = queries.value(min(given, key=lambda n: (not n[0], queries.label_rank(n[1])))[1])
        for preferred, text in sorted({(p, queries.value(n)) for p, n in given}):
            yield iri, type_, label, text, normalise(text), int(preferred), often.get(iri, 0)


def _sentences(store: Store, texts: Path) -> Iterator[tuple[str, str, str, str, str | None]]:
    """Every sentence of the stored texts, also of those in which nothing was found."""
    for text, document, name, title, issued in store.select(queries.text_of("texts")).rows:
        sha16 = queries.local_name(queries.value(text))
        path = texts / f"{sha16}.txt"
        if not path.is_file():
            continue
        content = path.read_text("utf-8")
        for passage in passages.read(content).passages:
            yield (
                span_iri(sha16, passage.start, passage.end),
                content[passage.start : passage.end],
                queries.value(document),
                queries.value(title) or queries.value(name),
                queries.value(issued) or None,
            )


def _evidence(store: Store, texts: Path) -> Iterator[tuple[str, str, str, str, str | None]]:
    """The sentences that facts rest on, of texts that are not here: all that the store has."""
    here = {path.stem for path in texts.glob("*.txt")}
    known = store.select(queries.text_of("texts")).rows
    if known and all(queries.local_name(queries.value(row[0])) in here for row in known):
        return
    for span, quote, document, name, title, issued in store.select(
        queries.text_of("evidence")
    ).rows:
        if queries.local_name(queries.value(span).partition("#")[0]) in here:
            continue
        yield (
            queries.value(span),
            queries.value(quote),
            queries.value(document),
            queries.value(title) or queries.value(name),
            queries.value(issued) or None,
        )


def _hit(row: Sequence[Any], score: float) -> NameHit:
    iri, type_, label, name, normal, mentions, _ = row
    if normal == normalise(label):
        name = label  # "Researchers" is no other name of "researchers"
    return NameHit(
        thing=Thing(iri=iri, type=type_, label=label), name=name, score=score, mentions=mentions
    )


def _best_of_each(hits: Sequence[NameHit]) -> list[NameHit]:
    """One hit for each thing, the best; the likelier things first."""
    best: dict[str, NameHit] = {}
    for hit in hits:
        if hit.thing.iri not in best or hit.score > best[hit.thing.iri].score:
            best[hit.thing.iri] = hit
    return sorted(best.values(), key=_order)


def _order(hit: NameHit) -> tuple[float, int, int, str, str]:
    """The better name first, then what texts name more often.

    What begins like an alias comes after all that begin so by the name they are shown by. So does a
    goal by an alias that is the very text: goals have no names, only other words for them.
    """
    rank = queries.TYPES.index(hit.thing.type)
    is_name = hit.score >= _EXACT and hit.thing.type not in _WORDINGS
    is_alias = hit.name != hit.thing.label and not is_name
    return (
        -round(hit.score - _ALIAS * is_alias, 3),
        -hit.mentions,
        rank,
        hit.thing.label,
        hit.thing.iri,
    )


def _likeness(wanted: str, name: str) -> float:
    """How much a normalised name is like what was typed: its beginning, its words, or its letters.

    Names that are like it in the same manner are equal, so that use decides between them.
    """
    if name.startswith(wanted):
        return 0.8
    if f" {wanted} " in f" {name} " or (_SIGN.search(wanted) and wanted in name):
        return 0.6
    if all((word if _SIGN.search(word) else f" {word}") in f" {name}" for word in wanted.split()):
        return 0.5
    # Three-letter pieces in common, after Dice.
    a = {wanted[i : i + 3] for i in range(max(len(wanted) - 2, 1))}
    b = {name[i : i + 3] for i in range(max(len(name) - 2, 1))}
    return 0.85 * 2 * len(a & b) / (len(a) + len(b))
