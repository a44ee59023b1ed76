"""Compares what the graph quotes with the stored texts, by hash and offset."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from graph.identifiers import span_iri
from graph.layout import DataDirectory
from graph.records import Record
from graph.runs import text_path
from graph.store import Store
from graph.stores import open_store
from graph.terms import Term

_TEXTS = """
SELECT ?text ?sha256 ?characters ?document
WHERE {
  ?text a scip:TextVersion ; scip:sha256 ?sha256 ; scip:charCount ?characters ;
        scip:versionOf/dct:identifier ?document .
}
ORDER BY ?text
"""
_SPANS = """
SELECT ?span ?start ?end ?quote
WHERE { ?span scip:inVersion ?text ; scip:start ?start ; scip:end ?end ; scip:quote ?quote }
ORDER BY ?start ?end
"""
_COUNT = "SELECT (COUNT(DISTINCT ?span) AS ?number) WHERE { ?span a scip:EvidenceSpan }"


class Fault(Record):
    """Something that does not agree: where (a file or a span), and what."""

    where: str
    problem: str


class VerifyReport(Record):
    """How much was compared, and what did not agree.

    `leftover` are text files that no graph is about, as an interrupted build leaves them: no
    faults, the next build takes them up.
    """

    texts: int
    spans: int
    faults: tuple[Fault, ...]
    leftover: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """The result in a few words."""
        if not self.faults:
            return "every character agrees"
        return f"{len(self.faults)} do not agree"


def verify(data_dir: Path) -> VerifyReport:
    """Check that every text has its hash, and every span the words that stand at its offsets.

    Raises StoreError when there is no graph.
    """
    places = DataDirectory(data_dir)
    with open_store(data_dir) as store:
        faults: list[Fault] = []
        spans = 0
        known: set[Path] = set()
        for row in store.select(_TEXTS).rows:
            text, sha256, characters, document = map(_plain, row)
            path = text_path(places, text.rpartition("/")[2])
            known.add(path)
            quotes = store.select(_SPANS, {"text": ox.NamedNode(text)}).rows
            spans += len(quotes)
            content, problem = _read(path, sha256, characters)
            if problem:
                faults.append(Fault(where=str(path), problem=f"{problem} (document {document})"))
            if content is not None:
                faults += _check_quotes(path, text, content, quotes)
        faults += _check_loose(store, spans)
    leftover = sorted(str(p) for p in places.texts.glob("*.txt") if p not in known)
    return VerifyReport(
        texts=len(known), spans=spans, faults=tuple(faults), leftover=tuple(leftover)
    )


def _read(path: Path, sha256: str, characters: str) -> tuple[str | None, str | None]:
    """The content of a text file as far as it can be read, and what is wrong with it."""
    try:
        stored = path.read_bytes()
        content = stored.decode()
    except FileNotFoundError:
        return None, "the file is missing"
    except UnicodeDecodeError:
        return None, "the file is not UTF-8 any more"
    if hashlib.sha256(stored).hexdigest() != sha256:
        return content, "the file has been changed: its hash is not the one in the graph"
    if not sha256.startswith(path.stem):
        return content, "the name of the file is not the beginning of its hash"
    if str(len(content)) != characters:
        return content, f"the graph says {characters} characters, the file has {len(content)}"
    return content, None


def _check_quotes(
    path: Path, text: str, content: str, quotes: list[tuple[Term | None, ...]]
) -> Iterator[Fault]:
    sha16 = text.rpartition("/")[2]
    for row in quotes:
        span, start_, end_, quote = map(_plain, row)
        start, end = int(start_), int(end_)
        stands = content[start:end]
        if span != span_iri(sha16, start, end):
            yield Fault(where=span, problem=f"its offsets are {start} and {end}")
        elif stands != quote:
            at = next(
                (i for i, (a, b) in enumerate(zip(quote, stands, strict=False)) if a != b),
                len(stands),
            )
            problem = (
                f"from its character {at} on the graph quotes {_from(at, quote)}, "
                f"in {path.name} stands {_from(at, stands)}"
            )
            yield Fault(where=span, problem=problem)


def _check_loose(store: Store, compared: int) -> Iterator[Fault]:
    """Spans that could not be compared, since something of them is missing."""
    ((number,),) = store.select(_COUNT).rows
    loose = int(_plain(number)) - compared
    if loose:
        yield Fault(where="store", problem=f"{loose} spans lack their text, offsets or quote")


def _plain(term: Term | None) -> str:
    assert isinstance(term, ox.NamedNode | ox.Literal), "every column is bound"
    return term.value


def _from(at: int, words: str) -> str:
    """What differs, with a little before it."""
    return repr(words[max(at - 20, 0) : at + 40])
