"""A graph of any size, the same in every run: who said what in which document."""

from __future__ import annotations

from pathlib import Path

from graph.layout import GRAPHS
from ontology.vocabulary import PREFIXES, SCIP, SKOS

BASE = "https://w3id.org/scipol/id"
# Quads of one statement, with its span; and of one thing.
_PER_STATEMENT = 9
_PER_THING = 2
_STATEMENTS_PER_TEXT = 100
THINGS = 20_000
_TYPE = f"<{PREFIXES['rdf']}type>"
_WORDS = (
    *("fund", "support", "open", "basic", "applied", "research"),
    *("data", "skills", "regional", "industry", "climate"),
)


def statement(number: int) -> str:
    """IRI of a statement."""
    return f"{BASE}/statement/{number:07}"


def thing(number: int) -> str:
    """IRI of a thing that speaks or is spoken of."""
    return f"{BASE}/thing/{number % THINGS:05}"


def content_of(number: int) -> str:
    """IRI of the thing that a statement is about."""
    return thing(number * 104729)


def speaker_of(number: int) -> str:
    """IRI of who makes a statement; few speak often and most seldom, as in real texts."""
    often = number * 7919 % THINGS
    return thing(often * often // THINGS)


def statements_in(quads: int) -> int:
    """How many statements a file of so many quads holds."""
    return (quads - THINGS * _PER_THING) // _PER_STATEMENT


def write(path: Path, quads: int) -> None:
    """Write a file of N-Quads with about so many quads."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(THINGS):
            kind = SCIP.Goal if number % 2 else SCIP.Organization
            end = f"<{GRAPHS}bench/things> .\n"
            file.write(f"<{thing(number)}> {_TYPE} <{kind}> {end}")
            file.write(f'<{thing(number)}> <{SKOS.prefLabel}> "{_label(number)}"@en {end}')
        for number in range(statements_in(quads)):
            file.write(_statement(number))


def _label(number: int) -> str:
    words = (_WORDS[number % 11], _WORDS[number // 11 % 11], _WORDS[number // 121 % 11])
    return f"{' '.join(words)} {number}"


def _statement(number: int) -> str:
    end = f" <{GRAPHS}bench/{number // _STATEMENTS_PER_TEXT}> .\n"
    text = f"<{BASE}/text/{number // _STATEMENTS_PER_TEXT}>"
    node, span = f"<{statement(number)}>", f"<{BASE}/span/{number:07}>"
    lines = (
        f"{node} {_TYPE} <{SCIP.Statement}>",
        f"{node} <{SCIP.speaker}> <{speaker_of(number)}>",
        f"{node} <{SCIP.content}> <{content_of(number)}>",
        f"{node} <{SCIP.modality}> <{BASE}/modality/{number % 8}>",
        f'{node} <{SCIP.confidence}> "0.{number % 9 + 1}"^^<{PREFIXES["xsd"]}decimal>',
        f"{node} <{SCIP.evidence}> {span}",
        f'{span} <{SCIP.quote}> "They will {_label(number)} before {2025 + number % 30}."',
        f"{span} <{SCIP.inVersion}> {text}",
        f'{span} <{SCIP.start}> "{number * 37 % 9000}"^^<{PREFIXES["xsd"]}integer>',
    )
    return "".join(line + end for line in lines)
