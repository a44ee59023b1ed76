"""Twenty thousand things: a hub with five thousand neighbours, and a web of all the others.

Written as N-Quads in the shape that builds give, since reading so many texts would take minutes.
"""

from collections.abc import Iterator
from pathlib import Path

from graph.layout import GRAPHS
from graph.writer import open_writer
from ontology.vocabulary import DCT, PREFIXES, SCIP, SKOS

THINGS, SPOKES, DOCUMENTS = 20_000, 5000, 50
HUB = "Universität of Everything"
# Spokes before this one have several sentences each, so that they are the strongest.
STRONG = 60
_ID = "https://w3id.org/scipol/id"
_TYPE = f"<{PREFIXES['rdf']}type>"
_XSD = PREFIXES["xsd"]
_KINDS = ("Organization", "Goal", "Instrument", "Country")


def iri(number: int) -> str:
    """IRI of a thing; 0 is the hub."""
    return f"{_ID}/{_kind(number).lower()}/big-{number:05}"


def store(data: Path) -> None:
    """Store it in a data directory."""
    with open_writer(data) as writer:
        writer.load("".join(_lines()).encode())
        writer.commit()
        writer.publish()


def _kind(number: int) -> str:
    return "Organization" if number == 0 else _KINDS[number % len(_KINDS)]


def _lines() -> Iterator[str]:
    end = f"<{GRAPHS}big> .\n"
    for number in range(THINGS):
        label = HUB if number == 0 else f"{_kind(number)} number {number}"
        yield f"<{iri(number)}> {_TYPE} <{getattr(SCIP, _kind(number))}> {end}"
        yield f'<{iri(number)}> <{SKOS.prefLabel}> "{label}"@en {end}'
    for number in range(DOCUMENTS):
        text, document = f"<{_ID}/text/{number:016x}>", f"<{_ID}/document/big-{number}>"
        yield f"{text} <{SCIP.versionOf}> {document} {end}"
        yield f'{text} <{SCIP.charCount}> "1000"^^<{_XSD}integer> {end}'
        yield f'{text} <{SCIP.sha256}> "{number:064x}" {end}'
        yield f"{document} {_TYPE} <{SCIP.Document}> {end}"
        yield f'{document} <{DCT.identifier}> "big-{number}" {end}'
        day = f"{2000 + number % 25}-01-01"
        yield f'{document} <{DCT.issued}> "{day}"^^<{_XSD}date> {end}'
    for number, (source, target) in enumerate(_relations()):
        span = f"<{_ID}/text/{number % DOCUMENTS:016x}#char={number},{number + 9}>"
        claim = f"<{_ID}/claim/big-{number}>"
        confidence = f"0.{50 + number % 50}"
        for line in (
            f"{claim} {_TYPE} <{SCIP.Claim}>",
            f"{claim} <{SCIP.claimSubject}> <{iri(source)}>",
            f"{claim} <{SCIP.claimPredicate}> <{SCIP.partnerOf}>",
            f"{claim} <{SCIP.claimObject}> <{iri(target)}>",
            f'{claim} <{SCIP.confidence}> "{confidence}"^^<{_XSD}decimal>',
            f"{claim} <{SCIP.evidence}> {span}",
            f'{span} <{SCIP.start}> "{number}"^^<{_XSD}integer>',
            f'{span} <{SCIP.end}> "{number + 9}"^^<{_XSD}integer>',
            f'{span} <{SCIP.quote}> "Sentence {number}."',
            f"{span} <{SCIP.inVersion}> <{_ID}/text/{number % DOCUMENTS:016x}>",
        ):
            yield f"{line} {end}"


def _relations() -> Iterator[tuple[int, int]]:
    for number in range(1, SPOKES + 1):
        for _ in range(3 if number <= STRONG else 1):
            yield number, 0
    for number in range(SPOKES + 1, THINGS):
        yield number, (number * 7919 + 13) % THINGS or 1
    for number in range(SPOKES + 1, THINGS, 4):
        yield number, (number + 131) % THINGS or 1
