"""The files of a pack: rows, sentences, sources, the question, and a page that explains them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version

from graph import queries
from graph.errors import QueryError
from graph.evidence import FactEvidence, evidence_of
from graph.pack.questions import (
    PARTS,
    Chosen,
    NetworkPart,
    Question,
    batches,
    facts_of,
    nodes,
)
from graph.picture import svg_picture
from graph.queries import Thing, local_name, text_of, things, value
from graph.records import Record
from graph.store import Store, data_version
from graph.view import View

# A pack is something that a person can read through, or at least open in a spreadsheet.
MOST_FACTS = 20_000
FORMAT = 1


class PackTooLarge(QueryError):
    """An answer has more facts than a pack holds."""


class Told(Record):
    """A fact as a row: who or what, the relation or stance, what, and to whom."""

    subjects: tuple[Thing, ...]
    relation: str
    objects: tuple[Thing, ...]
    addressees: tuple[Thing, ...] = ()
    stated: str = ""


def made(store: Store, question: Question, part: NetworkPart, link: str) -> dict[str, bytes]:
    """The files of the pack of a question, by name; `link` is the address that asks it.

    `part` is what `on_network` says of the question. Raises PackTooLarge, NotFound.
    """
    chosen = facts_of(store, question, part)
    if len(chosen) > MOST_FACTS:
        raise PackTooLarge(
            f"This answer rests on {len(chosen):,} facts; a pack holds {MOST_FACTS:,}. "
            "Narrow it down, or take the whole graph with `scipol export`."
        )
    facts = [one.fact for one in chosen]
    evidence = [found for some in batches(facts) for found in evidence_of(store, some)]
    quotes = _numbered(evidence)
    sources = _sources(store, sorted({e.document for e in evidence}))
    files = {
        "rows.csv": _rows(_told(store, facts), chosen, evidence, quotes, sources),
        "quotes.csv": _quotes(evidence, quotes, sources),
        "sources.csv": _table(_SOURCE_COLUMNS, sources.values()),
        "question.json": _json({"link": link, "what": PARTS[type(question)]}),
    }
    if part.view:
        files |= _picture(part.view, link, data_version(store))
    files["README.txt"] = _readme(store, link, question, len(facts), len(quotes), sources, files)
    files["manifest.json"] = _json(
        {
            "format": FORMAT,
            "link": link,
            "data_version": data_version(store),
            "software": f"scipol {version('scipol')}",
            "facts": len(facts),
            "quotes": len(quotes),
            "sources": len(sources),
        }
    )
    files["SHA256SUMS"] = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        for name, content in sorted(files.items())
    ).encode()
    return files


_Quotes = Mapping[tuple[str, int, int], str]
_Sources = Mapping[str, Mapping[str, str]]


def _numbered(evidence: Iterable[FactEvidence]) -> _Quotes:
    """A number for each sentence, in the order in which the rows need them."""
    places = dict.fromkeys((e.document, e.start, e.end) for e in evidence)
    return {place: f"Q{number}" for number, place in enumerate(places, 1)}


def _told(store: Store, facts: Sequence[str]) -> dict[str, Told]:
    told = {}
    for some in batches(facts):
        for one in queries.statements_named(store, some):
            told[one.iri] = Told(
                subjects=(one.speaker,) if one.speaker else (),
                relation=one.modality,
                objects=one.content,
                addressees=one.addressee,
                stated=one.stated_on.isoformat() if one.stated_on else "",
            )
        rows = store.select(text_of("claim-ends").replace("# FACTS", nodes(some))).rows
        known = things(store, {value(row[i]) for row in rows for i in (1, 3) if _is_iri(row[i])})
        for fact, subject, relation, object_, _ in rows:
            told[value(fact)] = Told(
                subjects=(_end(known, value(subject)),),
                relation=local_name(value(relation)),
                objects=(_end(known, value(object_)),),
            )
    return told


def _is_iri(term: object) -> bool:
    return str(term).startswith("<")


def _end(known: Mapping[str, Thing], text: str) -> Thing:
    """A thing that is known, or the plain value of a claim."""
    return known.get(text) or Thing(iri="", type="", label=text)


_ROW_COLUMNS = (
    *("row", "kind", "who", "who_iri", "relation", "what", "what_iri", "to", "to_iri"),
    *("stated_on", "confidence", "status", "method", "quote", "source", "part", "fact_iri"),
)


def _rows(
    told: Mapping[str, Told],
    chosen: Sequence[Chosen],
    evidence: Sequence[FactEvidence],
    quotes: _Quotes,
    sources: _Sources,
) -> bytes:
    """One line for each fact and sentence."""
    parts = {one.fact: one.part for one in chosen}
    rows = []
    for number, found in enumerate(evidence, 1):
        one = told[found.fact]
        cells = (
            *(str(number), found.kind),
            *(_labels(one.subjects), _iris(one.subjects), one.relation),
            *(_labels(one.objects), _iris(one.objects)),
            *(_labels(one.addressees), _iris(one.addressees), one.stated),
            *(f"{found.confidence:g}", found.status, found.method or ""),
            quotes[found.document, found.start, found.end],
            *(sources[found.document]["name"], parts[found.fact], found.fact),
        )
        rows.append(dict(zip(_ROW_COLUMNS, cells, strict=True)))
    return _table(_ROW_COLUMNS, rows)


def _labels(ends: Iterable[Thing]) -> str:
    return "; ".join(end.label for end in ends)


def _iris(ends: Iterable[Thing]) -> str:
    return " ".join(end.iri for end in ends if end.iri)


_QUOTE_COLUMNS = ("quote", "source", "title", "date", "start", "end", "text", "source_sha256")


def _quotes(evidence: Iterable[FactEvidence], quotes: _Quotes, sources: _Sources) -> bytes:
    """Every sentence once; `start` and `end` count characters in the text of the source."""
    texts = {(e.document, e.start, e.end): e for e in evidence}
    rows = []
    for place, number in quotes.items():
        found, source = texts[place], sources[place[0]]
        cells = (
            *(number, source["name"], source["title"], source["date"]),
            *(str(found.start), str(found.end), found.sentence, source["sha256"]),
        )
        rows.append(dict(zip(_QUOTE_COLUMNS, cells, strict=True)))
    return _table(_QUOTE_COLUMNS, rows)


_SOURCE_COLUMNS = (
    *("name", "title", "date", "issuer", "kind", "language", "citation", "address", "licence"),
    *("characters", "sha256", "iri"),
)


def _sources(store: Store, documents: Sequence[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for some in batches(documents):
        table = store.select(text_of("sources").replace("# DOCUMENTS", nodes(some)))
        for cells in table.rows:
            row = {n: value(c) for n, c in zip(table.variables, cells, strict=True)}
            one = found.setdefault(row["document"], _source(row))
            # Each of several issuers stands in a row of its own.
            names = dict.fromkeys([*filter(None, one["issuer"].split("; ")), row["publisher"]])
            one["issuer"] = "; ".join(filter(None, names))
    return dict(sorted(found.items(), key=lambda s: (s[1]["name"], s[0])))


def _source(row: Mapping[str, str]) -> dict[str, str]:
    plain = ("language", "citation", "address", "licence", "characters", "sha256", "name")
    return {
        **{column: row[column] for column in plain},
        "kind": local_name(row["kind"]),
        "title": row["title"] or row["name"],
        "date": row["issued"],
        "issuer": "",
        "iri": row["document"],
    }


_NODE_COLUMNS = ("iri", "type", "label", "x", "y", "relations", "shown", "documents")
_EDGE_COLUMNS = ("source_iri", "relation", "target_iri", "sentences", "confidence", "first", "last")


def _picture(view: View, link: str, data: str) -> dict[str, bytes]:
    """What a view looks like: the picture, and what lies where in it."""
    about = {"title": "Scipol", "link": link, "data version": data}
    rows = (
        (n.iri, n.type, n.label, f"{n.x:g}", f"{n.y:g}", str(n.degree), str(n.shown), str(n.docs))
        for n in view.nodes
    )
    lines = (
        (
            *(e.source, e.relation, e.target, str(e.sentences), f"{e.confidence:g}"),
            *(str(e.first or ""), str(e.last or "")),
        )
        for e in view.edges
    )
    return {
        "view.svg": svg_picture(view, lambda iri: iri, about).encode(),
        "things.csv": _table(
            _NODE_COLUMNS, (dict(zip(_NODE_COLUMNS, r, strict=True)) for r in rows)
        ),
        "relations.csv": _table(
            _EDGE_COLUMNS, (dict(zip(_EDGE_COLUMNS, r, strict=True)) for r in lines)
        ),
    }


_MEANINGS = {
    "rows.csv": "one line for each fact and sentence: who, which relation or stance, what, to "
    "whom, how sure (confidence, 0 to 1), what people said of it (status), which program found it "
    "(method), and the number of the quote",
    "quotes.csv": "the sentences word for word, with the place in the source (characters counted "
    "from 0, end not included)",
    "sources.csv": "the documents, with date, issuer, citation, and the SHA-256 of the text that "
    "was read",
    "question.json": "what was asked, as the address of a page",
    "view.svg": "the picture",
    "things.csv": "the things in the picture and where they lie",
    "relations.csv": "the lines of the picture, with the number of sentences behind each",
    "manifest.json": "the same in a form for programs",
    "SHA256SUMS": "the hash of each file; `sha256sum -c SHA256SUMS` compares them",
}


def _readme(
    store: Store,
    link: str,
    question: Question,
    facts: int,
    quotes: int,
    sources: _Sources,
    files: Mapping[str, bytes],
) -> bytes:
    """Plain words for somebody who has this pack and nothing else."""
    licences = sorted({s["licence"] for s in sources.values() if s["licence"]})
    names = sorted({*files, "manifest.json", "SHA256SUMS"})
    paragraphs = [
        "EVIDENCE PACK",
        f"This pack holds {PARTS[type(question)]}, taken from a Scipol knowledge graph together "
        f"with the sentences they rest on: {_number(facts, 'fact')}, "
        f"{_number(quotes, 'sentence')}, {_number(len(sources), 'source')}. A fact says what "
        "a document says, not whether it is true. What is not in here may still have been said "
        "elsewhere: only the documents in the graph were read.",
        f"Asked was: {link}\nData version: {data_version(store)}\n"
        f"Software: scipol {version('scipol')}",
        "THE FILES\n" + "\n".join(_item(name, _MEANINGS[name]) for name in names),
        "HOW TO CHECK IT\nEach quote can be compared with its source: it is what stands between "
        "start and end. Who has the data directory can make this pack anew and have every byte "
        "compared: scipol repack THIS-FILE.zip. There is no date in here, and nothing that differs "
        "between two machines, so the same data give the same file.",
        "RIGHTS\nQuotations belong to their documents. Licences that the documents state: "
        f"{', '.join(licences) or 'none'}.",
    ]
    return ("\n\n".join(_wrapped(p) for p in paragraphs) + "\n").encode()


def _number(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _item(name: str, meaning: str) -> str:
    return f"- {name}: {meaning}"


def _wrapped(paragraph: str) -> str:
    return "\n".join(
        textwrap.fill(
            line,
            88,
            subsequent_indent="  " if line.startswith("- ") else "",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in paragraph.split("\n")
    )


def _table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    output = io.StringIO()
    writer = csv.DictWriter(output, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return output.getvalue().encode()


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
